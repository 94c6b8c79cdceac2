"""Editar una pieza que ya está en la cola: nueva versión, y lo que no ha salido espera."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cola.errores import NoSePuede
from cola.estados import Estado
from cola.mudanzas import igualar_filas
from cola.programacion import suspender_por_cambio
from cola.publicaciones import Publicacion
from piezas.juridica import exigir_juridica
from piezas.redaccion import Borrador, guardar_version
from piezas.versiones import EstadoPieza, Pieza, Version

SALIENDO = (Estado.TOMADA, Estado.ENVIANDO)


def editar(
    sesion: Session, pieza_id: int, borrador: Borrador, *, por: int, ahora: datetime
) -> Version:
    """Guarda la versión y aparta las entregas que la esperaban; si solo cambia la hora, las mueve.

    Lanza `NoSePuede` si una entrega está saliendo en este momento.
    """
    saliendo = sesion.scalar(
        select(Publicacion.id).where(
            Publicacion.pieza_id == pieza_id, Publicacion.estado.in_(SALIENDO)
        )
    )
    if saliendo is not None:
        raise NoSePuede("Una entrega de esta pieza está saliendo ahora. Espere a que termine.")
    version = guardar_version(sesion, pieza_id, borrador, por=por, ahora=ahora)
    if sesion.get_one(Pieza, pieza_id).estado is EstadoPieza.APROBADA:
        sesion.flush()
        igualar_filas(sesion, pieza_id, por=por, ahora=ahora)
    else:
        suspender_por_cambio(sesion, pieza_id)
    return version


def pedir_juridica(
    sesion: Session, pieza_id: int, *, motivo: str, por: int, ahora: datetime
) -> bool:
    """Marca la pieza para jurídica; si eso tumba su aprobación, lo que iba a salir espera."""
    cayo = exigir_juridica(sesion, pieza_id, motivo=motivo, por=por, ahora=ahora)
    if cayo:
        suspender_por_cambio(sesion, pieza_id)
    return cayo
