"""Lo que una persona decide sobre una entrega, igual de a una que de a muchas."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from cola import programacion
from cola.errores import NoEncontrada, NoSePuede
from cola.estados import Estado
from cola.mudanzas import Mudanza, mover_varias
from cola.publicaciones import Publicacion
from piezas.versiones import Momento
from piezas.zona import en_bogota


class Accion(StrEnum):
    """Qué hacer."""

    ENVIAR = "enviar"
    MOVER = "mover"
    CANCELAR = "cancelar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Orden:
    """Una decisión completa. `para` solo al mover; `motivo` solo al cancelar."""

    accion: Accion
    para: datetime | None = None
    motivo: str = ""


def cumplir(
    sesion: Session, publicacion_id: int, orden: Orden, *, por: int, quien: str, ahora: datetime
) -> None:
    """Hace una; lanza `NoSePuede` con la razón y no cambia nada."""
    match orden.accion:
        case Accion.ENVIAR:
            _enviar_ya(sesion, publicacion_id, por=por, quien=quien, ahora=ahora)
        case Accion.MOVER:
            if orden.para is None:
                raise NoSePuede("Elija la fecha y la hora nuevas.")
            mover(sesion, publicacion_id, orden.para, por=por, quien=quien, ahora=ahora)
        case Accion.CANCELAR:
            programacion.cancelar(
                sesion,
                publicacion_id,
                motivo=orden.motivo,
                quien=quien,
                persona_id=por,
                ahora=ahora,
            )


def _enviar_ya(
    sesion: Session, publicacion_id: int, *, por: int, quien: str, ahora: datetime
) -> None:
    if _leer(sesion, publicacion_id).estado is Estado.PROGRAMADA:
        mover(sesion, publicacion_id, ahora, por=por, quien=quien, ahora=ahora)
        return
    programacion.reintentar(sesion, publicacion_id, quien=quien, persona_id=por, ahora=ahora)


def mover(
    sesion: Session, publicacion_id: int, para: datetime, *, por: int, quien: str, ahora: datetime
) -> None:
    """Cambia la hora de la entrega y la de su pieza, juntas."""
    publicacion = _leer(sesion, publicacion_id)
    if para < ahora:
        raise NoSePuede("Esa hora ya pasó: elija una que esté por venir.")
    if publicacion.estado is not Estado.FALLIDA:
        pedido = Mudanza(pieza_id=publicacion.pieza_id, cuenta_id=publicacion.cuenta_id, para=para)
        tanda = mover_varias(sesion, [pedido], por=por, ahora=ahora)
        if not tanda.movida:
            raise NoSePuede(tanda.resultados[0].frase or "No se pudo mover.")
        return
    programacion.mover(sesion, publicacion_id, para=para, quien=quien, persona_id=por, ahora=ahora)
    momento = sesion.scalar(
        select(Momento).where(
            Momento.pieza_id == publicacion.pieza_id,
            Momento.cuenta_id == publicacion.cuenta_id,
        )
    )
    if momento is not None:
        momento.programada_para = para


def manana_a_la_misma_hora(sesion: Session, publicacion_id: int, *, ahora: datetime) -> datetime:
    """La hora de siempre de esa entrega, en el primer día que esté por venir después de hoy."""
    original = en_bogota(_leer(sesion, publicacion_id).programada_para)
    manana = en_bogota(ahora).date() + timedelta(days=1)
    dia = max(manana, original.date() + timedelta(days=1))
    return original.replace(year=dia.year, month=dia.month, day=dia.day)


def _leer(sesion: Session, publicacion_id: int) -> Publicacion:
    publicacion = sesion.get(Publicacion, publicacion_id, populate_existing=True)
    if publicacion is None:
        raise NoEncontrada(f"No existe la publicación {publicacion_id}.")
    return publicacion
