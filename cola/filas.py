"""De la tabla a la `Fila` pura y de vuelta, en lotes y con la fila bloqueada."""

from collections.abc import Iterable, Sequence
from dataclasses import fields

from sqlalchemy import bindparam, select, update
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
_ESCRIBIR = (
    update(Publicacion.__table__)  # type: ignore[arg-type]
    .where(
        _TABLA.c.id == bindparam("_id"),
        _TABLA.c.ficha == bindparam("_ficha"),
        _TABLA.c.estado == bindparam("_estado"),
    )
    .values({nombre: bindparam(nombre) for nombre in _NOMBRES if nombre != "id"})
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
    lote = [
        {
            **{nombre: getattr(despues, nombre) for nombre in _NOMBRES if nombre != "id"},
            "_id": antes.id,
            "_ficha": antes.ficha,
            "_estado": antes.estado,
        }
        for antes, despues in cambios
        if antes != despues
    ]
    if not lote:
        return
    sesion.flush()
    hecho = sesion.connection().execute(_ESCRIBIR, lote)
    if hecho.rowcount not in (-1, len(lote)):
        raise RuntimeError("una fila cambió bajo su propio bloqueo")
    for objeto in list(sesion.identity_map.values()):
        if isinstance(objeto, Publicacion):
            sesion.expire(objeto)
