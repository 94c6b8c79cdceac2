"""El latido del motor: quién respira y cuándo lo hizo por última vez."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from piezas.base import Base


class Latido(Base):
    """Un motor vivo. `id` es su nombre: máquina, proceso y arranque."""

    __tablename__ = "latido"

    id: Mapped[str] = mapped_column(primary_key=True)
    desde: Mapped[datetime]
    ultimo_en: Mapped[datetime]
    version: Mapped[str]


def latir(sesion: Session, nombre: str, *, version: str, ahora: datetime) -> None:
    """Anota que el motor respira."""
    fila = sesion.get(Latido, nombre)
    if fila is None:
        sesion.add(Latido(id=nombre, desde=ahora, ultimo_en=ahora, version=version))
    else:
        fila.ultimo_en = ahora


def callar(sesion: Session, nombre: str) -> None:
    """El motor se detuvo por su cuenta: no es una muerte."""
    sesion.execute(delete(Latido).where(Latido.id == nombre))


def ultimo_latido(sesion: Session) -> datetime | None:
    """El más reciente de todos los motores."""
    return sesion.scalar(select(Latido.ultimo_en).order_by(Latido.ultimo_en.desc()).limit(1))
