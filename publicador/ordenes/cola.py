"""`publicador cola …`: ver y decidir sobre las entregas."""

from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cola.dudas import resolver as resolver_duda
from cola.estados import Estado
from cola.pausas import pausar as pausar_todo
from cola.pausas import reanudar as reanudar_todo
from cola.programacion import cancelar as cancelar_una
from cola.programacion import reintentar as reintentar_una
from cola.publicaciones import Publicacion
from piezas.personas import Papel
from piezas.zona import en_bogota
from publicador.ordenes.comun import (
    decir,
    instante,
    la_casa,
    mostrar_json,
    mostrar_tabla,
    opcion_como,
    opcion_json,
    quien_manda,
)
from publicador.ordenes.espanol import Grupo

QUIENES = (Papel.COMMUNITY, Papel.JEFATURA)


@click.group("cola", cls=Grupo)
def cola() -> None:
    """Ver las entregas, pausar y decidir lo que espera a una persona."""


@cola.command("ver")
@click.option(
    "--estado", type=click.Choice([estado.value for estado in Estado]), help="Solo este estado."
)
@opcion_json
@click.pass_context
def ver(ctx: click.Context, estado: str | None, en_json: bool) -> None:
    """Muestra las entregas, de la más próxima a la más lejana."""
    with la_casa(ctx).lecturas() as sesion:
        consulta = (
            select(Publicacion)
            .options(joinedload(Publicacion.pieza), joinedload(Publicacion.cuenta))
            .order_by(Publicacion.programada_para, Publicacion.id)
        )
        if estado:
            consulta = consulta.where(Publicacion.estado == Estado(estado))
        datos = [como_dato(p) for p in sesion.scalars(consulta)]
    if en_json:
        mostrar_json(datos)
        return
    filas = [
        (
            str(d["id"]),
            d["_cuando"],
            d["cuenta"],
            d["estado"],
            d["pieza"],
            d["url"] or d["motivo"] or "",
        )
        for d in (dict(dato, _cuando=_corta(dato)) for dato in datos)
    ]
    mostrar_tabla(
        ("Nº", "Cuándo", "Cuenta", "Estado", "Pieza", "Dirección o motivo"),
        filas,
        si_vacia="No hay entregas en la cola.",
    )


def _corta(dato: dict[str, Any]) -> str:
    return str(dato["programada_para"])[:16].replace("T", " ")


def como_dato(p: Publicacion) -> dict[str, Any]:
    """La forma de `cola ver --json`."""
    return {
        "id": p.id,
        "pieza_id": p.pieza_id,
        "pieza": p.pieza.titulo,
        "cuenta": p.cuenta.alias,
        "red": p.cuenta.red.value,
        "estado": p.estado.value,
        "programada_para": instante(p.programada_para),
        "publicada_en": instante(p.publicada_en),
        "id_remoto": p.id_remoto,
        "url": p.url,
        "intentos": p.intentos,
        "motivo": p.motivo,
    }


@cola.command("pausar")
@click.option("--motivo", required=True, help="Por qué se detiene todo.")
@opcion_como
@click.pass_context
def pausar(ctx: click.Context, motivo: str, como: str | None) -> None:
    """Detiene toda entrega en la última puerta."""
    casa = la_casa(ctx)
    with casa.sesiones.begin() as sesion:
        quien, persona_id = quien_manda(sesion, como, *QUIENES)
        pausar_todo(sesion, motivo=motivo, quien=quien, persona_id=persona_id, ahora=casa.ahora())
    decir("La cola está en pausa: nada saldrá hasta que la reanude.")


@cola.command("reanudar")
@opcion_como
@click.pass_context
def reanudar(ctx: click.Context, como: str | None) -> None:
    """Levanta la pausa; lo que venció mientras tanto espera una decisión."""
    casa = la_casa(ctx)
    with casa.sesiones.begin() as sesion:
        quien, persona_id = quien_manda(sesion, como, *QUIENES)
        esperan = reanudar_todo(sesion, quien=quien, persona_id=persona_id, ahora=casa.ahora())
    decir(f"La cola sigue. {esperan} entregas vencidas esperan su decisión.")


@cola.command("resolver")
@click.argument("publicacion", metavar="ID", type=int)
@click.option("--salio", metavar="URL", help="Sí salió: su dirección en la red.")
@click.option("--no-salio", "no_salio", is_flag=True, help="No salió.")
@click.option("--reenviar", is_flag=True, help="Con --no-salio: enviarla otra vez.")
@opcion_como
@click.pass_context
def resolver(
    ctx: click.Context,
    publicacion: int,
    salio: str | None,
    no_salio: bool,
    reenviar: bool,
    como: str | None,
) -> None:
    """Resuelve una entrega en duda después de mirar la red."""
    if (salio is None) == (not no_salio) or (reenviar and not no_salio):
        raise click.UsageError(
            "Diga --salio URL, o --no-salio (y --reenviar si debe salir otra vez)"
        )
    casa = la_casa(ctx)
    with casa.sesiones.begin() as sesion:
        quien, persona_id = quien_manda(sesion, como, *QUIENES)
        resolver_duda(
            sesion,
            publicacion,
            salio=salio is not None,
            url=salio,
            reenviar=reenviar,
            quien=quien,
            persona_id=persona_id,
            ahora=casa.ahora(),
        )
        estado = sesion.get_one(Publicacion, publicacion).estado
    decir(f"La publicación {publicacion} quedó «{estado.value}».")


@cola.command("reintentar")
@click.argument("publicaciones", metavar="ID…", type=int, nargs=-1, required=True)
@opcion_como
@click.pass_context
def reintentar(ctx: click.Context, publicaciones: tuple[int, ...], como: str | None) -> None:
    """Pone de nuevo en la fila lo detenido o fallido, para que salga ya."""
    casa = la_casa(ctx)
    with casa.sesiones.begin() as sesion:
        quien, persona_id = quien_manda(sesion, como, *QUIENES)
        for publicacion in publicaciones:
            reintentar_una(
                sesion, publicacion, quien=quien, persona_id=persona_id, ahora=casa.ahora()
            )
    decir(f"Vuelven a la fila: {', '.join(map(str, publicaciones))}.")


@cola.command("cancelar")
@click.argument("publicacion", metavar="ID", type=int)
@click.option("--motivo", required=True, help="Por qué no sale.")
@opcion_como
@click.pass_context
def cancelar(ctx: click.Context, publicacion: int, motivo: str, como: str | None) -> None:
    """Cancela una entrega que no ha salido."""
    casa = la_casa(ctx)
    with casa.sesiones.begin() as sesion:
        quien, persona_id = quien_manda(sesion, como, *QUIENES)
        cancelar_una(
            sesion,
            publicacion,
            motivo=motivo,
            quien=quien,
            persona_id=persona_id,
            ahora=casa.ahora(),
        )
    decir(f"La publicación {publicacion} quedó cancelada.")


def en_palabras(p: Publicacion) -> str:
    """Una línea para decir qué queda."""
    cuando = en_bogota(p.programada_para).strftime("%Y-%m-%d %H:%M")
    return f"{p.estado.value}: {p.pieza.titulo} en {p.cuenta.alias} ({cuando})"
