"""De un fallo a un problema en JSON: los esperados con su frase, el resto con una referencia."""

import logging
import secrets

from flask import Response, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from cola import errores as de_cola
from panel.api.base import pantalla
from panel.api.formas import CursorMalo
from panel.api.lectura import Falta
from panel.problemas import problema
from piezas import errores as de_piezas
from piezas.gestion_campanias import FallasDeCampo
from piezas.marcas import CambioAjeno

registro = logging.getLogger("panel")
POR_CORREGIR = "Corrija lo que se indica y envíelo de nuevo."


class LlegoTarde(CambioAjeno):
    """Otra persona guardó antes: lleva la pieza como está y la versión de la que se partió."""

    def __init__(self, mas: dict[str, object]) -> None:
        self.mas = mas
        super().__init__(
            "Otra persona guardó esta pieza después de que usted la leyó. Compare «actual» con lo "
            "suyo y envíe de nuevo con la ETag de «actual»."
        )


@pantalla.errorhandler(de_piezas.ErrorDePiezas)
def de_una_pieza(error: de_piezas.ErrorDePiezas) -> Response:
    """Lo que las piezas se niegan a hacer."""
    match error:
        case LlegoTarde():
            return problema(412, error.mensaje, mas=error.mas)
        case FallasDeCampo():
            return problema(422, POR_CORREGIR, errores=error.por_campo.items())
        case de_piezas.DatosInvalidos():
            return problema(422, error.mensaje, errores=[(None, f) for f in error.fallas])
        case de_piezas.NoCabe():
            return problema(422, error.mensaje, errores=[(None, f) for f in error.mensajes])
        case de_piezas.ImagenNoSirve():
            return problema(422, error.mensaje, errores=[("archivo", error.mensaje)])
        case de_piezas.SinPermisoPara():
            return problema(403, error.mensaje)
        case de_piezas.NoEncontrada():
            return problema(404, error.mensaje)
    return problema(409, error.mensaje)


@pantalla.errorhandler(de_cola.ErrorDeCola)
def de_la_cola(error: de_cola.ErrorDeCola) -> Response:
    """Lo que la cola se niega a hacer."""
    return problema(404 if isinstance(error, de_cola.NoEncontrada) else 409, error.mensaje)


@pantalla.errorhandler(Falta)
def de_lo_que_llego(error: Falta) -> Response:
    """Lo que llegó no tiene la forma que se pide."""
    return problema(error.codigo, error.detalle, errores=error.errores)


@pantalla.errorhandler(CursorMalo)
def del_cursor(error: CursorMalo) -> Response:
    """El cursor no es de los nuestros."""
    frase = "Ese cursor no es de esta lista. Empiece sin él."
    return problema(422, frase, errores=[("cursor", frase)])


@pantalla.errorhandler(OperationalError)
def de_la_base(error: OperationalError) -> Response:
    """La base no respondió a tiempo."""
    registro.error("la base no respondió en %s", request.path, exc_info=error)
    return problema(
        503, "No se guardó nada. Espere un momento y repita.", cabeceras={"Retry-After": "5"}
    )


@pantalla.errorhandler(HTTPException)
def de_http(error: HTTPException) -> Response:
    """Lo que Flask se niega a atender."""
    if error.code == 415:
        return problema(415, "El cuerpo va como application/json, o como formulario si sube.")
    return problema(error.code or 500)


@pantalla.errorhandler(InternalServerError)
def inesperado(error: InternalServerError) -> Response:
    """Un fallo nuestro: la persona recibe una referencia y el registro, lo demás."""
    referencia = secrets.token_hex(4)
    causa = error.original_exception or error
    registro.error("fallo %s en %s %s", referencia, request.method, request.path, exc_info=causa)
    return problema(
        500,
        "Repita el pedido; si vuelve a fallar, dele la referencia a quien administra.",
        mas={"referencia": referencia},
    )
