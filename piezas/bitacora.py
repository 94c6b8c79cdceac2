"""Bitácora: quién decidió qué, cuándo y desde dónde. Solo se agrega."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from piezas.base import Base


class Anotacion(Base):
    """Un hecho de la bitácora; la base impide cambiarlo o borrarlo."""

    __tablename__ = "anotacion"
    __table_args__ = (Index(None, "objeto", "objeto_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    en: Mapped[datetime]
    persona_id: Mapped[int | None] = mapped_column(ForeignKey("persona.id"))
    quien: Mapped[str]
    """Correo de la persona, `motor`, o `servidor:usuario` si fue una orden sin --como."""
    accion: Mapped[str]
    objeto: Mapped[str]
    objeto_id: Mapped[int | None]
    de: Mapped[str | None]
    a: Mapped[str | None]
    motivo: Mapped[str | None]


def anotar(
    sesion: Session,
    accion: str,
    *,
    quien: str,
    ahora: datetime,
    persona_id: int | None = None,
    objeto: str,
    objeto_id: int | None = None,
    de: str | None = None,
    a: str | None = None,
    motivo: str | None = None,
) -> None:
    """Agrega un hecho en la misma transacción que lo causó."""
    sesion.add(
        Anotacion(
            en=ahora,
            persona_id=persona_id,
            quien=quien,
            accion=accion,
            objeto=objeto,
            objeto_id=objeto_id,
            de=de,
            a=a,
            motivo=motivo,
        )
    )
