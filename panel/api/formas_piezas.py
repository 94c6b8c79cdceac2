"""Las formas de una pieza: lo que se escribe, lo que se lee y cómo se pasa de una a otra."""

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from panel.api.formas import Corto, Cuando, Entrada, Id, Largo, Momento, Motivo, Pagina, Salida
from piezas.contenidos import utm_de
from piezas.versiones import EstadoPieza, Pieza, Version

Actividad = Literal[
    "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10", "A11", "A12", "A13", "A14",
    "A15", "A16",
]  # fmt: skip


class UtmEntrada(Entrada):
    """Cómo se mide de dónde llegan las visitas."""

    fuente: Corto = ""
    medio: Corto = ""
    campania: Corto = ""
    contenido: Corto = ""


class WebEntrada(Entrada):
    """Lo que solo entiende el sitio web."""

    extracto: Largo = ""
    categorias: list[Corto] = Field(default_factory=list, max_length=50)
    etiquetas: list[Corto] = Field(default_factory=list, max_length=50)
    autor: Corto | None = None
    es_pagina: bool = False
    pagina_padre: Corto | None = None


class MedioEntrada(Entrada):
    """Un archivo de la mediateca dentro de la pieza."""

    medio_id: Id
    texto_alternativo: Largo = ""


class DestinoEntrada(Entrada):
    """Una cuenta, por su alias, y cuándo; sin momento sale en cuanto se apruebe."""

    cuenta: Corto
    programada_para: Momento | None = None


class PiezaEntrada(Entrada):
    """Todo lo que se escribe de una pieza. Puede estar incompleta hasta enviarla a revisión."""

    titulo: Corto
    texto: Largo = ""
    texto_facebook: Largo | None = None
    texto_x: Largo | None = None
    texto_wordpress: Largo | None = None
    enlace: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] | None = None
    utm: UtmEntrada = Field(default_factory=UtmEntrada)
    etiquetas: list[Corto] = Field(default_factory=list, max_length=50)
    primer_comentario: Largo | None = None
    en_hilo: bool = False
    web: WebEntrada = Field(default_factory=WebEntrada)
    medios: list[MedioEntrada] = Field(default_factory=list, max_length=30)
    destinos: list[DestinoEntrada] = Field(default_factory=list, max_length=50)
    campania: Corto | None = Field(None, description="Nombre; se crea si es nueva.")
    dependencia: Corto | None = Field(None, description="Nombre; se crea si es nueva.")
    actividad: Actividad = "A4"


class DevolverEntrada(Entrada):
    """Por qué se devuelve."""

    motivo: Motivo


class ComentarioEntrada(Entrada):
    """Lo que se comenta; `@nombre` avisa a esa persona."""

    texto: Motivo


class PiezasConsulta(Pagina):
    """Qué piezas."""

    estado: EstadoPieza | None = None


class PiezaSalida(Salida):
    """Una pieza, como la dice `pieza listar --json`."""

    id: int
    titulo: str
    estado: EstadoPieza
    version: int
    campania: str | None
    autor: str
    editor: str | None
    cuentas: list[str]
    motivo: str | None


class PiezasSalida(Salida):
    """Una página de piezas, de la más nueva a la más vieja."""

    datos: list[PiezaSalida]
    siguiente: str | None


class MedioEnVersion(Salida):
    """Un archivo dentro de una versión."""

    medio_id: int
    texto_alternativo: str


class VersionSalida(Salida):
    """Una foto del contenido, que no cambia."""

    numero: int
    titulo: str
    texto: str
    texto_facebook: str | None
    texto_x: str | None
    texto_wordpress: str | None
    enlace: str | None
    utm: dict[str, str]
    etiquetas: list[str]
    primer_comentario: str | None
    en_hilo: bool
    web: dict[str, Any]
    medios: list[MedioEnVersion]
    cuentas: list[str]
    editor: str
    creada_en: Cuando
    hash: str


class VersionesSalida(Salida):
    """Las versiones de una pieza, de la más nueva a la primera."""

    datos: list[VersionSalida]


class MomentoSalida(Salida):
    """Cuándo sale en una cuenta."""

    cuenta_id: int
    cuenta: str
    programada_para: Cuando | None
    al_aprobarse: bool


class PiezaCompleta(PiezaSalida):
    """Una pieza con lo que dice su versión vigente."""

    actividad: str
    dependencia: str | None
    creada_en: Cuando
    momentos: list[MomentoSalida]
    contenido: VersionSalida


class ComentarioSalida(Salida):
    """Un comentario."""

    id: int
    version: int
    autor: str
    texto: str
    en: Cuando
    resuelto_en: Cuando | None
    menciones: list[str]


class ComentariosSalida(Salida):
    """Los comentarios de una pieza, del primero al último."""

    datos: list[ComentarioSalida]


def en_corto(pieza: Pieza) -> PiezaSalida:
    """Para una lista."""
    return PiezaSalida(**_corto(pieza))


def _corto(pieza: Pieza) -> dict[str, Any]:
    version = pieza.version
    return {
        "id": pieza.id,
        "titulo": pieza.titulo,
        "estado": pieza.estado,
        "version": 0 if version is None else version.numero,
        "campania": None if pieza.campania is None else pieza.campania.nombre,
        "autor": pieza.autor.correo,
        "editor": None if version is None else version.editor.correo,
        "cuentas": [] if version is None else sorted(d.alias for d in version.destinos),
        "motivo": pieza.motivo,
    }


def en_largo(pieza: Pieza, version: Version) -> PiezaCompleta:
    """Con su contenido."""
    alias = {destino.cuenta_id: destino.alias for destino in version.destinos}
    return PiezaCompleta(
        **_corto(pieza),
        actividad=pieza.actividad,
        dependencia=None if pieza.dependencia is None else pieza.dependencia.nombre,
        creada_en=pieza.creada_en,
        momentos=[
            MomentoSalida(
                cuenta_id=m.cuenta_id,
                cuenta=alias.get(m.cuenta_id, ""),
                programada_para=None if m.al_aprobarse else m.programada_para,
                al_aprobarse=m.al_aprobarse,
            )
            for m in pieza.momentos
        ],
        contenido=de_version(version),
    )


def de_version(version: Version) -> VersionSalida:
    """Una versión."""
    utm = utm_de(version)
    return VersionSalida(
        numero=version.numero,
        titulo=version.titulo,
        texto=version.texto,
        texto_facebook=version.texto_facebook,
        texto_x=version.texto_x,
        texto_wordpress=version.texto_wordpress,
        enlace=version.enlace,
        utm={campo: getattr(utm, campo) for campo in UtmEntrada.model_fields},
        etiquetas=version.etiquetas.split(),
        primer_comentario=version.primer_comentario,
        en_hilo=version.en_hilo,
        web=json.loads(version.web),
        medios=[
            MedioEnVersion(medio_id=m.medio_id, texto_alternativo=m.texto_alternativo)
            for m in version.medios
        ],
        cuentas=sorted(destino.alias for destino in version.destinos),
        editor=version.editor.correo,
        creada_en=version.creada_en,
        hash=version.hash_contenido,
    )


def pagina_de(piezas: Sequence[Pieza], siguiente: str | None) -> PiezasSalida:
    """Una página."""
    return PiezasSalida(datos=[en_corto(pieza) for pieza in piezas], siguiente=siguiente)
