"""La matriz de caídas y la de fallas, en dos tablas: `python -m tests.caidas.matriz`."""

import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click
import structlog
from rich.console import Console
from rich.table import Table

from tests.caidas import caidas, celdas, fallas
from tests.caidas.clases import CLASES

REDES = ("facebook", "x", "wordpress")


@click.command()
@click.option("--todas", is_flag=True, help="También las pasadas iguales entre sí.")
@click.option("--solo", type=click.Choice(["caidas", "fallas"]), help="Una sola de las dos.")
@click.option("--repeticiones", default=1, show_default=True, help="Veces cada caída.")
@click.option("--red", type=click.Choice(REDES), help="Solo una red.")
def principal(todas: bool, solo: str | None, repeticiones: int, red: str | None) -> None:
    """Mata el motor en cada paso y pide cada falla a cada red; dice cómo acabó todo."""
    callar()
    mal = 0
    with tempfile.TemporaryDirectory(prefix="publicador-caidas-") as carpeta:
        if solo != "fallas":
            mal += correr_caidas(Path(carpeta), todas=todas, repeticiones=repeticiones, red=red)
        if solo != "caidas":
            mal += correr_fallas(Path(carpeta), red=red)
    sys.exit(1 if mal else 0)


def callar() -> None:
    """El registro técnico de los motores de este proceso no es parte de las tablas."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def correr_caidas(carpeta: Path, *, todas: bool, repeticiones: int, red: str | None) -> int:
    """Imprime la tabla de caídas; devuelve cuántas celdas salieron mal."""
    empezo = time.monotonic()
    with caidas.Matriz(carpeta) as matriz:
        clases = [c for c in CLASES if red in {None, c.red.value}]
        muertes = matriz.celdas(clases, todas=todas) * repeticiones
        click.echo(f"{len(muertes)} caídas en {len(clases)} clases de entrega…")
        hechas = matriz.correr(muertes, _al_ir())
    tabla_de_caidas(hechas)
    malas = [h for h in hechas if h.faltas]
    _decir_malas((h.celda.nombre, h.faltas) for h in malas)
    finales = Counter(h.esperado.value for h in hechas)
    click.echo(
        f"{len(hechas)} caídas, {len(malas)} mal, {time.monotonic() - empezo:.0f} s. "
        + "Final declarado: "
        + ", ".join(f"{n} {final}" for final, n in finales.most_common())
        + "."
    )
    return len(malas)


def tabla_de_caidas(hechas: Iterable[celdas.Resultado]) -> None:
    """Un renglón por punto, una columna por red: cuántas caídas, y cuántas mal."""
    vistas: dict[str, dict[str, Counter[bool]]] = {}
    for hecha in hechas:
        punto = hecha.celda.muertes[-1].que
        if len(hecha.celda.muertes) > 1:
            punto += " (segunda caída)"
        por_red = vistas.setdefault(punto, {nombre: Counter() for nombre in REDES})
        por_red[hecha.celda.clase.red.value][not hecha.faltas] += 1
    tabla = Table("Punto en que murió", *REDES, title="Caídas: una publicación, una fila, el id")
    for punto, por_red in sorted(vistas.items()):
        tabla.add_row(punto, *(_casilla(por_red[nombre]) for nombre in REDES))
    _mostrar(tabla)


def _casilla(cuenta: Counter[bool]) -> str:
    if not cuenta:
        return "—"
    return f"{cuenta[True]} bien" + (f", {cuenta[False]} MAL" if cuenta[False] else "")


def correr_fallas(carpeta: Path, *, red: str | None) -> int:
    """Imprime la tabla de fallas; devuelve cuántas celdas salieron mal."""
    empezo = time.monotonic()
    with fallas.MatrizDeFallas(carpeta) as matriz:
        cuales = [c for c in fallas.celdas() if red in {None, c.red.value}]
        hechas = matriz.correr(cuales)
    tabla_de_fallas(hechas)
    malas = [h for h in hechas if h.faltas]
    _decir_malas(
        (f"{h.celda.falla} al {h.celda.llamada} en {h.celda.red.value}", h.faltas) for h in malas
    )
    click.echo(f"{len(hechas)} fallas, {len(malas)} mal, {time.monotonic() - empezo:.0f} s.")
    return len(malas)


def tabla_de_fallas(hechas: Iterable[fallas.Resultado]) -> None:
    """Un renglón por falla, una columna por red: dónde quedó sola."""
    por_falla: dict[tuple[str, str], dict[str, str]] = {}
    for hecha in hechas:
        celda = hecha.celda
        llave = (celda.llamada, celda.falla)
        dicho = f"MAL: {hecha.quedo}" if hecha.faltas else celda.final.nombre
        por_falla.setdefault(llave, {})[celda.red.value] = dicho
    tabla = Table("Llamada", "Falla", *REDES, title="Fallas: dónde queda sola cada entrega")
    for (llamada, falla), por_red in por_falla.items():
        tabla.add_row(llamada, falla, *(por_red.get(nombre, "—") for nombre in REDES))
    _mostrar(tabla)


def _mostrar(tabla: Table) -> None:
    Console(width=None if sys.stdout.isatty() else 160, highlight=False).print(tabla)


def _decir_malas(malas: Iterable[tuple[str, list[str]]]) -> None:
    for nombre, faltas in malas:
        click.echo(f"MAL {nombre}")
        for falta in faltas:
            click.echo(f"    {falta}")


def _al_ir() -> "caidas.Avisar":
    hechas = iter(range(1, 1_000_000))

    def avisar(resultado: celdas.Resultado) -> None:
        numero = next(hechas)
        if sys.stderr.isatty() and numero % 10 == 0:
            click.echo(f"\r{numero} caídas…", nl=False, err=True)

    return avisar


if __name__ == "__main__":
    principal()
