"""Avisar a tiempo que el permiso de una cuenta vence: a los 15, 7 y 1 días, y al vencer."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cola.avisos import Aviso, ClaseAviso, avisar
from cola.cuentas import Cuenta

UMBRALES = (timedelta(0), timedelta(days=1), timedelta(days=7), timedelta(days=15))


def avisar_vencimientos(sesion: Session, *, ahora: datetime) -> int:
    """Deja un aviso por cuenta y umbral cruzado, una sola vez. Devuelve cuántos dejó.

    La memoria son los avisos mismos: si ya hay uno desde que se cruzó el umbral, no se repite.
    """
    por_vencer = select(Cuenta).where(
        Cuenta.activa, Cuenta.permiso_vence_en <= ahora + UMBRALES[-1]
    )
    cuantos = 0
    for cuenta in sesion.scalars(por_vencer):
        vence = cuenta.permiso_vence_en
        if vence is None or _ya_se_dijo(sesion, cuenta.id, desde=vence - _umbral(vence, ahora)):
            continue
        avisar(
            sesion, ClaseAviso.PERMISO, _frase(cuenta, vence, ahora), ahora=ahora,
            cuenta_id=cuenta.id,
        )  # fmt: skip
        cuantos += 1
    return cuantos


def _umbral(vence: datetime, ahora: datetime) -> timedelta:
    """El menor que ya se cruzó."""
    return next((umbral for umbral in UMBRALES if vence - ahora <= umbral), UMBRALES[-1])


def _ya_se_dijo(sesion: Session, cuenta_id: int, *, desde: datetime) -> bool:
    consulta = select(func.count()).where(
        Aviso.clase == ClaseAviso.PERMISO, Aviso.cuenta_id == cuenta_id, Aviso.creado_en >= desde
    )
    return bool(sesion.scalar(consulta))


def _frase(cuenta: Cuenta, vence: datetime, ahora: datetime) -> str:
    if vence <= ahora:
        return f"{cuenta.alias}: su permiso venció. Vuelva a conectarla en Cuentas para publicar."
    dias = -(-(vence - ahora) // timedelta(days=1))
    cuanto = "un día o menos" if dias <= 1 else f"{dias} días"
    return f"{cuenta.alias}: su permiso vence en {cuanto}. Vuelva a conectarla antes, en Cuentas."
