"""Conexiones en curso: el estado de un solo uso que sale hacia la red y lo que vuelve con él.

Vive en el servidor: al navegador solo va el estado, que no sirve sin la sesión que lo pidió.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from conectores.contrato import Red
from piezas.base import Base

VIDA = timedelta(minutes=10)
"""Lo que dura una conexión a medias."""
VIDA_POR_CONFIRMAR = timedelta(days=3)
"""Lo que otra persona tiene para confirmar el cambio de una cuenta por otra."""


class PasoConexion(StrEnum):
    """En qué va una conexión."""

    IDA = "ida"
    """La persona va hacia la red."""
    VUELTA = "vuelta"
    """Volvió, y falta escoger la cuenta."""
    POR_CONFIRMAR = "por_confirmar"
    """Cambia una cuenta registrada por otra: falta una segunda persona."""
    HECHA = "hecha"
    DESCARTADA = "descartada"


class Conexion(Base):
    """Un intento de conectar una cuenta."""

    __tablename__ = "conexion"
    __table_args__ = (
        Index(None, "paso"),
        CheckConstraint("length(huella) = 64", name="huella"),
        CheckConstraint(
            "paso NOT IN ('hecha', 'descartada') OR sellado IS NULL", name="nada_guardado"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    red: Mapped[Red]
    paso: Mapped[PasoConexion]
    huella: Mapped[str] = mapped_column(unique=True)
    """SHA-256 del estado."""
    sesion: Mapped[str]
    """Resumen de la sesión del panel que la empezó: otra no puede seguirla."""
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    cuenta_id: Mapped[int | None] = mapped_column(ForeignKey("cuenta.id"))
    """La cuenta que se reconecta; `None` si es nueva."""
    sellado: Mapped[str | None]
    """Verificador, datos y credenciales candidatas, sellados; se borra al terminar."""
    identificador: Mapped[str | None]
    """Por confirmar: la cuenta de la red que pasaría a ocupar el lugar."""
    nombre: Mapped[str | None]
    creada_en: Mapped[datetime]
    vence_en: Mapped[datetime]
    cerrada_por_id: Mapped[int | None] = mapped_column(ForeignKey("persona.id"))
