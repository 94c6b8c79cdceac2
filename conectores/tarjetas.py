"""La tarjeta con que una red muestra un enlace: lo que la página dice de sí misma. Puro."""

from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Protocol
from urllib.parse import urljoin

TITULO_MAXIMO, DESCRIPCION_MAXIMA, DIRECCION_MAXIMA = 200, 300, 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tarjeta:
    """Título, descripción e imagen de una página; con `falla`, por qué no se pudo leer."""

    url: str
    titulo: str = ""
    descripcion: str = ""
    imagen: str | None = None
    falla: str = ""


class Tarjetas(Protocol):
    """Quien visita las páginas por el panel; la raíz lo arma."""

    def leer(self, url: str) -> Tarjeta:
        """La tarjeta de una página. No lanza: lo que falle va en `falla`."""
        ...

    def imagen(self, url: str) -> bytes | None:
        """La imagen de esa tarjeta, vuelta a codificar como JPEG; `None` si no tiene."""
        ...


def tarjeta_de(html: str, url: str) -> Tarjeta:
    """Lo que dice la cabeza de una página; lo que no diga queda vacío."""
    lector = _Lector()
    lector.feed(html)
    lector.close()
    meta = lector.meta
    return Tarjeta(
        url=url,
        titulo=_limpio(_primero(meta, "og:title", "twitter:title") or lector.titulo, TITULO_MAXIMO),
        descripcion=_limpio(
            _primero(meta, "og:description", "twitter:description", "description"),
            DESCRIPCION_MAXIMA,
        ),
        imagen=_imagen(_primero(meta, "og:image:secure_url", "og:image", "twitter:image"), url),
    )


class _Lector(HTMLParser):
    """Lee los `meta` y el título; deja de mirar donde empieza el cuerpo."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.meta: dict[str, str] = {}
        self._titulo: list[str] = []
        self._en_titulo = self._termino = False

    @property
    def titulo(self) -> str:
        """El de `<title>`."""
        return "".join(self._titulo)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Un `meta` nuevo no pisa al primero: así lo leen las redes."""
        if tag == "body":
            self._termino = True
        if self._termino:
            return
        if tag == "title":
            self._en_titulo = not self._titulo
        elif tag == "meta":
            datos = dict(attrs)
            nombre = (datos.get("property") or datos.get("name") or "").strip().lower()
            if nombre and (contenido := datos.get("content")):
                self.meta.setdefault(nombre, contenido)

    def handle_endtag(self, tag: str) -> None:
        """Cierra el título."""
        if tag == "title":
            self._en_titulo = False

    def handle_data(self, data: str) -> None:
        """Junta el título."""
        if self._en_titulo:
            self._titulo.append(data)


def _primero(meta: Mapping[str, str], *nombres: str) -> str:
    return next((meta[nombre] for nombre in nombres if meta.get(nombre, "").strip()), "")


def _limpio(texto: str, maximo: int) -> str:
    junto = " ".join("".join(c if c.isprintable() else " " for c in texto).split())
    return junto if len(junto) <= maximo else junto[: maximo - 1].rstrip() + "…"


def _imagen(valor: str, url: str) -> str | None:
    if not valor:
        return None
    try:
        completa = urljoin(url, valor.strip())
    except ValueError:
        return None
    es_web = completa.startswith(("https://", "http://"))
    return completa if es_web and len(completa) <= DIRECCION_MAXIMA else None
