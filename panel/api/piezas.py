"""Las piezas desde un programa: leerlas, escribirlas, enviarlas y clonarlas."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from cola.cuentas import Cuenta
from cola.edicion import editar
from panel.acceso import EQUIPO, REDACTORES, TODOS, persona
from panel.api.base import ConMarca, Pedido, operacion
from panel.api.fallas import LlegoTarde
from panel.api.formas import ID, Pagina
from panel.api.formas_piezas import (
    DestinoEntrada,
    PiezaCompleta,
    PiezaEntrada,
    PiezasConsulta,
    PiezasSalida,
    VersionesSalida,
    VersionSalida,
    de_version,
    en_largo,
    pagina_de,
)
from panel.api.paginas import traer_pagina
from panel.servicios import servicios
from piezas import aprobacion
from piezas.borradores import Borrador, Destino, MedioElegido
from piezas.contenidos import utm_de
from piezas.enlaces import Utm
from piezas.envios import web_de_datos
from piezas.errores import NoEncontrada
from piezas.gestion_campanias import FallasDeCampo
from piezas.marcas import marca_de, numero_de_marca
from piezas.miradas import pieza_a_la_vista, version_numero, versiones_de
from piezas.redaccion import crear_pieza, pieza_para_cambiar
from piezas.versiones import EstadoPieza, Pieza, Version

TEMA = "piezas"
LEER, ESCRIBIR = "piezas:leer", "piezas:escribir"
UNA = f"/piezas/<{ID}:pieza_id>"


def _visibles() -> tuple[ColumnElement[bool], ...]:
    return () if persona().puede(EQUIPO) else (Pieza.autor_id == persona().id,)


def la_pieza(sesion: Session, pedido: Pedido) -> tuple[Pieza, Version]:
    """La pieza de la ruta y su versión vigente, si le toca verla a quien pide."""
    quien = persona()
    pieza = pieza_a_la_vista(sesion, pedido.ruta["pieza_id"], quien=quien.id, papeles=quien.papeles)
    if pieza.version is None:
        raise NoEncontrada
    return pieza, pieza.version


def _completa(pieza: Pieza, version: Version) -> ConMarca:
    return ConMarca(cuerpo=en_largo(pieza, version), marca=marca_de(pieza))


@operacion(
    "GET", "/piezas", papeles=TODOS, alcance=LEER, tema=TEMA, consulta=PiezasConsulta,
    respuesta=PiezasSalida,
)  # fmt: skip
def listar_piezas(sesion: Session, pedido: Pedido) -> PiezasSalida:
    """Las piezas, de la más nueva a la más vieja."""
    estados = () if pedido.consulta.estado is None else (pedido.consulta.estado,)
    return listar(sesion, pedido.consulta, estados)


def listar(sesion: Session, pedida: Pagina, estados: Sequence[EstadoPieza]) -> PiezasSalida:
    """Una página de las que puede ver quien pide; sin `estados`, todas."""
    consulta = (
        select(Pieza)
        .options(
            joinedload(Pieza.autor),
            joinedload(Pieza.campania),
            joinedload(Pieza.version).joinedload(Version.editor),
            joinedload(Pieza.version).selectinload(Version.destinos),
        )
        .where(*_visibles())
    )
    if estados:
        consulta = consulta.where(Pieza.estado.in_(estados))
    return pagina_de(*traer_pagina(sesion, consulta, Pieza.id, pedida))


@operacion(
    "GET", UNA, papeles=TODOS, alcance=LEER, tema=TEMA, respuesta=PiezaCompleta, da_marca=True
)
def leer_pieza(sesion: Session, pedido: Pedido) -> ConMarca:
    """Una pieza con su contenido vigente; su ETag sirve para cambiarla."""
    return _completa(*la_pieza(sesion, pedido))


@operacion(
    "POST", "/piezas", papeles=REDACTORES, alcance=ESCRIBIR, tema=TEMA, cuerpo=PiezaEntrada,
    respuesta=PiezaCompleta, codigo=201, da_marca=True,
)  # fmt: skip
def crear_una_pieza(sesion: Session, pedido: Pedido) -> ConMarca:
    """Crea una pieza en borrador."""
    ahora = servicios().ahora()
    borrador = _borrador(sesion, pedido.cuerpo, ahora)
    pieza = crear_pieza(sesion, borrador, por=persona().id, ahora=ahora)
    return recien(sesion, pieza)


def recien(sesion: Session, pieza: Pieza) -> ConMarca:
    """Como quedó en la base, y no como se escribió."""
    sesion.flush()
    sesion.expire(pieza)
    if pieza.version is None:
        raise NoEncontrada
    return _completa(pieza, pieza.version)


@operacion(
    "PUT", UNA, papeles=REDACTORES, alcance=ESCRIBIR, tema=TEMA, cuerpo=PiezaEntrada,
    respuesta=PiezaCompleta, pide_marca=True, da_marca=True, despierta=True,
)  # fmt: skip
def guardar_pieza(sesion: Session, pedido: Pedido) -> ConMarca:
    """Guarda una versión nueva; si estaba aprobada, vuelve a revisión."""
    ahora = servicios().ahora()
    pieza = exigir_marca(sesion, pedido)
    borrador = _borrador(sesion, pedido.cuerpo, ahora)
    editar(sesion, pieza.id, borrador, por=persona().id, ahora=ahora)
    return recien(sesion, pieza)


def exigir_marca(sesion: Session, pedido: Pedido) -> Pieza:
    """La pieza, bloqueada, si sigue siendo la que el programa leyó; si no, las dos versiones."""
    la_pieza(sesion, pedido)
    pieza = pieza_para_cambiar(sesion, pedido.ruta["pieza_id"])
    if pieza.version is None:
        raise NoEncontrada
    actual = marca_de(pieza)
    if actual != pedido.marca:
        numero = numero_de_marca(pedido.marca or "")
        raise LlegoTarde(
            {
                "etag": f'"{actual}"',
                "actual": en_largo(pieza, pieza.version).model_dump(mode="json"),
                "de_la_que_partio": _partida(sesion, pieza, numero),
            }
        )
    return pieza


def _partida(sesion: Session, pieza: Pieza, numero: int | None) -> object:
    partida = sesion.scalar(
        select(Version).where(Version.pieza_id == pieza.id, Version.numero == numero)
    )
    return None if partida is None else de_version(partida).model_dump(mode="json")


@operacion(
    "POST", UNA + "/enviar", papeles=REDACTORES, alcance=ESCRIBIR, tema=TEMA,
    respuesta=PiezaCompleta, pide_marca=True, da_marca=True,
)  # fmt: skip
def enviar_pieza(sesion: Session, pedido: Pedido) -> ConMarca:
    """La manda a revisión: otra persona la aprueba."""
    pieza = exigir_marca(sesion, pedido)
    aprobacion.pedir_revision(sesion, pieza.id, por=persona().id, ahora=servicios().ahora())
    return recien(sesion, pieza)


@operacion(
    "POST", UNA + "/clonar", papeles=REDACTORES, alcance=ESCRIBIR, tema=TEMA,
    respuesta=PiezaCompleta, codigo=201, da_marca=True,
)  # fmt: skip
def clonar_pieza(sesion: Session, pedido: Pedido) -> ConMarca:
    """Una pieza nueva con lo mismo que dice esa, sin sus horas."""
    pieza, version = la_pieza(sesion, pedido)
    ahora = servicios().ahora()
    alias = [DestinoEntrada(cuenta=destino.alias) for destino in version.destinos]
    copia = Borrador(
        titulo=version.titulo,
        texto=version.texto,
        texto_facebook=version.texto_facebook,
        texto_x=version.texto_x,
        texto_wordpress=version.texto_wordpress,
        enlace=version.enlace,
        utm=utm_de(version),
        etiquetas=tuple(version.etiquetas.split()),
        primer_comentario=version.primer_comentario,
        en_hilo=version.en_hilo,
        web=web_de_datos(de_version(version).web),
        medios=tuple(
            MedioElegido(
                medio_id=m.medio_id,
                texto_alternativo=m.texto_alternativo,
                subtitulos_huella=m.subtitulos_huella,
            )
            for m in version.medios
        ),
        destinos=_destinos(sesion, alias, ahora, sin_inactivas=True),
        campania=None if pieza.campania is None else pieza.campania.nombre,
        dependencia=None if pieza.dependencia is None else pieza.dependencia.nombre,
        actividad=pieza.actividad,
    )
    nueva = crear_pieza(sesion, copia, por=persona().id, ahora=ahora)
    return recien(sesion, nueva)


@operacion(
    "GET", UNA + "/versiones", papeles=TODOS, alcance=LEER, tema=TEMA, respuesta=VersionesSalida
)
def listar_versiones(sesion: Session, pedido: Pedido) -> VersionesSalida:
    """Sus versiones, de la más nueva a la primera."""
    pieza, _ = la_pieza(sesion, pedido)
    return VersionesSalida(datos=[de_version(v) for v in versiones_de(sesion, pieza.id)])


@operacion(
    "GET", UNA + f"/versiones/<{ID}:numero>", papeles=TODOS, alcance=LEER, tema=TEMA,
    respuesta=VersionSalida,
)  # fmt: skip
def leer_version(sesion: Session, pedido: Pedido) -> VersionSalida:
    """Una versión por su número."""
    pieza, _ = la_pieza(sesion, pedido)
    return de_version(version_numero(sesion, pieza.id, pedido.ruta["numero"]))


def _borrador(sesion: Session, cuerpo: PiezaEntrada, ahora: datetime) -> Borrador:
    repetidos = {m.medio_id for m in cuerpo.medios}
    if len(repetidos) != len(cuerpo.medios):
        raise FallasDeCampo({"medios": "Un archivo está dos veces en la pieza. Quite uno."})
    return Borrador(
        **cuerpo.model_dump(exclude={"utm", "web", "etiquetas", "medios", "destinos"}),
        utm=Utm(**cuerpo.utm.model_dump()),
        web=web_de_datos(cuerpo.web.model_dump()),
        etiquetas=tuple(cuerpo.etiquetas),
        medios=tuple(
            MedioElegido(medio_id=m.medio_id, texto_alternativo=m.texto_alternativo)
            for m in cuerpo.medios
        ),
        destinos=_destinos(sesion, cuerpo.destinos, ahora),
    )


def _destinos(
    sesion: Session,
    pedidos: Sequence[DestinoEntrada],
    ahora: datetime,
    *,
    sin_inactivas: bool = False,
) -> tuple[Destino, ...]:
    activas = {c.alias: c for c in sesion.scalars(select(Cuenta).where(Cuenta.activa))}
    destinos: dict[int, Destino] = {}
    for numero, pedido in enumerate(pedidos):
        cuenta = activas.get(pedido.cuenta)
        if cuenta is None:
            if sin_inactivas:
                continue
            frase = f"No hay una cuenta activa con el alias «{pedido.cuenta}»."
            raise FallasDeCampo({f"destinos.{numero}.cuenta": frase})
        if cuenta.id in destinos:
            raise FallasDeCampo({f"destinos.{numero}.cuenta": "Esa cuenta está dos veces."})
        destinos[cuenta.id] = Destino(
            cuenta_id=cuenta.id,
            red=cuenta.red,
            alias=cuenta.alias,
            programada_para=pedido.programada_para or ahora,
            al_aprobarse=pedido.programada_para is None,
        )
    return tuple(destinos.values())
