"""Medios: archivos ya revisados y vueltos a codificar, guardados por su huella."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from conectores.contrato import Clase, Red
from piezas.base import Base


class Licencia(StrEnum):
    """Con qué permiso de su autor se usa un medio."""

    SIN_DECIR = "sin_decir"
    PROPIA = "propia"
    CEDIDA = "cedida"
    CC_BY = "cc_by"
    CC_BY_SA = "cc_by_sa"
    DOMINIO_PUBLICO = "dominio_publico"
    OTRA = "otra"


class Medio(Base):
    """Un original limpio: sin metadatos, orientado, en sRGB. `huella` es de esos bytes."""

    __tablename__ = "medio"
    __table_args__ = (
        CheckConstraint("peso_bytes > 0 AND ancho_px > 0 AND alto_px > 0", name="medidas"),
        CheckConstraint("foco_x BETWEEN 0 AND 1 AND foco_y BETWEEN 0 AND 1", name="foco"),
        Index(None, "huella_pixeles"),
        Index(None, "derivado_de_id"),
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

    titulo: Mapped[str] = mapped_column(default="", server_default="")
    evento: Mapped[str] = mapped_column(default="", server_default="")
    fecha: Mapped[date | None]
    """El día de lo que se ve, en Bogotá."""
    responsable: Mapped[str] = mapped_column(default="", server_default="")
    """Quién estuvo a cargo del cubrimiento; no siempre es de la oficina."""
    credito: Mapped[str] = mapped_column(default="", server_default="")
    licencia: Mapped[Licencia] = mapped_column(
        default=Licencia.SIN_DECIR, server_default=Licencia.SIN_DECIR.value
    )
    texto_alternativo: Mapped[str] = mapped_column(default="", server_default="")
    """El que se le propone a quien redacta; cada pieza lleva el suyo."""
    subtitulos_huella: Mapped[str | None]
    campania_id: Mapped[int | None] = mapped_column(ForeignKey("campania.id"))
    hay_personas: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Se reconoce a alguien: sin su autorización no sale."""
    hay_menores: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Se reconoce a un menor: sin la de su representante no sale."""
    foco_x: Mapped[float] = mapped_column(default=0.5, server_default="0.5")
    foco_y: Mapped[float] = mapped_column(default=0.5, server_default="0.5")
    """Lo que no debe quedar por fuera de un recorte, de 0 a 1."""
    huella_pixeles: Mapped[str | None]
    """De los píxeles, sin importar en qué formato llegaron."""
    huella_visual: Mapped[str | None]
    """Cómo se ve, en 64 bits; sirve para hallar parecidos."""
    derivado_de_id: Mapped[int | None] = mapped_column(ForeignKey("medio.id"))
    """El original del que se recortó; nunca otro recorte."""
    recorte: Mapped[str | None]
    """JSON: proporción y caja, en píxeles del original."""
    archivado_en: Mapped[datetime | None]
    buscable: Mapped[str] = mapped_column(default="", server_default="")
    """Lo escrito sobre él, en minúsculas y sin tildes."""

    @property
    def origen_id(self) -> int:
        """De quién son los derechos: los de un recorte son los de su original."""
        return self.derivado_de_id or self.id


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
