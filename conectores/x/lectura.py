"""Mirar la propia cuenta: reconocer entre lo publicado lo que pudo salir en un paso."""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import requests

from conectores.errores import SinRespuesta
from conectores.texto import normalizar, urls_en
from conectores.x.cliente import Cliente
from conectores.x.errores import leer_json

MARGEN = timedelta(seconds=60)
PAGINAS_MAX = 10
CAMPOS = ["created_at", "entities", "attachments", "referenced_tweets"]
_DE_MEDIO = re.compile(r"^https?://(?:www\.)?(?:x|twitter)\.com/.+/(?:photo|video)/\d+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vista:
    """Una publicación de la propia cuenta, tal como la devuelve X pero con el texto limpio."""

    id: str
    texto: str
    """Comparable con `comparable(lo que se aprobó)`."""
    responde_a: str | None


def leer_propias(cliente: Cliente, identificador: str, desde: datetime) -> list[Vista]:
    """Lo publicado por la cuenta desde `desde` (con un minuto de margen), lo más antiguo primero.

    Lanza `SinRespuesta` si no se pudo ver todo: «no está» solo se dice habiéndolo visto completo.
    """
    vistas: dict[str, Vista] = {}
    for cuerpo in _paginas(cliente, identificador, desde - MARGEN):
        nuevas = {v.id: v for v in map(_vista, cuerpo.get("data") or []) if v.id not in vistas}
        vistas |= nuevas
        # X ha dado cursores sin fin: una página sin nada nuevo también es la última.
        if not nuevas or not cuerpo.get("meta", {}).get("next_token"):
            return sorted(vistas.values(), key=lambda v: int(v.id))
    raise SinRespuesta(detalle="demasiadas publicaciones desde el intento")


def coincidentes(vistas: Sequence[Vista], texto: str, padre: str | None) -> list[Vista]:
    """Las que llevan ese texto y cuelgan de `padre` (de ninguna, si es `None`)."""
    buscado = comparable(texto)
    iguales = [v for v in vistas if v.texto == buscado]
    if padre is not None and not any(v.responde_a for v in vistas):
        # Uno de los dos dialectos de X no dice de quién cuelga cada una: decide el texto.
        return iguales
    return [v for v in iguales if v.responde_a == padre]


def _paginas(cliente: Cliente, identificador: str, desde: datetime) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    for _ in range(PAGINAS_MAX):
        respuesta = cliente.tweepy(
            "get_users_tweets",
            identificador,
            start_time=desde.astimezone(UTC),
            max_results=100,
            tweet_fields=CAMPOS,
            pagination_token=cursor,
        )
        cuerpo = pagina_de(respuesta, cliente)
        yield cuerpo
        cursor = cuerpo.get("meta", {}).get("next_token")


def pagina_de(respuesta: requests.Response, cliente: Cliente) -> dict[str, Any]:
    """Una página completa; lanza `SinRespuesta` si no se pudo ver."""
    cuerpo = leer_json(respuesta) or {}
    datos = cuerpo.get("data")
    cuenta = cuerpo.get("meta", {}).get("result_count")
    # Un 200 con `errors` y sin datos no dice «vacío»: dice que no se pudo mirar.
    completa = isinstance(datos, list) or (datos is None and cuenta == 0)
    if not completa:
        raise SinRespuesta(detalle=cliente.describir(respuesta))
    return cuerpo


def _vista(dato: dict[str, Any]) -> Vista:
    referidas = dato.get("referenced_tweets") or dato.get("referenced_posts") or []
    padres = [str(r["id"]) for r in referidas if r.get("type") == "replied_to"]
    return Vista(
        id=str(dato["id"]),
        texto=_texto_limpio(dato),
        responde_a=padres[0] if padres else None,
    )


def _texto_limpio(dato: dict[str, Any]) -> str:
    """El texto como se escribió: sin el enlace del medio, sin t.co y sin entidades HTML."""
    return comparable(texto_visible(dato))


def texto_visible(dato: dict[str, Any]) -> str:
    """El texto con sus enlaces largos y sin el del medio."""
    # Primero las entidades: un enlace largo puede llevar `&copy=1` y no debe tocarse.
    texto = html.unescape(str(dato.get("text", "")))
    urls = [u for u in (dato.get("entities") or {}).get("urls") or [] if u.get("url")]
    for url in sorted(urls, key=lambda u: len(u["url"]), reverse=True):
        larga = str(url.get("expanded_url") or url["url"])
        es_medio = bool(url.get("media_key")) or _DE_MEDIO.match(larga) is not None
        texto = texto.replace(url["url"], "" if es_medio else larga)
    return texto.strip()


def comparable(texto: str) -> str:
    """El texto en la forma en que se comparan lo aprobado y lo visto en la red."""
    resto, partes = unicodedata.normalize("NFC", texto), []
    for url in urls_en(resto):
        antes, _, resto = resto.partition(url)
        partes += [antes, _canonica(url)]
    return normalizar("".join([*partes, resto]))


def _canonica(url: str) -> str:
    """Un enlace sin lo que X le agrega o cambia: el protocolo, la barra final y los `%`."""
    sin_protocolo = re.sub(r"^https?://", "", url, flags=re.IGNORECASE)
    dominio, barra, resto = sin_protocolo.partition("/")
    return unquote(f"{dominio.lower()}{barra}{resto}").rstrip("/")
