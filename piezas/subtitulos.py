"""Subtítulos: de SRT a VTT, que es lo que muestran el navegador y el sitio web."""

import re

from piezas.videos import revisar_subtitulos

_TIEMPO = r"((?:\d{1,3}:)?\d{2}:\d{2}),(\d{3})"
_COMA = re.compile(rf"^{_TIEMPO}([ \t]+-->[ \t]+){_TIEMPO}", re.M)


def a_vtt(datos: bytes) -> bytes:
    """Los mismos subtítulos en VTT; lanza `ImagenNoSirve` si no son SRT ni VTT."""
    tipo = revisar_subtitulos(datos)
    texto = datos.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    if tipo != "text/vtt":
        texto = "WEBVTT\n\n" + _COMA.sub(r"\1.\2\3\4.\5", texto.lstrip("\n"))
    return texto.encode()
