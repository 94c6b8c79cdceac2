"""La pausa general: mientras dura, nada pasa de la última puerta."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from cola.errores import NoSePuede
from cola.estados import Causa, Estado
from cola.publicaciones import Publicacion
from piezas.base import Base
from piezas.bitacora import anotar


class Pausa(Base):
    """Una pausa de toda la cola; vigente mientras `hasta` sea nulo."""

    __tablename__ = "pausa"
    __table_args__ = (
        Index(
            "uq_pausa_vigente",
            text("(hasta IS NULL)"),
            unique=True,
            sqlite_where=text("hasta IS NULL"),
            postgresql_where=text("hasta IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    motivo: Mapped[str]
    quien: Mapped[str]
    persona_id: Mapped[int | None] = mapped_column(ForeignKey("persona.id"))
    desde: Mapped[datetime]
    hasta: Mapped[datetime | None]


def pausa_vigente(sesion: Session) -> Pausa | None:
    """La pausa en curso, o `None`."""
    return sesion.scalar(select(Pausa).where(Pausa.hasta.is_(None)))


def pausar(
    sesion: Session, *, motivo: str, quien: str, persona_id: int | None, ahora: datetime
) -> Pausa:
    """Detiene toda entrega en la última puerta, también las que ya tomó un obrero."""
    if not motivo.strip():
        raise NoSePuede("Escriba el motivo de la pausa: quedará en la bitácora.")
    if pausa_vigente(sesion) is not None:
        raise NoSePuede("La cola ya está en pausa.")
    pausa = Pausa(motivo=motivo.strip(), quien=quien, persona_id=persona_id, desde=ahora)
    sesion.add(pausa)
    anotar(
        sesion,
        "pausar_cola",
        quien=quien,
        persona_id=persona_id,
        ahora=ahora,
        objeto="cola",
        motivo=pausa.motivo,
    )
    return pausa


def reanudar(sesion: Session, *, quien: str, persona_id: int | None, ahora: datetime) -> int:
    """Levanta la pausa. Lo que venció mientras tanto queda detenido: lo decide una persona.

    Devuelve cuántas quedaron esperando decisión.
    """
    pausa = pausa_vigente(sesion)
    if pausa is None:
        raise NoSePuede("La cola no está en pausa.")
    pausa.hasta = ahora
    vencidas = (
        update(Publicacion)
        .where(Publicacion.estado == Estado.PROGRAMADA, Publicacion.vence <= ahora)
        .values(
            estado=Estado.DETENIDA,
            causa=Causa.PAUSA,
            motivo="Su hora pasó durante la pausa. Reinténtela, prográmela de nuevo o cancélela.",
        )
        .returning(Publicacion.id)
        .execution_options(synchronize_session="fetch")
    )
    cuantas = len(sesion.scalars(vencidas).all())
    anotar(
        sesion,
        "reanudar_cola",
        quien=quien,
        persona_id=persona_id,
        ahora=ahora,
        objeto="cola",
        motivo=f"{cuantas} esperan decisión",
    )
    return cuantas
