"""Videos: medirlos antes de aceptarlos, y revisar sus subtítulos. No se vuelven a codificar."""

import re
from dataclasses import dataclass
from pathlib import Path

from piezas import taller
from piezas.errores import ImagenNoSirve

SUBTITULOS_PESO_MAXIMO = 1_000_000

_TIEMPO = r"(?:\d{1,3}:)?\d{2}:\d{2}[,.]\d{3}"
_RENGLON_DE_TIEMPO = re.compile(rf"^({_TIEMPO})[ \t]+-->[ \t]+({_TIEMPO})(?:[ \t].*)?$", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoMedido:
    """Lo que se sabe de un video sin reproducirlo."""

    tipo: str
    """Tipo MIME del contenedor."""
    ancho_px: int
    alto_px: int
    duracion_s: float
    cuadros_por_s: float
    codec_video: str
    codec_audio: str | None


def medir(ruta: Path) -> VideoMedido:
    """Las medidas de un MP4, MOV o WebM; lanza `ImagenNoSirve` si no lo es o está dañado."""
    medidas, _ = taller.pedir("sondear", ruta=str(ruta.absolute()))
    medidas.pop("largo")
    return VideoMedido(**medidas)


def revisar_subtitulos(datos: bytes) -> str:
    """El tipo MIME de unos subtítulos SRT o VTT; lanza `ImagenNoSirve` si no lo son."""
    if len(datos) > SUBTITULOS_PESO_MAXIMO:
        raise ImagenNoSirve("Los subtítulos pesan más de 1 MB: eso no es un archivo SRT o VTT.")
    try:
        texto = datos.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ImagenNoSirve("Los subtítulos no están en UTF-8. Guárdelos de nuevo así.") from error
    renglones = _RENGLON_DE_TIEMPO.findall(texto)
    if not renglones:
        raise ImagenNoSirve("Los subtítulos no traen tiempos: deben ser un archivo SRT o VTT.")
    for desde, hasta in renglones:
        if _segundos(hasta) <= _segundos(desde):
            raise ImagenNoSirve(f"Los subtítulos terminan antes de empezar en {desde}.")
    return "text/vtt" if texto.startswith("WEBVTT") else "application/x-subrip"


def _segundos(tiempo: str) -> float:
    total = 0.0
    for parte in tiempo.replace(",", ".").split(":"):
        total = total * 60 + float(parte)
    return total
