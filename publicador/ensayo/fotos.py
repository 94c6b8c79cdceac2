"""Abre de verdad lo que sube la gente: una imagen que no se puede decodificar no es una imagen."""

import io
import warnings
from dataclasses import dataclass
from typing import Final

import av
from PIL import Image, UnidentifiedImageError

PIXELES_MAX: Final = 100_000_000
_TIPOS: Final = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Foto:
    """Lo que se supo de una imagen al abrirla."""

    tipo: str
    ancho_px: int
    alto_px: int
    cuadros: int
    descripcion: str
    """El título que puso la cámara en los metadatos, si lo puso."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filme:
    """Lo que se supo de un video al abrirlo."""

    ancho_px: int
    alto_px: int
    duracion_s: float
    codec: str


def abrir_foto(datos: bytes) -> Foto | None:
    """La imagen, decodificada entera; `None` si no lo es, está cortada o es desmesurada."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # el tamaño se revisa abajo, sin avisos de por medio
            with Image.open(io.BytesIO(datos)) as imagen:
                if imagen.width * imagen.height > PIXELES_MAX or imagen.format not in _TIPOS:
                    return None
                imagen.load()
                return Foto(
                    tipo=_TIPOS[imagen.format],
                    ancho_px=imagen.width,
                    alto_px=imagen.height,
                    cuadros=getattr(imagen, "n_frames", 1),
                    descripcion=str(imagen.getexif().get(270, "")).strip("\0 \n"),
                )
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        return None
    except Image.DecompressionBombError:
        return None


def abrir_filme(datos: bytes) -> Filme | None:
    """El video, hasta decodificar un cuadro; `None` si no lo es."""
    try:
        with av.open(io.BytesIO(datos), mode="r") as contenedor:
            if not contenedor.streams.video:
                return None
            pista = contenedor.streams.video[0]
            next(contenedor.decode(pista))
            return Filme(
                ancho_px=pista.width,
                alto_px=pista.height,
                duracion_s=float((contenedor.duration or 0) / av.time_base),
                codec=str(pista.codec_context.name),
            )
    except (av.FFmpegError, ValueError, StopIteration):
        return None
