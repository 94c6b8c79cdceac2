"""De un fallo a una frase: los esperados vuelven a la pantalla, el resto lleva una referencia."""

import logging
import secrets

from flask import Flask, flash, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError
from werkzeug.wrappers import Response

from cola.errores import ErrorDeCola
from cola.errores import NoEncontrada as NoEstaEnCola
from panel.caminos import de_donde_vino
from panel.problemas import es_de_programa, problema
from piezas.errores import ErrorDePiezas, NoEncontrada

registro = logging.getLogger("panel")

FRASES = {
    400: ("No se entendió la petición", "Vuelva a la página anterior e inténtelo de nuevo."),
    403: (
        "Esta pantalla no es para su papel",
        "Si la necesita para su trabajo, pídale el papel a quien administra el servicio.",
    ),
    404: ("Aquí no hay nada", "Puede que la dirección esté mal escrita o que ya no exista."),
    405: ("Eso no se hace así", "Vuelva a la página anterior y use sus botones."),
    413: ("El envío es demasiado grande", "Reduzca el archivo o el texto y vuelva a enviarlo."),
}


def instalar(app: Flask) -> None:
    """Registra qué ve una persona cuando algo no sale."""
    app.register_error_handler(ErrorDeCola, _esperado)
    app.register_error_handler(ErrorDePiezas, _esperado)
    app.register_error_handler(CSRFError, _formulario_viejo)
    app.register_error_handler(OperationalError, _base_ocupada)
    app.register_error_handler(SecurityError, _de_otro_nombre)
    app.register_error_handler(HTTPException, _de_http)
    app.register_error_handler(InternalServerError, _inesperado)


def pagina(codigo: int, titulo: str, frase: str, referencia: str | None = None) -> Response:
    """La página de un fallo: qué pasó y qué hacer, sin códigos ni tripas."""
    cuerpo = render_template("fallo.html", titulo=titulo, frase=frase, referencia=referencia)
    return Response(cuerpo, codigo, content_type="text/html; charset=utf-8")


def _esperado(error: Exception) -> Response:
    mensaje = str(getattr(error, "mensaje", error))
    if isinstance(error, NoEncontrada | NoEstaEnCola):
        return pagina(404, FRASES[404][0], mensaje)
    if request.method == "POST":
        flash(mensaje, "mal")
        return redirect(de_donde_vino(), code=303)
    return pagina(409, "No se pudo", mensaje)


def _formulario_viejo(error: Exception) -> Response:
    return pagina(
        400,
        "El formulario caducó",
        "Vuelva a la página, recárguela y envíe de nuevo. Nada cambió.",
    )


def _base_ocupada(error: Exception) -> Response:
    registro.error("la base no respondió en %s", request.path, exc_info=error)
    return pagina(
        503,
        "La base de datos no responde",
        "No se guardó nada. Espere un momento y vuelva a intentarlo.",
    )


def _de_otro_nombre(error: Exception) -> Response:
    # Sin un nombre de confianza no se pueden armar direcciones: va sin plantilla.
    return Response("Este servicio no atiende con ese nombre.\n", 400, mimetype="text/plain")


def _de_http(error: Exception) -> Response:
    codigo = getattr(error, "code", None) or 500
    if isinstance(error, HTTPException) and codigo < 400:
        return Response(error.get_body(), codigo, error.get_headers())
    if es_de_programa():
        return problema(codigo)
    titulo, frase = FRASES.get(codigo, FRASES[400])
    return pagina(codigo, titulo, frase)


def _inesperado(error: Exception) -> Response:
    referencia = secrets.token_hex(4)
    causa = getattr(error, "original_exception", None) or error
    registro.error("fallo %s en %s %s", referencia, request.method, request.path, exc_info=causa)
    return pagina(
        500,
        "Algo falló de nuestro lado",
        "Vuelva a intentarlo; si se repite, dele esta referencia a quien administra el servicio.",
        referencia,
    )
