"""Las frases sobre los ajustes: qué variable está mal y qué se espera de ella."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

SECRETOS = frozenset(
    {"claves", "base_datos", "correo_clave", "facebook_app_secreto", "x_client_secreto"}
)
"""De estos nunca se repite el valor."""

_ESPERABAN = {
    "int_parsing": "debe ser un número entero",
    "int_from_float": "debe ser un número entero",
    "float_parsing": "debe ser un número",
    "decimal_parsing": "debe ser un número, con punto para los decimales",
    "finite_number": "debe ser un número",
    "bool_parsing": "debe ser sí o no",
    "greater_than": "debe ser mayor que {gt}",
    "greater_than_equal": "debe ser {ge} o más",
    "string_pattern_mismatch": "no tiene la forma de un identificador de aplicación",
    "less_than_equal": "debe ser {le} o menos",
}


def frase(error: Mapping[str, Any], prefijo: str) -> str:
    """Convierte un error de pydantic en una frase que nombra la variable."""
    campo = str(error["loc"][0]) if error["loc"] else ""
    esperado = _esperado(error)
    if not campo:  # los que comparan varios ajustes traen el suyo delante
        campo, _, esperado = esperado.partition("|")
    return f"{prefijo}{campo.upper()} {esperado}{_visto(campo, error.get('input'))}."


def _visto(campo: str, leido: object) -> str:
    """Lo que se leyó, salvo que sea secreto o una dirección que pueda llevar la contraseña."""
    if campo in SECRETOS or not isinstance(leido, str) or ("://" in leido and "@" in leido):
        return ""
    return f" (se leyó «{leido}»)"


def _esperado(error: Mapping[str, Any]) -> str:
    contexto = error.get("ctx", {})
    if error["type"] == "value_error":
        return str(contexto["error"])
    return _ESPERABAN.get(error["type"], "no tiene un valor que se entienda").format(**contexto)


def ajenos(nombres: Iterable[str], modelo: type[BaseModel], prefijo: str) -> tuple[str, ...]:
    """Una frase por cada nombre con nuestro prefijo que no es un ajuste."""
    propios = [prefijo + campo.upper() for campo in modelo.model_fields]
    frases = []
    for nombre in sorted({nombre.upper() for nombre in nombres}):
        if not nombre.startswith(prefijo) or nombre in propios:
            continue
        parecidos = difflib.get_close_matches(nombre, propios, n=1, cutoff=0.75)
        pista = f" ¿Quiso decir {parecidos[0]}?" if parecidos else ""
        frases.append(f"{nombre} no es un ajuste de publicador y no se usa.{pista}")
    return tuple(frases)
