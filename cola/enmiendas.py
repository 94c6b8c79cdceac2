"""Retirar o corregir lo ya publicado: la fila de cada pedido, que es también su trabajo."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cola.publicaciones import Publicacion
from piezas.base import Base


class ClaseEnmienda(StrEnum):
    """Qué se le hace a lo publicado."""

    RETIRO = "retiro"
    CORRECCION = "correccion"


class EstadoEnmienda(StrEnum):
    """En qué va el pedido."""

    PEDIDA = "pedida"
    """Falta que otra persona la confirme."""
    LISTA = "lista"
    EN_CURSO = "en_curso"
    EN_DUDA = "en_duda"
    """Se llamó a la red y no se sabe: se mira antes de cualquier otra cosa."""
    HECHA = "hecha"
    FALLIDA = "fallida"
    DESCARTADA = "descartada"


_ABIERTAS = "estado IN ('pedida', 'lista', 'en_curso', 'en_duda', 'fallida')"


class Enmienda(Base):
    """Un retiro o una corrección de una entrega publicada."""

    __tablename__ = "enmienda"
    __table_args__ = (
        CheckConstraint("(estado = 'en_curso') = (arriendo_hasta IS NOT NULL)", name="arriendo"),
        CheckConstraint("(arriendo_hasta IS NULL) = (arriendo_de IS NULL)", name="arriendo_de"),
        CheckConstraint("estado NOT IN ('lista', 'en_duda') OR vence IS NOT NULL", name="vence"),
        CheckConstraint("(clase = 'correccion') = (sobre IS NOT NULL)", name="sobre"),
        CheckConstraint(
            "clase <> 'retiro' OR confirmada_por IS NULL OR confirmada_por <> pedida_por",
            name="dos_personas",
        ),
        CheckConstraint(
            "clase <> 'retiro' OR estado IN ('pedida', 'descartada') OR confirmada_por IS NOT NULL",
            name="confirmada",
        ),
        # Una a la vez por publicación: no se corrige lo que se está retirando.
        Index(
            "uq_enmienda_abierta",
            "publicacion_id",
            unique=True,
            sqlite_where=text(_ABIERTAS),
            postgresql_where=text(_ABIERTAS),
        ),
        Index(
            "ix_enmienda_vence",
            "vence",
            sqlite_where=text("estado IN ('lista', 'en_duda', 'en_curso')"),
            postgresql_where=text("estado IN ('lista', 'en_duda', 'en_curso')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    publicacion_id: Mapped[int] = mapped_column(ForeignKey("publicacion.id"))
    clase: Mapped[ClaseEnmienda]
    estado: Mapped[EstadoEnmienda]
    motivo: Mapped[str]
    pedida_por: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    pedida_en: Mapped[datetime]
    confirmada_por: Mapped[int | None] = mapped_column(ForeignKey("persona.id"))
    confirmada_en: Mapped[datetime | None]
    evidencia: Mapped[str]
    """JSON canónico de lo que estaba publicado, guardado antes de tocarlo."""
    huella_evidencia: Mapped[str]
    archivo_huella: Mapped[str | None]
    archivo_tipo: Mapped[str | None]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    sobre: Mapped[str | None]
    huella_sobre: Mapped[str | None]
    vence: Mapped[datetime | None]
    ficha: Mapped[int] = mapped_column(default=0)
    arriendo_de: Mapped[str | None]
    arriendo_hasta: Mapped[datetime | None]
    pudo_salir: Mapped[bool] = mapped_column(default=False)
    """Hubo una llamada de la que no se sabe: primero se mira."""
    fallos: Mapped[int] = mapped_column(default=0)
    hechos: Mapped[int] = mapped_column(default=0)
    """De un hilo, cuántas partes ya se retiraron."""
    avance: Mapped[str] = mapped_column(default="{}")
    """La libreta del conector para esta corrección."""
    frase: Mapped[str | None]
    terminada_en: Mapped[datetime | None]

    publicacion: Mapped[Publicacion] = relationship()

    @property
    def paso(self) -> str:
        """Su nombre en el libro de intentos; ninguna otra llamada lleva el mismo."""
        verbo = "retirar" if self.clase is ClaseEnmienda.RETIRO else "corregir"
        return f"{verbo}-{self.id}-{self.hechos}"
