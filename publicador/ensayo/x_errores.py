"""Cómo dice que no la red X de ensayo: los cuerpos, y la respuesta de cada falla pedida."""

import math
from typing import Any, Final

from flask import Response, jsonify, make_response, request

from publicador.ensayo.averias import Falla
from publicador.ensayo.fallas import Respuestas
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.x_esquema import Faltas

PROBLEMAS: Final = "https://api.twitter.com/2/problems/"
FRASE_REPETIDO: Final = "You are not allowed to create a Tweet with duplicate content."


class Rechazo(Exception):
    """La red no acepta la petición; lleva la respuesta que recibirá quien la hizo."""

    def __init__(self, respuesta: Response) -> None:
        """Guarda la respuesta."""
        super().__init__(respuesta.status)
        self.respuesta = respuesta


def problema(
    estado: int, titulo: str, detalle: str, segmento: str | None = None, **mas: Any
) -> Response:
    """Un cuerpo `problem+json` con el `type` que usa X."""
    tipo = PROBLEMAS + segmento if segmento else "about:blank"
    cuerpo = {"title": titulo, "detail": detalle, "type": tipo, "status": estado, **mas}
    respuesta = make_response(jsonify(cuerpo), estado)
    respuesta.content_type = "application/problem+json"
    return respuesta


def prohibido(detalle: str, segmento: str | None = None, **mas: Any) -> Rechazo:
    """403 con su detalle."""
    return Rechazo(problema(403, "Forbidden", detalle, segmento, **mas))


def invalido(faltas: Faltas, detalle: str | None = None) -> Rechazo:
    """400 `invalid-request`, con un renglón por parámetro."""
    errores = [{"parameters": {nombre: []}, "message": frase} for nombre, frase in faltas]
    frase = detalle or "One or more parameters to your request was invalid."
    return Rechazo(problema(400, "Invalid Request", frase, "invalid-request", errors=errores))


def medio_invalido() -> Rechazo:
    """400: un medio vencido, ajeno, sin terminar o que no combina con los otros."""
    return invalido([("media.media_ids", "Your media IDs are invalid.")], _MEDIOS_INVALIDOS)


_MEDIOS_INVALIDOS: Final = "Your media IDs are invalid."


def no_esta(id_: str, tipo: str = "tweet") -> dict[str, Any]:
    """El renglón de `errors[]` para algo que no existe."""
    return {
        "value": id_,
        "detail": f"Could not find {tipo} with id: [{id_}].",
        "title": "Not Found Error",
        "resource_type": tipo,
        "parameter": "id",
        "resource_id": id_,
        "type": PROBLEMAS + "resource-not-found",
    }


def sin_autorizar() -> Response:
    """401: la credencial no vale."""
    return problema(401, "Unauthorized", "Unauthorized")


def sin_saldo() -> Response:
    """402: la aplicación no tiene saldo."""
    frase = "Your enrolled account does not have any credits to fulfill this request."
    return problema(402, "CreditsDepleted", frase, "credits")


def solo_lectura() -> Response:
    """403: las claves se hicieron cuando la aplicación solo podía leer."""
    frase = (
        "Your client app is not configured with the appropriate oauth1 app permissions "
        "for this endpoint."
    )
    return problema(403, "Forbidden", frase, "oauth1-permissions")


def suspendida() -> Response:
    """403: X frenó la cuenta."""
    frase = "Your account is suspended and is not permitted to access this feature."
    return problema(403, "Forbidden", frase, "user-suspended")


_POR_CODIGO: Final = {"402": sin_saldo, "sin-permiso": solo_lectura, "suspendida": suspendida}


def respuestas(mundo: Mundo) -> Respuestas:
    """La respuesta de X a cada falla pedida.

    `codigo` escoge variantes: `token_vencido` con `402`, `sin-permiso` o `suspendida`; `limite_429`
    con `24h` (familia de 24 horas), `cupo` (tope mensual) o `sin_cabeceras`; `error_500` con `503`;
    `rechaza` con un estado HTTP o un código de la versión 1.1.
    """

    def limite(falla: Falla) -> Response:
        return _limite(falla, mundo)

    return {
        "error_500": _servidor,
        "error_500_aceptado": _servidor,
        "limite_429": limite,
        "token_vencido": lambda f: _POR_CODIGO.get(_codigo(f), sin_autorizar)(),
        "duplicado": lambda _: problema(403, "Forbidden", FRASE_REPETIDO),
        "rechaza": _rechaza,
        "exito_falso": lambda _: make_response(jsonify({"data": {"deleted": False}}), _bien()),
        "exito_sin_id": lambda _: make_response(jsonify({"data": {"text": ""}}), _bien()),
        "json_roto": lambda _: Response(
            '{"data":{"id":"19', _bien(), content_type="application/json; charset=utf-8"
        ),
    }


def _codigo(falla: Falla) -> str:
    return str(falla.opciones.get("codigo", ""))


def _rechaza(falla: Falla) -> Response:
    codigo = falla.opciones.get("codigo", 403)
    mensaje = str(falla.opciones.get("mensaje", "Forbidden"))
    if isinstance(codigo, int) and 400 <= codigo <= 599:
        return problema(codigo, "Forbidden", mensaje)
    # Los códigos de la versión 1.1 todavía aparecen en respuestas de la 2.
    return make_response(jsonify({"errors": [{"code": codigo, "message": mensaje}]}), 403)


def _bien() -> int:
    return 201 if request.method == "POST" and request.path.endswith("/2/tweets") else 200


def _servidor(falla: Falla) -> Response:
    if _codigo(falla) == "503":
        return problema(503, "Service Unavailable", "Service Unavailable")
    return problema(500, "Internal Server Error", "Internal Server Error")


def _limite(falla: Falla, mundo: Mundo) -> Response:
    respuesta = problema(429, "Too Many Requests", "Too Many Requests")
    espera = 5.0 if falla.segundos is None else falla.segundos
    regreso = str(math.ceil(mundo.ahora().timestamp() + espera))
    cabeceras = respuesta.headers
    match _codigo(falla):
        case "sin_cabeceras":
            pass
        case "cupo":
            frase = "Usage cap exceeded: Monthly product cap"
            return problema(
                429, "UsageCapExceeded", frase, "usage-capped", period="Monthly", scope="Product"
            )
        case "24h":
            # La trampa conocida: la familia de 15 minutos sigue mostrando que queda mucho.
            cabeceras["x-rate-limit-limit"] = "100"
            cabeceras["x-rate-limit-remaining"] = "97"
            cabeceras["x-rate-limit-reset"] = str(math.ceil(mundo.ahora().timestamp() + 900))
            cabeceras["x-user-limit-24hour-limit"] = "100"
            cabeceras["x-user-limit-24hour-remaining"] = "0"
            cabeceras["x-user-limit-24hour-reset"] = regreso
        case _:
            cabeceras["x-rate-limit-limit"] = "100"
            cabeceras["x-rate-limit-remaining"] = "0"
            cabeceras["x-rate-limit-reset"] = regreso
    return respuesta
