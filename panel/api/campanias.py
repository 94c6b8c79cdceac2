"""Campañas y dependencias desde un programa."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.acceso import EQUIPO, REDACTORES, persona
from panel.api.base import Pedido, operacion
from panel.api.formas import ID, Corto, Entrada, Pagina, Salida
from panel.api.paginas import traer_pagina
from panel.campanias import ORDENADORES
from panel.servicios import servicios
from piezas.campanias import Campania, Dependencia
from piezas.errores import NoEncontrada
from piezas.gestion_campanias import (
    LARGOS,
    FichaDeCampania,
    cambiar_campania,
    crear_campania,
    guardar_dependencia,
)

TEMA = "campañas"
LEER, ESCRIBIR = "campanias:leer", "campanias:escribir"
UNA = f"/campanias/<{ID}:campania_id>"
Parrafo = Annotated[str, Field(max_length=1_000, pattern=r"^[^\x00]*$")]


class CampaniaEntrada(Entrada):
    """La ficha completa de una campaña."""

    nombre: Corto
    objetivo: Parrafo = ""
    publico: Parrafo = ""
    mensaje_clave: Parrafo = ""
    indicador: Parrafo = ""
    etiqueta_principal: Corto = ""
    desde: date | None = None
    hasta: date | None = None


class CampaniaSalida(Salida):
    """Una campaña."""

    id: int
    nombre: str
    objetivo: str | None
    publico: str | None
    mensaje_clave: str | None
    indicador: str | None
    etiqueta_principal: str | None
    desde: date | None
    hasta: date | None


class CampaniasSalida(Salida):
    """Una página de campañas, de la más nueva a la más vieja."""

    datos: list[CampaniaSalida]
    siguiente: str | None


class DependenciaEntrada(Entrada):
    """Una dependencia de la entidad."""

    nombre: Corto
    sigla: Corto = ""


class DependenciaSalida(Salida):
    """Una dependencia."""

    id: int
    nombre: str
    sigla: str | None


class DependenciasSalida(Salida):
    """Una página de dependencias."""

    datos: list[DependenciaSalida]
    siguiente: str | None


def _de_campania(una: Campania) -> CampaniaSalida:
    campos: dict[str, Any] = {campo: getattr(una, campo) for campo in LARGOS}
    return CampaniaSalida(id=una.id, **campos, desde=una.desde, hasta=una.hasta)


def _ficha(cuerpo: CampaniaEntrada) -> FichaDeCampania:
    return FichaDeCampania(**cuerpo.model_dump())


@operacion(
    "GET", "/campanias", papeles=EQUIPO, alcance=LEER, tema=TEMA, consulta=Pagina,
    respuesta=CampaniasSalida,
)  # fmt: skip
def listar_campanias(sesion: Session, pedido: Pedido) -> CampaniasSalida:
    """Las campañas, de la más nueva a la más vieja."""
    filas, sigue = traer_pagina(sesion, select(Campania), Campania.id, pedido.consulta)
    return CampaniasSalida(datos=[_de_campania(una) for una in filas], siguiente=sigue)


@operacion("GET", UNA, papeles=EQUIPO, alcance=LEER, tema=TEMA, respuesta=CampaniaSalida)
def leer_campania(sesion: Session, pedido: Pedido) -> CampaniaSalida:
    """Una campaña."""
    una = sesion.get(Campania, pedido.ruta["campania_id"])
    if una is None:
        raise NoEncontrada("No existe esa campaña.")
    return _de_campania(una)


@operacion(
    "POST", "/campanias", papeles=REDACTORES, alcance=ESCRIBIR, tema=TEMA,
    cuerpo=CampaniaEntrada, respuesta=CampaniaSalida, codigo=201,
)  # fmt: skip
def crear_una_campania(sesion: Session, pedido: Pedido) -> CampaniaSalida:
    """Crea una campaña."""
    ficha = _ficha(pedido.cuerpo)
    return _de_campania(crear_campania(sesion, ficha, por=persona().id, ahora=servicios().ahora()))


@operacion(
    "PUT", UNA, papeles=REDACTORES, alcance=ESCRIBIR, tema=TEMA, cuerpo=CampaniaEntrada,
    respuesta=CampaniaSalida,
)  # fmt: skip
def guardar_campania(sesion: Session, pedido: Pedido) -> CampaniaSalida:
    """Cambia la ficha completa de una campaña."""
    una = cambiar_campania(
        sesion,
        pedido.ruta["campania_id"],
        _ficha(pedido.cuerpo),
        por=persona().id,
        ahora=servicios().ahora(),
    )
    return _de_campania(una)


@operacion(
    "GET", "/dependencias", papeles=EQUIPO, alcance=LEER, tema=TEMA, consulta=Pagina,
    respuesta=DependenciasSalida,
)  # fmt: skip
def listar_dependencias(sesion: Session, pedido: Pedido) -> DependenciasSalida:
    """Las dependencias de la entidad."""
    filas, sigue = traer_pagina(sesion, select(Dependencia), Dependencia.id, pedido.consulta)
    return DependenciasSalida(datos=[_de_dependencia(una) for una in filas], siguiente=sigue)


def _de_dependencia(una: Dependencia) -> DependenciaSalida:
    return DependenciaSalida(id=una.id, nombre=una.nombre, sigla=una.sigla)


@operacion(
    "POST", "/dependencias", papeles=ORDENADORES, alcance=ESCRIBIR, tema=TEMA,
    cuerpo=DependenciaEntrada, respuesta=DependenciaSalida, codigo=201,
)  # fmt: skip
def crear_dependencia(sesion: Session, pedido: Pedido) -> DependenciaSalida:
    """Crea una dependencia."""
    return _guardar(sesion, pedido, None)


@operacion(
    "PUT", f"/dependencias/<{ID}:dependencia_id>", papeles=ORDENADORES, alcance=ESCRIBIR,
    tema=TEMA, cuerpo=DependenciaEntrada, respuesta=DependenciaSalida,
)  # fmt: skip
def cambiar_dependencia(sesion: Session, pedido: Pedido) -> DependenciaSalida:
    """Cambia el nombre y la sigla de una dependencia."""
    return _guardar(sesion, pedido, pedido.ruta["dependencia_id"])


def _guardar(sesion: Session, pedido: Pedido, numero: int | None) -> DependenciaSalida:
    una = guardar_dependencia(
        sesion,
        pedido.cuerpo.nombre,
        pedido.cuerpo.sigla,
        dependencia_id=numero,
        por=persona().id,
        ahora=servicios().ahora(),
    )
    return _de_dependencia(una)
