"""Los fallos que lee un programa: `application/problem+json` (RFC 9457), con frases en español."""

import json
from collections.abc import Iterable, Mapping

from flask import Response, request

TIPO = "application/problem+json"
TITULOS = {
    400: "No se entendió la petición",
    401: "Falta una ficha que valga",
    403: "Eso no le está permitido",
    404: "No existe",
    405: "Ese método no va aquí",
    409: "No se puede ahora",
    412: "Alguien llegó antes",
    413: "El envío es demasiado grande",
    415: "Ese formato no se recibe",
    422: "Hay algo por corregir",
    428: "Falta If-Match",
    429: "Demasiadas peticiones",
    500: "Algo falló de nuestro lado",
    503: "La base de datos no responde",
}
DETALLES = {
    400: "Revise la petición: debe seguir /api/v1/openapi.json.",
    404: "No hay nada en esa dirección, o no le toca verlo.",
    405: "Mire en /api/v1/openapi.json qué métodos admite esa dirección.",
    413: "Reduzca el archivo o el texto y vuelva a enviarlo.",
}
PREFIJO = "/api/"


def es_de_programa() -> bool:
    """Si la petición va a la API, exista o no su ruta."""
    return request.path.startswith(PREFIJO)


def problema(
    codigo: int,
    detalle: str | None = None,
    *,
    errores: Iterable[tuple[str | None, str]] = (),
    cabeceras: Mapping[str, str] | None = None,
    mas: Mapping[str, object] | None = None,
) -> Response:
    """La respuesta de un fallo; `errores` son pares (campo o `None`, frase)."""
    cuerpo: dict[str, object] = {
        "type": "about:blank",
        "title": TITULOS.get(codigo, TITULOS[400]),
        "status": codigo,
        "detail": detalle or DETALLES.get(codigo, DETALLES[400]),
    }
    if lista := [{"campo": campo, "mensaje": frase} for campo, frase in errores]:
        cuerpo["errores"] = lista
    respuesta = Response(
        json.dumps({**cuerpo, **(mas or {})}, ensure_ascii=False),
        codigo,
        content_type=TIPO,
        headers={"Content-Language": "es", **(cabeceras or {})},
    )
    return respuesta
