"""`publicador bitacora …`: comprobar la cadena y sacar copia de los hechos."""

from datetime import datetime, time, timedelta
from pathlib import Path

import click

from piezas.consulta_bitacora import Busqueda, recorrer
from piezas.copia_bitacora import FORMAS
from piezas.verificacion import Cabeza, Verificacion, verificar
from piezas.zona import BOGOTA
from publicador.ordenes.comun import decir, la_casa, mostrar_json, opcion_json
from publicador.ordenes.espanol import Grupo

_DIA = click.DateTime(formats=["%Y-%m-%d"])


@click.group("bitacora", cls=Grupo)
def bitacora() -> None:
    """Comprobar la bitácora y sacar copia de ella."""


@bitacora.command("verificar")
@click.option(
    "--cabeza",
    metavar="NÚMERO:HUELLA",
    help="La que llegó en el correo diario: así también se nota un final cortado.",
)
@opcion_json
@click.pass_context
def comprobar(ctx: click.Context, cabeza: str | None, en_json: bool) -> int:
    """Recorre la cadena y nombra el primer hecho que no cuadra."""
    conocida = _leer_cabeza(cabeza)
    with la_casa(ctx).lecturas() as sesion:
        hallado = verificar(sesion, conocida=conocida)
    if en_json:
        mostrar_json(
            {
                "bien": hallado.esta_bien,
                "hechos": hallado.cabeza.numero,
                "cabeza": str(hallado.cabeza),
                "primera_mala": hallado.mala,
                "razon": hallado.razon or None,
            }
        )
        return 0 if hallado.esta_bien else 1
    if not hallado.esta_bien:
        raise click.ClickException(_mal(hallado))
    decir(f"La bitácora está completa: {hallado.cabeza.numero} hechos, ninguno cambiado.")
    decir(f"Cabeza: {hallado.cabeza}")
    return 0


def _leer_cabeza(texto: str | None) -> Cabeza | None:
    try:
        return None if texto is None else Cabeza.de_texto(texto)
    except ValueError:
        raise click.UsageError(
            "La cabeza se escribe como llegó en el correo: un número, dos puntos y su huella."
        ) from None


def _mal(hallado: Verificacion) -> str:
    return (
        f"La bitácora no cuadra en el hecho {hallado.mala}. {hallado.razon} "
        f"Hasta el {hallado.cabeza.numero} está bien."
    )


@bitacora.command("exportar")
@click.argument("archivo", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--desde", type=_DIA, help="Primer día, como 2026-11-01.")
@click.option("--hasta", type=_DIA, help="Último día, incluido.")
@click.pass_context
def exportar(
    ctx: click.Context, archivo: Path, desde: datetime | None, hasta: datetime | None
) -> None:
    """Escribe los hechos en un archivo .csv o .json."""
    if archivo.suffix.lower() not in {".csv", ".json"}:
        raise click.UsageError("El archivo debe terminar en .csv o .json.")
    busqueda = Busqueda(desde=_medianoche(desde, 0), hasta=_medianoche(hasta, 1))
    escribir = FORMAS[archivo.suffix.lower().removeprefix(".")]
    casa = la_casa(ctx)
    with casa.lecturas() as sesion, archivo.open("w", encoding="utf-8", newline="") as sale:
        sale.writelines(escribir(recorrer(sesion, busqueda)))
    decir(f"La bitácora quedó en {archivo}.")


def _medianoche(dia: datetime | None, mas: int) -> datetime | None:
    if dia is None:
        return None
    return datetime.combine(dia.date() + timedelta(days=mas), time(), BOGOTA)
