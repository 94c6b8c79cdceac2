"""Cuándo volverá a haber algo que hacer: hasta entonces el motor duerme."""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cola.arriendos import cabezas_de_carril, se_puede_mirar, turno_de
from cola.cuentas import Cuenta
from cola.estados import Estado
from cola.pausas import pausa_vigente
from cola.publicaciones import Publicacion
from cola.tomas import Reglas


def proximo_momento(sesion: Session, *, ahora: datetime, reglas: Reglas) -> datetime | None:
    """El primer momento con trabajo (puede ser ya), o `None` si no hay nada por venir."""
    momentos = [
        sesion.scalar(
            select(func.min(Publicacion.mirar_en)).join(Cuenta).where(se_puede_mirar(ahora))
        ),
        sesion.scalar(select(func.min(Cuenta.libre_desde)).where(Cuenta.libre_desde > ahora)),
    ]
    if pausa_vigente(sesion) is None:
        momentos.append(
            sesion.scalar(
                select(func.min(Publicacion.vence)).where(
                    Publicacion.estado == Estado.PROGRAMADA, Publicacion.vence > ahora
                )
            )
        )
        momentos += [
            turno_de(cabeza, reglas) or ahora for cabeza in sesion.execute(cabezas_de_carril(ahora))
        ]
    return min((momento for momento in momentos if momento is not None), default=None)


def queda_en_curso(sesion: Session, *, ahora: datetime, espera_maxima: timedelta) -> bool:
    """Si hay miradas o reintentos de lo ya vencido que se resolverán solos dentro de la espera."""
    limite = ahora + espera_maxima
    en_mano = select(Publicacion.id).where(Publicacion.arriendo_hasta.is_not(None)).limit(1)
    mirada = (
        select(Publicacion.id)
        .join(Cuenta)
        .where(se_puede_mirar(limite), Publicacion.mirar_en <= limite)
        .limit(1)
    )
    if sesion.scalar(en_mano) is not None or sesion.scalar(mirada) is not None:
        return True
    if pausa_vigente(sesion) is not None:
        return False
    pendiente = (
        select(Publicacion.id)
        .join(Cuenta)
        .where(
            Publicacion.estado == Estado.PROGRAMADA,
            Publicacion.programada_para <= ahora,
            Publicacion.vence <= limite,
            Cuenta.activa,
            or_(Cuenta.libre_desde.is_(None), Cuenta.libre_desde <= limite),
        )
        .limit(1)
    )
    return sesion.scalar(pendiente) is not None
