"""Leer lo que manda un programa: el cuerpo, la consulta y las cabeceras, sin adivinar nada."""

import hashlib
import re
from typing import Any, TypeVar

from flask import g, request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import UnsupportedMediaType

from panel.api.formas import Consulta, Entrada
from piezas.repeticiones import Llave

_M = TypeVar("_M", bound=BaseModel)
_LLAVE = re.compile(r"[\x21-\x7e]{1,200}")
_MARCA = re.compile(r'"([^"\x00-\x1f]{1,100})"')
_FRASES = {
    "missing": "Falta.",
    "extra_forbidden": "Ese campo no existe aquí.",
    "string_type": "Debe ser un texto.",
    "string_too_long": "Es muy largo: caben {max_length} caracteres.",
    "string_too_short": "No puede ir vacío.",
    "string_pattern_mismatch": "Tiene un carácter que no se admite.",
    "int_type": "Debe ser un número entero.",
    "int_parsing": "Debe ser un número entero.",
    "int_from_float": "Debe ser un número entero, sin decimales.",
    "bool_type": "Debe ser verdadero o falso.",
    "bool_parsing": "Debe ser verdadero o falso.",
    "list_type": "Debe ser una lista.",
    "model_type": "Debe ser un objeto.",
    "model_attributes_type": "Debe ser un objeto.",
    "greater_than_equal": "Debe ser {ge} o más.",
    "less_than_equal": "Debe ser {le} o menos.",
    "too_long": "Trae demasiados: caben {max_length}.",
    "too_short": "Trae muy pocos: al menos {min_length}.",
    "enum": "Debe ser uno de: {expected}.",
    "literal_error": "Debe ser uno de: {expected}.",
    "timezone_aware": "Al momento le falta su zona: escríbalo como 2026-12-01T07:30:00-05:00.",
}
_FECHA = "No se entiende: escriba la fecha como 2026-12-01T07:30:00-05:00, o el día 2026-12-01."


class Falta(Exception):
    """Lo que llegó no sirve: `errores` dice qué campo y por qué."""

    def __init__(self, codigo: int, detalle: str, errores: list[tuple[str | None, str]]) -> None:
        self.codigo, self.detalle, self.errores = codigo, detalle, errores
        super().__init__(detalle)


def leer_cuerpo(modelo: type[Entrada]) -> Entrada:
    """El cuerpo JSON; lanza `Falta`, o 415 si no viene como `application/json`."""
    # Leerlo antes de mirar el tipo deja que el tope de peso hable primero.
    crudo = request.get_data(cache=True)
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    g.crudo = crudo
    try:
        return modelo.model_validate_json(crudo)
    except ValidationError as error:
        if any(una["type"] == "json_invalid" for una in error.errors()):
            raise Falta(400, "El cuerpo no es JSON. Revíselo y envíelo de nuevo.", []) from None
        raise _por_campo(error) from None


def leer_consulta(modelo: type[Consulta]) -> Consulta:
    """Lo que va tras el signo de pregunta; lo repetido y lo desconocido se niega."""
    valores: dict[str, Any] = {}
    for nombre, dados in request.args.lists():
        if len(dados) > 1:
            raise Falta(422, f"«{nombre[:40]}» viene dos veces.", [(nombre, "Déjelo una vez.")])
        valores[nombre] = dados[0]
    try:
        return modelo.model_validate(valores)
    except ValidationError as error:
        raise _por_campo(error) from None


def leer_llave(cuerpo: Any) -> Llave | None:
    """La de `Idempotency-Key`, atada a esta operación y a este cuerpo."""
    valor = request.headers.get("Idempotency-Key")
    if valor is None:
        return None
    if not _LLAVE.fullmatch(valor):
        frase = "Debe tener de 1 a 200 letras, números o signos, sin espacios."
        raise Falta(422, "La Idempotency-Key no sirve.", [("Idempotency-Key", frase)])
    resumen = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    huella = getattr(cuerpo, "huella", None)
    resumen.update(g.get("crudo", b"") if huella is None else str(huella).encode())
    return Llave(ficha_id=g.ficha_id, valor=valor, huella=resumen.hexdigest())


def leer_marca() -> str:
    """La de `If-Match`, que en estas operaciones es obligatoria."""
    valor = request.headers.get("If-Match", "").strip()
    if not valor:
        raise Falta(
            428,
            "Mande en If-Match la ETag de la pieza que leyó: así no pisa lo que otra persona "
            "haya guardado.",
            [],
        )
    hallada = _MARCA.fullmatch(valor)
    # Una marca que no dimos no coincide con nada; quien la mandó lo sabrá con un 412.
    return hallada.group(1) if hallada else ""


def _por_campo(error: ValidationError) -> Falta:
    errores = [(_campo(una["loc"]) or None, _frase(una)) for una in error.errors()[:50]]
    return Falta(422, "Corrija lo que se indica y envíelo de nuevo.", errores)


def _campo(partes: tuple[int | str, ...]) -> str:
    return ".".join(str(parte)[:60] for parte in partes)


def _frase(una: ErrorDetails) -> str:
    tipo = una["type"]
    if tipo == "momento":
        return una["msg"]
    if tipo.startswith(("date", "datetime")):
        return _FECHA
    plantilla = _FRASES.get(tipo, "No sirve. Mire su forma en /api/v1/openapi.json.")
    contexto = {clave: str(valor) for clave, valor in una.get("ctx", {}).items()}
    return plantilla.format_map(_Siempre(contexto))


class _Siempre(dict[str, str]):
    """Lo que falte en una plantilla se deja vacío: una frase nunca falla."""

    def __missing__(self, clave: str) -> str:
        return ""
