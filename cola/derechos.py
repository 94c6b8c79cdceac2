"""Lo que pasa en la cola cuando un medio pierde su permiso: se aparta lo que aún no sale."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from cola.avisos import ClaseAviso, avisar
from cola.estados import Causa, Estado
from cola.filas import escribir_filas, leer_filas
from cola.publicaciones import Publicacion
from cola.transiciones import detener
from piezas.autorizaciones import revocar_autorizacion
from piezas.derechos import faltas_de
from piezas.medios import Medio
from piezas.versiones import VersionMedio

EN_LA_CALLE = (Estado.PUBLICADA, Estado.EN_DUDA, Estado.ENVIANDO, Estado.TOMADA)
"""Ya están a la vista, o pueden estarlo."""


def revocar(
    sesion: Session, autorizacion_id: int, *, motivo: str, por: int, ahora: datetime
) -> tuple[int, int]:
    """Revoca y aparta lo que espera. Devuelve cuántas apartó y cuántas hay ya publicadas."""
    fila = revocar_autorizacion(sesion, autorizacion_id, motivo=motivo, por=por, ahora=ahora)
    apartadas = apartar(sesion, fila.medio_id, ahora=ahora)
    publicadas = entregas_de(sesion, fila.medio_id, EN_LA_CALLE)
    return apartadas, len(publicadas)


def apartar(sesion: Session, medio_id: int, *, ahora: datetime) -> int:
    """Detiene las entregas en espera que llevan ese original, o un recorte, si hoy no puede salir.

    Lo que un obrero ya tiene en la mano lo detiene la última puerta.
    """
    falta = faltas_de(sesion, [medio_id], ahora=ahora).get(medio_id)
    if falta is None:
        return 0
    ids = [p.id for p in entregas_de(sesion, medio_id, (Estado.PROGRAMADA,))]
    pares = [
        (fila, detener(fila, causa=Causa.DERECHOS, motivo=falta))
        for fila in leer_filas(sesion, ids).values()
        # La que va por la mitad la pone en duda la última puerta: detenida nadie podría cerrarla.
        if not fila.hay_algo_publico
    ]
    escribir_filas(sesion, pares)
    if pares:
        cuantas = (
            "Una entrega quedó detenida"
            if len(pares) == 1
            else f"{len(pares)} entregas quedaron detenidas"
        )
        avisar(
            sesion,
            ClaseAviso.DETENIDA,
            f"{cuantas}. {falta}",
            ahora=ahora,
            publicacion_id=ids[0] if len(ids) == 1 else None,
        )
    sesion.expire_all()
    return len(pares)


def entregas_de(
    sesion: Session, medio_id: int, estados: Sequence[Estado] | None = None
) -> list[Publicacion]:
    """Las entregas cuya versión lleva ese medio o un recorte suyo."""
    pedido = (
        select(Publicacion)
        .options(joinedload(Publicacion.cuenta), joinedload(Publicacion.pieza))
        .where(Publicacion.version_id.in_(versiones_con(medio_id)))
    )
    if estados is not None:
        pedido = pedido.where(Publicacion.estado.in_(estados))
    return list(sesion.scalars(pedido.order_by(Publicacion.id.desc())))


def versiones_con(medio_id: int) -> Select[int]:
    """Las versiones que llevan ese medio o un recorte suyo."""
    return (
        select(VersionMedio.version_id)
        .join(Medio, Medio.id == VersionMedio.medio_id)
        .where(or_(Medio.id == medio_id, Medio.derivado_de_id == medio_id))
    )
