"""Quién soy, cómo están las cuentas y qué dice la bitácora, para un programa."""

from datetime import datetime

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import Session

from cola.carriles import cuenta_por_alias
from cola.cuentas import Cuenta
from conectores.contrato import Red
from panel.acceso import EQUIPO, TODOS, persona
from panel.api.base import Pedido, operacion
from panel.api.formas import Corto, Cuando, Momento, Pagina, Salida, cursor_de
from panel.bitacora import MIRAN
from panel.cuentas.salud import salud_de
from panel.servicios import servicios
from piezas.consulta_bitacora import Busqueda, pagina
from piezas.personas import Papel


class YoSalida(Salida):
    """La dueña de la ficha y lo que la ficha deja hacer."""

    correo: str
    nombre: str
    papeles: list[Papel]
    ficha: str
    alcances: list[str]


class CuentaSalida(Salida):
    """Una cuenta y su salud. Las credenciales no salen por aquí, ni selladas."""

    id: int
    alias: str
    nombre: str
    red: Red
    activa: bool
    en_pausa: bool
    es_ensayo: bool
    salud: str
    graves: list[str]
    avisos: list[str]
    permiso_visto_en: Cuando | None
    permiso_vence_en: Cuando | None


class CuentasSalida(Salida):
    """Todas las cuentas, por su alias."""

    datos: list[CuentaSalida]


class BitacoraConsulta(Pagina):
    """Qué hechos; `hasta` no se incluye."""

    quien: Corto = ""
    accion: Corto = ""
    objeto: Corto = ""
    desde: Momento | None = None
    hasta: Momento | None = None


class HechoSalida(Salida):
    """Un hecho de la bitácora, con el eslabón que lo sella."""

    numero: int
    en: Cuando
    quien: str
    accion: str
    objeto: str
    objeto_id: int | None
    de: str | None
    a: str | None
    motivo: str | None
    huella: str


class BitacoraSalida(Salida):
    """Una página de la bitácora, de lo más reciente a lo más viejo."""

    datos: list[HechoSalida]
    siguiente: str | None


@operacion("GET", "/yo", papeles=TODOS, alcance=None, tema="yo", respuesta=YoSalida)
def leer_yo(sesion: Session, pedido: Pedido) -> YoSalida:
    """De quién es esta ficha y qué deja hacer."""
    return YoSalida(
        correo=persona().correo,
        nombre=persona().nombre,
        papeles=sorted(persona().papeles),
        ficha=g.ficha,
        alcances=sorted(g.alcances),
    )


@operacion(
    "GET", "/cuentas", papeles=EQUIPO, alcance="cuentas:leer", tema="cuentas",
    respuesta=CuentasSalida,
)  # fmt: skip
def listar_cuentas(sesion: Session, pedido: Pedido) -> CuentasSalida:
    """Las cuentas y su salud."""
    ahora = servicios().ahora()
    filas = sesion.scalars(select(Cuenta).order_by(Cuenta.alias))
    return CuentasSalida(datos=[_de_cuenta(cuenta, ahora) for cuenta in filas])


@operacion(
    "GET", "/cuentas/<alias>", papeles=EQUIPO, alcance="cuentas:leer", tema="cuentas",
    respuesta=CuentaSalida,
)  # fmt: skip
def leer_cuenta(sesion: Session, pedido: Pedido) -> CuentaSalida:
    """Una cuenta y su salud."""
    return _de_cuenta(
        cuenta_por_alias(sesion, pedido.ruta["alias"].replace("\x00", "")), servicios().ahora()
    )


def _de_cuenta(cuenta: Cuenta, ahora: datetime) -> CuentaSalida:
    salud = salud_de(cuenta, ahora=ahora)
    return CuentaSalida(
        id=cuenta.id,
        alias=cuenta.alias,
        nombre=cuenta.nombre,
        red=cuenta.red,
        activa=cuenta.activa,
        en_pausa=cuenta.pausada_por is not None,
        es_ensayo=cuenta.es_ensayo,
        salud=salud.rotulo.palabra,
        graves=list(salud.graves),
        avisos=list(salud.avisos),
        permiso_visto_en=cuenta.permiso_visto_en,
        permiso_vence_en=cuenta.permiso_vence_en,
    )


@operacion(
    "GET", "/bitacora", papeles=MIRAN, alcance="bitacora:leer", tema="bitácora",
    consulta=BitacoraConsulta, respuesta=BitacoraSalida,
)  # fmt: skip
def leer_bitacora(sesion: Session, pedido: Pedido) -> BitacoraSalida:
    """Lo que pasó, lo más reciente primero."""
    pedida: BitacoraConsulta = pedido.consulta
    busqueda = Busqueda(**pedida.model_dump(exclude={"limite", "cursor"}))
    filas, sigue = pagina(sesion, busqueda, antes_de=pedida.tras, tamano=pedida.limite)
    return BitacoraSalida(
        datos=[
            HechoSalida(
                numero=fila.id,
                en=fila.en,
                quien=fila.quien,
                accion=fila.accion,
                objeto=fila.objeto,
                objeto_id=fila.objeto_id,
                de=fila.de,
                a=fila.a,
                motivo=fila.motivo,
                huella=fila.huella,
            )
            for fila in filas
        ],
        siguiente=None if sigue is None else cursor_de(sigue),
    )
