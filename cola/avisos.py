"""Avisos para las personas: se guardan en la misma transacción y se envían después por correo."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from piezas.base import Base


class ClaseAviso(StrEnum):
    """Qué pasó."""

    DUDA = "duda"
    DETENIDA = "detenida"
    FALLIDA = "fallida"
    CUENTA = "cuenta"
    INCOMPLETA = "incompleta"
    MANUAL = "manual"
    RELOJ = "reloj"
    PERMISO = "permiso"
    AVISO_WEB = "aviso_web"


class Aviso(Base):
    """Un aviso pendiente de leer y, si hay correo configurado, de enviar."""

    __tablename__ = "aviso"
    __table_args__ = (Index(None, "enviado_en"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clase: Mapped[ClaseAviso]
    texto: Mapped[str]
    publicacion_id: Mapped[int | None] = mapped_column(ForeignKey("publicacion.id"))
    cuenta_id: Mapped[int | None] = mapped_column(ForeignKey("cuenta.id"))
    creado_en: Mapped[datetime]
    enviado_en: Mapped[datetime | None]
    fallos: Mapped[int] = mapped_column(default=0)


def avisar(
    sesion: Session,
    clase: ClaseAviso,
    texto: str,
    *,
    ahora: datetime,
    publicacion_id: int | None = None,
    cuenta_id: int | None = None,
) -> None:
    """Deja un aviso; no llama a nadie dentro de la transacción."""
    sesion.add(
        Aviso(
            clase=clase,
            texto=texto,
            creado_en=ahora,
            publicacion_id=publicacion_id,
            cuenta_id=cuenta_id,
        )
    )


def ultimo_correo(sesion: Session) -> datetime | None:
    """Cuándo salió el último correo de avisos."""
    return sesion.scalar(select(func.max(Aviso.enviado_en)))


def por_enviar(sesion: Session, cuantos: int = 2_000) -> list[Aviso]:
    """Los más viejos sin enviar; tras 20 fallos se dejan solo en el panel."""
    pendientes = select(Aviso).where(Aviso.enviado_en.is_(None), Aviso.fallos < 20)
    return list(sesion.scalars(pendientes.order_by(Aviso.id).limit(cuantos)))
