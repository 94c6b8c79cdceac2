"""Tomar lo que vence: una entrega por cuenta, por el carril que primero la esperaba.

Las consultas se arman una vez: con lotes pequeños, armarlas cuesta más que correrlas.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from cola.avisos import ClaseAviso, avisar
from cola.cuentas import Cuenta
from cola.detenciones import detener_caidas, detener_tardias
from cola.estados import Estado, MotivoPausa
from cola.filas import escribir_filas, leer_filas
from cola.ilegibles import ILEGIBLE, apartar
from cola.publicaciones import Intento, Publicacion, Suceso
from cola.reintentos import es_tardia
from cola.tomas import Credencial, Reglas, Toma, leer_avance
from cola.transiciones import Fila, tomar, tomar_mirada
from piezas.base import Instante

P = Publicacion.__table__
C = Cuenta.__table__
AHORA: ColumnElement[datetime] = bindparam("ahora", type_=Instante())
_IDS: ColumnElement[int] = bindparam("ids", expanding=True)
_CUPO: ColumnElement[int] = bindparam("cupo", type_=P.c.id.type)
_LIBRE = or_(C.c.libre_desde.is_(None), C.c.libre_desde <= AHORA)


def _carril_ocupado() -> ColumnElement[bool]:
    otra = P.alias()
    en_vuelo = otra.c.estado.in_((Estado.TOMADA, Estado.ENVIANDO))
    en_duda = and_(otra.c.estado == Estado.EN_DUDA, otra.c.requiere_persona.is_(False))
    return select(otra.c.id).where(otra.c.cuenta_id == C.c.id, or_(en_vuelo, en_duda)).exists()


def _cabezas() -> "Select[*tuple[Any, ...]]":
    """La primera vencida de cada carril libre, de la más antigua a la más nueva."""
    otra = P.alias()
    primera = (
        select(otra.c.id)
        .where(
            otra.c.cuenta_id == C.c.id,
            otra.c.estado == Estado.PROGRAMADA,
            otra.c.vence <= AHORA,
        )
        .order_by(otra.c.vence, otra.c.id)
        .limit(1)
        .correlate(C)
        .scalar_subquery()
    )
    return (
        select(
            P.c.id,
            P.c.programada_para,
            P.c.avance,
            C.c.id.label("cuenta_id"),
            C.c.red,
            C.c.espaciado_s,
            C.c.ultima_salida_en,
        )
        .select_from(C.join(P, P.c.id == primera))
        .where(C.c.activa, C.c.pausada_por.is_(None), _LIBRE, ~_carril_ocupado())
        .order_by(P.c.vence, P.c.id)
        # Dos motores no toman a la vez del mismo carril: cada uno salta los que el otro bloqueó.
        .with_for_update(of=_tabla(C), skip_locked=True)
    )


def _tabla(tabla: FromClause) -> Any:
    return tabla


_CABEZAS = _cabezas()
SE_PUEDE_MIRAR = and_(
    P.c.estado == Estado.EN_DUDA,
    P.c.mirar_en.is_not(None),
    P.c.arriendo_hasta.is_(None),
    or_(C.c.pausada_por.is_(None), C.c.pausada_por == MotivoPausa.PERSONA),
    _LIBRE,
)
"""En duda, sin obrero, y con una cuenta a la que se le puede preguntar."""
_MIRADAS = (
    select(P.c.id)
    .select_from(P.join(C))
    .where(SE_PUEDE_MIRAR, P.c.mirar_en <= AHORA)
    .order_by(P.c.mirar_en)
    .limit(_CUPO)
    .with_for_update(of=_tabla(P), skip_locked=True)
)
_DATOS = (
    select(
        P.c.id,
        P.c.version_id,
        P.c.clave,
        P.c.sobre,
        P.c.huella_sobre,
        C.c.id.label("cuenta_id"),
        C.c.alias,
        C.c.red,
        C.c.identificador,
        C.c.credencial,
        C.c.credencial_serie,
        C.c.base_url,
        C.c.reenvia_en_duda,
    )
    .select_from(P.join(C))
    .where(P.c.id.in_(_IDS))
)


@dataclass(slots=True)
class Tanda:
    """Lo tomado, y cuándo se libera el próximo carril que hoy espera su espaciado."""

    tomas: list[Toma] = field(default_factory=list)
    proximo_turno: datetime | None = None


def tomar_vencidas(
    sesion: Session,
    *,
    dueno: str,
    cupo: int,
    reglas: Reglas,
    ahora: datetime,
    hay_caidas: bool = True,
) -> Tanda:
    """Hasta `cupo` entregas, a lo sumo una por cuenta; aparta las tardías.

    Quien llama ya comprobó que la cola no está en pausa.
    """
    conexion = sesion.connection()
    if hay_caidas:
        detener_caidas(sesion, ahora=ahora)
    elegidas: list[int] = []
    tardias: list[int] = []
    turnos: list[datetime] = []
    for cabeza in conexion.execute(_CABEZAS, {"ahora": ahora}):
        turno = _turno(cabeza, reglas)
        if turno is not None and turno > ahora:
            turnos.append(turno)
        elif _es_tardia(cabeza, turno, reglas, ahora):
            tardias.append(cabeza.cuenta_id)
        elif len(elegidas) < cupo:
            elegidas.append(cabeza.id)
    if tardias:
        detener_tardias(sesion, tardias, tolerancia=reglas.tolerancia, ahora=ahora)
        turnos.append(ahora)  # detrás de las tardías puede haber algo para ya
    tomas = _arrendar(sesion, elegidas, dueno=dueno, reglas=reglas, ahora=ahora)
    return Tanda(tomas, min(turnos, default=None))


def _turno(cabeza: "Row[*tuple[Any, ...]]", reglas: Reglas) -> datetime | None:
    """Cuándo la cuenta puede volver a publicar según su espaciado."""
    if cabeza.ultima_salida_en is None:
        return None
    turno: datetime = cabeza.ultima_salida_en + reglas.espaciado(cabeza.red, cabeza.espaciado_s)
    return turno


def _es_tardia(
    cabeza: "Row[*tuple[Any, ...]]", turno: datetime | None, reglas: Reglas, ahora: datetime
) -> bool:
    # Lo que ya salió en parte se termina aunque sea tarde: a medias es peor.
    return '.url"' not in cabeza.avance and es_tardia(
        cabeza.programada_para,
        carril_libre_desde=turno,
        tolerancia=reglas.tolerancia,
        ahora=ahora,
    )


def _arrendar(
    sesion: Session, ids: Sequence[int], *, dueno: str, reglas: Reglas, ahora: datetime
) -> list[Toma]:
    hasta = ahora + reglas.arriendo
    filas = _apartar_ilegibles(sesion, leer_filas(sesion, ids), ahora)
    pares = [
        (filas[i], tomar(filas[i], dueno=dueno, hasta=hasta))
        for i in ids
        if i in filas and _sigue_vencida(filas[i], ahora)
    ]
    escribir_filas(sesion, pares)
    return _tomas(sesion, [despues for _, despues in pares], es_mirada=False)


def _sigue_vencida(fila: Fila, ahora: datetime) -> bool:
    """Entre verla y bloquearla, alguien pudo moverla a otra hora: entonces no se toma."""
    return fila.estado is Estado.PROGRAMADA and fila.vence is not None and fila.vence <= ahora


def _apartar_ilegibles(sesion: Session, filas: dict[int, Fila], ahora: datetime) -> dict[int, Fila]:
    """Una fila con la libreta dañada espera a una persona, y no frena a las demás."""
    danadas = [fila for fila in filas.values() if leer_avance(fila.avance) is None]
    escribir_filas(sesion, [(fila, apartar(fila)) for fila in danadas])
    for fila in danadas:
        avisar(sesion, ClaseAviso.DETENIDA, ILEGIBLE, ahora=ahora, publicacion_id=fila.id)
    return {i: fila for i, fila in filas.items() if fila not in danadas}


def tomar_miradas(
    sesion: Session, *, dueno: str, cupo: int, reglas: Reglas, ahora: datetime
) -> list[Toma]:
    """Las dudas cuya mirada ya toca; van antes que el trabajo nuevo."""
    if cupo <= 0:
        return []
    ids = sesion.connection().execute(_MIRADAS, {"ahora": ahora, "cupo": cupo}).scalars().all()
    hasta = ahora + reglas.arriendo
    pares = [
        (fila, tomar_mirada(fila, dueno=dueno, hasta=hasta))
        for fila in _apartar_ilegibles(sesion, leer_filas(sesion, ids), ahora).values()
        if fila.mirar_en is not None and fila.arriendo_hasta is None
    ]
    escribir_filas(sesion, pares)
    return _tomas(sesion, [despues for _, despues in pares], es_mirada=True)


def _tomas(sesion: Session, filas: Iterable[Fila], *, es_mirada: bool) -> list[Toma]:
    por_id = {fila.id: fila for fila in filas}
    if not por_id:
        return []
    primeras = _primeras_salidas(sesion, por_id.values()) if es_mirada else {}
    datos = sesion.connection().execute(_DATOS, {"ids": list(por_id)})
    return [_toma(r, por_id[r.id], primeras.get(r.id), es_mirada) for r in datos]


def _primeras_salidas(sesion: Session, filas: Iterable[Fila]) -> dict[int, datetime]:
    pasos = {fila.id: fila.paso for fila in filas}
    consulta = (
        select(Intento.publicacion_id, Intento.paso, func.min(Intento.en).label("primera"))
        .where(Intento.publicacion_id.in_(pasos), Intento.suceso == Suceso.SALIDA)
        .group_by(Intento.publicacion_id, Intento.paso)
    )
    return {
        r.publicacion_id: r.primera
        for r in sesion.execute(consulta)
        if pasos[r.publicacion_id] == r.paso
    }


def _toma(
    r: "Row[*tuple[Any, ...]]", fila: Fila, primera: datetime | None, es_mirada: bool
) -> Toma:
    return Toma(
        id=fila.id,
        ficha=fila.ficha,
        version_id=r.version_id,
        credencial=Credencial(
            cuenta_id=r.cuenta_id,
            alias=r.alias,
            red=r.red,
            identificador=r.identificador,
            sellada=r.credencial,
            serie=r.credencial_serie,
            base_url=r.base_url,
        ),
        clave=r.clave,
        sobre=r.sobre,
        huella_sobre=r.huella_sobre,
        avance=leer_avance(fila.avance) or {},
        intentos=fila.intentos,
        fallos=fila.fallos,
        reenvios=fila.reenvios,
        miradas=fila.miradas,
        paso=fila.paso,
        salida_en=fila.salida_en,
        primera_salida_en=primera,
        es_mirada=es_mirada,
        reenvia_en_duda=r.reenvia_en_duda,
    )
