"""De la tabla a la `Fila` pura y de vuelta, en lotes y con la fila bloqueada."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import cache

from sqlalchemy import Update, bindparam, select, update
from sqlalchemy.orm import Session

from cola.errores import NoEncontrada
from cola.publicaciones import Publicacion
from cola.transiciones import Fila

_NOMBRES = tuple(campo.name for campo in fields(Fila))
_TABLA = Publicacion.__table__
_LEER = (
    select(*(_TABLA.c[nombre] for nombre in _NOMBRES))
    .where(_TABLA.c.id.in_(bindparam("ids", expanding=True)))
    .with_for_update()
)


@cache
def _escribir(columnas: tuple[str, ...]) -> "Update":
    return (
        update(_TABLA)  # type: ignore[arg-type]
        .where(
            _TABLA.c.id == bindparam("_id"),
            _TABLA.c.ficha == bindparam("_ficha"),
            _TABLA.c.estado == bindparam("_estado"),
        )
        .values({nombre: bindparam(nombre) for nombre in columnas})
    )


def leer_filas(sesion: Session, ids: Sequence[int]) -> dict[int, Fila]:
    """Las filas pedidas, bloqueadas hasta el fin de la transacción."""
    if not ids:
        return {}
    sesion.flush()
    filas = sesion.connection().execute(_LEER, {"ids": list(ids)})
    return {r[0]: Fila(**dict(zip(_NOMBRES, r, strict=True))) for r in filas}


def leer_fila(sesion: Session, publicacion_id: int) -> Fila:
    """Una fila bloqueada, o `NoEncontrada`."""
    fila = leer_filas(sesion, [publicacion_id]).get(publicacion_id)
    if fila is None:
        raise NoEncontrada(f"No existe la publicación {publicacion_id}.")
    return fila


def escribir_filas(sesion: Session, cambios: Iterable[tuple[Fila, Fila]]) -> None:
    """Guarda pares (antes, después). La ficha y el estado de antes van en el WHERE."""
    # Solo viajan las columnas que cambian: convertir instantes es lo que más cuesta.
    lotes: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for antes, despues in _de_principio_a_fin(cambios):
        columnas = tuple(n for n in _NOMBRES if getattr(antes, n) != getattr(despues, n))
        if columnas:
            lotes.setdefault(columnas, []).append(_parametros(antes, despues, columnas))
    if not lotes:
        return
    sesion.flush()
    conexion = sesion.connection()
    for columnas, lote in lotes.items():
        hecho = conexion.execute(_escribir(columnas), lote)
        if hecho.rowcount not in (-1, len(lote)):
            raise RuntimeError("una fila cambió bajo su propio bloqueo")
    for objeto in list(sesion.identity_map.values()):
        if isinstance(objeto, Publicacion):
            sesion.expire(objeto)


def _de_principio_a_fin(cambios: Iterable[tuple[Fila, Fila]]) -> Iterable[tuple[Fila, Fila]]:
    """Si una fila cambió dos veces en el lote, un solo cambio: de la primera a la última."""
    unidos: dict[int, tuple[Fila, Fila]] = {}
    for antes, despues in cambios:
        primera = unidos[antes.id][0] if antes.id in unidos else antes
        unidos[antes.id] = (primera, despues)
    return unidos.values()


def _parametros(antes: Fila, despues: Fila, columnas: tuple[str, ...]) -> dict[str, object]:
    return {
        **{nombre: getattr(despues, nombre) for nombre in columnas},
        "_id": antes.id,
        "_ficha": antes.ficha,
        "_estado": antes.estado,
    }
