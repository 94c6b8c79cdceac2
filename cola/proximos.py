"""Cuándo volverá a haber algo que hacer: hasta entonces el motor duerme."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from cola.arriendos import AHORA, SE_PUEDE_MIRAR, C, P
from cola.estados import Estado
from cola.pausas import pausa_vigente
from piezas.base import Instante

_LIMITE = bindparam("limite", type_=Instante())
_PROXIMOS = select(
    select(func.min(P.c.mirar_en))
    .select_from(P.join(C))
    .where(SE_PUEDE_MIRAR)
    .scalar_subquery()
    .label("mirada"),
    select(func.min(C.c.libre_desde))
    .where(C.c.libre_desde > AHORA)
    .scalar_subquery()
    .label("libre"),
    select(func.min(P.c.vence))
    .where(P.c.estado == Estado.PROGRAMADA, P.c.vence > AHORA)
    .scalar_subquery()
    .label("vence"),
)
_EN_MANO = select(P.c.id).where(P.c.arriendo_hasta.is_not(None)).limit(1)
_MIRADA_PRONTO = (
    select(P.c.id).select_from(P.join(C)).where(SE_PUEDE_MIRAR, P.c.mirar_en <= _LIMITE).limit(1)
)
_PENDIENTE = (
    select(P.c.id)
    .select_from(P.join(C))
    .where(
        P.c.estado == Estado.PROGRAMADA,
        P.c.programada_para <= AHORA,
        P.c.vence <= _LIMITE,
        C.c.activa,
        or_(C.c.libre_desde.is_(None), C.c.libre_desde <= _LIMITE),
    )
    .limit(1)
)


def proximo_momento(
    sesion: Session, *, ahora: datetime, turno: datetime | None, en_pausa: bool
) -> datetime | None:
    """El primer momento con trabajo, o `None` si no hay nada por venir.

    `turno`: cuándo se libera el próximo carril que espera su espaciado.
    """
    fila = sesion.connection().execute(_PROXIMOS, {"ahora": ahora}).one()
    momentos = [fila.mirada, fila.libre]
    if not en_pausa:
        momentos += [fila.vence, turno]
    return min((momento for momento in momentos if momento is not None), default=None)


def queda_en_curso(sesion: Session, *, ahora: datetime, espera_maxima: timedelta) -> bool:
    """Si hay miradas o reintentos de lo ya vencido que se resolverán solos dentro de la espera."""
    conexion = sesion.connection()
    limite = ahora + espera_maxima
    if conexion.execute(_EN_MANO).first() is not None:
        return True
    # Una cuenta frenada por la red se puede mirar cuando se libere, si es dentro de la espera.
    if conexion.execute(_MIRADA_PRONTO, {"ahora": limite, "limite": limite}).first() is not None:
        return True
    if pausa_vigente(sesion) is not None:
        return False
    pendiente = conexion.execute(_PENDIENTE, {"ahora": ahora, "limite": limite})
    return pendiente.first() is not None
