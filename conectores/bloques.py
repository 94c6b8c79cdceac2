"""Del texto sellado a los bloques de WordPress; puro: texto entra, HTML sale."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

import nh3

from conectores.direcciones import es_local

_ETIQUETAS = {"a", "br"}
_ATRIBUTOS = {"a": {"href"}}
_ESQUEMAS = {"http", "https", "mailto", "tel"}
_DIRECCION = re.compile(r"https?://[^\s<>\"]+")
_FIN_DE_FRASE = ".,;:!?…»”’)]}'"
_ENTIDAD = re.compile(r"&(?=#?\w+;)")
_SUELTA = re.compile(r"(?<!\")http://")
_OCTETO = re.compile(r"%(?=[0-9a-fA-F]{2})")
_HASHTAG = re.compile(r"#\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class MedioEnSitio:
    """Un medio que el sitio ya tiene: su id, su dirección pública y su texto alternativo."""

    id: str
    url: str
    texto_alternativo: str
    es_video: bool = False
    subtitulos_url: str | None = None


def componer(
    texto: str, *, clave: str, enlace: str | None = None, medios: Sequence[MedioEnSitio] = ()
) -> str:
    """El contenido de la entrada: párrafos, medios, enlace y, al final, las etiquetas.

    El enlace va detrás de todo, salvo que el último párrafo sea solo de hashtags: entonces va
    delante de él. El primer párrafo lleva la marca `clave` donde el público no la ve.
    """
    parrafos = partir_parrafos(texto) or [""]
    etiquetas = [parrafos.pop()] if len(parrafos) > 1 and son_hashtags(parrafos[-1]) else []
    bloques = [parrafo(parrafos[0], clave=clave), *map(parrafo, parrafos[1:])]
    bloques += [bloque_de_medio(medio) for medio in medios]
    if enlace:
        bloques.append(_bloque_de_parrafo(_cerrar(_enlazar(enlace))))
    bloques += map(parrafo, etiquetas)
    return "\n\n".join(bloques)


def partir_parrafos(texto: str) -> list[str]:
    """Los párrafos de un texto: los separa una línea en blanco."""
    lineas = "\n".join(linea.rstrip() for linea in texto.splitlines())
    return [trozo.strip("\n") for trozo in re.split(r"\n{2,}", lineas) if trozo.strip()]


def son_hashtags(parrafo: str) -> bool:
    """Si un párrafo solo tiene hashtags."""
    palabras = parrafo.split()
    return bool(palabras) and all(_HASHTAG.fullmatch(palabra) for palabra in palabras)


def parrafo(texto: str, *, clave: str | None = None) -> str:
    """Un bloque de párrafo; con `clave`, lleva la marca en sus atributos."""
    atributos = atributos_de_bloque({"metadata": {"name": clave}}) if clave else ""
    return _bloque_de_parrafo(en_html(texto), atributos)


def marca(clave: str) -> str:
    """La marca tal como queda dentro del contenido guardado."""
    return f'"name":"{clave}"'


def hay_marca(contenido: str, clave: str) -> bool:
    """Si el contenido guardado lleva la marca de `clave`."""
    return marca(clave) in contenido


def en_html(texto: str) -> str:
    """El texto como HTML que no puede hacer nada: escapado, con saltos y con enlaces seguros."""
    trozos: list[str] = []
    hasta = 0
    for hallada in _DIRECCION.finditer(texto):
        direccion = _recortar(hallada.group())
        trozos.append(escape_html(texto[hasta : hallada.start()]))
        trozos.append(_enlazar(direccion))
        hasta = hallada.start() + len(direccion)
    trozos.append(escape_html(texto[hasta:]))
    return _cerrar("".join(trozos).replace("\n", "<br>"))


def escape_html(texto: str) -> str:
    """Escapa `&`, `<`, `>` y comillas."""
    return escape(texto, quote=True)


def titulo_seguro(texto: str) -> str:
    """Un título o extracto en una línea y como texto: de un editor, WordPress muestra el HTML.

    Un `&` suelto queda igual; solo se escapa el que formaría una entidad.
    """
    sin_entidades = _ENTIDAD.sub("&amp;", " ".join(texto.split()))
    return sin_entidades.replace("<", "&lt;").replace(">", "&gt;")


def alternativo_seguro(texto: str) -> str:
    """Un texto alternativo para la biblioteca del sitio, que le borra las etiquetas y los `%41`.

    Escapado se guarda entero, y en la página se lee como se escribió.
    """
    return _OCTETO.sub("&#37;", titulo_seguro(texto))


def atributos_de_bloque(atributos: object) -> str:
    """El JSON de un bloque, con lo que cerraría su comentario escapado como lo hace WordPress."""
    crudo = json.dumps(atributos, ensure_ascii=False, separators=(",", ":"))
    for signo in ("--", "<", ">", "&"):
        crudo = crudo.replace(signo, "".join(f"\\u{ord(letra):04x}" for letra in signo))
    return f" {crudo}"


def bloque_de_medio(medio: MedioEnSitio) -> str:
    """El bloque de una imagen o un video que el sitio ya tiene."""
    return _video(medio) if medio.es_video else _imagen(medio)


def es_enlace_seguro(url: str) -> bool:
    """Si una dirección puede ir en la página: https, o http solo hacia esta máquina (ensayo)."""
    try:
        partes = urlsplit(url)
        anfitrion = partes.hostname or ""
    except ValueError:
        return False
    return bool(anfitrion) and (
        partes.scheme == "https" or (partes.scheme == "http" and es_local(anfitrion))
    )


def _bloque_de_parrafo(html: str, atributos: str = "") -> str:
    return f"<!-- wp:paragraph{atributos} -->\n<p>{html}</p>\n<!-- /wp:paragraph -->"


def _cerrar(crudo: str) -> str:
    # Última puerta: aunque antes hubiera un error, de aquí solo salen saltos y enlaces seguros.
    limpio = nh3.clean(
        crudo, tags=_ETIQUETAS, attributes=_ATRIBUTOS, url_schemes=_ESQUEMAS, link_rel=None
    )
    # Una dirección sola en su párrafo haría que WordPress la visitara para incrustarla.
    return _sin_codigos_cortos(_SUELTA.sub("http&#58;//", limpio))


def _imagen(medio: MedioEnSitio) -> str:
    atributos = atributos_de_bloque({"id": int(medio.id), "sizeSlug": "large"})
    return (
        f"<!-- wp:image{atributos} -->\n"
        f'<figure class="wp-block-image size-large"><img src="{_en_atributo(medio.url)}" '
        f'alt="{_en_atributo(medio.texto_alternativo)}" class="wp-image-{int(medio.id)}"/></figure>'
        "\n<!-- /wp:image -->"
    )


def _video(medio: MedioEnSitio) -> str:
    pista = ""
    if medio.subtitulos_url:
        pista = (
            f'<track src="{_en_atributo(medio.subtitulos_url)}" kind="subtitles" '
            'srclang="es" label="Español"/>'
        )
    return (
        f"<!-- wp:video{atributos_de_bloque({'id': int(medio.id)})} -->\n"
        f'<figure class="wp-block-video"><video controls aria-label='
        f'"{_en_atributo(medio.texto_alternativo)}" src="{_en_atributo(medio.url)}">{pista}</video>'
        "</figure>\n<!-- /wp:video -->"
    )


def _en_atributo(texto: str) -> str:
    return _sin_codigos_cortos(escape(" ".join(texto.split()), quote=True))


def _sin_codigos_cortos(html: str) -> str:
    # Entre corchetes WordPress corre códigos cortos: [gallery] traería medios que nadie aprobó.
    return html.replace("[", "&#91;").replace("]", "&#93;")


def _recortar(direccion: str) -> str:
    recortada = direccion.rstrip(_FIN_DE_FRASE)
    # Un paréntesis que se abrió dentro de la dirección es suyo: …/wiki/Nevado_(montaña)
    if direccion[len(recortada) :].startswith(")") and "(" in recortada:
        recortada += ")"
    return recortada


def _enlazar(direccion: str) -> str:
    if es_enlace_seguro(direccion):
        return f'<a href="{escape(direccion, quote=True)}">{escape(direccion, quote=True)}</a>'
    return escape(direccion, quote=True)
