"""Lo que alguien está escribiendo: se guarda mientras teclea y se le devuelve si algo lo cortó."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import MultiDict

from piezas.base import Base

CADUCA = timedelta(days=30)
TOPE = 20
"""Cuántos textos a medias se le guardan a una persona."""
NO_SE_GUARDAN = frozenset({"csrf_token", "borrador", "serie", "accion"})


class BorradorDePantalla(Base):
    """Los campos de un editor abierto, tal como están; nadie más los ve."""

    __tablename__ = "borrador_de_pantalla"
    __table_args__ = (Index(None, "persona_id", "pieza_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    pieza_id: Mapped[int | None] = mapped_column(ForeignKey("pieza.id"))
    """`None` = una pieza que aún no existe."""
    campos: Mapped[str]
    """JSON: lista de pares, en el orden del formulario."""
    serie: Mapped[int] = mapped_column(default=1)
    """Sube en cada guardado: dos pestañas no se pisan."""
    guardado_en: Mapped[datetime]

    @property
    def formulario(self) -> MultiDict[str, str]:
        """Los campos, como si se acabaran de enviar."""
        return MultiDict([(str(nombre), str(valor)) for nombre, valor in json.loads(self.campos)])


def guardar(
    sesion: Session,
    campos: Iterable[tuple[str, str]],
    *,
    persona_id: int,
    pieza_id: int | None,
    cual: int | None,
    serie: int | None,
    ahora: datetime,
) -> BorradorDePantalla:
    """Guarda lo escrito. Si otra pestaña guardó después en el mismo sitio, abre uno aparte."""
    texto = json.dumps(
        [(nombre, valor) for nombre, valor in campos if nombre not in NO_SE_GUARDAN],
        ensure_ascii=False,
    )
    fila = _suyo(sesion, persona_id, pieza_id, cual)
    if fila is None or fila.serie != serie:
        fila = BorradorDePantalla(persona_id=persona_id, pieza_id=pieza_id, serie=0)
        sesion.add(fila)
    fila.campos, fila.serie, fila.guardado_en = texto, fila.serie + 1, ahora
    sesion.flush()
    _barrer(sesion, persona_id, ahora)
    return fila


def pendientes(
    sesion: Session, *, persona_id: int, pieza_id: int | None, ahora: datetime
) -> list[BorradorDePantalla]:
    """Lo que esa persona dejó a medias en esa pieza (o en una nueva), lo último primero."""
    consulta = (
        select(BorradorDePantalla)
        .where(
            BorradorDePantalla.persona_id == persona_id,
            BorradorDePantalla.pieza_id.is_not_distinct_from(pieza_id),
            BorradorDePantalla.guardado_en > ahora - CADUCA,
        )
        .order_by(BorradorDePantalla.guardado_en.desc(), BorradorDePantalla.id.desc())
    )
    return list(sesion.scalars(consulta))


def descartar(sesion: Session, *, persona_id: int, cual: int | None) -> None:
    """Lo olvida; el de otra persona, jamás."""
    if cual is not None:
        suyo = (BorradorDePantalla.id == cual, BorradorDePantalla.persona_id == persona_id)
        sesion.execute(delete(BorradorDePantalla).where(*suyo))


def _suyo(
    sesion: Session, persona_id: int, pieza_id: int | None, cual: int | None
) -> BorradorDePantalla | None:
    fila = None if cual is None else sesion.get(BorradorDePantalla, cual)
    es_suyo = fila is not None and (fila.persona_id, fila.pieza_id) == (persona_id, pieza_id)
    return fila if es_suyo else None


def _barrer(sesion: Session, persona_id: int, ahora: datetime) -> None:
    """Tira lo muy viejo y lo que pasa del tope: un editor olvidado no llena la base."""
    suyos = (
        select(BorradorDePantalla.id)
        .where(BorradorDePantalla.persona_id == persona_id)
        .order_by(BorradorDePantalla.guardado_en.desc(), BorradorDePantalla.id.desc())
    )
    sobran = sesion.scalars(suyos.offset(TOPE)).all()
    viejo = BorradorDePantalla.guardado_en <= ahora - CADUCA
    sesion.execute(delete(BorradorDePantalla).where(viejo | BorradorDePantalla.id.in_(sobran)))
