"""Pedidos que se pueden repetir: la misma llave y el mismo cuerpo dan un solo efecto.

La fila se escribe en la transacción del efecto: o quedan los dos o ninguno, también si el proceso
muere a la mitad, y dos pedidos a la vez se ordenan en su índice único.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from piezas.base import Base
from piezas.errores import EstadoNoPermite

DURAN = timedelta(days=7)


class LlaveAjena(EstadoNoPermite):
    """La llave ya se usó para otra cosa."""

    mensaje = (
        "Esa Idempotency-Key ya se usó con otro pedido. "
        "Use una llave nueva para cada cosa que quiera hacer."
    )


class PedidoRepetible(Base):
    """Un pedido ya cumplido y lo que se respondió."""

    __tablename__ = "pedido_repetible"
    __table_args__ = (UniqueConstraint("ficha_id", "llave"), Index(None, "en"))

    id: Mapped[int] = mapped_column(primary_key=True)
    ficha_id: Mapped[int] = mapped_column(ForeignKey("ficha_api.id"))
    llave: Mapped[str]
    huella: Mapped[str]
    """De la operación y su cuerpo."""
    codigo: Mapped[int]
    cuerpo: Mapped[str]
    marca: Mapped[str | None]
    """La ETag que llevaba la respuesta."""
    en: Mapped[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Llave:
    """La llave que mandó un programa, atada a su ficha y a lo que pidió."""

    ficha_id: int
    valor: str
    huella: str


def ya_respondido(sesion: Session, llave: Llave) -> PedidoRepetible | None:
    """Lo que se respondió a ese pedido; lanza `LlaveAjena` si la llave era de otro."""
    fila = sesion.scalar(
        select(PedidoRepetible).where(
            PedidoRepetible.ficha_id == llave.ficha_id, PedidoRepetible.llave == llave.valor
        )
    )
    if fila is not None and fila.huella != llave.huella:
        raise LlaveAjena
    return fila


def apartar(sesion: Session, llave: Llave, *, ahora: datetime) -> PedidoRepetible:
    """Toma la llave antes del efecto. Otro pedido con ella espera, y lanza `IntegrityError`."""
    sesion.execute(
        delete(PedidoRepetible).where(
            PedidoRepetible.ficha_id == llave.ficha_id, PedidoRepetible.en < ahora - DURAN
        )
    )
    fila = PedidoRepetible(
        ficha_id=llave.ficha_id,
        llave=llave.valor,
        huella=llave.huella,
        codigo=0,
        cuerpo="",
        en=ahora,
    )
    sesion.add(fila)
    sesion.flush()
    return fila
