"""Dice qué pruebas se omitieron y por qué; si el sistema se exige, una omisión es un fallo."""

import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path


def contar(informe: Path) -> tuple[int, Counter[str]]:
    """Cuántas pruebas corrieron en total, y cuántas se omitieron por cada motivo."""
    raiz = ET.parse(informe).getroot()  # noqa: S314 - lo acaba de escribir nuestro pytest
    motivos = Counter(
        " ".join((omitida.get("message") or "sin motivo").split())
        for omitida in raiz.iter("skipped")
        if omitida.get("type") != "pytest.xfail"
    )
    return len(list(raiz.iter("testcase"))), motivos


def principal() -> int:
    """Escribe el resumen; 1 si algo se omitió donde no se admite, o si nada corrió."""
    informe = Path(sys.argv[1])
    if not informe.is_file():
        sys.stderr.write("No hay informe de pruebas: la suite no llegó a correr.\n")
        return 1
    total, motivos = contar(informe)
    omitidas = sum(motivos.values())
    lineas = [f"Pruebas: {total}. Omitidas: {omitidas}."]
    lineas += [f"  {cuantas} × {motivo}" for motivo, cuantas in motivos.most_common()]
    exigido = "--exigir" in sys.argv[2:]
    if omitidas and exigido:
        lineas.append("Aquí no se admite omitir pruebas (CI=true o EXIGIR_SISTEMA=1).")
    sys.stderr.write("\n".join(lineas) + "\n")
    return 1 if (omitidas and exigido) or total == 0 else 0


if __name__ == "__main__":
    sys.exit(principal())
