"""Sesiones de entrada al panel: viven en la base, así que cerrarlas las cierra de verdad."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, delete, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from piezas.base import Base
from piezas.personas import Persona

QUIETA = timedelta(minutes=30)
"""Sin uso durante este tiempo, la sesión muere."""
ABSOLUTA = timedelta(hours=12)
"""Con uso o sin él, la sesión muere."""
RECIENTE = timedelta(minutes=10)
"""Cuánto vale haber dado la contraseña para lo delicado, y cuánto vive una entrada a medias."""
ENTRE_TOQUES = timedelta(seconds=60)
"""Cada cuánto se anota el uso: una escritura por minuto, no una por petición."""


class SesionPanel(Base):
    """Una entrada al panel. Del identificador que lleva el navegador solo se guarda el resumen."""

    __tablename__ = "sesion_panel"
    __table_args__ = (
        Index(None, "persona_id"),
        CheckConstraint("length(huella) = 64", name="huella"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    huella: Mapped[str] = mapped_column(unique=True)
    """SHA-256 del identificador."""
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    creada_en: Mapped[datetime]
    vista_en: Mapped[datetime]
    reciente_en: Mapped[datetime]
    """La última vez que se dio la contraseña."""
    completa: Mapped[bool] = mapped_column(default=True)
    """Falso mientras falte el segundo factor: así no abre nada."""
    navegador: Mapped[str]
    """Lo que dijo ser el navegador, recortado; para que la persona reconozca sus sesiones."""

    persona: Mapped[Persona] = relationship()


def _resumir(identificador: str) -> str:
    return hashlib.sha256(identificador.encode()).hexdigest()


def abrir(
    sesion: Session, persona_id: int, *, navegador: str, ahora: datetime, completa: bool = True
) -> str:
    """Abre una sesión y devuelve su identificador, que solo conocerá el navegador."""
    identificador = secrets.token_urlsafe(32)
    sesion.add(
        SesionPanel(
            huella=_resumir(identificador),
            persona_id=persona_id,
            creada_en=ahora,
            vista_en=ahora,
            reciente_en=ahora,
            completa=completa,
            navegador=navegador[:200],
        )
    )
    barrer(sesion, ahora=ahora)
    return identificador


def vigente(sesion: Session, identificador: str, *, ahora: datetime) -> SesionPanel | None:
    """La sesión de ese identificador, si sigue viva y su persona está activa."""
    fila = _hallar(sesion, identificador)
    if fila is None or not fila.persona.activa or not fila.completa:
        return None
    muere = min(fila.vista_en + QUIETA, fila.creada_en + ABSOLUTA)
    return fila if ahora < muere else None


def a_medias(sesion: Session, identificador: str, *, ahora: datetime) -> SesionPanel | None:
    """La entrada de ese identificador a la que le falta el segundo factor."""
    fila = _hallar(sesion, identificador)
    if fila is None or fila.completa or not fila.persona.activa:
        return None
    return fila if ahora < fila.creada_en + RECIENTE else None


def _hallar(sesion: Session, identificador: str) -> SesionPanel | None:
    # Se pregunta en cada petición: la persona y sus papeles vienen en la misma respuesta.
    consulta = (
        select(SesionPanel)
        .where(SesionPanel.huella == _resumir(identificador))
        .options(joinedload(SesionPanel.persona).joinedload(Persona.papeles_filas))
    )
    return sesion.scalars(consulta).unique().one_or_none()


def confirmar(sesion: Session, sesion_panel_id: int, *, ahora: datetime) -> str:
    """Anota que se dio la contraseña y cambia el identificador: el de antes deja de valer."""
    identificador = secrets.token_urlsafe(32)
    fila = sesion.get_one(SesionPanel, sesion_panel_id)
    fila.huella, fila.reciente_en, fila.vista_en = _resumir(identificador), ahora, ahora
    return identificador


def de_persona(sesion: Session, persona_id: int, *, ahora: datetime) -> list[SesionPanel]:
    """Sus sesiones vivas, la de uso más reciente primero."""
    consulta = select(SesionPanel).where(
        SesionPanel.persona_id == persona_id,
        SesionPanel.completa,
        SesionPanel.vista_en > ahora - QUIETA,
        SesionPanel.creada_en > ahora - ABSOLUTA,
    )
    return list(sesion.scalars(consulta.order_by(SesionPanel.vista_en.desc(), SesionPanel.id)))


def cerrar_una(sesion: Session, persona_id: int, sesion_panel_id: int) -> bool:
    """Cierra una sesión de esa persona; dice si era suya y estaba abierta."""
    suya = (SesionPanel.id == sesion_panel_id, SesionPanel.persona_id == persona_id)
    return sesion.scalar(delete(SesionPanel).where(*suya).returning(SesionPanel.id)) is not None


def cerrar_otras(sesion: Session, persona_id: int, *, menos: int) -> int:
    """Cierra todas las de una persona menos esa; devuelve cuántas."""
    otras = (SesionPanel.persona_id == persona_id, SesionPanel.id != menos)
    return len(sesion.scalars(delete(SesionPanel).where(*otras).returning(SesionPanel.id)).all())


def tocar(sesion: Session, sesion_panel_id: int, *, ahora: datetime) -> None:
    """Anota que la sesión se usó."""
    fila = sesion.get(SesionPanel, sesion_panel_id)
    if fila is not None:
        fila.vista_en = ahora


def cerrar(sesion: Session, identificador: str) -> None:
    """Cierra esa sesión; la cookie copiada deja de valer."""
    sesion.execute(delete(SesionPanel).where(SesionPanel.huella == _resumir(identificador)))


def cerrar_todas(sesion: Session, persona_id: int) -> None:
    """Cierra todas las sesiones de una persona: cambio de clave, de papeles o desactivación."""
    sesion.execute(delete(SesionPanel).where(SesionPanel.persona_id == persona_id))


def barrer(sesion: Session, *, ahora: datetime) -> None:
    """Borra las sesiones que ya murieron."""
    sesion.execute(
        delete(SesionPanel).where(
            (SesionPanel.vista_en <= ahora - QUIETA) | (SesionPanel.creada_en <= ahora - ABSOLUTA)
        )
    )
