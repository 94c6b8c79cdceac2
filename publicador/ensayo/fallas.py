"""Envuelve las llamadas de una red de ensayo para que fallen como se pidió."""

import functools
import socket
import struct
import time
from collections.abc import Callable, Mapping
from typing import Final, NoReturn, ParamSpec

from flask import Response, jsonify, make_response, request
from flask.typing import ResponseReturnValue

from publicador.ensayo.averias import Falla
from publicador.ensayo.mundo import Mundo, demorando

P = ParamSpec("P")
Vista = Callable[P, ResponseReturnValue]
# Cómo responde cada red una falla: nombre de la falla → respuesta.
Respuestas = Mapping[str, Callable[[Falla], ResponseReturnValue]]

TARDANZA_S: Final = 2.0
CORTAN: Final = frozenset({"corta_antes", "corta_despues"})
SOLO_DEMORAN: Final = frozenset({"tarda", "demora_lectura", "medio_procesando"})


class Cortada(ConnectionError):
    """La conexión con el cliente se cortó a propósito; el servidor no debe responder nada."""


def cortar() -> NoReturn:
    """Cierra la conexión de golpe (RST), sin una letra de respuesta."""
    enchufe: socket.socket | None = request.environ.get("ensayo.enchufe")
    if enchufe is not None:
        # Con SO_LINGER en cero el cierre manda RST: el cliente ve la conexión cortada, no un fin.
        enchufe.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise Cortada


def _html_502(_: Falla) -> Response:
    pagina = "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>"
    return Response(pagina, 502, content_type="text/html")


def _json_roto(_: Falla) -> Response:
    return Response('{"id": "12', 200, content_type="application/json; charset=UTF-8")


def _vacio_500(_: Falla) -> Response:
    return Response("", 500, content_type="text/plain")


def _redirige_302(_: Falla) -> Response:
    return Response("", 302, {"Location": "/muro"}, content_type="text/html")


def _error_500(_: Falla) -> Response:
    return make_response(jsonify({"error": "error interno de ensayo"}), 500)


def _limite_429(falla: Falla) -> Response:
    respuesta = make_response(jsonify({"error": "límite de ensayo"}), 429)
    respuesta.headers["Retry-After"] = str(int(falla.segundos or 5))
    return respuesta


def _dicho(falla: Falla) -> str:
    return str(falla.opciones.get("mensaje", "rechazado en el ensayo"))


GENERICAS: Final[Respuestas] = {
    "html_502": _html_502,
    "json_roto": _json_roto,
    "vacio_500": _vacio_500,
    "redirige_302": _redirige_302,
    "error_500": _error_500,
    "error_500_aceptado": _error_500,
    "limite_429": _limite_429,
    "token_vencido": lambda _: make_response(jsonify({"error": "permiso vencido"}), 401),
    "duplicado": lambda _: make_response(jsonify({"error": "contenido repetido"}), 403),
    "exito_sin_id": lambda _: make_response(jsonify({}), 200),
    "rechaza": lambda falla: make_response(jsonify({"error": _dicho(falla)}), 400),
    "exito_falso": lambda _: make_response(jsonify({"success": False}), 200),
}


def con_fallas(
    mundo: Mundo, red: str, llamada: str, respuestas: Respuestas
) -> Callable[[Vista[P]], Vista[P]]:
    """Decora una vista: le aplica la falla que le toque a `llamada` (véase `averias.LLAMADAS`).

    `respuestas` da el cuerpo propio de la red para cada falla; las que falten usan uno genérico.
    """

    def decorar(vista: Vista[P]) -> Vista[P]:
        @functools.wraps(vista)
        def envuelta(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            return pasar(mundo, red, llamada, respuestas, lambda: vista(*args, **kwargs))

        return envuelta

    return decorar


def pasar(
    mundo: Mundo,
    red: str,
    llamada: str,
    respuestas: Respuestas,
    hacer: Callable[[], ResponseReturnValue],
) -> ResponseReturnValue:
    """Lo mismo que `con_fallas`, para una llamada cuyo nombre solo se sabe al recibirla."""
    espera = mundo.latencia_s.get(red, 0.0)
    if espera:
        time.sleep(espera)
    falla = mundo.tocar(red, llamada)
    if falla is None:
        return hacer()
    return aplicar(falla, {**GENERICAS, **respuestas}, lambda: make_response(hacer()))


def aplicar(
    falla: Falla,
    propias: Mapping[str, Callable[[Falla], ResponseReturnValue]],
    hacer: Callable[[], Response],
) -> ResponseReturnValue:
    """Hace el trabajo (o no) y responde (o no) según la falla.

    Si la red rechaza lo enviado por sí misma, responde su rechazo: una falla no vuelve aceptable
    lo que no lo es.
    """
    if not falla.acepta and falla.nombre not in SOLO_DEMORAN:
        return _sin_aceptar(falla, propias)
    hecha = _hacer(falla, hacer)
    if falla.nombre in CORTAN:
        cortar()
    if falla.nombre in SOLO_DEMORAN:
        return hecha
    return propias[falla.nombre](falla) if hecha.status_code < 300 else hecha


def _sin_aceptar(
    falla: Falla, propias: Mapping[str, Callable[[Falla], ResponseReturnValue]]
) -> ResponseReturnValue:
    if falla.nombre in CORTAN:
        cortar()
    return propias[falla.nombre](falla)


def _hacer(falla: Falla, hacer: Callable[[], Response]) -> Response:
    segundos = TARDANZA_S if falla.segundos is None else falla.segundos
    if falla.nombre == "tarda":
        time.sleep(segundos)
    if falla.nombre == "demora_lectura":
        with demorando(lectura_s=segundos):
            return hacer()
    if falla.nombre == "medio_procesando":
        with demorando(medio_s=segundos):
            return hacer()
    return hacer()
