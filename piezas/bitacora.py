"""Bitácora: quién decidió qué, cuándo y dónde. Solo se agrega, y cada hecho sella al anterior.

Los hechos de una transacción se escriben juntos justo antes de confirmarla: así el turno de la
cadena, que es de todos, se toma al final y por un instante, y no puede trabarse con otras filas.
"""

import weakref
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, event, insert, update
from sqlalchemy.dialects.postgresql import insert as insert_pg
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from piezas.base import Base
from piezas.eslabones import COMIENZO, Sellado, canonico, sellar

PENDIENTES = "bitacora_pendiente"
POR_TANDA = 16
"""Hechos que se sellan con una orden: anidarlos sin tope pasaría el límite de SQLite."""
_marcas: "weakref.WeakKeyDictionary[SessionTransaction, int]" = weakref.WeakKeyDictionary()


class Anotacion(Base):
    """Un hecho de la bitácora; la base impide cambiarlo o borrarlo."""

    __tablename__ = "anotacion"
    __table_args__ = (
        Index(None, "objeto", "objeto_id"),
        Index(None, "persona_id"),
        Index(None, "en"),
        CheckConstraint("length(huella) = 64", name="huella"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Consecutivo sin huecos: lo da la cabeza de la cadena."""
    en: Mapped[datetime]
    persona_id: Mapped[int | None] = mapped_column(ForeignKey("persona.id"))
    quien: Mapped[str]
    """Correo de la persona, `motor`, o `servidor:usuario` si fue una orden sin --como."""
    accion: Mapped[str]
    objeto: Mapped[str]
    objeto_id: Mapped[int | None]
    de: Mapped[str | None]
    a: Mapped[str | None]
    motivo: Mapped[str | None]
    huella: Mapped[str]
    """SHA-256 de la huella anterior seguida del hecho en JSON canónico."""


class CabezaBitacora(Base):
    """La punta de la cadena: su única fila ordena a quienes escriben a la vez."""

    __tablename__ = "cabeza_bitacora"
    __table_args__ = (CheckConstraint("id = 1", name="unica"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    numero: Mapped[int] = mapped_column(default=0)
    huella: Mapped[str] = mapped_column(default=COMIENZO)
    anterior: Mapped[str] = mapped_column(default=COMIENZO)
    """La huella que había antes de la última escritura."""
    anunciada_el: Mapped[date | None]
    """El último día en que se copió afuera."""


def anotar(
    sesion: Session,
    accion: str,
    *,
    quien: str,
    ahora: datetime,
    persona_id: int | None = None,
    objeto: str,
    objeto_id: int | None = None,
    de: str | None = None,
    a: str | None = None,
    motivo: str | None = None,
) -> None:
    """Agrega un hecho a la transacción que lo causó; si ella se deshace, el hecho también."""
    if not sesion.in_transaction():
        sesion.begin()
    sesion.info.setdefault(PENDIENTES, []).append(
        {
            "en": ahora,
            "persona_id": persona_id,
            "quien": quien,
            "accion": accion,
            "objeto": objeto,
            "objeto_id": objeto_id,
            "de": de,
            "a": a,
            "motivo": motivo,
        }
    )


def asentar(sesion: Session) -> None:
    """Escribe ya los hechos pendientes; al confirmar se hace solo."""
    hechos: list[dict[str, Any]] = sesion.info.pop(PENDIENTES, [])
    if not hechos:
        return
    sesion.flush()  # los hechos nombran a personas que pueden estar aún sin escribir
    for desde in range(0, len(hechos), POR_TANDA):
        _escribir(sesion, hechos[desde : desde + POR_TANDA])


def _escribir(sesion: Session, hechos: Sequence[dict[str, Any]]) -> None:
    textos = [canonico(hecho) for hecho in hechos]
    ultimo, huella = _adelantar(sesion, textos)
    filas = []
    for numero, texto in enumerate(textos, ultimo - len(hechos) + 1):
        huella = sellar(huella, texto)
        filas.append({"id": numero, "huella": huella})
    sesion.execute(
        insert(Anotacion), [{**fila, **hecho} for fila, hecho in zip(filas, hechos, strict=True)]
    )


def _adelantar(sesion: Session, textos: Sequence[str]) -> tuple[int, str]:
    """Toma el turno de la cadena: el número del último hecho y la huella que precede al primero.

    Una sola orden sella, avanza y dice desde dónde: la base calcula el SHA-256.
    """
    punta: Any = CabezaBitacora.huella
    for texto in textos:
        punta = Sellado(punta, texto)
    orden = (
        update(CabezaBitacora)
        .where(CabezaBitacora.id == 1)
        .values(
            numero=CabezaBitacora.numero + len(textos),
            anterior=CabezaBitacora.huella,
            huella=punta,
        )
        .returning(CabezaBitacora.numero, CabezaBitacora.anterior)
        .execution_options(synchronize_session=False)
    )
    fila = sesion.execute(orden).one_or_none()
    if fila is None:
        _poner_cabeza(sesion)
        fila = sesion.execute(orden).one()
    return fila[0], fila[1]


def _poner_cabeza(sesion: Session) -> None:
    es_pg = sesion.get_bind().dialect.name == "postgresql"
    primera = (insert_pg if es_pg else insert_sqlite)(CabezaBitacora).values(
        id=1, numero=0, huella=COMIENZO, anterior=COMIENZO
    )
    sesion.execute(primera.on_conflict_do_nothing())


@event.listens_for(Session, "before_commit")
def _al_confirmar(sesion: Session) -> None:
    if sesion.get_nested_transaction() is None:
        asentar(sesion)


@event.listens_for(Session, "after_transaction_create")
def _al_empezar(sesion: Session, transaccion: SessionTransaction) -> None:
    _marcas[transaccion] = len(sesion.info.get(PENDIENTES, ()))


@event.listens_for(Session, "after_soft_rollback")
def _al_deshacer(sesion: Session, previa: SessionTransaction) -> None:
    """Lo anotado dentro de lo que se deshizo no pasó."""
    del sesion.info.get(PENDIENTES, [])[_marcas.get(previa, 0) :]


@event.listens_for(Session, "after_transaction_end")
def _al_terminar(sesion: Session, transaccion: SessionTransaction) -> None:
    if transaccion.parent is None:
        sesion.info.pop(PENDIENTES, None)
