"""Cómo se entiende cada valor escrito en los ajustes; puro: texto adentro, valor afuera.

Las frases completan «PUBLICADOR_TAL …», y por eso empiezan en minúscula y con verbo.
"""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from itertools import pairwise
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from conectores.contrato import Red
from publicador.base_datos import leer_direccion
from publicador.fallos_de_base import ErrorDeBase

ESPACIADO_POR_RED: Mapping[Red, float] = MappingProxyType(
    {Red.FACEBOOK: 120, Red.X: 0, Red.WORDPRESS: 0, Red.CORREO: 0, Red.MANUAL: 0}
)
UN_DIA_S = 86_400
CLAVE = re.compile(r"[A-Za-z0-9_-]{43}=?")
CORREO = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")


def es_local(servidor: str) -> bool:
    """Si el nombre es de esta misma máquina."""
    try:
        return ip_address(servidor.strip("[]")).is_loopback
    except ValueError:
        return servidor == "localhost"


def direccion(texto: str) -> str:
    """Una dirección https, o http de esta máquina; sin usuario, consulta ni ancla."""
    try:
        partes = urlsplit(texto)
        servidor, _puerto = partes.hostname, partes.port
    except ValueError:
        servidor = None
    if not servidor or partes.scheme not in {"http", "https"}:
        raise ValueError("debe ser una dirección completa, como https://servidor")
    if partes.username or partes.password or partes.query or partes.fragment:
        raise ValueError("no puede llevar usuario, contraseña, «?» ni «#»")
    if partes.scheme == "http" and not es_local(servidor):
        raise ValueError("debe usar https: http solo se admite dentro de esta máquina")
    return texto


def sin_barra(texto: str) -> str:
    """Sin la barra del final, para poder agregarle rutas."""
    return texto.rstrip("/")


def base_sql(texto: str) -> str:
    """Una dirección de SQLAlchemy de SQLite o PostgreSQL."""
    try:
        leer_direccion(texto)
    except ErrorDeBase:
        raise ValueError(
            "no se entiende: use sqlite:////ruta/publicador.db o "
            "postgresql+psycopg://usuario@servidor/base"
        ) from None
    return texto


def lista_de_claves(valor: Any) -> Any:
    """Claves separadas por comas o espacios, de la más nueva a la más antigua."""
    claves = valor.replace(",", " ").split() if isinstance(valor, str) else valor
    if not all(isinstance(clave, str) and CLAVE.fullmatch(clave) for clave in claves):
        raise ValueError(
            "debe tener claves de 43 letras y números, separadas por comas; "
            "si la deja vacía se genera una"
        )
    return tuple(claves)


def esperas(valor: Any) -> Any:
    """Segundos separados por comas, positivos y cada uno mayor que el anterior."""
    if not isinstance(valor, str):
        return valor
    try:
        segundos = tuple(float(parte) for parte in valor.split(","))
    except ValueError:
        segundos = ()
    crecen = all(antes < despues for antes, despues in pairwise(segundos))
    if not segundos or not crecen or not all(0 < s <= UN_DIA_S for s in segundos):
        raise ValueError(
            "debe ser una lista de segundos, positivos y de menor a mayor, como 90,600"
        )
    return segundos


def espaciado(valor: Any) -> Any:
    """Un número para todas las redes, o `red=segundos` separados por comas."""
    if not isinstance(valor, str):
        return valor
    partes = [parte.partition("=") for parte in valor.split(",")]
    try:
        if len(partes) == 1 and not partes[0][1]:
            propio = dict.fromkeys(Red, _segundos(partes[0][0]))
        else:
            propio = {Red(red.strip()): _segundos(cuanto) for red, _, cuanto in partes}
    except ValueError:
        redes = ", ".join(red.value for red in Red)
        raise ValueError(
            f"debe ser un número de segundos, o red=segundos separados por comas (redes: {redes})"
        ) from None
    return MappingProxyType({**ESPACIADO_POR_RED, **propio})


def _segundos(texto: str) -> float:
    segundos = float(texto)
    if not 0 <= segundos <= UN_DIA_S:
        raise ValueError
    return segundos


def correos(valor: Any) -> Any:
    """Direcciones de correo separadas por comas."""
    if not isinstance(valor, str):
        return valor
    lista = tuple(parte.strip() for parte in valor.replace(";", ",").split(",") if parte.strip())
    if not lista or not all(CORREO.fullmatch(uno) for uno in lista):
        raise ValueError("debe tener direcciones de correo, como prensa@entidad.gov.co")
    return lista


def si_o_no(valor: Any) -> Any:
    """Acepta también «sí» y «no»; lo demás lo resuelve pydantic."""
    palabras = {"si": True, "sí": True, "no": False}
    return palabras.get(valor.lower(), valor) if isinstance(valor, str) else valor


def obligatorio_u_opcional(valor: str) -> str:
    """Una de las dos palabras."""
    if valor.lower() not in {"obligatorio", "opcional"}:
        raise ValueError("debe ser obligatorio u opcional")
    return valor.lower()
