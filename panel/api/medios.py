"""La mediateca desde un programa: subir, buscar, leer y cambiar fichas."""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from flask import request
from pydantic import Field
from sqlalchemy.orm import Session
from werkzeug.exceptions import UnsupportedMediaType

from conectores.contrato import Clase
from panel.acceso import EQUIPO, REDACTORES, persona
from panel.api.base import Pedido, operacion
from panel.api.formas import ID, ConCursor, Corto, Cuando, Entrada, Salida, cursor_de
from panel.api.lectura import Falta
from panel.filtros import dia_de
from panel.mediateca.base import TOPES
from panel.mediateca.subir import preparar
from panel.servicios import servicios
from piezas.autorizaciones import medio_de
from piezas.busqueda import EstadoDerechos, Filtro, pagina
from piezas.campanias import Campania
from piezas.fichas import Ficha, guardar_ficha
from piezas.ingreso import MedioListo, registrar_o_hallar
from piezas.medios import Licencia, Medio

TEMA = "mediateca"
LEER, ESCRIBIR = "medios:leer", "medios:escribir"
UNO = f"/medios/<{ID}:medio_id>"


class MediosConsulta(ConCursor):
    """Qué archivos; las páginas son de 60."""

    texto: Corto = ""
    evento: Corto = ""
    responsable: Corto = ""
    desde: date | None = None
    hasta: date | None = None
    clase: Clase | None = None
    derechos: EstadoDerechos | None = None
    archivados: bool = False


class FichaEntrada(Entrada):
    """Lo que se escribe de un archivo: la ficha completa."""

    titulo: Corto = ""
    evento: Corto = ""
    fecha: date | None = None
    responsable: Corto = ""
    credito: Corto = ""
    licencia: Licencia = Licencia.SIN_DECIR
    texto_alternativo: Corto = ""
    campania: Corto | None = Field(None, description="Nombre; se crea si es nueva.")
    hay_personas: bool = False
    hay_menores: bool = False


class MedioSalida(Salida):
    """Un archivo de la mediateca."""

    id: int
    huella: str
    clase: Clase
    tipo: str
    nombre: str
    peso_bytes: int
    ancho_px: int
    alto_px: int
    duracion_s: float | None
    subido_en: Cuando
    titulo: str
    evento: str
    fecha: date | None
    responsable: str
    credito: str
    licencia: Licencia
    texto_alternativo: str
    campania: str | None
    hay_personas: bool
    hay_menores: bool
    derivado_de: int | None
    archivado: bool


class MediosSalida(Salida):
    """Una página de archivos, del más nuevo al más viejo."""

    datos: list[MedioSalida]
    siguiente: str | None


class SubidoSalida(Salida):
    """El archivo, y si ya estaba: lo mismo no se guarda dos veces."""

    medio: MedioSalida
    es_nuevo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Llegado:
    """Un archivo ya revisado y guardado; `huella` es de lo que llegó."""

    listo: MedioListo
    huella: str


def leer_archivo() -> Llegado:
    """El archivo del campo `archivo`; decodificarlo tarda y va antes de la transacción."""
    request.max_content_length = TOPES["mediateca.subir"]
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    de_mas = {*request.form, *request.files} - {"archivo"}
    llegados = [a for a in request.files.getlist("archivo") if a.filename]
    if de_mas or len(llegados) != 1:
        frase = "Mande un solo archivo, en el campo «archivo» y con su nombre."
        raise Falta(422, frase, [("archivo", frase)])
    (archivo,) = llegados
    nombre = PurePath((archivo.filename or "").replace("\\", "/")).name[:200].replace("\x00", "")
    resumen = hashlib.sha256(nombre.encode("utf-8", "replace"))
    while trozo := archivo.stream.read(1 << 20):
        resumen.update(trozo)
    archivo.stream.seek(0)
    listo = preparar(archivo, nombre or "archivo")
    return Llegado(listo=listo, huella=resumen.hexdigest())


@operacion(
    "GET", "/medios", papeles=EQUIPO, alcance=LEER, tema=TEMA, consulta=MediosConsulta,
    respuesta=MediosSalida,
)  # fmt: skip
def listar_medios(sesion: Session, pedido: Pedido) -> MediosSalida:
    """Los archivos, del más nuevo al más viejo."""
    pedida: MediosConsulta = pedido.consulta
    filtro = Filtro(**pedida.model_dump(exclude={"cursor"}))
    filas, sigue = pagina(
        sesion,
        filtro,
        hoy=dia_de(servicios().ahora()),
        antes_de=pedida.tras,
    )
    campanias = _campanias(sesion, filas)
    return MediosSalida(
        datos=[_de_medio(uno, campanias) for uno in filas],
        siguiente=None if sigue is None else cursor_de(sigue),
    )


@operacion("GET", UNO, papeles=EQUIPO, alcance=LEER, tema=TEMA, respuesta=MedioSalida)
def leer_medio(sesion: Session, pedido: Pedido) -> MedioSalida:
    """Un archivo y su ficha."""
    medio = medio_de(sesion, pedido.ruta["medio_id"])
    return _de_medio(medio, _campanias(sesion, [medio]))


@operacion(
    "POST", "/medios", papeles=REDACTORES, alcance=ESCRIBIR, tema=TEMA, archivo=leer_archivo,
    respuesta=SubidoSalida, codigo=201,
)  # fmt: skip
def subir_medio(sesion: Session, pedido: Pedido) -> SubidoSalida:
    """Sube una imagen o un video."""
    medio, es_nuevo = registrar_o_hallar(
        sesion, pedido.cuerpo.listo, por=persona().id, ahora=servicios().ahora()
    )
    return SubidoSalida(medio=_de_medio(medio, _campanias(sesion, [medio])), es_nuevo=es_nuevo)


@operacion(
    "PUT", UNO, papeles=REDACTORES, alcance=ESCRIBIR, tema=TEMA, cuerpo=FichaEntrada,
    respuesta=MedioSalida,
)  # fmt: skip
def guardar_medio(sesion: Session, pedido: Pedido) -> MedioSalida:
    """Guarda la ficha completa de un archivo."""
    medio = guardar_ficha(
        sesion,
        pedido.ruta["medio_id"],
        Ficha(**pedido.cuerpo.model_dump()),
        por=persona().id,
        ahora=servicios().ahora(),
    )
    return _de_medio(medio, _campanias(sesion, [medio]))


def _campanias(sesion: Session, medios: list[Medio]) -> dict[int, str]:
    ids = {medio.campania_id for medio in medios} - {None}
    return {uno: sesion.get_one(Campania, uno).nombre for uno in ids if uno is not None}


def _de_medio(medio: Medio, campanias: dict[int, str]) -> MedioSalida:
    iguales: dict[str, Any] = {
        campo: getattr(medio, campo)
        for campo in (
            *("id", "huella", "clase", "tipo", "peso_bytes", "ancho_px", "alto_px"),
            *("duracion_s", "subido_en", "titulo", "evento", "fecha", "responsable", "credito"),
            *("licencia", "texto_alternativo", "hay_personas", "hay_menores"),
        )
    }
    return MedioSalida(
        **iguales,
        nombre=medio.nombre_original,
        campania=None if medio.campania_id is None else campanias[medio.campania_id],
        derivado_de=medio.derivado_de_id,
        archivado=medio.archivado_en is not None,
    )
