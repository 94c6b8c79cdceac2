"""Apartar lo que no debe salir solo: lo que llegó tarde y lo de una cuenta caída."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from cola.avisos import ClaseAviso, avisar
from cola.cuentas import Cuenta
from cola.estados import Causa, Estado
from cola.publicaciones import Publicacion
from piezas.base import Instante

MOTIVO_TARDIA = (
    "Pasó más tiempo del permitido desde su hora. Revise si todavía sirve: "
    "reinténtela, prográmela para otro momento o cancélela."
)
_P = Publicacion.__table__
_C = Cuenta.__table__
_AHORA = bindparam("ahora", type_=Instante())
CAIDA = or_(_C.c.pausada_por.is_not(None), _C.c.activa.is_(False))
_VENCIDAS = (_P.c.estado == Estado.PROGRAMADA, _P.c.vence <= _AHORA)
_CAIDAS = (
    update(_P)  # type: ignore[arg-type]
    .where(_P.c.cuenta_id.in_(select(_C.c.id).where(CAIDA)), *_VENCIDAS)
    .values(
        estado=Estado.DETENIDA,
        causa=Causa.CUENTA,
        motivo=select(
            func.coalesce(
                "La cuenta está en pausa: " + _C.c.pausada_motivo, "La cuenta está inactiva."
            )
        )
        .where(_C.c.id == _P.c.cuenta_id)
        .scalar_subquery(),
    )
)
_TARDIAS = (
    update(_P)  # type: ignore[arg-type]
    .where(
        _P.c.cuenta_id.in_(bindparam("ids", expanding=True)),
        *_VENCIDAS,
        _P.c.programada_para < bindparam("limite", type_=Instante()),
        ~_P.c.avance.contains('.url"', autoescape=True),
    )
    .values(estado=Estado.DETENIDA, causa=Causa.TARDIA, motivo=MOTIVO_TARDIA)
    .returning(_P.c.id, _P.c.cuenta_id)
)


def detener_caidas(sesion: Session, *, ahora: datetime) -> None:
    """Lo vencido de las cuentas en pausa o inactivas; de la pausa ya se avisó."""
    sesion.connection().execute(_CAIDAS, {"ahora": ahora})


def detener_tardias(
    sesion: Session, cuentas: Sequence[int], *, tolerancia: timedelta, ahora: datetime
) -> None:
    """Lo que en esas cuentas ya pasó la tolerancia; un aviso por cuenta."""
    datos = {"ids": cuentas, "ahora": ahora, "limite": ahora - tolerancia}
    por_cuenta: dict[int, list[int]] = {}
    for fila in sesion.connection().execute(_TARDIAS, datos):
        por_cuenta.setdefault(fila.cuenta_id, []).append(fila.id)
    for cuenta_id, ids in por_cuenta.items():
        alias = sesion.get_one(Cuenta, cuenta_id).alias
        cuantas = (
            "una entrega quedó detenida"
            if len(ids) == 1
            else (f"{len(ids)} entregas quedaron detenidas")
        )
        avisar(
            sesion,
            ClaseAviso.DETENIDA,
            f"{alias}: {cuantas} porque pasó su hora. Decida en la cola si todavía sirve.",
            ahora=ahora,
            publicacion_id=ids[0] if len(ids) == 1 else None,
            cuenta_id=cuenta_id,
        )
