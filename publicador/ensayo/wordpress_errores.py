"""Cómo dice que no el WordPress de ensayo, y la respuesta de cada falla pedida."""

import math
from typing import Any, Final

from flask import Response, jsonify, make_response, request

from publicador.ensayo.averias import Falla
from publicador.ensayo.fallas import Respuestas

_CRITICO: Final = "There has been a critical error on this website."


class Rechazo(Exception):
    """WordPress no acepta la petición: estado, código y frase."""

    def __init__(self, estado: int, codigo: str, mensaje: str, **datos: Any) -> None:
        """Guarda lo que se responderá."""
        super().__init__(codigo)
        self.estado = estado
        self.codigo = codigo
        self.mensaje = mensaje
        self.datos = datos

    def respuesta(self) -> Response:
        """El cuerpo `{"code", "message", "data"}`."""
        return error(self.estado, self.codigo, self.mensaje, **self.datos)


def error(estado: int, codigo: str, mensaje: str, **datos: Any) -> Response:
    """Un error de la API."""
    cuerpo = {"code": codigo, "message": mensaje, "data": {"status": estado, **datos}}
    return make_response(jsonify(cuerpo), estado)


def invalido(parametro: str, frase: str, codigo: str | None = None) -> Rechazo:
    """400 `rest_invalid_param` sobre un parámetro."""
    detalle = {"code": codigo or "rest_invalid_type", "message": frase, "data": None}
    return Rechazo(
        400,
        "rest_invalid_param",
        f"Invalid parameter(s): {parametro}",
        params={parametro: frase},
        details={parametro: detalle},
    )


def prohibido(con_sesion: bool, codigo: str, mensaje: str) -> Rechazo:
    """401 si no se sabe quién llama; 403 si se sabe y no puede."""
    return Rechazo(403 if con_sesion else 401, codigo, mensaje)


def no_esta(que: str = "post") -> Rechazo:
    """404: ese id no existe o es de otro tipo."""
    return Rechazo(404, f"rest_{que}_invalid_id", f"Invalid {que} ID.")


def pagina_de_muerte(estado: int, mensaje: str, cabeceras: dict[str, str]) -> Response:
    """La página HTML con que WordPress se rinde (`wp_die`)."""
    html = (
        f"<!DOCTYPE html><html><head><title>WordPress</title></head><body>{mensaje}</body></html>"
    )
    return Response(html, estado, cabeceras, content_type="text/html; charset=UTF-8")


def mantenimiento(segundos: float) -> Response:
    """503 con `Retry-After`: el sitio se está actualizando."""
    frase = "Briefly unavailable for scheduled maintenance. Check back in a minute."
    return pagina_de_muerte(503, frase, {"Retry-After": str(math.ceil(segundos))})


def _servidor(falla: Falla) -> Response:
    if str(falla.opciones.get("codigo", "")) == "503":
        return mantenimiento(600 if falla.segundos is None else falla.segundos)
    return error(500, "internal_server_error", f"<p>{_CRITICO}</p>", error=None)


def _limite(falla: Falla) -> Response:
    espera = str(math.ceil(5 if falla.segundos is None else falla.segundos))
    return pagina_de_muerte(429, "Too Many Requests", {"Retry-After": espera})


def _desconocido(falla: Falla) -> Response:
    if request.path.endswith("/users/me") or "users/me" in request.args.get("rest_route", ""):
        return error(401, "rest_not_logged_in", "You are not currently logged in.")
    if request.method in {"GET", "HEAD"}:
        frase = "Sorry, you are not allowed to edit posts in this post type."
        return error(401, "rest_forbidden_context", frase)
    accion = "delete" if request.method == "DELETE" else "create"
    return error(401, f"rest_cannot_{accion}", "Sorry, you are not allowed to do that.")


def _rechaza(falla: Falla) -> Response:
    codigo = str(falla.opciones.get("codigo", "rest_invalid_param"))
    mensaje = str(falla.opciones.get("mensaje", "Sorry, you are not allowed to do that."))
    estado = 400
    if codigo.startswith(("rest_cannot", "rest_forbidden")):
        estado = 403
    elif codigo.startswith("rest_upload"):
        estado = 500
    return error(estado, codigo, mensaje)


def _bien() -> int:
    return 200 if request.path.rsplit("/", 1)[-1].isdecimal() or request.method != "POST" else 201


RESPUESTAS: Final[Respuestas] = {
    "error_500": _servidor,
    "error_500_aceptado": _servidor,
    "limite_429": _limite,
    "token_vencido": _desconocido,
    "duplicado": lambda _: error(400, "rest_post_exists", "Cannot create existing post."),
    "rechaza": _rechaza,
    "exito_sin_id": lambda _: make_response(jsonify({}), _bien()),
    "exito_falso": lambda _: make_response(jsonify({"deleted": False}), 200),
    "json_roto": lambda _: Response(
        '{"id":12', _bien(), content_type="application/json; charset=UTF-8"
    ),
}
"""La respuesta de WordPress a cada falla pedida.

`codigo`: `error_500` con `503` = mantenimiento; `rechaza` con un `code` de la API.
"""
