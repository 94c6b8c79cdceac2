"""Poner en la cola lo aprobado, y lo que una persona decide después sobre cada entrega."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cola.cuentas import Cuenta
from cola.errores import NoSePuede, SinAprobar
from cola.estados import Causa, Estado
from cola.filas import escribir_filas, leer_fila, leer_filas
from cola.publicaciones import Publicacion
from cola.transiciones import Fila, detener, reprogramar
from cola.transiciones import cancelar as cancelar_fila
from piezas.almacen import Almacen
from piezas.aprobacion import aprobacion_vigente, aprobar
from piezas.bitacora import anotar
from piezas.firmas import Sello
from piezas.versiones import Momento, Pieza, Sobre, Version

REEMPLAZABLES = (Estado.PROGRAMADA, Estado.DETENIDA, Estado.FALLIDA)
INTOCABLES = (Estado.TOMADA, Estado.ENVIANDO, Estado.EN_DUDA)


def aprobar_y_programar(
    sesion: Session,
    pieza_id: int,
    *,
    por: int,
    ahora: datetime,
    sello: Sello,
    almacen: Almacen,
    tolerancia: timedelta,
) -> list[Publicacion]:
    """Aprueba, sella y pone las entregas en la cola: una sola transacción."""
    sobres = aprobar(sesion, pieza_id, por=por, ahora=ahora, sello=sello, almacen=almacen)
    return programar(sesion, pieza_id, sobres, sello=sello, ahora=ahora, tolerancia=tolerancia)


def programar(
    sesion: Session,
    pieza_id: int,
    sobres: Sequence[Sobre],
    *,
    sello: Sello,
    ahora: datetime,
    tolerancia: timedelta,
) -> list[Publicacion]:
    """Copia cada sobre en una fila. Lo que ya salió en una cuenta no se repite en ella."""
    pieza = sesion.get_one(Pieza, pieza_id)
    version = sesion.get_one(Version, pieza.version_vigente_id)
    if not aprobacion_vigente(sesion, version.id, sello):
        raise SinAprobar
    momentos = _momentos(sesion, pieza_id, ahora)
    nuevas = []
    for sobre in sobres:
        if not _dejar_sitio(sesion, pieza_id, sobre.cuenta_id, version.numero):
            continue
        nuevas.append(_nueva(sesion, pieza_id, sobre, momentos[sobre.cuenta_id], ahora, tolerancia))
    sesion.flush()
    return nuevas


def _momentos(sesion: Session, pieza_id: int, ahora: datetime) -> dict[int, datetime]:
    """Cuándo sale en cada cuenta; lo que esperaba solo la aprobación sale ya."""
    momentos = {}
    for momento in sesion.scalars(select(Momento).where(Momento.pieza_id == pieza_id)):
        if momento.al_aprobarse:
            momento.programada_para = ahora
            momento.al_aprobarse = True
        momentos[momento.cuenta_id] = momento.programada_para
    return momentos


def _dejar_sitio(sesion: Session, pieza_id: int, cuenta_id: int, numero: int) -> bool:
    """Cancela la entrega de la versión anterior que no había salido; `False` si ya salió."""
    anterior = sesion.scalar(
        select(Publicacion.id).where(
            Publicacion.pieza_id == pieza_id,
            Publicacion.cuenta_id == cuenta_id,
            Publicacion.estado != Estado.CANCELADA,
        )
    )
    if anterior is None:
        return True
    fila = leer_fila(sesion, anterior)
    if fila.estado in INTOCABLES:
        raise NoSePuede(
            "Hay una entrega de esta pieza enviándose o en duda. "
            "Espere a que termine o resuélvala, y apruebe después."
        )
    if fila.estado not in REEMPLAZABLES:
        return False
    if fila.hay_algo_publico:
        alias = sesion.get_one(Cuenta, cuenta_id).alias
        raise NoSePuede(
            f"Una parte de esta pieza ya salió por «{alias}». Resuelva esa entrega en la cola "
            "(reinténtela y pegue su dirección), y apruebe después."
        )
    motivo = f"Reemplazada por la versión {numero} de la pieza."
    escribir_filas(sesion, [(fila, cancelar_fila(fila, motivo=motivo, ahora=fila.programada_para))])
    return True


def _nueva(
    sesion: Session,
    pieza_id: int,
    sobre: Sobre,
    para: datetime,
    ahora: datetime,
    tolerancia: timedelta,
) -> Publicacion:
    cuenta = sesion.get_one(Cuenta, sobre.cuenta_id)
    if not cuenta.activa:
        raise NoSePuede(f"La cuenta «{cuenta.alias}» está inactiva: quítela de la pieza.")
    tarde = para < ahora - tolerancia
    publicacion = Publicacion(
        pieza_id=pieza_id,
        version_id=sobre.version_id,
        cuenta_id=sobre.cuenta_id,
        clave=json.loads(sobre.contenido)["clave"],
        sobre=sobre.contenido,
        huella_sobre=sobre.huella,
        estado=Estado.DETENIDA if tarde else Estado.PROGRAMADA,
        causa=Causa.TARDIA if tarde else None,
        motivo=(
            "Se aprobó cuando su hora ya había pasado. Reinténtela para que salga ya, o cancélela."
            if tarde
            else None
        ),
        programada_para=para,
        vence=para,
        creada_en=ahora,
    )
    sesion.add(publicacion)
    return publicacion


def suspender_por_cambio(sesion: Session, pieza_id: int) -> int:
    """Al editar una pieza aprobada: lo que no ha salido espera la nueva aprobación.

    Lo que va por la mitad se queda en la fila: la última puerta lo pone en manos de una persona,
    que es quien puede decir si se deja así. Detenido, nadie podría cerrarlo ni cancelarlo.
    """
    ids = sesion.scalars(
        select(Publicacion.id).where(
            Publicacion.pieza_id == pieza_id, Publicacion.estado == Estado.PROGRAMADA
        )
    ).all()
    motivo = "La pieza cambió después de aprobada. Apruébela de nuevo para que salga."
    pares: list[tuple[Fila, Fila]] = [
        (fila, detener(fila, causa=Causa.CAMBIO, motivo=motivo))
        for fila in leer_filas(sesion, ids).values()
        if not fila.hay_algo_publico
    ]
    escribir_filas(sesion, pares)
    return len(pares)


def reintentar(
    sesion: Session, publicacion_id: int, *, quien: str, persona_id: int | None, ahora: datetime
) -> None:
    """Una persona ordena que salga ya lo detenido o fallido."""
    mover(
        sesion,
        publicacion_id,
        para=ahora,
        quien=quien,
        persona_id=persona_id,
        ahora=ahora,
        accion="reintentar",
    )


def mover(
    sesion: Session,
    publicacion_id: int,
    *,
    para: datetime,
    quien: str,
    persona_id: int | None,
    ahora: datetime,
    accion: str = "mover",
) -> None:
    """Cambia el momento de una entrega que no ha salido; la aprobación se conserva."""
    fila = leer_fila(sesion, publicacion_id)
    esperan = (Estado.PROGRAMADA,) if accion == "mover" else ()
    if fila.estado not in (*esperan, Estado.DETENIDA, Estado.FALLIDA):
        raise NoSePuede(
            f"La publicación {publicacion_id} está «{fila.estado.value}»: "
            "solo se reintenta lo detenido o lo fallido."
        )
    despues = reprogramar(fila, para=para)
    escribir_filas(sesion, [(fila, despues)])
    _llevar_el_deseo(sesion, publicacion_id, para)
    anotar(
        sesion,
        accion,
        quien=quien,
        persona_id=persona_id,
        ahora=ahora,
        objeto="publicacion",
        objeto_id=publicacion_id,
        de=fila.estado,
        a=despues.estado,
    )


def _llevar_el_deseo(sesion: Session, publicacion_id: int, para: datetime) -> None:
    """La hora de la pieza es la de su fila: se puede leer cualquiera de las dos."""
    suya = select(Publicacion.pieza_id, Publicacion.cuenta_id).where(
        Publicacion.id == publicacion_id
    )
    pieza_id, cuenta_id = sesion.execute(suya).one()
    sesion.execute(
        update(Momento)
        .where(Momento.pieza_id == pieza_id, Momento.cuenta_id == cuenta_id)
        .values(programada_para=para, al_aprobarse=False)
    )


def cancelar(
    sesion: Session,
    publicacion_id: int,
    *,
    motivo: str,
    quien: str,
    persona_id: int | None,
    ahora: datetime,
) -> None:
    """Una persona cancela una entrega que no ha salido."""
    if not motivo.strip():
        raise NoSePuede("Escriba el motivo de la cancelación: quedará en la bitácora.")
    fila = leer_fila(sesion, publicacion_id)
    if fila.estado not in (*REEMPLAZABLES, Estado.TOMADA):
        raise NoSePuede(
            f"La publicación {publicacion_id} está «{fila.estado.value}» y ya no se cancela."
        )
    despues = cancelar_fila(fila, motivo=motivo.strip(), ahora=ahora)
    escribir_filas(sesion, [(fila, despues)])
    anotar(
        sesion,
        "cancelar",
        quien=quien,
        persona_id=persona_id,
        ahora=ahora,
        objeto="publicacion",
        objeto_id=publicacion_id,
        de=fila.estado,
        a=despues.estado,
        motivo=motivo.strip(),
    )
