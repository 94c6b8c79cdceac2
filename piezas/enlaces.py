"""Enlaces medibles: los parámetros UTM que cada red lleva en el enlace de la pieza. Puro."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from conectores.contrato import Red

RED = "{red}"
"""Dentro de un parámetro, se cambia por el nombre de la red a la que va."""
UTM_MAXIMO = 200
# En el sitio propio una marca rompería la medición: la visita parecería venir de afuera.
MARCADAS = frozenset({Red.FACEBOOK, Red.X, Red.CORREO, Red.MANUAL})
_NOMBRES = {Red.MANUAL: "whatsapp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Utm:
    """Cómo se mide de dónde llegan las visitas; lo vacío no se agrega."""

    fuente: str = ""
    medio: str = ""
    campania: str = ""
    contenido: str = ""


def enlace_para(enlace: str | None, utm: Utm, red: Red) -> str | None:
    """El enlace que sale a `red`: con sus marcas, salvo las que ya traía."""
    if not enlace or red not in MARCADAS:
        return enlace
    partes = urlsplit(enlace)
    ya = {nombre for nombre, _ in parse_qsl(partes.query, keep_blank_values=True)}
    marcas = {
        "utm_source": utm.fuente,
        "utm_medium": utm.medio,
        "utm_campaign": utm.campania,
        "utm_content": utm.contenido,
    }
    nombre = _NOMBRES.get(red, red.value)
    nuevas = [
        f"{clave}={quote(valor.replace(RED, nombre), safe='')}"
        for clave, valor in marcas.items()
        if valor and clave not in ya
    ]
    if not nuevas:
        return enlace
    consulta = "&".join([*filter(None, [partes.query]), *nuevas])
    return urlunsplit(partes._replace(query=consulta))


def en_marca(texto: str) -> str:
    """Un nombre como parámetro: `Día sin carro` → `dia-sin-carro`."""
    llano = unicodedata.normalize("NFKD", texto.casefold())
    llano = "".join(letra for letra in llano if not unicodedata.combining(letra))
    return re.sub(r"[^a-z0-9]+", "-", llano).strip("-")[:UTM_MAXIMO]
