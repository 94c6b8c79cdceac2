"""Del contenido guardado a lo que ve un lector, y lo que WordPress le quita a un autor."""

import re
from html import escape, unescape
from html.parser import HTMLParser
from typing import Final

import nh3

_COMENTARIO: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_BLOQUES: Final = frozenset(
    {"p", "div", "li", "ul", "ol", "figure", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr"}
)
_PELIGRO: Final = re.compile(
    r"<\s*(script|style|iframe|form|svg|object|embed)\b|\son\w+\s*=|javascript:", re.IGNORECASE
)
_ETIQUETA: Final = re.compile(r"<[^<>]*>")
_SUELTO: Final = re.compile(r"<(?![^<>]*>)")
_OCTETO: Final = re.compile(r"%[0-9a-fA-F]{2}")
_CLASE: Final = re.compile(r"(?:^|\s)wp-image-(\d+)(?:\s|$)")


class _Lector(HTMLParser):
    """Recoge el texto corrido y las imágenes, en orden."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.partes: list[str] = []
        self.imagenes: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Un salto por bloque; de una imagen, su id y su texto alternativo."""
        if tag == "br":
            self.partes.append("\n")
        if tag in _BLOQUES:
            self.partes.append("\n\n")
        if tag == "img":
            atributos = dict(attrs)
            clase = _CLASE.search(atributos.get("class") or "")
            if clase is not None:
                self.imagenes.append((int(clase[1]), atributos.get("alt") or ""))

    def handle_endtag(self, tag: str) -> None:
        """Un salto al cerrar cada bloque."""
        if tag in _BLOQUES:
            self.partes.append("\n\n")

    def handle_data(self, data: str) -> None:
        """El texto; los saltos entre bloques no cuentan."""
        self.partes.append(data if data.strip() else " " * bool(data.strip("\n")))


def leer(contenido: str) -> tuple[str, list[tuple[int, str]]]:
    """El texto como se lee, y las imágenes como pares (id, texto alternativo)."""
    lector = _Lector()
    lector.feed(mostrar(contenido))
    lector.close()
    texto = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(lector.partes))
    return re.sub(r"\n{3,}", "\n\n", texto).strip(), lector.imagenes


def mostrar(contenido: str) -> str:
    """El HTML de la página: sin las marcas de bloques o, si no las tiene, con párrafos puestos."""
    if "<!-- wp:" in contenido:
        return _COMENTARIO.sub("", contenido).strip() + "\n"
    parrafos = [p.strip() for p in re.split(r"\n\s*\n", contenido.strip()) if p.strip()]
    hechos = [
        p if p.startswith("<") else f"<p>{p.replace(chr(10), '<br />')}</p>" for p in parrafos
    ]
    return "\n".join(hechos) + "\n" * bool(hechos)


def resumir(contenido: str, palabras: int = 55) -> str:
    """El extracto que WordPress arma cuando nadie lo escribió."""
    texto, _ = leer(contenido)
    partes = texto.split()
    corto = " ".join(partes[:palabras]) + (" [&hellip;]" if len(partes) > palabras else "")
    return f"<p>{corto}</p>\n" if corto else ""


def titulo_visible(titulo: str) -> str:
    """El título para HTML: los caracteres sueltos quedan escapados; lo ya escapado, igual."""
    return escape(unescape(titulo), quote=False) if "<" not in titulo else titulo


def colar(texto: str) -> str:
    """Lo que WordPress deja pasar a un autor: sin guiones, marcos, formularios ni eventos.

    Solo se reescribe lo que trae algo peligroso, y el texto de adentro se conserva, como allá.
    """
    if not _PELIGRO.search(texto):
        return texto
    atributos = {
        e: {"class", "id", "title", "style", "alt", "src", "href"} for e in nh3.ALLOWED_TAGS
    }
    return nh3.clean(
        texto,
        tags=set(nh3.ALLOWED_TAGS) | {"figure", "figcaption", "video"},
        attributes=atributos,
        clean_content_tags=set(),
        strip_comments=False,
        link_rel=None,
        generic_attribute_prefixes={"data-"},
    )


def aplanar(texto: str) -> str:
    """Lo que `sanitize_text_field` deja de un campo de texto: sin etiquetas, `%41` ni saltos."""
    if "<" in texto:
        texto = _ETIQUETA.sub("", _SUELTO.sub("&lt;", texto))
    texto = " ".join(texto.split())
    while (limpio := _OCTETO.sub("", texto)) != texto:
        texto = " ".join(limpio.split())
    return texto
