"""Rescatar lo que dejó un obrero muerto: a la fila si no había salido, a la duda si pudo salir."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cola.filas import escribir_filas, leer_filas
from cola.publicaciones import Intento, Publicacion, Suceso
from cola.tomas import Reglas
from cola.transiciones import rescatar


def rescatar_vencidas(
    sesion: Session, *, reglas: Reglas, ahora: datetime, ha_muerto: Callable[[str], bool]
) -> int:
    """Rescata arriendos vencidos y los de dueños que con seguridad ya no existen.

    `ha_muerto(dueno)`: `True` solo si ese proceso no puede llamar nunca más a la red.
    """
    arrendadas = sesion.execute(
        select(Publicacion.id, Publicacion.arriendo_de, Publicacion.arriendo_hasta)
        .where(Publicacion.arriendo_hasta.is_not(None))
        .with_for_update(skip_locked=True)
    ).all()
    ids = [r.id for r in arrendadas if r.arriendo_hasta <= ahora or ha_muerto(r.arriendo_de)]
    filas = leer_filas(sesion, ids)
    pares = []
    for fila in filas.values():
        pares.append((fila, rescatar(fila, ahora=ahora, esperas=reglas.esperas_duda)))
        sesion.add(
            Intento(
                publicacion_id=fila.id,
                ficha=fila.ficha,
                paso=fila.paso or "publicar",
                suceso=Suceso.RESCATADO,
                en=ahora,
                detalle=f"estaba «{fila.estado.value}»",
            )
        )
    escribir_filas(sesion, pares)
    return len(pares)
