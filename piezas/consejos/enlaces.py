"""Los enlaces que nadie quiso escribir, y los que esconden a dónde llevan. Puro."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from conectores.contrato import Red
from conectores.texto import urls_accidentales, urls_en
from piezas.consejos.consejo import ClaseConsejo, Consejo, Escrito

_PEGADO = re.compile(r"(?<![\w./@-])[^\W\d_]{2,}\.[A-ZÁÉÍÓÚÜÑ¿¡][^\W\d_]+(?![\w./@])")
# Terminaciones de dominio que en español son palabras: tras un punto pegado arman un enlace.
_PALABRAS_QUE_SON_DOMINIO = frozenset(
    [
        "no",
        "la",
        "es",
        "de",
        "me",
        "do",
        "si",
        "su",
        "ni",
        "va",
        "al",
        "se",
        "ve",
        "as",
        "uno",
        "red",
        "bar",
        "casa",
        "moda",
        "tienda",
        "viajes",
        "gratis",
        "vivo",
        "hoy",
        "fans",
        "vision",
    ]
)
ACORTADORES = frozenset(
    [
        "bit.ly",
        "tinyurl.com",
        "t.co",
        "goo.gl",
        "ow.ly",
        "is.gd",
        "cutt.ly",
        "rebrand.ly",
        "shorturl.at",
        "acortar.link",
        "n9.cl",
        "lnkd.in",
        "buff.ly",
        "t.ly",
        "tiny.cc",
        "rb.gy",
        "acortaurl.com",
    ]
)


def punto_sin_espacio(escrito: Escrito) -> Iterator[Consejo]:
    """«terminó.No»: falta un espacio, y en X puede volverse un enlace que además cuesta."""
    for texto in escrito.textos:
        enlazado = next(filter(_es_descuido, urls_accidentales(texto)), None)
        pegado = _PEGADO.search(texto)
        trozo = enlazado or (pegado.group() if pegado else None)
        if trozo is None:
            continue
        antes, despues = trozo.rsplit(".", 1)
        consecuencia = (
            " X lo tomaría por un enlace y lo cobraría como tal."
            if enlazado and Red.X in escrito.redes
            else ""
        )
        yield Consejo(
            clase=ClaseConsejo.PUNTO,
            frase=f"En «{trozo}» falta un espacio tras el punto: escriba "
            f"«{antes}. {despues}».{consecuencia}",
        )
        return


def acortador(escrito: Escrito) -> Iterator[Consejo]:
    """Un enlace acortado no deja ver a dónde lleva, y puede morir."""
    for texto in escrito.textos:
        for url in urls_en(texto):
            if _anfitrion(url) in ACORTADORES:
                yield Consejo(
                    clase=ClaseConsejo.ACORTADOR,
                    frase=f"«{url}» esconde a dónde lleva. Ponga la dirección completa: "
                    "da más confianza y no ocupa más en X.",
                )
                return


def _es_descuido(url: str) -> bool:
    final = re.split(r"[/?#:]", url, maxsplit=1)[0].rsplit(".", 1)[-1]
    return final[:1].isupper() or final in _PALABRAS_QUE_SON_DOMINIO


def _anfitrion(url: str) -> str:
    completa = url if "://" in url else f"https://{url}"
    try:
        return (urlsplit(completa).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
