"""Guardar lo que devolvió el obrero: fila, libro, cuenta y aviso, en una transacción."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from cola.avisos import ClaseAviso, avisar
from cola.cuentas import Cuenta
from cola.desenlaces import Avanza, Desenlace, Detenida, Duda, Espera, Publicada, Rendida
from cola.errores import ArriendoPerdido
from cola.estados import Estado, MotivoPausa
from cola.filas import escribir_filas, leer_filas
from cola.libro import Linea, anotar_lineas
from cola.publicaciones import Intento, Publicacion, Suceso
from cola.reintentos import MAX_FALLOS
from cola.tomas import Toma
from cola.transiciones import Fila, cerrar
from piezas.base import Instante

_CUENTAS = Cuenta.__table__
_ANOTAR_SALIDA = (
    update(_CUENTAS)  # type: ignore[arg-type]
    .where(_CUENTAS.c.id.in_(bindparam("ids", expanding=True)))
    .values(ultima_salida_en=bindparam("ahora", type_=Instante()))
)

SIGUE_MIRANDO = "Se sigue intentando y la cuenta espera; si ya sabe si salió, dígalo en la cola."


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
    # Un paso y el final de la misma entrega pueden llegar juntos: se escribe una sola vez.
    originales = dict(filas)
    lineas: list[Linea] = []
    salieron: set[int] = set()
    respuestas = []
    for cierre in cierres:
        antes = filas[cierre.toma.id]
        try:
            despues = cerrar(antes, cierre.desenlace, ficha=cierre.toma.ficha, ahora=ahora)
        except ArriendoPerdido:
            respuestas.append(False)
            continue
        filas[antes.id] = despues
        respuestas.append(True)
        if cierre.suceso is not None:
            lineas.append(_linea(cierre, cierre.suceso, ahora))
        if _salio_ahora(cierre):
            salieron.add(cierre.toma.credencial.cuenta_id)
        _efectos_en_la_cuenta(sesion, cierre)
        _avisar(sesion, cierre, despues, ahora)
    escribir_filas(sesion, [(originales[i], fila) for i, fila in filas.items()])
    anotar_lineas(sesion, lineas)
    if salieron:
        sesion.connection().execute(_ANOTAR_SALIDA, {"ids": list(salieron), "ahora": ahora})
    return respuestas


def _linea(cierre: Cierre, suceso: Suceso, ahora: datetime) -> Linea:
    recibo = getattr(cierre.desenlace, "recibo", None)
    return Linea(
        publicacion_id=cierre.toma.id,
        ficha=cierre.toma.ficha,
        paso=cierre.paso,
        suceso=suceso,
        en=ahora,
        id_remoto=recibo.id_remoto if recibo else None,
        detalle=cierre.detalle or None,
    )


def _salio_ahora(cierre: Cierre) -> bool:
    """Llamó a la red y pudo salir: el espaciado de la cuenta se cuenta desde aquí."""
    return not cierre.toma.es_mirada and isinstance(cierre.desenlace, Publicada | Avanza | Duda)


def _efectos_en_la_cuenta(sesion: Session, cierre: Cierre) -> None:
    match cierre.desenlace:
        case Espera(frena_cuenta=True, hasta=hasta):
            freno = update(Cuenta).where(Cuenta.id == cierre.toma.credencial.cuenta_id)
            sesion.execute(
                freno.values(libre_desde=hasta).execution_options(synchronize_session=False)
            )
        case Detenida(pausa=pausa) if pausa is not None:
            _pausar_cuentas(sesion, cierre, cierre.desenlace)


def _pausar_cuentas(sesion: Session, cierre: Cierre, orden: Detenida) -> None:
    # Una cuenta que pausó una persona se sigue mirando; si ya no se puede, esa es la causa ahora.
    alcanzadas = (Cuenta.id == cierre.toma.credencial.cuenta_id) & or_(
        Cuenta.pausada_por.is_(None), Cuenta.pausada_por == MotivoPausa.PERSONA
    )
    if orden.toda_la_red:
        de_la_red = Cuenta.red == cierre.toma.credencial.red
        alcanzadas |= de_la_red & Cuenta.pausada_por.is_(None)
    pausar = update(Cuenta).where(alcanzadas)
    sesion.execute(
        pausar.values(pausada_por=orden.pausa, pausada_motivo=orden.motivo).execution_options(
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
        case Duda() if fila.estado is Estado.EN_DUDA and fila.fallos == MAX_FALLOS:
            return ClaseAviso.DUDA, f"{cierre.desenlace.motivo} {SIGUE_MIRANDO}"
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
