"""Los subtítulos de un video: Facebook solo recibe SRT, con el idioma en el nombre."""

import re
from pathlib import Path

from conectores.contrato import Libreta
from conectores.errores import ErrorDeConector
from conectores.facebook.cliente import Grafo
from conectores.facebook.respuesta import FalloDeGrafo
from conectores.facebook.subidas import bytes_de

_CLAVE = "subtitulos"
_AVISO = "El video salió sin subtítulos: Facebook no los aceptó. Agréguelos en la página."
_TIEMPOS = re.compile(
    r"^((?:\d{2,}:)?\d{2}:\d{2})[.,](\d{3})\s+-->\s+((?:\d{2,}:)?\d{2}:\d{2})[.,](\d{3})"
)


def poner_subtitulos(grafo: Grafo, video: str, archivo: Path, libreta: Libreta) -> str:
    """Los agrega al video una sola vez; devuelve el aviso si no se pudo, o vacío.

    El video ya es público: nada de aquí puede volverlo un fracaso.
    """
    hecho = libreta.leer(_CLAVE)
    if hecho is not None:
        return "" if hecho == "puestos" else _AVISO
    try:
        srt = a_srt(bytes_de(archivo).decode("utf-8-sig", errors="replace"))
        grafo.request(
            f"{grafo.version}/{video}/captions",
            post_args={"default_locale": "es_LA"},
            files={"captions_file": ("video.es_LA.srt", srt.encode(), "application/x-subrip")},
        )
    except (FalloDeGrafo, ErrorDeConector):
        libreta.anotar(_CLAVE, "rechazados")
        return _AVISO
    libreta.anotar(_CLAVE, "puestos")
    return ""


def a_srt(texto: str) -> str:
    """El mismo contenido en SRT; si ya lo es, queda igual salvo la numeración."""
    bloques = re.split(r"\n\s*\n", texto.replace("\r\n", "\n").strip())
    salida: list[str] = []
    for bloque in bloques:
        lineas = bloque.split("\n")
        for indice, linea in enumerate(lineas):
            tiempos = _TIEMPOS.match(linea)
            if tiempos:
                desde, hasta = _hora(tiempos[1], tiempos[2]), _hora(tiempos[3], tiempos[4])
                dichos = "\n".join(lineas[indice + 1 :])
                salida.append(f"{len(salida) + 1}\n{desde} --> {hasta}\n{dichos}\n")
                break
    return "\n".join(salida)


def _hora(hasta_segundos: str, milesimas: str) -> str:
    completa = hasta_segundos if hasta_segundos.count(":") == 2 else f"00:{hasta_segundos}"
    return f"{completa},{milesimas}"
