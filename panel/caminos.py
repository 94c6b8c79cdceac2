"""A dónde se puede enviar a una persona: solo a caminos de este panel."""

import re
from urllib.parse import unquote, urlsplit

from flask import request

_RARO = re.compile(r"[\x00-\x20\x7f\\]")


def camino_propio(valor: str | None, *, si_no: str = "/") -> str:
    """`valor` si es un camino de este panel; si no, `si_no`.

    Rechaza `//otro`, `/\\otro`, `https:otro` y sus formas codificadas.
    """
    if not valor or len(valor) > 2000:
        return si_no
    for forma in (valor, unquote(valor), unquote(unquote(valor))):
        if not forma.startswith("/") or forma.startswith("//") or _RARO.search(forma):
            return si_no
    partes = urlsplit(valor)
    return si_no if partes.scheme or partes.netloc else valor


def de_donde_vino(*, si_no: str = "/") -> str:
    """El camino de la página que envió el formulario, si es de este panel."""
    partes = urlsplit(request.referrer or "")
    if partes.netloc != request.host:
        return si_no
    return camino_propio(partes.path + (f"?{partes.query}" if partes.query else ""), si_no=si_no)
