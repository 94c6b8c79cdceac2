"""Campañas y dependencias: a qué y a quién pertenece una pieza."""

from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

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


_ConNombre = TypeVar("_ConNombre", Campania, Dependencia)


def con_ese_nombre(
    sesion: Session, clase: type[_ConNombre], nombre: str, *, salvo: int | None = None
) -> _ConNombre | None:
    """La que se llama así, sin distinguir mayúsculas; `salvo` es el id de la que no cuenta."""
    # Se compara en Python: el `lower` de SQLite no conoce las tildes. Son pocas filas.
    todas = sesion.scalars(select(clase))
    return next(
        (una for una in todas if una.id != salvo and una.nombre.casefold() == nombre.casefold()),
        None,
    )


def campania_llamada(sesion: Session, nombre: str | None, ahora: datetime) -> Campania | None:
    """La campaña de ese nombre, sin distinguir mayúsculas; se crea si es nueva."""
    if nombre is None:
        return None
    igual = con_ese_nombre(sesion, Campania, nombre)
    if igual is None:
        igual = Campania(nombre=nombre, creada_en=ahora)
        sesion.add(igual)
    return igual


def dependencia_llamada(sesion: Session, nombre: str | None, ahora: datetime) -> Dependencia | None:
    """La dependencia de ese nombre, sin distinguir mayúsculas; se crea si es nueva."""
    if nombre is None:
        return None
    igual = con_ese_nombre(sesion, Dependencia, nombre)
    if igual is None:
        igual = Dependencia(nombre=nombre, creada_en=ahora)
        sesion.add(igual)
    return igual
