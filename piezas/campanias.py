"""Campañas y dependencias: a qué y a quién pertenece una pieza."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from piezas.base import Base


class Dependencia(Base):
    """Una unidad de la alcaldía, o un instituto descentralizado."""

    __tablename__ = "dependencia"

    id: Mapped[int] = mapped_column(primary_key=True)
    nombre: Mapped[str] = mapped_column(unique=True)
    sigla: Mapped[str | None]
    creada_en: Mapped[datetime]


class Campania(Base):
    """Un propósito que reúne piezas: objetivo, público, mensaje e indicador."""

    __tablename__ = "campania"

    id: Mapped[int] = mapped_column(primary_key=True)
    nombre: Mapped[str] = mapped_column(unique=True)
    objetivo: Mapped[str | None]
    publico: Mapped[str | None]
    mensaje_clave: Mapped[str | None]
    indicador: Mapped[str | None]
    etiqueta_principal: Mapped[str | None]
    desde: Mapped[date | None]
    hasta: Mapped[date | None]
    creada_en: Mapped[datetime]
