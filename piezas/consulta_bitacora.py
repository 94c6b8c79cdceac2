"""Buscar en la bitácora: por persona, hecho, objeto y fechas, y por páginas que no se mueven."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from piezas.bitacora import Anotacion

POR_PAGINA = 50
POR_TANDA = 1000
CAMPOS_DE_COPIA = (
    *("numero", "en", "persona_id", "quien", "accion", "objeto", "objeto_id", "de", "a"),
    *("motivo", "huella"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Busqueda:
    """Lo que se busca; lo vacío no filtra."""

    quien: str = ""
    accion: str = ""
    objeto: str = ""
    objeto_id: int | None = None
    desde: datetime | None = None
    hasta: datetime | None = None
    """Sin incluir ese instante."""


def pagina(
    sesion: Session, busqueda: Busqueda, *, antes_de: int | None = None, tamano: int = POR_PAGINA
) -> tuple[list[Anotacion], int | None]:
    """Lo más reciente primero, y desde dónde sigue la página próxima (`None` si no hay más)."""
    consulta = _filtrada(busqueda).order_by(Anotacion.id.desc())
    if antes_de is not None:
        consulta = consulta.where(Anotacion.id < antes_de)
    filas = list(sesion.scalars(consulta.limit(tamano + 1)))
    return filas[:tamano], filas[tamano - 1].id if len(filas) > tamano else None


def recorrer(sesion: Session, busqueda: Busqueda) -> Iterator[Anotacion]:
    """Todo lo que cumple, en el orden en que pasó y sin cargarlo entero."""
    ultimo = -1
    while True:
        consulta = _filtrada(busqueda).where(Anotacion.id > ultimo).order_by(Anotacion.id)
        filas = sesion.scalars(consulta.limit(POR_TANDA)).all()
        yield from filas
        if len(filas) < POR_TANDA:
            return
        ultimo = filas[-1].id
        sesion.expunge_all()


def nombres(sesion: Session) -> tuple[list[str], list[str]]:
    """Los hechos y los objetos que aparecen, para elegirlos de una lista."""
    return tuple(  # type: ignore[return-value]
        list(sesion.scalars(select(columna).distinct().order_by(columna)))
        for columna in (Anotacion.accion, Anotacion.objeto)
    )


def como_dato(fila: Anotacion) -> dict[str, Any]:
    """Un hecho para JSON o CSV, con su huella: afuera también se puede comprobar la cadena."""
    valores = (
        *(fila.id, fila.en.isoformat(timespec="microseconds"), fila.persona_id, fila.quien),
        *(fila.accion, fila.objeto, fila.objeto_id, fila.de, fila.a, fila.motivo, fila.huella),
    )
    return dict(zip(CAMPOS_DE_COPIA, valores, strict=True))


def _filtrada(busqueda: Busqueda) -> Select[Anotacion]:
    consulta = select(Anotacion)
    if busqueda.quien:
        consulta = consulta.where(Anotacion.quien.icontains(busqueda.quien, autoescape=True))
    for columna, valor in (
        (Anotacion.accion, busqueda.accion),
        (Anotacion.objeto, busqueda.objeto),
    ):
        if valor:
            consulta = consulta.where(columna == valor)
    if busqueda.objeto_id is not None:
        consulta = consulta.where(Anotacion.objeto_id == busqueda.objeto_id)
    if busqueda.desde is not None:
        consulta = consulta.where(Anotacion.en >= busqueda.desde)
    if busqueda.hasta is not None:
        consulta = consulta.where(Anotacion.en < busqueda.hasta)
    return consulta
