"""La cabeza de la bitácora, copiada afuera una vez al día: al registro y por correo."""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from piezas.bitacora import CabezaBitacora
from piezas.personas import Papel, Persona, PersonaPapel
from piezas.zona import en_bogota

log = structlog.get_logger()
GUARDAN = (Papel.ADMINISTRACION, Papel.CONSULTA)
"""Quienes reciben la cabeza: quien administra y quien controla."""


def anunciar_cabeza(
    sesiones: sessionmaker[Session],
    enviar: Callable[[str, str, str], bool] | None,
    *,
    ahora: datetime,
) -> bool:
    """La anuncia si hoy no se ha hecho y algo se anotó; dice si la anunció."""
    hoy = en_bogota(ahora).date()
    with sesiones.begin() as sesion:
        cabeza = sesion.get(CabezaBitacora, 1, with_for_update=True)
        if cabeza is None or cabeza.numero == 0 or cabeza.anunciada_el == hoy:
            return False
        cabeza.anunciada_el = hoy
        texto = f"{cabeza.numero}:{cabeza.huella}"
        destinatarios = _quienes(sesion) if enviar is not None else []
    log.info("cabeza_bitacora", cabeza=texto)
    for correo in destinatarios:
        if enviar is not None:
            enviar(correo, f"Publicador: cabeza de la bitácora, {hoy.isoformat()}", _carta(texto))
    return True


def _quienes(sesion: Session) -> list[str]:
    consulta = (
        select(Persona.correo)
        .join(PersonaPapel)
        .where(Persona.activa, PersonaPapel.papel.in_(GUARDAN))
        .distinct()
        .order_by(Persona.correo)
    )
    return list(sesion.scalars(consulta))


def _carta(texto: str) -> str:
    return (
        f"Guarde este correo. Hoy la bitácora llega hasta aquí:\n\n{texto}\n\n"
        "Con esa línea, la pantalla Bitácora o «publicador bitacora verificar --cabeza» dicen si "
        "después alguien quitó o rehízo lo anotado."
    )
