"""Compara lo que llega con la especificación publicada de X y dice qué sobra o está mal."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

_ESPEC: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "datos" / "x-openapi.json").read_text(encoding="utf-8")
)
_INSTANTE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_TIPOS: Final[Mapping[str, type | tuple[type, ...]]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}
# Lo que la versión anterior llamaba de otra manera y X sigue entendiendo; tweepy habla así.
_SINONIMOS: Final[Mapping[str, str]] = {"tweet.fields": "post.fields"}

Faltas = list[tuple[str, str]]
"""Pares (parámetro, frase): lo que X pone en `errors[]`."""


def _esquema(crudo: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in crudo:
        return crudo
    nodo: Any = _ESPEC
    for paso in crudo["$ref"].removeprefix("#/").split("/"):
        nodo = nodo[paso]
    return _esquema(nodo)


def faltas_de_cuerpo(nombre: str, cuerpo: Any) -> Faltas:
    """Lo que está mal en un cuerpo JSON, contra el esquema `components/schemas/{nombre}`."""
    return _revisar(cuerpo, _ESPEC["components"]["schemas"][nombre], "")


def _revisar(valor: Any, crudo: Mapping[str, Any], camino: str) -> Faltas:
    esquema = _esquema(crudo)
    if "anyOf" in esquema:  # solo los bytes de un medio: como archivo o en base64
        return []
    tipo = esquema.get("type", "object")
    if not isinstance(valor, _TIPOS[tipo]) or (isinstance(valor, bool) and tipo != "boolean"):
        return [(camino or "body", f"$.{camino}: {type(valor).__name__} found, {tipo} expected")]
    match valor:
        case bool():
            return []
        case dict():
            return _objeto(valor, esquema, camino)
        case list():
            return _lista(valor, esquema, camino)
        case str():
            return _texto(valor, esquema, camino)
        case int() | float():
            return _numero(valor, esquema, camino)
    return []


def _objeto(valor: dict[str, Any], esquema: Mapping[str, Any], camino: str) -> Faltas:
    propiedades: Mapping[str, Any] = esquema.get("properties", {})
    prefijo = f"{camino}." if camino else ""
    faltas: Faltas = [
        (prefijo + n, f"$.{prefijo}{n}: is missing but it is required")
        for n in esquema.get("required", ())
        if n not in valor
    ]
    for nombre, hijo in valor.items():
        if nombre in propiedades:
            faltas += _revisar(hijo, propiedades[nombre], prefijo + nombre)
        elif esquema.get("additionalProperties") is False:
            frase = "is not defined in the schema and the schema does not allow additional "
            faltas.append((prefijo + nombre, f"$.{prefijo}{nombre}: {frase}properties"))
    return faltas


def _lista(valor: list[Any], esquema: Mapping[str, Any], camino: str) -> Faltas:
    faltas: Faltas = []
    if len(valor) < esquema.get("minItems", 0):
        faltas.append((camino, f"$.{camino}: must have at least {esquema['minItems']} items"))
    if len(valor) > esquema.get("maxItems", len(valor)):
        faltas.append((camino, f"$.{camino}: must have at most {esquema['maxItems']} items"))
    if esquema.get("uniqueItems") and len(set(map(str, valor))) < len(valor):
        faltas.append((camino, f"$.{camino}: the items in the array must be unique"))
    for indice, hijo in enumerate(valor):
        faltas += _revisar(hijo, esquema["items"], f"{camino}[{indice}]")
    return faltas


def _texto(valor: str, esquema: Mapping[str, Any], camino: str) -> Faltas:
    if "enum" in esquema and valor not in esquema["enum"]:
        opciones = ",".join(esquema["enum"])
        return [(camino, f"The `{camino}` value [{valor}] is not one of [{opciones}]")]
    if "pattern" in esquema and not re.search(esquema["pattern"], valor):
        return [(camino, f"$.{camino}: does not match the regex pattern {esquema['pattern']}")]
    if len(valor) > esquema.get("maxLength", len(valor)):
        return [(camino, f"$.{camino}: may only be {esquema['maxLength']} characters long")]
    if len(valor) < esquema.get("minLength", 0):
        return [(camino, f"$.{camino}: must be at least {esquema['minLength']} characters long")]
    if esquema.get("format") == "date-time" and not _INSTANTE.fullmatch(valor):
        return [(camino, f"{camino}: is an invalid date-time (RFC 3339, UTC)")]
    return []


def _numero(valor: float, esquema: Mapping[str, Any], camino: str) -> Faltas:
    minimo, maximo = esquema.get("minimum", valor), esquema.get("maximum", valor)
    if not minimo <= valor <= maximo:
        return [(camino, f"The `{camino}` value [{valor}] is not between {minimo} and {maximo}")]
    return []


def faltas_de_consulta(metodo: str, ruta: str, parametros: Mapping[str, str]) -> Faltas:
    """Lo que está mal en los parámetros de consulta de una ruta de la especificación.

    Los nombres de campo desconocidos no son falta: X los descarta en silencio.
    """
    operacion = _ESPEC["paths"][ruta][metodo.lower()]
    crudos = [_esquema(p) for p in operacion.get("parameters", ())]
    conocidos = {p["name"]: p for p in crudos if p["in"] == "query"}
    faltas: Faltas = [
        (n, f"The `{n}` query parameter can not be empty")
        for n, p in conocidos.items()
        if p.get("required") and not parametros.get(n)
    ]
    for nombre, valor in parametros.items():
        clave = _SINONIMOS.get(nombre, nombre)
        if clave not in conocidos:
            opciones = ",".join(sorted(conocidos))
            frase = f"The query parameter [{nombre}] is not one of [{opciones}]"
            faltas.append((nombre, frase))
        elif not clave.endswith(".fields") and clave != "expansions":
            faltas += _de_consulta(nombre, valor, conocidos[clave]["schema"])
    return faltas


def _de_consulta(nombre: str, valor: str, crudo: Mapping[str, Any]) -> Faltas:
    esquema = _esquema(crudo)
    if esquema.get("type") == "integer":
        if not re.fullmatch(r"-?\d{1,18}", valor):
            return [(nombre, f"The `{nombre}` query parameter value [{valor}] is not a number")]
        return _numero(int(valor), esquema, nombre)
    partes = valor.split(",") if esquema.get("type") == "array" else valor
    return _revisar(partes, esquema, nombre)
