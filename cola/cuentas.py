"""Cuentas: cada una es un carril de la cola, con su espaciado, su pausa y su orden."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cola.estados import MotivoPausa
from conectores.contrato import Red
from piezas.base import Base


class Cuenta(Base):
    """Una cuenta institucional en una red."""

    __tablename__ = "cuenta"
    __table_args__ = (
        UniqueConstraint("red", "identificador"),
        CheckConstraint("(pausada_por IS NULL) = (pausada_motivo IS NULL)", name="pausa"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alias: Mapped[str] = mapped_column(unique=True)
    red: Mapped[Red]
    identificador: Mapped[str]
    nombre: Mapped[str]
    credencial: Mapped[str]
    """Sellada (`cola.credenciales`); nunca en claro."""
    credencial_serie: Mapped[int] = mapped_column(default=1)
    """Sube al cambiar la credencial: los obreros vuelven a armar su conector."""
    base_url: Mapped[str | None]
    """Dirección propia de la API (redes de ensayo); `None` = la de los ajustes."""
    es_ensayo: Mapped[bool] = mapped_column(default=False)
    activa: Mapped[bool] = mapped_column(default=True)
    pausada_por: Mapped[MotivoPausa | None]
    pausada_motivo: Mapped[str | None]
    libre_desde: Mapped[datetime | None]
    """La red pidió esperar hasta entonces."""
    espaciado_s: Mapped[int | None]
    """`None` = el de la red en los ajustes."""
    ultima_salida_en: Mapped[datetime | None]
    reenvia_en_duda: Mapped[bool] = mapped_column(default=False)
    """Facebook: repetir sola una vez si, tras todas las miradas, la publicación no está."""
    credencial_en: Mapped[datetime | None]
    """Cuándo se conectó o se cambió la credencial por última vez."""
    custodio: Mapped[str | None]
    """Quién responde por la cuenta en la entidad."""
    correo_institucional: Mapped[str | None]
    """El correo con el que se recupera la cuenta en su red."""
    declarada_por: Mapped[str | None]
    """Quién declaró que la cuenta es institucional y no de una persona."""
    declarada_en: Mapped[datetime | None]
    revision: Mapped[str | None]
    """Lo que dijo la última verificación, una comprobación por renglón (JSON)."""
    permiso_visto_en: Mapped[datetime | None]
    permiso_vence_en: Mapped[datetime | None]
    renovando_de: Mapped[str | None]
    """Quién está renovando el token de X; uno solo a la vez, entre todos los procesos."""
    renovando_hasta: Mapped[datetime | None]
    creada_en: Mapped[datetime]
