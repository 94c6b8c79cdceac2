"""El documento OpenAPI 3.1: sale de la misma tabla de operaciones que atiende las peticiones."""

import re
from functools import cache
from typing import Any

from flask import Response, jsonify
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from panel.acceso import publica
from panel.api.base import OPERACIONES, Operacion, pantalla
from panel.api.formas import ENTERO_MAXIMO, Problema
from panel.problemas import TIPO, TITULOS
from panel.servicios import servicios
from piezas.fichas_api import ALCANCES

MOLDE = "#/components/schemas/{model}"
_PARTE = re.compile(r"<(?:(?P<clase>[^:>]+):)?(?P<nombre>\w+)>")
_LLAVE = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "La misma llave con el mismo cuerpo da un solo efecto y la misma respuesta; "
    "se recuerda siete días.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}
_MARCA = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "La ETag de la pieza que se leyó.",
    "schema": {"type": "string", "pattern": '^"[0-9a-f-]{1,60}"$'},
}
_ESPERA = {"description": "Segundos que conviene esperar.", "schema": {"type": "string"}}


@pantalla.get("/openapi.json")
@publica
def openapi() -> Response:
    """Lo que la API sabe hacer; no trae nada de la oficina."""
    return jsonify(documento(servicios().version))


@cache
def documento(version: str) -> dict[str, Any]:
    """El documento completo."""
    usados: set[tuple[type[BaseModel], Any]] = {(Problema, "serialization")}
    for una in OPERACIONES:
        usados.add((una.respuesta, "serialization"))
        usados |= {(m, "validation") for m in (una.cuerpo, una.consulta) if m is not None}
    orden = sorted(usados, key=lambda par: (par[0].__name__, par[1]))
    nombres, definiciones = models_json_schema(orden, ref_template=MOLDE)
    caminos: dict[str, Any] = {}
    for una in OPERACIONES:
        camino = "/api/v1" + _PARTE.sub(r"{\g<nombre>}", una.camino)
        caminos.setdefault(camino, {})[una.metodo.lower()] = _operacion(
            una, nombres, definiciones["$defs"]
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Publicador",
            "version": version or "0",
            "description": "La mesa de publicación desde un programa. Ninguna ficha aprueba.",
        },
        "servers": [{"url": "/"}],
        "security": [{"ficha": []}],
        "paths": caminos,
        "components": {
            "schemas": definiciones["$defs"],
            "securitySchemes": {
                "ficha": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Una ficha de Mi cuenta, Fichas para programas. Alcances: "
                    + "; ".join(f"`{clave}`: {que}" for clave, que in ALCANCES.items()),
                }
            },
        },
    }


def _operacion(una: Operacion, nombres: Any, moldes: dict[str, Any]) -> dict[str, Any]:
    alcance = f"Alcance: `{una.alcance}`. " if una.alcance else ""
    dicha: dict[str, Any] = {
        "operationId": una.nombre,
        "tags": [una.tema],
        "summary": una.resumen,
        "description": f"{alcance}Papeles: {', '.join(sorted(una.papeles))}.",
        "parameters": _parametros(una, nombres, moldes),
        "responses": _respuestas(una, nombres),
    }
    if una.cuerpo is not None:
        dicha["requestBody"] = _contenido("application/json", nombres[una.cuerpo, "validation"])
        dicha["requestBody"]["required"] = True
    if una.archivo is not None:
        dicha["requestBody"] = _contenido("multipart/form-data", _ARCHIVO) | {"required": True}
    return dicha


_ARCHIVO = {
    "type": "object",
    "required": ["archivo"],
    "additionalProperties": False,
    "properties": {"archivo": {"type": "string", "format": "binary"}},
}


def _parametros(una: Operacion, nombres: Any, moldes: dict[str, Any]) -> list[dict[str, Any]]:
    salida = [
        {"name": parte["nombre"], "in": "path", "required": True, "schema": _de_ruta(parte)}
        for parte in _PARTE.finditer(una.camino)
    ]
    if una.consulta is not None:
        nombre = nombres[una.consulta, "validation"]["$ref"].rpartition("/")[2]
        molde = moldes[nombre]
        for campo, forma in molde["properties"].items():
            limpia = {k: v for k, v in forma.items() if k not in ("title", "description")}
            salida.append(
                {
                    "name": campo,
                    "in": "query",
                    "required": campo in molde.get("required", ()),
                    "schema": _sin_nulo(limpia),
                    "description": forma.get("description", ""),
                }
            )
    if una.pide_marca:
        salida.append(_MARCA)
    if una.metodo == "POST":
        salida.append(_LLAVE)
    return salida


def _sin_nulo(forma: dict[str, Any]) -> dict[str, Any]:
    """En una dirección no hay nulos: lo que falta no se pone."""
    opciones = [o for o in forma.get("anyOf", ()) if o.get("type") != "null"]
    if len(opciones) == 1:
        return dict(opciones[0])
    return forma


def _de_ruta(parte: re.Match[str]) -> dict[str, Any]:
    if parte["clase"] is None:
        return {"type": "string", "minLength": 1}
    return {"type": "integer", "minimum": 1, "maximum": ENTERO_MAXIMO}


def _respuestas(una: Operacion, nombres: Any) -> dict[str, Any]:
    bien = _contenido("application/json", nombres[una.respuesta, "serialization"])
    bien["description"] = "Hecho."
    cabeceras = {}
    if una.da_marca:
        cabeceras["ETag"] = {"schema": {"type": "string"}}
    if una.metodo == "POST":
        cabeceras["Idempotency-Replayed"] = {"schema": {"type": "string", "const": "true"}}
    if cabeceras:
        bien["headers"] = cabeceras
    problema = nombres[Problema, "serialization"]
    salida = {str(una.codigo): bien}
    for codigo in sorted(_fallas(una)):
        mala = _contenido(TIPO, problema) | {"description": TITULOS[codigo]}
        if codigo in (429, 503):
            mala["headers"] = {"Retry-After": _ESPERA}
        if codigo == 401:
            mala["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
        salida[str(codigo)] = mala
    return salida


def _fallas(una: Operacion) -> set[int]:
    """Lo que puede salir mal, según lo que la operación pide."""
    fallas = {400, 401, 403, 404, 429, 503, *una.fallas}
    if una.consulta is not None:
        fallas.add(422)
    if not una.es_lectura:
        fallas |= {409, 422}
    if una.cuerpo is not None or una.archivo is not None:
        fallas |= {413, 415}
    if una.pide_marca:
        fallas |= {412, 428}
    return fallas


def _contenido(tipo: str, molde: dict[str, Any]) -> dict[str, Any]:
    return {"content": {tipo: {"schema": molde}}}
