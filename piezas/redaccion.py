"""Redacción: crear piezas y guardar versiones, que nunca cambian."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from piezas import momentos
from piezas.bitacora import anotar
from piezas.borradores import Borrador, Destino, MedioElegido, limpiar_borrador
from piezas.campanias import campania_llamada, dependencia_llamada
from piezas.contenidos import hash_de, utm_a_json, web_a_json
from piezas.errores import DatosInvalidos, EstadoNoPermite, NoEncontrada
from piezas.medios import Medio
from piezas.personas import Persona
from piezas.usuarios import ESCRIBEN, persona_de
from piezas.versiones import (
    Aprobacion,
    Decision,
    EstadoPieza,
    Momento,
    Pieza,
    Version,
    VersionDestino,
    VersionMedio,
)

__all__ = [
    "Borrador",
    "Destino",
    "MedioElegido",
    "cambiar_momento",
    "crear_pieza",
    "guardar_version",
    "pieza_para_cambiar",
]

CERRADAS = frozenset({EstadoPieza.CANCELADA, EstadoPieza.ARCHIVADA})
_VUELVEN_A_REVISION = frozenset(
    {EstadoPieza.EN_REVISION, EstadoPieza.REVISADA, EstadoPieza.APROBADA}
)


def crear_pieza(sesion: Session, borrador: Borrador, *, por: int, ahora: datetime) -> Pieza:
    """Crea una pieza en `borrador` con su primera versión."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    limpio = limpiar_borrador(borrador)
    pieza = Pieza(
        titulo=limpio.titulo,
        estado=EstadoPieza.BORRADOR,
        autor_id=persona.id,
        actividad=limpio.actividad,
        creada_en=ahora,
    )
    sesion.add(pieza)
    _situar(sesion, pieza, limpio, ahora)
    sesion.flush()
    _agregar_version(sesion, pieza, limpio, persona, 1, ahora)
    momentos.colocar(pieza, limpio.destinos)
    sesion.flush()
    _anotar(sesion, "crear pieza", pieza, persona, ahora, a=pieza.estado)
    return pieza


def guardar_version(
    sesion: Session, pieza_id: int, borrador: Borrador, *, por: int, ahora: datetime
) -> Version:
    """Guarda el contenido como versión nueva; si solo cambian los momentos, devuelve la vigente.

    Una versión nueva anula la aprobación de la anterior y devuelve la pieza a revisión.
    """
    persona = persona_de(sesion, por, *ESCRIBEN)
    pieza = pieza_para_cambiar(sesion, pieza_id)
    if pieza.estado in CERRADAS or pieza.version is None:
        raise EstadoNoPermite(f"Una pieza «{pieza.estado}» ya no se edita. Cree una nueva.")
    limpio = limpiar_borrador(borrador)
    vigente = pieza.version
    if hash_de(limpio, _medios(sesion, limpio)) == vigente.hash_contenido:
        momentos.reprogramar(sesion, pieza, limpio.destinos, persona, ahora)
        _situar(sesion, pieza, limpio, ahora)
        return vigente
    de = pieza.estado
    if de is EstadoPieza.APROBADA:
        _anular(sesion, vigente, persona, ahora)
    nueva = _agregar_version(sesion, pieza, limpio, persona, vigente.numero + 1, ahora)
    pieza.titulo = limpio.titulo
    if de in _VUELVEN_A_REVISION:
        pieza.estado = EstadoPieza.EN_REVISION
    _situar(sesion, pieza, limpio, ahora)
    momentos.colocar(pieza, limpio.destinos)
    sesion.flush()
    _anotar(
        sesion,
        "guardar versión",
        pieza,
        persona,
        ahora,
        de=de,
        a=pieza.estado,
        motivo=f"versión {nueva.numero}",
    )
    return nueva


def cambiar_momento(
    sesion: Session,
    pieza_id: int,
    cuenta_id: int,
    momento: datetime,
    *,
    por: int,
    ahora: datetime,
) -> Momento:
    """Cambia cuándo sale la pieza en una cuenta. La aprobación se conserva."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    pieza = pieza_para_cambiar(sesion, pieza_id)
    if pieza.estado in CERRADAS:
        raise EstadoNoPermite(f"Una pieza «{pieza.estado}» ya no se programa.")
    if momento.tzinfo is None:
        raise DatosInvalidos("Al momento le falta la zona horaria.")
    actual = next((fila for fila in pieza.momentos if fila.cuenta_id == cuenta_id), None)
    if actual is None:
        raise NoEncontrada("La pieza no va a esa cuenta.")
    momentos.exigir_permiso(pieza, persona)
    momentos.fijar(sesion, pieza, actual, momento, persona, ahora)
    return actual


def pieza_para_cambiar(sesion: Session, pieza_id: int) -> Pieza:
    """La pieza, leída de nuevo y bloqueada hasta el fin de la transacción."""
    pedido = select(Pieza).where(Pieza.id == pieza_id).with_for_update()
    pieza = sesion.scalar(pedido.execution_options(populate_existing=True))
    if pieza is None:
        raise NoEncontrada
    return pieza


def _agregar_version(
    sesion: Session,
    pieza: Pieza,
    limpio: Borrador,
    editor: Persona,
    numero: int,
    ahora: datetime,
) -> Version:
    medios = _medios(sesion, limpio)
    version = Version(
        pieza_id=pieza.id,
        numero=numero,
        titulo=limpio.titulo,
        texto=limpio.texto,
        texto_facebook=limpio.texto_facebook,
        texto_x=limpio.texto_x,
        texto_wordpress=limpio.texto_wordpress,
        enlace=limpio.enlace,
        utm=utm_a_json(limpio.utm),
        etiquetas=" ".join(limpio.etiquetas),
        primer_comentario=limpio.primer_comentario,
        en_hilo=limpio.en_hilo,
        web=web_a_json(limpio.web),
        editor_id=editor.id,
        creada_en=ahora,
        hash_contenido=hash_de(limpio, medios),
        medios=[
            VersionMedio(
                orden=orden,
                medio_id=elegido.medio_id,
                texto_alternativo=elegido.texto_alternativo,
                subtitulos_huella=elegido.subtitulos_huella,
            )
            for orden, elegido in enumerate(limpio.medios)
        ],
        destinos=[
            VersionDestino(cuenta_id=destino.cuenta_id, red=destino.red, alias=destino.alias)
            for destino in limpio.destinos
        ],
    )
    sesion.add(version)
    sesion.flush()
    pieza.version = version
    return version


def _medios(sesion: Session, limpio: Borrador) -> dict[int, Medio]:
    pedidos = {elegido.medio_id for elegido in limpio.medios}
    if not pedidos:
        return {}
    hallados = {m.id: m for m in sesion.scalars(select(Medio).where(Medio.id.in_(pedidos)))}
    if pedidos - hallados.keys():
        raise DatosInvalidos("Uno de los archivos elegidos ya no está en la mediateca.")
    return hallados


def _situar(sesion: Session, pieza: Pieza, limpio: Borrador, ahora: datetime) -> None:
    """Actividad, campaña y dependencia: dónde se archiva la pieza, no lo que sale."""
    pieza.actividad = limpio.actividad
    pieza.responsable_id = _responsable(sesion, limpio.responsable_id)
    pieza.campania = campania_llamada(sesion, limpio.campania, ahora)
    pieza.dependencia = dependencia_llamada(sesion, limpio.dependencia, ahora)


def _responsable(sesion: Session, persona_id: int | None) -> int | None:
    if persona_id is not None and sesion.get(Persona, persona_id) is None:
        raise DatosInvalidos("La persona responsable ya no está. Elija otra.")
    return persona_id


def _anular(sesion: Session, version: Version, persona: Persona, ahora: datetime) -> None:
    sesion.add(
        Aprobacion(
            version_id=version.id,
            persona_id=persona.id,
            decision=Decision.ANULADA,
            motivo="El contenido cambió después de aprobado.",
            en=ahora,
        )
    )


def _anotar(
    sesion: Session,
    accion: str,
    pieza: Pieza,
    persona: Persona,
    ahora: datetime,
    *,
    de: str | None = None,
    a: str | None = None,
    motivo: str | None = None,
) -> None:
    anotar(
        sesion,
        accion,
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="pieza",
        objeto_id=pieza.id,
        de=de,
        a=a,
        motivo=motivo,
    )
