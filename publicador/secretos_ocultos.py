"""Quitar de un registro todo lo que sea un secreto, o lo parezca."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

OCULTO = "[oculto]"

NOMBRE_SECRETO = re.compile(
    r"token|secret|passw|contrasen|contraseñ|authorization|cookie|credencial|appsecret_proof"
    r"|api_key|apikey|code_verifier|^claves?$|^clave_(?!envio)|_clave$|^firma$|oauth|fernet",
    re.IGNORECASE,
)
"""Campos cuyo valor no se escribe nunca, sea cual sea."""

CLAVE_DE_ENVIO = re.compile(r"pub-[0-9a-f]{16}(-[\w-]*)?")
"""`clave` también nombra la de un envío, que no es secreta y hace falta para buscarlo."""

_PARAMETROS = (
    r"access_token|refresh_token|client_secret|app_secret|appsecret_proof|input_token"
    r"|fb_exchange_token|code_verifier|password|contrasena\w*|token\w*|api_secret|api_key|clave"
)
_PATRONES: tuple[tuple[re.Pattern[str], str], ...] = (
    # «Authorization: Bearer x», «Basic x» y «OAuth oauth_…»
    (re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=%-]{6,}", re.IGNORECASE), rf"\1 {OCULTO}"),
    (re.compile(r"""(oauth_\w+)(["']?\s*[=:]\s*["']?)[^\s"',&}]+"""), rf"\1\2{OCULTO}"),
    # Parámetros de una dirección o de un formulario
    (re.compile(rf"\b({_PARAMETROS})=(?!pub-)[^&\s\"',}}]+", re.IGNORECASE), rf"\1={OCULTO}"),
    (re.compile(r"\bcode=[\w-]{10,}"), f"code={OCULTO}"),  # el del permiso, no el de un error
    # Campos de un JSON o de un diccionario de Python metidos en un texto
    (
        re.compile(rf"""(["'](?:{_PARAMETROS})["']\s*:\s*b?["'])(?!pub-)[^"']+""", re.IGNORECASE),
        rf"\1{OCULTO}",
    ),
    # Contraseña dentro de una dirección
    (re.compile(r"://[^/\s:@]+:[^/\s@]+@"), f"://{OCULTO}@"),
    # Tokens que se reconocen solos: Facebook, X, JWT, sellos de Fernet y contraseñas de WordPress
    (re.compile(r"\bEAA[A-Za-z0-9]{12,}"), OCULTO),
    (re.compile(r"\b\d{5,}-[A-Za-z0-9]{30,}"), OCULTO),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}(\.[\w-]*)?"), OCULTO),
    (re.compile(r"\bgAAAA[\w-]{20,}=*"), OCULTO),
    (re.compile(r"\b(?:[A-Za-z0-9]{4} ){5}[A-Za-z0-9]{4}\b"), OCULTO),
)


def ocultar(
    _registrador: Any, _metodo: str, suceso: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """El procesador de structlog: el mismo suceso, sin secretos."""
    return {nombre: _valor(nombre, valor) for nombre, valor in suceso.items()}


def ocultar_texto(texto: str) -> str:
    """El texto con cada secreto reconocible reemplazado."""
    for patron, reemplazo in _PATRONES:
        texto = patron.sub(reemplazo, texto)
    return texto


def _valor(nombre: str, valor: Any) -> Any:
    if NOMBRE_SECRETO.search(nombre) and valor is not None:
        es_de_envio = isinstance(valor, str) and CLAVE_DE_ENVIO.fullmatch(valor)
        return valor if es_de_envio else OCULTO
    return _limpio(valor)


def _limpio(valor: Any) -> Any:
    match valor:
        case str():
            return ocultar_texto(valor)
        case bytes() | bytearray():
            return ocultar_texto(bytes(valor).decode("utf-8", "replace"))
        case Mapping():
            return {str(nombre): _valor(str(nombre), dentro) for nombre, dentro in valor.items()}
        case list() | tuple() | set() | frozenset():
            return [_limpio(uno) for uno in valor]
        case bool() | int() | float() | None:
            return valor
    return ocultar_texto(str(valor))
