"""Medios: archivos ya revisados y vueltos a codificar, guardados por su huella."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from conectores.contrato import Clase, Red
from piezas.base import Base


class Medio(Base):
    """Un original limpio: sin metadatos, orientado, en sRGB. `huella` es de esos bytes."""

    __tablename__ = "medio"
    __table_args__ = (
        CheckConstraint("peso_bytes > 0 AND ancho_px > 0 AND alto_px > 0", name="medidas"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    huella: Mapped[str] = mapped_column(unique=True)
    clase: Mapped[Clase]
    tipo: Mapped[str]
    nombre_original: Mapped[str]
    peso_bytes: Mapped[int]
    ancho_px: Mapped[int]
    alto_px: Mapped[int]
    duracion_s: Mapped[float | None]
    subido_por: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    subido_en: Mapped[datetime]


class Copia(Base):
    """La copia de un medio para una red: los bytes exactos que saldrán."""

    __tablename__ = "copia"
    __table_args__ = (UniqueConstraint("medio_id", "red"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    medio_id: Mapped[int] = mapped_column(ForeignKey("medio.id"))
    red: Mapped[Red]
    huella: Mapped[str]
    tipo: Mapped[str]
    peso_bytes: Mapped[int]
    ancho_px: Mapped[int]
    alto_px: Mapped[int]
