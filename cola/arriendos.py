"""Tomar lo que vence: una entrega por cuenta, por el carril que primero la esperaba."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from cola.cuentas import Cuenta
from cola.estados import Causa, Estado, MotivoPausa
from cola.filas import escribir_filas, leer_filas
from cola.pausas import pausa_vigente
from cola.publicaciones import Intento, Publicacion, Suceso
from cola.reintentos import es_tardia
from cola.tomas import Credencial, Reglas, Toma
from cola.transiciones import Fila, tomar, tomar_mirada

MOTIVO_TARDIA = (
    "Pasó más tiempo del permitido desde su hora. Revise si todavía sirve: "
    "reinténtela, prográmela para otro momento o cancélela."
)


def _carril_ocupado() -> ColumnElement[bool]:
    otra = aliased(Publicacion)
    en_vuelo = otra.estado.in_((Estado.TOMADA, Estado.ENVIANDO))
    en_duda = and_(otra.estado == Estado.EN_DUDA, otra.requiere_persona.is_(False))
    return select(otra.id).where(otra.cuenta_id == Cuenta.id, or_(en_vuelo, en_duda)).exists()


def cabezas_de_carril(ahora: datetime) -> "Select[*tuple[Any, ...]]":
    """La primera vencida de cada carril libre, de la más antigua a la más nueva."""
    otra = aliased(Publicacion)
    primera = (
        select(otra.id)
        .where(otra.cuenta_id == Cuenta.id, otra.estado == Estado.PROGRAMADA, otra.vence <= ahora)
        .order_by(otra.vence, otra.id)
        .limit(1)
        .correlate(Cuenta)
        .scalar_subquery()
    )
    return (
        select(
            Publicacion.id,
            Publicacion.programada_para,
            Publicacion.avance,
            Cuenta.id.label("cuenta_id"),
            Cuenta.red,
            Cuenta.espaciado_s,
            Cuenta.ultima_salida_en,
        )
        .select_from(Cuenta)
        .join(Publicacion, Publicacion.id == primera)
        .where(
            Cuenta.activa,
            Cuenta.pausada_por.is_(None),
            or_(Cuenta.libre_desde.is_(None), Cuenta.libre_desde <= ahora),
            ~_carril_ocupado(),
        )
        .order_by(Publicacion.vence, Publicacion.id)
    )


def tomar_vencidas(
    sesion: Session, *, dueno: str, cupo: int, reglas: Reglas, ahora: datetime
) -> list[Toma]:
    """Hasta `cupo` entregas, a lo sumo una por cuenta; aparta las tardías."""
    if cupo <= 0 or pausa_vigente(sesion) is not None:
        return []
    _detener_de_cuentas_caidas(sesion, ahora)
    elegidas: list[int] = []
    tardias: list[int] = []
    # Dos motores no toman a la vez del mismo carril: cada uno salta los que el otro bloqueó.
    for cabeza in sesion.execute(
        cabezas_de_carril(ahora).with_for_update(of=Cuenta, skip_locked=True)
    ):
        turno = turno_de(cabeza, reglas)
        if turno is not None and turno > ahora:
            continue
        if _es_tardia(cabeza, turno, reglas, ahora):
            tardias.append(cabeza.cuenta_id)
        elif len(elegidas) < cupo:
            elegidas.append(cabeza.id)
    if tardias:
        _detener_tardias(sesion, tardias, reglas, ahora)
    return _arrendar(sesion, elegidas, dueno=dueno, reglas=reglas, ahora=ahora)


def turno_de(cabeza: "Row[*tuple[Any, ...]]", reglas: Reglas) -> datetime | None:
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


def _detener_tardias(
    sesion: Session, cuentas: Sequence[int], reglas: Reglas, ahora: datetime
) -> None:
    sesion.execute(
        update(Publicacion)
        .where(
            Publicacion.cuenta_id.in_(cuentas),
            Publicacion.estado == Estado.PROGRAMADA,
            Publicacion.vence <= ahora,
            Publicacion.programada_para < ahora - reglas.tolerancia,
            ~Publicacion.avance.contains('.url"', autoescape=True),
        )
        .values(estado=Estado.DETENIDA, causa=Causa.TARDIA, motivo=MOTIVO_TARDIA)
        .execution_options(synchronize_session=False)
    )


def _detener_de_cuentas_caidas(sesion: Session, ahora: datetime) -> None:
    """Lo que vence en una cuenta pausada se aparta con el motivo de la cuenta."""
    caidas = or_(Cuenta.pausada_por.is_not(None), Cuenta.activa.is_(False))
    motivo = (
        select(
            func.coalesce(
                "La cuenta está en pausa: " + Cuenta.pausada_motivo, "La cuenta está inactiva."
            )
        )
        .where(Cuenta.id == Publicacion.cuenta_id)
        .scalar_subquery()
    )
    sesion.execute(
        update(Publicacion)
        .where(
            Publicacion.cuenta_id.in_(select(Cuenta.id).where(caidas)),
            Publicacion.estado == Estado.PROGRAMADA,
            Publicacion.vence <= ahora,
        )
        .values(estado=Estado.DETENIDA, causa=Causa.CUENTA, motivo=motivo)
        .execution_options(synchronize_session=False)
    )


def _arrendar(
    sesion: Session, ids: Sequence[int], *, dueno: str, reglas: Reglas, ahora: datetime
) -> list[Toma]:
    hasta = ahora + reglas.arriendo
    filas = leer_filas(sesion, ids)
    pares = [
        (filas[i], tomar(filas[i], dueno=dueno, hasta=hasta))
        for i in ids
        if i in filas and filas[i].estado is Estado.PROGRAMADA
    ]
    escribir_filas(sesion, pares)
    return _tomas(sesion, [despues for _, despues in pares], es_mirada=False)


def se_puede_mirar(ahora: datetime) -> ColumnElement[bool]:
    """En duda, sin obrero, y con una cuenta a la que se le puede preguntar."""
    return and_(
        Publicacion.estado == Estado.EN_DUDA,
        Publicacion.mirar_en.is_not(None),
        Publicacion.arriendo_hasta.is_(None),
        or_(Cuenta.pausada_por.is_(None), Cuenta.pausada_por == MotivoPausa.PERSONA),
        or_(Cuenta.libre_desde.is_(None), Cuenta.libre_desde <= ahora),
    )


def tomar_miradas(
    sesion: Session, *, dueno: str, cupo: int, reglas: Reglas, ahora: datetime
) -> list[Toma]:
    """Las dudas cuya mirada ya toca; van antes que el trabajo nuevo."""
    if cupo <= 0:
        return []
    ids = sesion.scalars(
        select(Publicacion.id)
        .join(Cuenta)
        .where(se_puede_mirar(ahora), Publicacion.mirar_en <= ahora)
        .order_by(Publicacion.mirar_en)
        .limit(cupo)
        .with_for_update(of=Publicacion, skip_locked=True)
    ).all()
    hasta = ahora + reglas.arriendo
    filas = leer_filas(sesion, ids)
    pares = [
        (fila, tomar_mirada(fila, dueno=dueno, hasta=hasta))
        for fila in filas.values()
        if fila.mirar_en is not None and fila.arriendo_hasta is None
    ]
    escribir_filas(sesion, pares)
    return _tomas(sesion, [despues for _, despues in pares], es_mirada=True)


def _tomas(sesion: Session, filas: Iterable[Fila], *, es_mirada: bool) -> list[Toma]:
    por_id = {fila.id: fila for fila in filas}
    if not por_id:
        return []
    consulta = (
        select(
            Publicacion.id,
            Publicacion.version_id,
            Publicacion.clave,
            Publicacion.sobre,
            Publicacion.huella_sobre,
            Cuenta.id.label("cuenta_id"),
            Cuenta.alias,
            Cuenta.red,
            Cuenta.identificador,
            Cuenta.credencial,
            Cuenta.credencial_serie,
            Cuenta.base_url,
            Cuenta.reenvia_en_duda,
        )
        .join(Cuenta)
        .where(Publicacion.id.in_(por_id))
    )
    primeras = _primeras_salidas(sesion, por_id.values()) if es_mirada else {}
    return [_toma(r, por_id[r.id], primeras.get(r.id), es_mirada) for r in sesion.execute(consulta)]


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
        avance=json.loads(fila.avance),
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
