"""La cola desde un programa: mirarla y decidir sobre lo que espera a una persona."""

from datetime import datetime
from typing import Literal

from pydantic import Field
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from cola import decisiones, dudas
from cola.cuentas import Cuenta
from cola.decisiones import Accion, Orden
from cola.errores import NoEncontrada
from cola.estados import Estado
from cola.publicaciones import Intento, Publicacion, Suceso
from conectores.contrato import Red
from panel.acceso import EQUIPO, GESTION, persona
from panel.api.base import Pedido, operacion
from panel.api.formas import (
    ID,
    Corto,
    Cuando,
    CursorMalo,
    Entrada,
    Momento,
    Motivo,
    Pagina,
    Salida,
    cursor_de,
)
from panel.renglones import entregas
from panel.servicios import servicios

TEMA = "cola"
LEER, DECIDIR = "cola:leer", "cola:decidir"
UNA = f"/cola/<{ID}:publicacion_id>"


class ColaConsulta(Pagina):
    """Qué parte de la cola."""

    estado: Estado | None = None
    cuenta: Corto | None = Field(None, description="El alias.")


class EntregaSalida(Salida):
    """Una pieza en una cuenta, como la dice `cola ver --json`."""

    id: int
    pieza_id: int
    pieza: str
    cuenta: str
    red: Red
    estado: Estado
    programada_para: Cuando
    publicada_en: Cuando | None
    id_remoto: str | None
    url: str | None
    intentos: int
    motivo: str | None = Field(description="Qué pasó y qué hacer.")


class ColaSalida(Salida):
    """Una página de la cola, por su hora."""

    datos: list[EntregaSalida]
    siguiente: str | None


class SucesoSalida(Salida):
    """Una línea de la historia."""

    en: Cuando
    paso: str
    suceso: Suceso
    detalle: str | None
    id_remoto: str | None


class EntregaCompleta(EntregaSalida):
    """Una entrega con su historia."""

    requiere_persona: bool
    historia: list[SucesoSalida]


class CancelarEntrada(Entrada):
    """Por qué no sale."""

    motivo: Motivo


class AplazarEntrada(Entrada):
    """La hora nueva."""

    para: Momento


class ResolverEntrada(Entrada):
    """Lo que una persona vio en la red; `salio` pide la dirección."""

    respuesta: Literal["salio", "no_salio", "reenviar"]
    url: Corto | None = None


@operacion(
    "GET", "/cola", papeles=EQUIPO, alcance=LEER, tema=TEMA, consulta=ColaConsulta,
    respuesta=ColaSalida,
)  # fmt: skip
def listar_cola(sesion: Session, pedido: Pedido) -> ColaSalida:
    """Las entregas, de la hora más próxima a la más lejana."""
    pedida: ColaConsulta = pedido.consulta
    consulta = (
        entregas().order_by(Publicacion.programada_para, Publicacion.id).limit(pedida.limite + 1)
    )
    if pedida.estado is not None:
        consulta = consulta.where(Publicacion.estado == pedida.estado)
    if pedida.cuenta is not None:
        consulta = consulta.join(Publicacion.cuenta).where(Cuenta.alias == pedida.cuenta)
    if pedida.apunta is not None:
        momento, ultima = _partir(pedida.apunta)
        igual = and_(Publicacion.programada_para == momento, Publicacion.id > ultima)
        consulta = consulta.where(or_(Publicacion.programada_para > momento, igual))
    filas = list(sesion.scalars(consulta))
    ultimas = filas[: pedida.limite]
    sigue = None
    if len(filas) > pedida.limite:
        sigue = cursor_de(f"{ultimas[-1].programada_para.isoformat()}_{ultimas[-1].id}")
    return ColaSalida(datos=[en_salida(p) for p in ultimas], siguiente=sigue)


def _partir(cursor: str) -> tuple[datetime, int]:
    momento, _, ultima = cursor.partition("_")
    try:
        leido, numero = datetime.fromisoformat(momento), int(ultima)
    except ValueError:
        raise CursorMalo from None
    if leido.tzinfo is None or not 1990 < leido.year < 2200 or not 0 <= numero < 2**31:
        raise CursorMalo
    return leido, numero


def en_salida(p: Publicacion) -> EntregaSalida:
    """La forma de `cola ver --json`."""
    return EntregaSalida(
        id=p.id,
        pieza_id=p.pieza_id,
        pieza=p.pieza.titulo,
        cuenta=p.cuenta.alias,
        red=p.cuenta.red,
        estado=p.estado,
        programada_para=p.programada_para,
        publicada_en=p.publicada_en,
        id_remoto=p.id_remoto,
        url=p.url,
        intentos=p.intentos,
        motivo=p.motivo,
    )


def _completa(sesion: Session, publicacion_id: int) -> EntregaCompleta:
    sesion.expire_all()
    p = sesion.scalar(entregas().where(Publicacion.id == publicacion_id))
    if p is None:
        raise NoEncontrada
    historia = select(Intento).where(Intento.publicacion_id == publicacion_id).order_by(Intento.id)
    return EntregaCompleta(
        **dict(en_salida(p)),
        requiere_persona=p.requiere_persona,
        historia=[
            SucesoSalida(
                en=una.en,
                paso=una.paso,
                suceso=una.suceso,
                detalle=una.detalle,
                id_remoto=una.id_remoto,
            )
            for una in sesion.scalars(historia)
        ],
    )


@operacion("GET", UNA, papeles=EQUIPO, alcance=LEER, tema=TEMA, respuesta=EntregaCompleta)
def leer_entrega(sesion: Session, pedido: Pedido) -> EntregaCompleta:
    """Una entrega con su historia: qué se intentó y qué respondió la red."""
    return _completa(sesion, pedido.ruta["publicacion_id"])


def _decidir(sesion: Session, pedido: Pedido, orden: Orden) -> EntregaCompleta:
    numero = pedido.ruta["publicacion_id"]
    quien = persona()
    decisiones.cumplir(
        sesion, numero, orden, por=quien.id, quien=quien.correo, ahora=servicios().ahora()
    )
    sesion.flush()
    return _completa(sesion, numero)


@operacion(
    "POST", UNA + "/reintentar", papeles=GESTION, alcance=DECIDIR, tema=TEMA,
    respuesta=EntregaCompleta, despierta=True,
)  # fmt: skip
def reintentar_entrega(sesion: Session, pedido: Pedido) -> EntregaCompleta:
    """Lo detenido, lo fallido o lo programado sale ya."""
    return _decidir(sesion, pedido, Orden(accion=Accion.ENVIAR))


@operacion(
    "POST", UNA + "/cancelar", papeles=GESTION, alcance=DECIDIR, tema=TEMA,
    cuerpo=CancelarEntrada, respuesta=EntregaCompleta, despierta=True,
)  # fmt: skip
def cancelar_entrega(sesion: Session, pedido: Pedido) -> EntregaCompleta:
    """No saldrá; queda el motivo."""
    orden = Orden(accion=Accion.CANCELAR, motivo=pedido.cuerpo.motivo[:500])
    return _decidir(sesion, pedido, orden)


@operacion(
    "POST", UNA + "/aplazar", papeles=GESTION, alcance=DECIDIR, tema=TEMA, cuerpo=AplazarEntrada,
    respuesta=EntregaCompleta, despierta=True,
)  # fmt: skip
def aplazar_entrega(sesion: Session, pedido: Pedido) -> EntregaCompleta:
    """Otra hora para una entrega que no ha salido; la aprobación se conserva."""
    return _decidir(sesion, pedido, Orden(accion=Accion.MOVER, para=pedido.cuerpo.para))


@operacion(
    "POST", UNA + "/resolver", papeles=GESTION, alcance=DECIDIR, tema=TEMA,
    cuerpo=ResolverEntrada, respuesta=EntregaCompleta, despierta=True,
)  # fmt: skip
def resolver_duda(sesion: Session, pedido: Pedido) -> EntregaCompleta:
    """Dice si una entrega en duda salió: alguien debe haber mirado la red."""
    numero, cuerpo = pedido.ruta["publicacion_id"], pedido.cuerpo
    dudas.resolver(
        sesion,
        numero,
        salio=cuerpo.respuesta == "salio",
        url=cuerpo.url,
        reenviar=cuerpo.respuesta == "reenviar",
        quien=persona().correo,
        persona_id=persona().id,
        ahora=servicios().ahora(),
    )
    sesion.flush()
    return _completa(sesion, numero)
