"""Los errores de la Graph API de ensayo, con la forma y los códigos de la verdadera."""

import json
import math
import secrets
from collections.abc import Mapping
from typing import Any, Final

from flask import Response

from publicador.ensayo.averias import Falla
from publicador.ensayo.fallas import Respuestas

TIPO_JSON: Final = "application/json; charset=UTF-8"


class ErrorGraph(Exception):
    """La Graph API rechaza una llamada: `codigo`, `subcodigo` y el texto que daría."""

    def __init__(
        self,
        codigo: int,
        mensaje: str,
        *,
        subcodigo: int | None = None,
        estado: int = 400,
        para_persona: str | None = None,
        pasajero: bool = False,
        datos: Mapping[str, Any] | None = None,
    ) -> None:
        """Arma el error; `para_persona` es el texto traducido que a veces acompaña."""
        super().__init__(mensaje)
        self.codigo = codigo
        self.mensaje = mensaje
        self.subcodigo = subcodigo
        self.estado = estado
        self.para_persona = para_persona
        self.pasajero = pasajero
        self.datos = datos

    def respuesta(self) -> Response:
        """El cuerpo de error que recibiría el cliente."""
        cuerpo: dict[str, Any] = {
            "message": self.mensaje,
            "type": "OAuthException",
            "code": self.codigo,
        }
        if self.subcodigo is not None:
            cuerpo["error_subcode"] = self.subcodigo
        if self.para_persona is not None:
            cuerpo["error_user_title"] = "No se pudo completar la acción"
            cuerpo["error_user_msg"] = self.para_persona
        if self.pasajero:
            cuerpo["is_transient"] = True
        if self.datos is not None:
            cuerpo["error_data"] = dict(self.datos)
        cuerpo["fbtrace_id"] = "A" + secrets.token_urlsafe(17)
        return responder({"error": cuerpo}, self.estado)


def responder(cuerpo: Any, estado: int = 200) -> Response:
    """Una respuesta JSON como las de Graph."""
    texto = json.dumps(cuerpo, ensure_ascii=False)
    return Response(texto, estado, content_type=TIPO_JSON)


def parametro(mensaje: str, subcodigo: int | None = None) -> ErrorGraph:
    """Un parámetro que no se acepta: código 100."""
    return ErrorGraph(100, f"(#100) {mensaje}", subcodigo=subcodigo)


def no_existe(id_: str) -> ErrorGraph:
    """El objeto no existe, no se ve o no admite la operación: 100/33."""
    return ErrorGraph(
        100,
        f"Unsupported request. Object with ID '{id_}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation.",
        subcodigo=33,
    )


def sin_permiso(
    detalle: str = "The permission(s) pages_manage_posts are not available",
) -> ErrorGraph:
    """Falta un permiso o el token no es de esta página: código 200."""
    return ErrorGraph(200, f"(#200) {detalle}", estado=403)


def token_vencido() -> ErrorGraph:
    """El token venció: 190/463."""
    return ErrorGraph(
        190,
        "Error validating access token: Session has expired.",
        subcodigo=463,
        estado=401,
    )


def repetido() -> ErrorGraph:
    """El mismo texto dos veces seguidas: código 506."""
    return ErrorGraph(
        506,
        "Duplicate status message",
        para_persona="Esta publicación es igual a la última que hizo.",
    )


def _limite(falla: Falla) -> Response:
    minutos = math.ceil((5 * 60 if falla.segundos is None else falla.segundos) / 60)
    error = ErrorGraph(80001, "There have been too many calls to this Page account.", estado=429)
    respuesta = error.respuesta()
    uso = {"type": "pages", "call_count": 100, "total_cputime": 25, "total_time": 25}
    uso["estimated_time_to_regain_access"] = minutos
    respuesta.headers["X-Business-Use-Case-Usage"] = json.dumps({"0": [uso]})
    return respuesta


def _interno(_: Falla) -> Response:
    mensaje = "An unexpected error has occurred. Please retry your request later."
    return ErrorGraph(2, mensaje, estado=500, pasajero=True).respuesta()


def _rechaza(falla: Falla) -> Response:
    """El error del `codigo` pedido, como `368/1390008` o `190/460`."""
    codigo, _, subcodigo = str(falla.opciones.get("codigo", "100")).partition("/")
    mensaje = str(falla.opciones.get("mensaje", f"(#{codigo}) Rejected by the rehearsal"))
    subcodigo_n = int(subcodigo) if subcodigo.isdigit() else None
    return ErrorGraph(int(codigo), mensaje, subcodigo=subcodigo_n).respuesta()


RESPUESTAS: Final[Respuestas] = {
    "error_500": _interno,
    "error_500_aceptado": _interno,
    "limite_429": _limite,
    "token_vencido": lambda _: token_vencido().respuesta(),
    "duplicado": lambda _: repetido().respuesta(),
    "rechaza": _rechaza,
    "exito_falso": lambda _: responder({"success": False}),
    "exito_sin_id": lambda _: responder({}),
}
