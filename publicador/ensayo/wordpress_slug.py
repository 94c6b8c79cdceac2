"""Cómo hace WordPress un slug de un título, y cómo evita que se repita."""

import re
import unicodedata
from collections.abc import Callable
from html import unescape
from typing import Final
from urllib.parse import quote

LARGO_MAX: Final = 200
RESERVADOS: Final = frozenset({"feed", "rdf", "rss", "rss2", "atom", "embed"})
_ETIQUETA: Final = re.compile(r"<[^>]*>")
# Lo que WordPress convierte en guion o quita sin dejar rastro.
_A_GUION: Final = re.compile(r"[\s/\u00a0\u2010-\u2015.]+")
_PORCIENTO: Final = re.compile(r"%(?![0-9a-f]{2})")
_FUERA: Final = re.compile(r"[^%a-z0-9 _-]")
_SIN_RASTRO: Final = re.compile(r"[¡¿«»‹›“”„‘’‚´`\"'…©®™°ª]")
_ESPECIALES: Final = str.maketrans({"ß": "s", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "º": "o"})


def sanear(titulo: str) -> str:
    """El slug de un título; vacío si no queda nada."""
    texto = _ETIQUETA.sub("", unescape(titulo)).lower().translate(_ESPECIALES)
    texto = _SIN_RASTRO.sub("", texto)
    texto = _A_GUION.sub("-", _PORCIENTO.sub("", texto))
    plano = "".join(c for c in unicodedata.normalize("NFD", texto) if not unicodedata.combining(c))
    # Lo que no es latino (un emoji, por ejemplo) queda codificado con %.
    limpio = _FUERA.sub("", "".join(c if c.isascii() else quote(c).lower() for c in plano))
    return re.sub(r"-{2,}", "-", limpio)[:LARGO_MAX].strip("-")


def sin_repetir(slug: str, ocupado: Callable[[str], bool]) -> str:
    """El slug, o con `-2`, `-3`… si está ocupado o reservado."""
    if slug not in RESERVADOS and not ocupado(slug):
        return slug
    numero = 2
    while ocupado(f"{slug[: LARGO_MAX - len(str(numero)) - 1]}-{numero}"):
        numero += 1
    return f"{slug[: LARGO_MAX - len(str(numero)) - 1]}-{numero}"
