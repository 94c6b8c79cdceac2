"""Etiquetas e imágenes que dejan por fuera a quien lee con un lector de pantalla. Puro."""

import re
from collections.abc import Iterator

from piezas.consejos.consejo import ClaseConsejo, Consejo, Escrito

ETIQUETAS_COMODAS = 4
LETRAS_DE_VARIAS_PALABRAS = 12
"""Un hashtag más largo que esto casi nunca es una sola palabra."""
TEXTO_CORTO = 60
_ETIQUETA = re.compile(r"(?<![\w/&=])[#＃](\w+)")
_AFICHE = re.compile(
    r"\b(afiche|volante|cartel|flyer|infograf[ií]a|texto que dice)\b", re.IGNORECASE
)


def muchas_etiquetas(escrito: Escrito) -> Iterator[Consejo]:
    """Más hashtags de los que alguien lee."""
    mayor = max((len(set(_ETIQUETA.findall(texto))) for texto in escrito.textos), default=0)
    if mayor > ETIQUETAS_COMODAS:
        yield Consejo(
            clase=ClaseConsejo.ETIQUETAS,
            frase=f"Lleva {mayor} etiquetas. Deje las dos o tres que de verdad se buscan.",
        )


def etiqueta_llana(escrito: Escrito) -> Iterator[Consejo]:
    """Un hashtag de varias palabras sin mayúsculas: un lector de pantalla lo lee de un golpe."""
    for texto in escrito.textos:
        for nombre in _ETIQUETA.findall(texto):
            if len(nombre) > LETRAS_DE_VARIAS_PALABRAS and nombre == nombre.lower():
                yield Consejo(
                    clase=ClaseConsejo.ETIQUETA_LLANA,
                    frase=f"Empiece con mayúscula cada palabra de «#{nombre}», como en "
                    "#FiestaDelLibro: así se entiende, también al oírla.",
                )
                return


def solo_en_la_imagen(escrito: Escrito) -> Iterator[Consejo]:
    """Lo que solo se dice dentro de un afiche no lo recibe quien no ve la imagen."""
    if not escrito.alternos or not escrito.textos:
        return
    cuerpo = max((_sin_etiquetas(texto) for texto in escrito.textos), key=len)
    if len(cuerpo) >= TEXTO_CORTO:
        return
    if any(_AFICHE.search(alterno) for alterno in escrito.alternos) or not cuerpo:
        yield Consejo(
            clase=ClaseConsejo.SOLO_IMAGEN,
            frase="Lo que dice la imagen casi no está en el texto. Escriba también ahí qué, cuándo "
            "y dónde: quien no ve la imagen no se entera.",
        )


def _sin_etiquetas(texto: str) -> str:
    return " ".join(_ETIQUETA.sub("", re.sub(r"https?://\S+", "", texto)).split())
