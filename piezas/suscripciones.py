"""Suscripciones al calendario: una dirección secreta por persona; solo se guarda su resumen."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from piezas.base import Base
from piezas.bitacora import anotar
from piezas.personas import Papel, Persona
from piezas.usuarios import persona_de

SUSCRIBEN = frozenset(Papel) - {Papel.SOLICITANTE}
"""Quienes ven el calendario."""


class Suscripcion(Base):
    """La dirección vigente de una persona. La llave no se guarda: nadie la puede leer aquí."""

    __tablename__ = "suscripcion"

    id: Mapped[int] = mapped_column(primary_key=True)
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"), unique=True)
    huella: Mapped[str] = mapped_column(unique=True)
    """SHA-256 de la llave."""
    creada_en: Mapped[datetime]

    persona: Mapped[Persona] = relationship()


def suscribir(sesion: Session, *, por: int, ahora: datetime) -> str:
    """Crea la llave de una persona y mata la anterior; se muestra una sola vez."""
    persona = persona_de(sesion, por, *SUSCRIBEN)
    llave = secrets.token_urlsafe(32)
    anterior = suscripcion_de(sesion, persona.id)
    if anterior is not None:
        anterior.huella, anterior.creada_en = _huella(llave), ahora
    else:
        sesion.add(Suscripcion(persona_id=persona.id, huella=_huella(llave), creada_en=ahora))
    _anotar(sesion, "suscribir_calendario", persona, ahora)
    return llave


def desuscribir(sesion: Session, *, por: int, ahora: datetime) -> bool:
    """Mata la dirección de una persona; `False` si no tenía."""
    persona = persona_de(sesion, por, *SUSCRIBEN)
    anterior = suscripcion_de(sesion, persona.id)
    if anterior is None:
        return False
    sesion.delete(anterior)
    _anotar(sesion, "desuscribir_calendario", persona, ahora)
    return True


def suscripcion_de(sesion: Session, persona_id: int) -> Suscripcion | None:
    """La suscripción de una persona, si tiene."""
    return sesion.scalar(select(Suscripcion).where(Suscripcion.persona_id == persona_id))


def suscriptor(sesion: Session, llave: str) -> Persona | None:
    """De quién es una llave, mientras siga activa y vea el calendario."""
    fila = sesion.scalar(select(Suscripcion).where(Suscripcion.huella == _huella(llave)))
    if fila is None or not fila.persona.activa or fila.persona.papeles.isdisjoint(SUSCRIBEN):
        return None
    return fila.persona


def _huella(llave: str) -> str:
    return hashlib.sha256(llave.encode("utf-8", "replace")).hexdigest()


def _anotar(sesion: Session, accion: str, persona: Persona, ahora: datetime) -> None:
    anotar(
        sesion,
        accion,
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="persona",
        objeto_id=persona.id,
    )
