"""Lo que X le hace a un texto al guardarlo: enlaces t.co, caracteres escapados y entidades."""

import hashlib
import html
import re
from dataclasses import dataclass, field
from typing import Any, Final

from conectores.texto import normalizar, urls_en

_ALFABETO: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_MARCAS: Final = re.compile(
    r"(?<![\w&])#(?P<hashtags>\w*[^\W\d]\w*)"
    r"|(?<![\w@.])@(?P<mentions>\w{1,15})(?!\w)"
    r"|(?<![\w$])\$(?P<cashtags>[A-Za-z]{1,6})(?!\w)"
)
_CLAVES: Final = {"hashtags": "tag", "mentions": "username", "cashtags": "tag"}
_VISIBLE_MAX: Final = 26


@dataclass(slots=True)
class Presentado:
    """El texto como lo devuelve X, con las posiciones de lo que reconoció en él."""

    texto: str = ""
    entidades: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def pegar(self, fragmento: str) -> None:
        """Agrega texto corriente, escapado, y anota sus etiquetas y menciones."""
        escapado = html.escape(fragmento, quote=False)
        base = len(self.texto)
        for marca in _MARCAS.finditer(escapado):
            tipo = str(marca.lastgroup)
            lugar = {"start": base + marca.start(), "end": base + marca.end()}
            dato = {_CLAVES[tipo]: marca[tipo]}
            self.entidades.setdefault(tipo, []).append({**lugar, **dato})
        self.texto += escapado

    def enlazar(self, corta: str, **datos: Any) -> None:
        """Agrega un enlace corto y su entidad."""
        inicio = len(self.texto)
        self.texto += corta
        lugar = {"start": inicio, "end": len(self.texto), "url": corta}
        self.entidades.setdefault("urls", []).append({**lugar, **datos})


def _corta(*partes: str) -> str:
    numero = int.from_bytes(hashlib.sha256("|".join(partes).encode()).digest()[:8], "big")
    letras = ""
    for _ in range(10):
        numero, resto = divmod(numero, len(_ALFABETO))
        letras += _ALFABETO[resto]
    return f"https://t.co/{letras}"


def _visible(url: str) -> str:
    sin = re.sub(r"^https?://(www\.)?", "", url, flags=re.IGNORECASE)
    return sin if len(sin) <= _VISIBLE_MAX else sin[:_VISIBLE_MAX] + "…"


def presentar(texto: str, id_: str, direccion: str, medios: list[tuple[str, str]]) -> Presentado:
    """Lo que devolverá X. `medios`: pares (media_key, clase) de lo adjunto."""
    hecho = Presentado()
    desde = 0
    for url in urls_en(texto):
        lugar = texto.find(url, desde)
        if (
            lugar < 0
        ):  # la cuenta normaliza a NFC: un enlace escrito de otra forma queda sin acortar
            continue
        hecho.pegar(texto[desde:lugar])
        larga = url if re.match(r"https?://", url, re.IGNORECASE) else f"http://{url}"
        hecho.enlazar(_corta(id_, url), expanded_url=larga, display_url=_visible(url))
        desde = lugar + len(url)
    hecho.pegar(texto[desde:])
    if medios:
        _pegar_medios(hecho, id_, direccion, medios)
    return hecho


def _pegar_medios(
    hecho: Presentado, id_: str, direccion: str, medios: list[tuple[str, str]]
) -> None:
    if hecho.texto:
        hecho.texto += " "
    corta = _corta(id_, "medios")
    inicio = len(hecho.texto)
    hecho.texto += corta
    for clave, clase in medios:
        parte = "photo" if clase == "imagen" else "video"
        hecho.entidades.setdefault("urls", []).append(
            {
                "start": inicio,
                "end": inicio + len(corta),
                "url": corta,
                "expanded_url": f"{direccion}/{parte}/1",
                "display_url": "pic.x.com/" + corta.rsplit("/", 1)[1],
                "media_key": clave,
            }
        )


def cuantas_cashtags(texto: str) -> int:
    """Las `$ABC` del texto; `$5.000` no es una."""
    return sum(1 for marca in _MARCAS.finditer(texto) if marca.lastgroup == "cashtags")


def huella(texto: str) -> str:
    """Por lo que X reconoce un texto repetido."""
    return normalizar(texto)
