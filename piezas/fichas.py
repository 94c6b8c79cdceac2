"""La ficha de un medio: lo que la oficina escribe sobre él, y archivarlo."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from conectores.contrato import Clase
from piezas.almacen import Almacen
from piezas.autorizaciones import medio_de
from piezas.bitacora import anotar
from piezas.campanias import campania_llamada
from piezas.errores import DatosInvalidos, EstadoNoPermite
from piezas.ingreso import guardar_subtitulos
from piezas.llano import llano
from piezas.medios import Licencia, Medio
from piezas.personas import Persona
from piezas.subtitulos import a_vtt
from piezas.usuarios import ESCRIBEN, persona_de
from piezas.versiones import VersionMedio

CORTO, LARGO = 200, 1000
VARIAS_MAXIMO = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Ficha:
    """Lo que se escribe en la pantalla de un medio."""

    titulo: str = ""
    evento: str = ""
    fecha: date | None = None
    responsable: str = ""
    credito: str = ""
    licencia: Licencia = Licencia.SIN_DECIR
    texto_alternativo: str = ""
    campania: str | None = None
    hay_personas: bool = False
    hay_menores: bool = False


def guardar_ficha(
    sesion: Session, medio_id: int, ficha: Ficha, *, por: int, ahora: datetime
) -> Medio:
    """Guarda la ficha completa de un medio. Las marcas de quién aparece son del original."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    medio = medio_de(sesion, medio_id)
    _revisar_largos(ficha)
    medio.titulo = _renglon(ficha.titulo)
    medio.evento = _renglon(ficha.evento)
    medio.fecha = ficha.fecha
    medio.responsable = _renglon(ficha.responsable)
    medio.credito = _renglon(ficha.credito)
    medio.licencia = ficha.licencia
    medio.texto_alternativo = _renglon(ficha.texto_alternativo)
    campania = campania_llamada(sesion, ficha.campania, ahora)
    sesion.flush()
    medio.campania_id = None if campania is None else campania.id
    original = medio_de(sesion, medio.origen_id)
    cambio = (original.hay_personas, original.hay_menores) != (
        ficha.hay_personas,
        ficha.hay_menores,
    )
    original.hay_personas, original.hay_menores = ficha.hay_personas, ficha.hay_menores
    medio.buscable = buscable(medio)
    _anotar(sesion, "editar medio", medio, persona, ahora, a=_marcas(ficha) if cambio else None)
    sesion.flush()
    return medio


def _marcas(ficha: Ficha) -> str:
    marcas = [
        nombre
        for puesta, nombre in (
            (ficha.hay_personas, "personas identificables"),
            (ficha.hay_menores, "menores de edad"),
        )
        if puesta
    ]
    return "aparecen: " + (" y ".join(marcas) or "nadie reconocible")


def _revisar_largos(ficha: Ficha) -> None:
    largos = (
        (ficha.titulo, CORTO, "El título"),
        (ficha.evento, CORTO, "El evento"),
        (ficha.responsable, CORTO, "El nombre de quien estuvo a cargo"),
        (ficha.credito, CORTO, "El crédito"),
        (ficha.campania or "", CORTO, "La campaña"),
        (ficha.texto_alternativo, LARGO, "El texto alternativo"),
    )
    fallas = [
        f"{nombre} tiene {len(texto)} caracteres: el máximo es {tope}."
        for texto, tope, nombre in largos
        if len(texto) > tope
    ]
    if fallas:
        raise DatosInvalidos(fallas)


def editar_varias(
    sesion: Session,
    medio_ids: Collection[int],
    *,
    evento: str = "",
    credito: str = "",
    por: int,
    ahora: datetime,
) -> int:
    """Pone el mismo evento o crédito a varios; lo que va vacío no se toca."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    evento, credito = _renglon(evento), _renglon(credito)
    if not evento and not credito:
        raise DatosInvalidos("Escriba el evento o el crédito que les va a poner.")
    if not medio_ids or len(medio_ids) > VARIAS_MAXIMO:
        raise DatosInvalidos(f"Marque entre 1 y {VARIAS_MAXIMO} archivos.")
    _revisar_largos(Ficha(evento=evento, credito=credito))
    filas = sesion.scalars(select(Medio).where(Medio.id.in_(medio_ids))).all()
    for medio in filas:
        medio.evento = evento or medio.evento
        medio.credito = credito or medio.credito
        medio.buscable = buscable(medio)
        _anotar(sesion, "editar medio", medio, persona, ahora, a="evento y crédito de varios")
    sesion.flush()
    return len(filas)


def archivar(sesion: Session, medio_id: int, *, por: int, ahora: datetime) -> Medio:
    """Saca un medio de la vista. Uno que alguna pieza usa, o que tiene recortes, se queda."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    medio = medio_de(sesion, medio_id)
    if medio.archivado_en is not None:
        return medio
    if sesion.scalar(select(exists().where(VersionMedio.medio_id == medio_id))):
        raise EstadoNoPermite("Hay piezas que usan este archivo: no se archiva.")
    vivo = (Medio.derivado_de_id == medio_id) & Medio.archivado_en.is_(None)
    if sesion.scalar(select(exists().where(vivo))):
        raise EstadoNoPermite("Este archivo tiene recortes a la vista. Archívelos primero.")
    medio.archivado_en = ahora
    _anotar(sesion, "archivar medio", medio, persona, ahora)
    sesion.flush()
    return medio


def desarchivar(sesion: Session, medio_id: int, *, por: int, ahora: datetime) -> Medio:
    """Lo devuelve a la mediateca."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    medio = medio_de(sesion, medio_id)
    if medio.archivado_en is not None:
        medio.archivado_en = None
        _anotar(sesion, "desarchivar medio", medio, persona, ahora)
        sesion.flush()
    return medio


def poner_subtitulos(
    sesion: Session, almacen: Almacen, medio_id: int, datos: bytes, *, por: int, ahora: datetime
) -> Medio:
    """Guarda los subtítulos de un video, en VTT; lanza `ImagenNoSirve` si no lo son."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    medio = medio_de(sesion, medio_id)
    if medio.clase is not Clase.VIDEO:
        raise EstadoNoPermite("Solo los videos llevan subtítulos.")
    medio.subtitulos_huella = guardar_subtitulos(almacen, a_vtt(datos))
    _anotar(sesion, "poner subtítulos", medio, persona, ahora)
    sesion.flush()
    return medio


def poner_foco(
    sesion: Session, medio_id: int, x: float, y: float, *, por: int, ahora: datetime
) -> Medio:
    """Lo que no debe quedar por fuera de un recorte: de 0 a 1 en cada eje."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    medio = medio_de(sesion, medio_id)
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise DatosInvalidos("El punto de interés se sale de la imagen.")
    if (medio.foco_x, medio.foco_y) != (x, y):
        medio.foco_x, medio.foco_y = x, y
        _anotar(sesion, "mover punto de interés", medio, persona, ahora)
        sesion.flush()
    return medio


def buscable(medio: Medio) -> str:
    """Todo lo escrito sobre un medio, como se busca."""
    partes = (
        medio.titulo, medio.evento, medio.responsable, medio.credito,
        medio.texto_alternativo, medio.nombre_original,
    )  # fmt: skip
    return llano(" ".join(parte for parte in partes if parte))


def _renglon(texto: str) -> str:
    return " ".join(texto.split())


def _anotar(
    sesion: Session,
    accion: str,
    medio: Medio,
    persona: Persona,
    ahora: datetime,
    a: str | None = None,
) -> None:
    anotar(
        sesion,
        accion,
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="medio",
        objeto_id=medio.id,
        a=a,
    )
