"""Guardar lo que devolvió el obrero: fila, libro, cuenta y aviso, en una transacción."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cola.avisos import ClaseAviso, avisar
from cola.cuentas import Cuenta
from cola.desenlaces import Avanza, Desenlace, Detenida, Duda, Espera, Publicada, Rendida
from cola.errores import ArriendoPerdido
from cola.filas import escribir_filas, leer_filas
from cola.publicaciones import Intento, Publicacion, Suceso
from cola.tomas import Toma
from cola.transiciones import Fila, cerrar


@dataclass(frozen=True, slots=True, kw_only=True)
class Cierre:
    """El desenlace de una toma. `suceso` y `detalle` van al libro de intentos."""

    toma: Toma
    desenlace: Desenlace
    paso: str
    suceso: Suceso | None
    detalle: str = ""
    ajenos: tuple[str, ...] = ()
    """Otros ids que también coincidían en la red: se avisan, nunca se borran solos."""


def cerrar_tomas(sesion: Session, cierres: Sequence[Cierre], *, ahora: datetime) -> list[bool]:
    """`False` donde el arriendo ya era de otro: ese resultado no cambia nada."""
    filas = leer_filas(sesion, [cierre.toma.id for cierre in cierres])
    pares: list[tuple[Fila, Fila]] = []
    respuestas = []
    for cierre in cierres:
        antes = filas[cierre.toma.id]
        try:
            despues = cerrar(antes, cierre.desenlace, ficha=cierre.toma.ficha, ahora=ahora)
        except ArriendoPerdido:
            respuestas.append(False)
            continue
        pares.append((antes, despues))
        filas[antes.id] = despues
        respuestas.append(True)
        _anotar_en_el_libro(sesion, cierre, ahora)
        _efectos_en_la_cuenta(sesion, cierre, ahora)
        _avisar(sesion, cierre, despues, ahora)
    escribir_filas(sesion, pares)
    return respuestas


def _anotar_en_el_libro(sesion: Session, cierre: Cierre, ahora: datetime) -> None:
    if cierre.suceso is None:
        return
    recibo = getattr(cierre.desenlace, "recibo", None)
    sesion.add(
        Intento(
            publicacion_id=cierre.toma.id,
            ficha=cierre.toma.ficha,
            paso=cierre.paso,
            suceso=cierre.suceso,
            en=ahora,
            id_remoto=recibo.id_remoto if recibo else None,
            detalle=cierre.detalle or None,
        )
    )


def _efectos_en_la_cuenta(sesion: Session, cierre: Cierre, ahora: datetime) -> None:
    cuenta = update(Cuenta).where(Cuenta.id == cierre.toma.credencial.cuenta_id)
    cuenta = cuenta.execution_options(synchronize_session=False)
    match cierre.desenlace:
        case Publicada() | Avanza() | Duda():
            if not cierre.toma.es_mirada:
                sesion.execute(cuenta.values(ultima_salida_en=ahora))
        case Espera(frena_cuenta=True):
            sesion.execute(cuenta.values(libre_desde=cierre.desenlace.hasta))
        case Detenida(pausa=pausa) if pausa is not None:
            _pausar_cuentas(sesion, cierre, cierre.desenlace)


def _pausar_cuentas(sesion: Session, cierre: Cierre, orden: Detenida) -> None:
    cuentas = update(Cuenta).where(Cuenta.pausada_por.is_(None))
    if orden.toda_la_red:
        cuentas = cuentas.where(Cuenta.red == cierre.toma.credencial.red)
    else:
        cuentas = cuentas.where(Cuenta.id == cierre.toma.credencial.cuenta_id)
    sesion.execute(
        cuentas.values(pausada_por=orden.pausa, pausada_motivo=orden.motivo).execution_options(
            synchronize_session=False
        )
    )


def _avisar(sesion: Session, cierre: Cierre, fila: Fila, ahora: datetime) -> None:
    alias = cierre.toma.credencial.alias
    datos = _aviso_de(cierre, fila)
    if datos is not None:
        clase, texto = datos
        avisar(
            sesion,
            clase,
            f"{alias}: {texto}",
            ahora=ahora,
            publicacion_id=cierre.toma.id,
            cuenta_id=cierre.toma.credencial.cuenta_id,
        )
    if cierre.ajenos:
        texto = f"{alias}: en la red hay otra publicación igual: {', '.join(cierre.ajenos)}."
        avisar(sesion, ClaseAviso.DUDA, texto, ahora=ahora, publicacion_id=cierre.toma.id)


def _aviso_de(cierre: Cierre, fila: Fila) -> tuple[ClaseAviso, str] | None:
    match cierre.desenlace:
        case Duda() if fila.requiere_persona:
            manual = cierre.toma.credencial.red == "manual"
            return (ClaseAviso.MANUAL if manual else ClaseAviso.DUDA, cierre.desenlace.motivo)
        case Rendida(motivo=motivo):
            return ClaseAviso.FALLIDA, motivo
        case Detenida(motivo=motivo):
            return ClaseAviso.CUENTA, motivo
        case Publicada(recibo=recibo) if recibo.aviso:
            return ClaseAviso.INCOMPLETA, recibo.aviso
    return None


def de_otra_publicacion(sesion: Session, toma: Toma, ids: Sequence[str]) -> set[str]:
    """De los ids vistos en la red, los que ya son de otra entrega: nunca se adoptan."""
    if not ids:
        return set()
    libro = (
        select(Intento.id_remoto)
        .join(Publicacion, Publicacion.id == Intento.publicacion_id)
        .where(
            Intento.id_remoto.in_(ids),
            Intento.publicacion_id != toma.id,
            Publicacion.cuenta_id == toma.credencial.cuenta_id,
        )
    )
    propias = select(Publicacion.id_remoto).where(
        Publicacion.id_remoto.in_(ids),
        Publicacion.id != toma.id,
        Publicacion.cuenta_id == toma.credencial.cuenta_id,
    )
    ajenos = set(sesion.scalars(libro)) | set(sesion.scalars(propias))
    return {ajeno for ajeno in ajenos if ajeno is not None}
