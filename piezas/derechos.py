"""Derechos de imagen: si un medio puede mostrarse hoy, y si no, por qué.

Sin autorización no hay entrega: lo preguntan el envío a revisión, la aprobación y la última
puerta del motor.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from piezas.autorizaciones import Autorizacion, dia_de
from piezas.medios import Medio
from piezas.versiones import Version, VersionMedio

_Original = aliased(Medio)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derechos:
    """Lo que se sabe de un original."""

    nombre: str
    hay_personas: bool
    hay_menores: bool
    autorizaciones: tuple[Autorizacion, ...]


def falta_en(derechos: Derechos, hoy: date) -> str | None:
    """Por qué no puede salir, en una frase que dice qué hacer; `None` = puede."""
    caidas = _sin_relevo(derechos.autorizaciones, hoy)
    if any(una.revocada_en is not None for una in caidas):
        return (
            f"«{derechos.nombre}»: se revocó la autorización de alguien que aparece. "
            "Use otra imagen, o registre una autorización nueva."
        )
    if caidas:
        return (
            f"«{derechos.nombre}»: venció la autorización de alguien que aparece. "
            "Registre la renovación en la mediateca, o use otra imagen."
        )
    valen = [una for una in derechos.autorizaciones if una.vale(hoy)]
    if derechos.hay_menores and not any(una.es_menor for una in valen):
        return (
            f"«{derechos.nombre}»: aparece un menor de edad y falta la autorización de su "
            "representante. Regístrela en la mediateca, o use otra imagen."
        )
    if derechos.hay_personas and not any(not una.es_menor for una in valen):
        return (
            f"«{derechos.nombre}»: aparece una persona identificable y falta su autorización. "
            "Regístrela en la mediateca, o use otra imagen."
        )
    return None


def _sin_relevo(filas: Iterable[Autorizacion], hoy: date) -> list[Autorizacion]:
    """Las que ya no valen y nadie renovó: cada persona de la foto debe estar de acuerdo."""
    filas = list(filas)
    al_dia = {_de_quien(una) for una in filas if una.vale(hoy)}
    return [una for una in filas if not una.vale(hoy) and _de_quien(una) not in al_dia]


def _de_quien(fila: Autorizacion) -> tuple[str, bool]:
    return fila.quien.casefold(), fila.es_menor


def derechos_de(sesion: Session, medio_ids: Collection[int]) -> dict[int, Derechos]:
    """Por medio: los derechos de su original. Solo los que piden alguna autorización."""
    filas = sesion.execute(_ORIGINALES, {"ids": list(set(medio_ids))}).all()
    origenes = {fila.medio_id: fila.id for fila in filas}
    pedido = select(Autorizacion).where(Autorizacion.medio_id.in_(set(origenes.values())))
    por_origen: dict[int, list[Autorizacion]] = {}
    for una in sesion.scalars(pedido.order_by(Autorizacion.id)) if origenes else ():
        por_origen.setdefault(una.medio_id, []).append(una)
    return {
        fila.medio_id: Derechos(
            nombre=fila.titulo or fila.nombre_original,
            hay_personas=fila.hay_personas,
            hay_menores=fila.hay_menores,
            autorizaciones=tuple(por_origen.get(fila.id, ())),
        )
        for fila in filas
    }


def faltas_de(sesion: Session, medio_ids: Collection[int], *, ahora: datetime) -> dict[int, str]:
    """De esos medios, los que hoy no pueden salir, con su frase."""
    hoy = dia_de(ahora)
    frases = {m: falta_en(d, hoy) for m, d in derechos_de(sesion, medio_ids).items()}
    return {medio: frase for medio, frase in frases.items() if frase is not None}


def faltas_de_version(sesion: Session, version: Version, *, ahora: datetime) -> tuple[str, ...]:
    """Las frases de los medios de una versión; vacío = puede salir."""
    faltas = faltas_de(sesion, [uno.medio_id for uno in version.medios], ahora=ahora)
    return tuple(dict.fromkeys(faltas.values()))


def versiones_sin_derechos(
    sesion: Session, version_ids: Collection[int], *, ahora: datetime
) -> dict[int, str]:
    """De esas versiones, las que llevan un medio que hoy no puede salir; casi siempre ninguna."""
    sesion.flush()
    filas = sesion.connection().execute(_DE_VERSIONES, {"ids": list(set(version_ids))}).all()
    if not filas:
        return {}
    faltas = faltas_de(sesion, [fila.medio_id for fila in filas], ahora=ahora)
    frases: dict[int, list[str]] = {}
    for fila in filas:
        if fila.medio_id in faltas:
            frases.setdefault(fila.version_id, []).append(faltas[fila.medio_id])
    return {version: " ".join(dict.fromkeys(suyas)) for version, suyas in frases.items()}


_PIDE_PERMISO = or_(
    _Original.hay_personas,
    _Original.hay_menores,
    exists(select(Autorizacion.id).where(Autorizacion.medio_id == _Original.id)),
)
_ORIGINALES = (
    select(
        Medio.id.label("medio_id"),
        _Original.id,
        _Original.titulo,
        _Original.nombre_original,
        _Original.hay_personas,
        _Original.hay_menores,
    )
    .join(_Original, _Original.id == func.coalesce(Medio.derivado_de_id, Medio.id))
    .where(Medio.id.in_(bindparam("ids", expanding=True)), _PIDE_PERMISO)
)
# Armada una vez: la última puerta la corre en cada lote del motor.
_DE_VERSIONES = (
    select(VersionMedio.version_id, VersionMedio.medio_id)
    .join(Medio, Medio.id == VersionMedio.medio_id)
    .join(_Original, _Original.id == func.coalesce(Medio.derivado_de_id, Medio.id))
    .where(VersionMedio.version_id.in_(bindparam("ids", expanding=True)), _PIDE_PERMISO)
)
