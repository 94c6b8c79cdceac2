"""`publicador pieza …`: enviar a revisión, aprobar y devolver, con las reglas del panel."""

from collections.abc import Callable
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cola.errores import ErrorDeCola
from cola.programacion import aprobar_y_programar
from piezas.aprobacion import devolver as devolver_pieza
from piezas.aprobacion import pedir_revision
from piezas.composicion import adelantar_copias
from piezas.errores import ErrorDePiezas
from piezas.personas import Persona
from piezas.usuarios import persona_por_correo
from piezas.versiones import EstadoPieza, Pieza, Version
from publicador.armado import Casa
from publicador.ordenes.comun import (
    decir,
    la_casa,
    mostrar_json,
    mostrar_tabla,
    opcion_como_obligatoria,
    opcion_json,
)
from publicador.ordenes.espanol import Grupo

EN_REVISION = (EstadoPieza.EN_REVISION, EstadoPieza.REVISADA)
POR_ENVIAR = (EstadoPieza.BORRADOR, EstadoPieza.DEVUELTA)


@click.group("pieza", cls=Grupo)
def pieza() -> None:
    """Ver las piezas, enviarlas a revisión, aprobarlas o devolverlas."""


@pieza.command("listar")
@opcion_json
@click.pass_context
def listar(ctx: click.Context, en_json: bool) -> None:
    """Muestra las piezas y su estado."""
    with la_casa(ctx).lecturas() as sesion:
        consulta = select(Pieza).options(joinedload(Pieza.version)).order_by(Pieza.id)
        datos = [_como_dato(p) for p in sesion.scalars(consulta)]
    if en_json:
        mostrar_json(datos)
        return
    filas = [
        (str(d["id"]), d["titulo"], d["estado"], ", ".join(d["cuentas"]), d["motivo"] or "")
        for d in datos
    ]
    mostrar_tabla(
        ("Nº", "Pieza", "Estado", "Cuentas", "Motivo"), filas, si_vacia="No hay piezas todavía."
    )


def _como_dato(p: Pieza) -> dict[str, Any]:
    version = p.version
    return {
        "id": p.id,
        "titulo": p.titulo,
        "estado": p.estado.value,
        "version": version.numero if version else None,
        "campania": p.campania.nombre if p.campania else None,
        "autor": p.autor.correo,
        "editor": version.editor.correo if version else None,
        "cuentas": [destino.alias for destino in version.destinos] if version else [],
        "motivo": p.motivo,
    }


@pieza.command("enviar")
@click.argument("piezas", metavar="ID…", type=int, nargs=-1)
@click.option("--todas", is_flag=True, help="Todos los borradores y las devueltas.")
@click.option("--como", metavar="CORREO", help="Quien envía; por omisión, quien la editó.")
@click.pass_context
def enviar(ctx: click.Context, piezas: tuple[int, ...], todas: bool, como: str | None) -> None:
    """Envía piezas a revisión."""
    casa = la_casa(ctx)

    def una(sesion: Session, pieza_id: int) -> None:
        por = persona_por_correo(sesion, como).id if como else _editor(sesion, pieza_id)
        pedir_revision(sesion, pieza_id, por=por, ahora=casa.ahora())

    _cada_una(ctx, casa, _elegidas(casa, piezas, todas, POR_ENVIAR), una, "enviada a revisión")


def _editor(sesion: Session, pieza_id: int) -> int:
    editor = sesion.scalar(
        select(Version.editor_id)
        .join(Pieza, Pieza.version_vigente_id == Version.id)
        .where(Pieza.id == pieza_id)
    )
    if editor is None:
        raise click.ClickException(f"No existe la pieza {pieza_id}.")
    return editor


@pieza.command("aprobar")
@click.argument("piezas", metavar="ID…", type=int, nargs=-1)
@click.option("--todas", is_flag=True, help="Todas las que están en revisión.")
@opcion_como_obligatoria
@click.pass_context
def aprobar(ctx: click.Context, piezas: tuple[int, ...], todas: bool, como: str) -> None:
    """Aprueba piezas en revisión: sella lo que sale y lo pone en la cola."""
    casa = la_casa(ctx)

    def adelantar(pieza_id: int) -> None:
        adelantar_copias(casa.sesiones, casa.almacen, pieza_id)

    def una(sesion: Session, pieza_id: int) -> None:
        persona: Persona = persona_por_correo(sesion, como)
        aprobar_y_programar(
            sesion,
            pieza_id,
            por=persona.id,
            ahora=casa.ahora(),
            sello=casa.sello,
            almacen=casa.almacen,
            tolerancia=casa.reglas.tolerancia,
        )

    elegidas = _elegidas(casa, piezas, todas, EN_REVISION)
    _cada_una(ctx, casa, elegidas, una, "aprobada", antes=adelantar)


@pieza.command("devolver")
@click.argument("pieza_id", metavar="ID", type=int)
@click.option("--motivo", required=True, help="Qué hay que corregir (10 caracteres o más).")
@opcion_como_obligatoria
@click.pass_context
def devolver(ctx: click.Context, pieza_id: int, motivo: str, como: str) -> None:
    """Devuelve una pieza a quien la escribió, con el motivo."""
    casa = la_casa(ctx)
    with casa.sesiones.begin() as sesion:
        persona = persona_por_correo(sesion, como)
        devolver_pieza(sesion, pieza_id, motivo=motivo, por=persona.id, ahora=casa.ahora())
    decir(f"Devuelta la pieza {pieza_id}.")


def _elegidas(
    casa: Casa, piezas: tuple[int, ...], todas: bool, estados: tuple[EstadoPieza, ...]
) -> list[int]:
    if bool(piezas) == todas:
        raise click.UsageError("Diga los números de las piezas, o --todas")
    if piezas:
        return list(piezas)
    with casa.lecturas() as sesion:
        consulta = select(Pieza.id).where(Pieza.estado.in_(estados)).order_by(Pieza.id)
        return list(sesion.scalars(consulta))


def _cada_una(
    ctx: click.Context,
    casa: Casa,
    ids: list[int],
    una: Callable[[Session, int], None],
    hecho: str,
    *,
    antes: Callable[[int], None] = lambda _: None,
) -> None:
    """Cada pieza en su transacción: una que no puede no arrastra a las demás."""
    fallas = 0
    for pieza_id in ids:
        try:
            antes(pieza_id)
            with casa.sesiones.begin() as sesion:
                una(sesion, pieza_id)
        except (ErrorDePiezas, ErrorDeCola) as error:
            fallas += 1
            click.echo(f"Pieza {pieza_id}: {error.mensaje}", err=True)
    bien = len(ids) - fallas
    decir(f"{bien} {'pieza' if bien == 1 else 'piezas'}: {hecho}.")
    if fallas:
        ctx.exit(1)
