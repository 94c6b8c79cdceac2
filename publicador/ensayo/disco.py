"""Cómo persiste el mundo de ensayo: un diario JSON, un archivo de cajones y los medios."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


def _cerrar_linea(diario: Path) -> None:
    """Si un corte dejó la última línea a medias, la siguiente no debe pegarse a ella."""
    if diario.exists() and not diario.read_bytes().endswith(b"\n"):
        with diario.open("a", encoding="utf-8") as archivo:
            archivo.write("\n")


class Disco:
    """La carpeta del mundo; sin carpeta no guarda nada.

    El diario solo crece (la última línea de cada entrada manda), de modo que aceptar una
    publicación cuesta una línea y no reescribirlo todo.
    """

    def __init__(self, carpeta: Path | None) -> None:
        """Prepara la carpeta si se dio."""
        self._carpeta = carpeta
        self._ultimo = ""
        if carpeta is not None:
            (carpeta / "medios").mkdir(parents=True, exist_ok=True)
            _cerrar_linea(carpeta / "diario.jsonl")

    def leer_entradas(self) -> Iterator[dict[str, Any]]:
        """Cada línea válida del diario, en orden; una línea a medias (corte de luz) se omite."""
        if self._carpeta is None or not (self._carpeta / "diario.jsonl").exists():
            return
        with (self._carpeta / "diario.jsonl").open(encoding="utf-8") as diario:
            for linea in diario:
                try:
                    yield json.loads(linea)
                except json.JSONDecodeError:
                    continue

    def anotar(self, entrada: Callable[[], dict[str, Any]]) -> None:
        """Agrega una línea al diario."""
        if self._carpeta is None:
            return
        with (self._carpeta / "diario.jsonl").open("a", encoding="utf-8") as diario:
            diario.write(json.dumps(entrada(), ensure_ascii=False) + "\n")

    def leer_cajones(self) -> dict[str, dict[str, Any]]:
        """Los cajones guardados, o ninguno."""
        if self._carpeta is None or not (self._carpeta / "cajones.json").exists():
            return {}
        crudo: dict[str, dict[str, Any]] = json.loads(
            (self._carpeta / "cajones.json").read_text(encoding="utf-8")
        )
        return crudo

    def guardar_cajones(self, cajones: dict[str, dict[str, Any]]) -> None:
        """Reescribe los cajones de una vez: nunca queda un archivo a medias."""
        if self._carpeta is None:
            return
        texto = json.dumps(cajones, ensure_ascii=False)
        if texto == self._ultimo:
            return
        self._ultimo = texto
        nuevo = self._carpeta / "cajones.json.nuevo"
        nuevo.write_text(texto, encoding="utf-8")
        nuevo.replace(self._carpeta / "cajones.json")

    def guardar_medio(self, sha: str, datos: bytes, tipo: str) -> None:
        """Guarda los bytes bajo su huella y el tipo al lado."""
        if self._carpeta is None:
            return
        (self._carpeta / "medios" / sha).write_bytes(datos)
        (self._carpeta / "medios" / f"{sha}.tipo").write_text(tipo, encoding="utf-8")

    def leer_medio(self, sha: str) -> tuple[bytes, str] | None:
        """Los bytes y el tipo de un medio guardado; `None` si no está o el nombre no es huella."""
        if self._carpeta is None or not (sha.isalnum() and len(sha) == 64):
            return None
        ruta = self._carpeta / "medios" / sha
        if not ruta.exists():
            return None
        tipo = (self._carpeta / "medios" / f"{sha}.tipo").read_text(encoding="utf-8")
        return ruta.read_bytes(), tipo

    def vaciar(self) -> None:
        """Borra todo lo guardado."""
        self._ultimo = ""
        if self._carpeta is None:
            return
        for nombre in ("diario.jsonl", "cajones.json"):
            (self._carpeta / nombre).unlink(missing_ok=True)
        for medio in (self._carpeta / "medios").iterdir():
            medio.unlink()
