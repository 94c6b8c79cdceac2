"""Lo que comparten las pantallas de Cuentas: sus rutas, quién conecta y con qué."""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, abort, current_app, request

from cola.credenciales import Caja
from cola.cuentas import Cuenta
from cola.tomas import Credencial
from conectores.contrato import Red
from conectores.enlace import Enlazador
from panel.acceso import GESTION, nombre_de_cookie
from panel.servicios import servicios
from piezas.personas import Papel

pantalla = Blueprint("cuentas", __name__)

CONECTAN = frozenset({Papel.JEFATURA, Papel.ADMINISTRACION})
VERIFICAN = CONECTAN | GESTION

COMO: Mapping[Red, str] = MappingProxyType(
    {
        Red.FACEBOOK: "Se da permiso en la pantalla de Facebook y se escoge la página.",
        Red.X: "Se da permiso en la pantalla de X, o se escriben cuatro llaves.",
        Red.WORDPRESS: "El sitio crea una contraseña solo para este servicio; también se puede "
        "escribir una ya creada.",
        Red.CORREO: "Una lista de correo a la que se envían los boletines.",
        Red.MANUAL: "Un canal que atiende una persona, como un grupo de WhatsApp: aquí se le "
        "avisa, copia el texto y confirma.",
    }
)


def red_de(nombre: str) -> Red:
    """La red de esa palabra del camino, o 404."""
    try:
        return Red(nombre)
    except ValueError:
        abort(404)


def enlazador_de(red: Red) -> Enlazador:
    """Cómo se conecta esa red, o 404 si aquí no se conecta."""
    enlazador = servicios().enlazadores.get(red)
    if enlazador is None:
        abort(404)
    return enlazador


def caja() -> Caja:
    """Con qué se sella lo que llega; sin ella no se conecta nada."""
    propia = servicios().caja
    if propia is None:
        abort(404)
    return propia


def esta_sesion() -> str:
    """Un resumen de la sesión del navegador: ata la conexión a quien la empezó."""
    cookie = request.cookies.get(nombre_de_cookie(current_app), "")
    return hashlib.sha256(f"conexion:{cookie}".encode()).hexdigest()


def direccion_de_vuelta(red: Red) -> str:
    """La que se registra en la aplicación de la red: una por red, para que no se mezclen."""
    return f"{servicios().url_publica.rstrip('/')}/cuentas/vuelta/{red.value}"


def credencial_de(cuenta: Cuenta) -> Credencial:
    """Lo que hace falta para preguntarle a la red."""
    return Credencial(
        cuenta_id=cuenta.id,
        alias=cuenta.alias,
        red=cuenta.red,
        identificador=cuenta.identificador,
        sellada=cuenta.credencial,
        serie=cuenta.credencial_serie,
        base_url=cuenta.base_url,
    )
