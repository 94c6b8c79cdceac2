"""`publicador parrilla …`: traer y sacar la parrilla de contenidos."""

from datetime import datetime, time, timedelta
from pathlib import Path

import click

from cola.parrilla.exportar import exportar as exportar_parrilla
from cola.parrilla.importar import ParrillaConFallas, asentar, preparar
from piezas.usuarios import ESCRIBEN, exigir, persona_por_correo
from piezas.zona import desde_bogota
from publicador.ordenes.comun import decir, la_casa, opcion_como_obligatoria
from publicador.ordenes.espanol import Grupo

FECHA = click.DateTime(formats=["%Y-%m-%d"])


@click.group("parrilla", cls=Grupo)
def parrilla() -> None:
    """Importar y exportar la parrilla de contenidos."""


@parrilla.command("importar")
@click.argument("archivo", metavar="ARCHIVO", type=click.Path(path_type=Path))
@opcion_como_obligatoria
@click.option("--en-revision", is_flag=True, help="Dejar las piezas en revisión.")
@click.option("--repetir", is_flag=True, help="Admitir filas que ya se importaron.")
@click.pass_context
def importar(
    ctx: click.Context, archivo: Path, como: str, en_revision: bool, repetir: bool
) -> None:
    """Trae una parrilla CSV o XLSX: todo o nada, y cada falla con su fila y columna."""
    casa = la_casa(ctx)
    try:
        with casa.lecturas() as sesion:
            persona = persona_por_correo(sesion, como)
            exigir(persona, *ESCRIBEN)
        # Limpiar las imágenes tarda: se hace sin la base tomada, para no frenar al motor.
        renglones = preparar(archivo, casa.almacen)
        with casa.sesiones.begin() as sesion:
            hechas = asentar(
                sesion,
                renglones,
                por=persona.id,
                ahora=casa.ahora(),
                en_revision=en_revision,
                repetir=repetir,
            )
    except ParrillaConFallas as error:
        for falla in error.fallas:
            click.echo(str(falla), err=True)
        raise click.ClickException(
            f"No se importó nada: {len(error.fallas)} "
            f"{'falla' if len(error.fallas) == 1 else 'fallas'} por corregir."
        ) from None
    estado = "en revisión" if en_revision else "en borrador"
    decir(f"Importadas {len(hechas.piezas)} piezas, {estado}.")


@parrilla.command("exportar")
@click.option("--desde", type=FECHA, required=True, help="Primer día (AAAA-MM-DD).")
@click.option("--hasta", type=FECHA, required=True, help="Último día, incluido.")
@click.argument("archivo", metavar="ARCHIVO", type=click.Path(path_type=Path))
@click.pass_context
def exportar(ctx: click.Context, desde: datetime, hasta: datetime, archivo: Path) -> None:
    """Saca la parrilla de un periodo, con el estado y la dirección de lo publicado."""
    casa = la_casa(ctx)
    fin = datetime.combine(hasta.date() + timedelta(days=1), time())
    with casa.lecturas() as sesion:
        filas = exportar_parrilla(
            sesion, archivo, desde=desde_bogota(desde), hasta=desde_bogota(fin)
        )
    decir(f"Exportadas {filas} filas a {archivo}.")
