"""Personas de la oficina, sus papeles y su clave de entrada."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from piezas.base import Base


class Papel(StrEnum):
    """Lo que una persona puede hacer; una persona puede tener varios."""

    SOLICITANTE = "solicitante"
    REDACCION = "redaccion"
    DISENO = "diseno"
    COMMUNITY = "community"
    REVISION = "revision"
    JEFATURA = "jefatura"
    JURIDICA = "juridica"
    CONSULTA = "consulta"
    ADMINISTRACION = "administracion"


class Persona(Base):
    """Alguien que entra al panel. Nunca se borra: se desactiva."""

    __tablename__ = "persona"

    id: Mapped[int] = mapped_column(primary_key=True)
    correo: Mapped[str] = mapped_column(unique=True)
    """En minúsculas."""
    nombre: Mapped[str]
    clave: Mapped[str]
    """Resumen argon2id; vacío mientras no acepte su invitación."""
    activa: Mapped[bool] = mapped_column(default=True)
    creada_en: Mapped[datetime]
    factor: Mapped[str | None]
    """El secreto del segundo factor, sellado; nulo si no lo usa."""
    factor_paso: Mapped[int | None]
    """El último paso de reloj que se aceptó: un código sirve una sola vez."""
    avisos_por_correo: Mapped[bool] = mapped_column(default=True)
    """Si le llega por correo lo que espera a una persona."""
    avisa_entradas: Mapped[bool] = mapped_column(default=False)
    """Si le llega un correo cada vez que alguien entra con su usuario."""
    papeles_filas: Mapped[list["PersonaPapel"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def esta_invitada(self) -> bool:
        """Si todavía no ha puesto su contraseña."""
        return self.clave == ""

    @property
    def papeles(self) -> frozenset[Papel]:
        """Los papeles vigentes."""
        return frozenset(fila.papel for fila in self.papeles_filas)


class PersonaPapel(Base):
    """Un papel de una persona."""

    __tablename__ = "persona_papel"
    __table_args__ = (UniqueConstraint("persona_id", "papel"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    papel: Mapped[Papel]
