"""Publicacion e Intento: la fila es la publicación, y el libro de lo que salió."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cola.cuentas import Cuenta
from cola.estados import Causa, Estado
from piezas.base import Base
from piezas.versiones import Pieza, Version


class Publicacion(Base):
    """Una pieza en una cuenta. Una fila, un estado, una verdad para el motor y la gente."""

    __tablename__ = "publicacion"
    __table_args__ = (
        CheckConstraint(
            "(estado IN ('publicada', 'retirada')) = (id_remoto IS NOT NULL)", name="recibo"
        ),
        CheckConstraint("(id_remoto IS NULL) = (url IS NULL)", name="direccion"),
        CheckConstraint("(id_remoto IS NULL) = (publicada_en IS NULL)", name="publicada_en"),
        CheckConstraint(
            "estado NOT IN ('tomada', 'enviando') OR arriendo_hasta IS NOT NULL", name="arriendo"
        ),
        CheckConstraint(
            "arriendo_hasta IS NULL OR estado IN ('tomada', 'enviando', 'en_duda')",
            name="arriendo_ajeno",
        ),
        CheckConstraint("(arriendo_hasta IS NULL) = (arriendo_de IS NULL)", name="arriendo_de"),
        CheckConstraint("estado <> 'programada' OR vence IS NOT NULL", name="vence"),
        CheckConstraint(
            "(estado = 'en_duda' AND NOT requiere_persona) = (mirar_en IS NOT NULL)", name="mirada"
        ),
        CheckConstraint("NOT requiere_persona OR estado = 'en_duda'", name="persona"),
        CheckConstraint(
            "estado NOT IN ('enviando', 'en_duda') OR salida_en IS NOT NULL", name="salida"
        ),
        CheckConstraint(
            "estado NOT IN ('detenida', 'fallida', 'cancelada') OR motivo IS NOT NULL",
            name="motivo",
        ),
        CheckConstraint("(estado = 'detenida') = (causa IS NOT NULL)", name="causa_detenida"),
        CheckConstraint("ficha >= 0 AND intentos >= 0 AND reenvios >= 0", name="cuentas"),
        Index(
            "ix_publicacion_carril",
            "cuenta_id",
            "vence",
            sqlite_where=text("estado = 'programada'"),
            postgresql_where=text("estado = 'programada'"),
        ),
        Index(
            "ix_publicacion_vence",
            "vence",
            sqlite_where=text("estado = 'programada'"),
            postgresql_where=text("estado = 'programada'"),
        ),
        # A lo sumo una entrega en vuelo por cuenta: también lo dice la base.
        Index(
            "uq_publicacion_en_vuelo",
            "cuenta_id",
            unique=True,
            sqlite_where=text("estado IN ('tomada', 'enviando')"),
            postgresql_where=text("estado IN ('tomada', 'enviando')"),
        ),
        Index(
            "ix_publicacion_duda",
            "cuenta_id",
            "mirar_en",
            sqlite_where=text("estado = 'en_duda'"),
            postgresql_where=text("estado = 'en_duda'"),
        ),
        Index(
            "ix_publicacion_arriendo",
            "arriendo_hasta",
            sqlite_where=text("arriendo_hasta IS NOT NULL"),
            postgresql_where=text("arriendo_hasta IS NOT NULL"),
        ),
        # Una fila por pieza y cuenta; las canceladas quedan como historia.
        Index(
            "uq_publicacion_pieza_cuenta",
            "pieza_id",
            "cuenta_id",
            unique=True,
            sqlite_where=text("estado <> 'cancelada'"),
            postgresql_where=text("estado <> 'cancelada'"),
        ),
        # Un id de la red pertenece a una sola publicación: nunca se adopta lo ajeno.
        Index(
            "uq_publicacion_id_remoto",
            "cuenta_id",
            "id_remoto",
            unique=True,
            sqlite_where=text("id_remoto IS NOT NULL"),
            postgresql_where=text("id_remoto IS NOT NULL"),
        ),
        # La de arriba no sirve a quien pregunta por todas las de una pieza, canceladas también.
        Index("ix_publicacion_pieza", "pieza_id", "cuenta_id"),
        Index("ix_publicacion_version", "version_id"),
        Index("ix_publicacion_estado_publicada_en", "estado", "publicada_en"),
        Index("ix_publicacion_para", "programada_para"),
        Index("ix_publicacion_estado_para", "estado", "programada_para"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pieza_id: Mapped[int] = mapped_column(ForeignKey("pieza.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    cuenta_id: Mapped[int] = mapped_column(ForeignKey("cuenta.id"))
    clave: Mapped[str] = mapped_column(unique=True)
    """Clave de idempotencia del sobre (`Envio.clave`)."""
    sobre: Mapped[str]
    """Copia del sobre sellado; lo que sale es esto, byte por byte."""
    huella_sobre: Mapped[str]
    estado: Mapped[Estado]
    programada_para: Mapped[datetime]
    """El momento deseado: de aquí se cuenta la tolerancia."""
    vence: Mapped[datetime | None]
    """Cuándo toca tomarla: el momento deseado, o uno posterior si espera un reintento."""
    publicada_en: Mapped[datetime | None]
    id_remoto: Mapped[str | None]
    url: Mapped[str | None]
    intentos: Mapped[int] = mapped_column(default=0)
    """Cuántas llamadas sin vuelta atrás se anotaron."""
    reenvios: Mapped[int] = mapped_column(default=0)
    """Cuántas veces se repitió solo este paso tras comprobar que no estaba."""
    fallos: Mapped[int] = mapped_column(default=0)
    """Fallos seguidos sin salir; gobierna la espera del reintento."""
    motivo: Mapped[str | None]
    """Frase para las personas: qué pasó y qué hacer."""
    causa: Mapped[Causa | None]
    ficha: Mapped[int] = mapped_column(default=0)
    """Sube en cada toma; va en el WHERE de toda escritura del obrero."""
    arriendo_de: Mapped[str | None]
    arriendo_hasta: Mapped[datetime | None]
    paso: Mapped[str | None]
    """El paso que está saliendo o en duda."""
    salida_en: Mapped[datetime | None]
    """Cuándo se anotó la última salida."""
    avance: Mapped[str] = mapped_column(default="{}")
    """JSON: la libreta del conector, con lo que la red ya tiene."""
    mirar_en: Mapped[datetime | None]
    miradas: Mapped[int] = mapped_column(default=0)
    """Miradas que respondieron «no está» desde la última salida."""
    requiere_persona: Mapped[bool] = mapped_column(default=False)
    creada_en: Mapped[datetime]

    pieza: Mapped[Pieza] = relationship()
    version: Mapped[Version] = relationship()
    cuenta: Mapped[Cuenta] = relationship()


class Suceso(StrEnum):
    """Qué registra una línea del libro de intentos."""

    SALIDA = "salida"
    ACEPTADO = "aceptado"
    RECHAZADO = "rechazado"
    NO_SALIO = "no_salio"
    SIN_RESPUESTA = "sin_respuesta"
    HALLADO = "hallado"
    AUSENTE = "ausente"
    NO_SE_PUDO_MIRAR = "no_se_pudo_mirar"
    RESCATADO = "rescatado"
    PERSONA = "persona"


class Intento(Base):
    """Una línea del libro: se escribe ANTES de la llamada (`salida`) y después su desenlace.

    Solo se agrega: la base impide cambiar o borrar.
    """

    __tablename__ = "intento"
    __table_args__ = (
        Index(None, "publicacion_id"),
        Index(
            "ix_intento_id_remoto",
            "id_remoto",
            sqlite_where=text("id_remoto IS NOT NULL"),
            postgresql_where=text("id_remoto IS NOT NULL"),
        ),
        # Una sola salida por ficha y paso: el mismo obrero no llama dos veces.
        Index(
            "uq_intento_salida",
            "publicacion_id",
            "ficha",
            "paso",
            unique=True,
            sqlite_where=text("suceso = 'salida'"),
            postgresql_where=text("suceso = 'salida'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    publicacion_id: Mapped[int] = mapped_column(ForeignKey("publicacion.id"))
    ficha: Mapped[int]
    paso: Mapped[str]
    suceso: Mapped[Suceso]
    en: Mapped[datetime]
    huella: Mapped[str | None]
    """Huella de lo que salió en este paso."""
    id_remoto: Mapped[str | None]
    detalle: Mapped[str | None]
    """En palabras, sin secretos."""
