"""Pieza y Version: lo que se dice, en fotos que no cambian, y los sobres que se sellan."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from conectores.contrato import Red
from piezas.base import Base
from piezas.campanias import Campania, Dependencia
from piezas.medios import Medio
from piezas.personas import Persona


class EstadoPieza(StrEnum):
    """Estado editorial. Lo que pasa en cada red lo dicen sus publicaciones."""

    BORRADOR = "borrador"
    EN_REVISION = "en_revision"
    DEVUELTA = "devuelta"
    REVISADA = "revisada"
    APROBADA = "aprobada"
    CANCELADA = "cancelada"
    ARCHIVADA = "archivada"


class Pieza(Base):
    """Un contenido; su texto vive en la versión vigente."""

    __tablename__ = "pieza"
    __table_args__ = (
        Index(None, "estado"),
        Index(None, "autor_id"),
        Index(None, "campania_id"),
        Index(None, "dependencia_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    titulo: Mapped[str]
    estado: Mapped[EstadoPieza] = mapped_column(default=EstadoPieza.BORRADOR)
    autor_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    campania_id: Mapped[int | None] = mapped_column(ForeignKey("campania.id"))
    dependencia_id: Mapped[int | None] = mapped_column(ForeignKey("dependencia.id"))
    responsable_id: Mapped[int | None] = mapped_column(ForeignKey("persona.id"))
    actividad: Mapped[str] = mapped_column(default="A4")
    motivo: Mapped[str | None]
    """Por qué se devolvió o canceló."""
    version_vigente_id: Mapped[int | None] = mapped_column(ForeignKey("version.id", use_alter=True))
    creada_en: Mapped[datetime]

    autor: Mapped[Persona] = relationship(foreign_keys=[autor_id])
    responsable: Mapped[Persona | None] = relationship(foreign_keys=[responsable_id])
    campania: Mapped[Campania | None] = relationship()
    dependencia: Mapped[Dependencia | None] = relationship()
    version: Mapped["Version | None"] = relationship(
        foreign_keys=[version_vigente_id], post_update=True
    )
    momentos: Mapped[list["Momento"]] = relationship(
        cascade="all, delete-orphan", order_by="Momento.programada_para"
    )


class Momento(Base):
    """Cuándo se desea que salga una pieza en una cuenta. Cambiarlo no anula la aprobación."""

    __tablename__ = "momento"
    __table_args__ = (UniqueConstraint("pieza_id", "cuenta_id"), Index(None, "programada_para"))

    id: Mapped[int] = mapped_column(primary_key=True)
    pieza_id: Mapped[int] = mapped_column(ForeignKey("pieza.id"))
    cuenta_id: Mapped[int] = mapped_column(ForeignKey("cuenta.id"))
    programada_para: Mapped[datetime]
    al_aprobarse: Mapped[bool] = mapped_column(default=False)
    """Sale en cuanto se apruebe, sin hora fija."""

    @validates("programada_para")
    def _con_hora_fija(self, _campo: str, momento: datetime) -> datetime:
        # Darle una hora, venga de donde venga, es quitarle el «en cuanto se apruebe».
        self.al_aprobarse = False
        return momento


class Version(Base):
    """Una foto inmutable del contenido; la base impide cambiarla."""

    __tablename__ = "version"
    __table_args__ = (
        UniqueConstraint("pieza_id", "numero"),
        CheckConstraint("length(hash_contenido) = 64", name="hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pieza_id: Mapped[int] = mapped_column(ForeignKey("pieza.id"))
    numero: Mapped[int]
    titulo: Mapped[str]
    texto: Mapped[str]
    """Texto común; vacío si cada red lleva el suyo."""
    texto_facebook: Mapped[str | None]
    texto_x: Mapped[str | None]
    texto_wordpress: Mapped[str | None]
    enlace: Mapped[str | None]
    utm: Mapped[str] = mapped_column(default="{}")
    """JSON con los campos de `piezas.enlaces.Utm`."""
    etiquetas: Mapped[str] = mapped_column(default="")
    """Hashtags separados por un espacio, tal como se escribieron."""
    primer_comentario: Mapped[str | None]
    en_hilo: Mapped[bool] = mapped_column(default=False)
    """Si el texto de X no cabe en una publicación, sale como hilo."""
    web: Mapped[str] = mapped_column(default="{}")
    """JSON con los campos de `conectores.contrato.Web`."""
    editor_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    creada_en: Mapped[datetime]
    hash_contenido: Mapped[str]

    editor: Mapped[Persona] = relationship()
    medios: Mapped[list["VersionMedio"]] = relationship(order_by="VersionMedio.orden")
    destinos: Mapped[list["VersionDestino"]] = relationship(order_by="VersionDestino.cuenta_id")


class VersionMedio(Base):
    """Un medio dentro de una versión, con su texto alternativo y sus subtítulos."""

    __tablename__ = "version_medio"
    __table_args__ = (UniqueConstraint("version_id", "orden"), Index(None, "medio_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    orden: Mapped[int]
    medio_id: Mapped[int] = mapped_column(ForeignKey("medio.id"))
    texto_alternativo: Mapped[str]
    subtitulos_huella: Mapped[str | None]

    medio: Mapped[Medio] = relationship()


class VersionDestino(Base):
    """Una cuenta a la que va la versión. `red` y `alias` se copian: son parte de lo aprobado."""

    __tablename__ = "version_destino"
    __table_args__ = (UniqueConstraint("version_id", "cuenta_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    cuenta_id: Mapped[int] = mapped_column(ForeignKey("cuenta.id"))
    red: Mapped[Red]
    alias: Mapped[str]


class Sobre(Base):
    """El envío sellado de una versión aprobada para una cuenta: JSON canónico y su huella."""

    __tablename__ = "sobre"
    __table_args__ = (UniqueConstraint("version_id", "cuenta_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    cuenta_id: Mapped[int] = mapped_column(ForeignKey("cuenta.id"))
    contenido: Mapped[str]
    huella: Mapped[str]


class Decision(StrEnum):
    """Lo que alguien resolvió sobre una versión."""

    ENVIADA = "enviada"
    REVISADA = "revisada"
    APROBADA = "aprobada"
    DEVUELTA = "devuelta"
    ANULADA = "anulada"
    JURIDICA = "juridica"
    """El visto bueno de jurídica a esa versión; no reemplaza la aprobación."""


class Aprobacion(Base):
    """Una decisión sobre una versión; solo se agrega. La aprobación lleva firma (HMAC).

    La firma cubre versión, hash, sobres, persona y momento: una fila escrita a mano no sale.
    """

    __tablename__ = "aprobacion"
    __table_args__ = (
        Index(None, "version_id"),
        CheckConstraint("(decision = 'aprobada') = (firma IS NOT NULL)", name="firma"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    decision: Mapped[Decision]
    motivo: Mapped[str | None]
    en: Mapped[datetime]
    firma: Mapped[str | None]
