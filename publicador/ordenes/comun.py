"""Lo que comparten las órdenes: la casa, quién manda, y cómo se muestra un listado."""

import getpass
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from piezas.personas import Papel, Persona
from piezas.usuarios import exigir, persona_por_correo
from piezas.zona import en_bogota
from publicador.armado import Casa, abrir_casa

opcion_json = click.option(
    "--json", "en_json", is_flag=True, help="Un solo documento JSON en la salida."
)
opcion_como = click.option("--como", metavar="CORREO", help="Correo de la persona que decide.")
opcion_como_obligatoria = click.option(
    "--como", metavar="CORREO", required=True, help="Correo de la persona que decide."
)


def la_casa(ctx: click.Context) -> Casa:
    """La casa armada una vez por orden; se cierra al terminar."""
    raiz = ctx.find_root()
    if raiz.obj is None:
        raiz.obj = abrir_casa()
        raiz.call_on_close(raiz.obj.cerrar)
    casa: Casa = raiz.obj
    return casa


def decir(texto: str) -> None:
    """Una frase por la salida."""
    click.echo(texto)


def mostrar_json(dato: Any) -> None:
    """Un documento JSON y nada más."""
    click.echo(json.dumps(dato, ensure_ascii=False, indent=2))


def mostrar_tabla(titulos: Sequence[str], filas: Sequence[Sequence[str]], *, si_vacia: str) -> None:
    """Una tabla legible, o una frase si no hay nada."""
    if not filas:
        decir(si_vacia)
        return
    tabla = Table(*titulos, box=None, header_style="bold", pad_edge=False)
    for fila in filas:
        tabla.add_row(*fila)
    ancho = None if sys.stdout.isatty() else 200
    Console(width=ancho, highlight=False).print(tabla)


def instante(momento: datetime | None) -> str | None:
    """ISO 8601 con desplazamiento de Bogotá, o nulo."""
    return None if momento is None else en_bogota(momento).isoformat()


def quien_manda(sesion: Session, como: str | None, *papeles: Papel) -> tuple[str, int | None]:
    """(quién, id de persona). Sin `--como` queda el usuario del servidor."""
    if como is None:
        return f"servidor:{getpass.getuser()}", None
    persona: Persona = persona_por_correo(sesion, como)
    exigir(persona, *papeles)
    return persona.correo, persona.id


def _sin_repetir(pares: list[tuple[str, Any]]) -> dict[str, Any]:
    nombres = [nombre for nombre, _ in pares]
    if repetido := next((n for n in nombres if nombres.count(n) > 1), None):
        raise click.ClickException(f"La credencial trae dos veces «{repetido}».")
    return dict(pares)


def leer_credencial() -> Mapping[str, str]:
    """Un objeto JSON por la entrada estándar; nunca un argumento."""
    try:
        if sys.stdin.isatty():
            texto = click.prompt("Credencial (JSON)", hide_input=True, err=True)
        else:
            texto = sys.stdin.read()
        dato = json.loads(texto or "{}", object_pairs_hook=_sin_repetir)
    except UnicodeDecodeError:
        raise click.ClickException("La credencial debe llegar en UTF-8.") from None
    except json.JSONDecodeError:
        raise click.ClickException(
            "La credencial debe ser un objeto JSON por la entrada estándar."
        ) from None
    if not isinstance(dato, dict) or not all(isinstance(v, str) for v in dato.values()):
        raise click.ClickException("La credencial debe ser un objeto JSON con textos.")
    return dato
