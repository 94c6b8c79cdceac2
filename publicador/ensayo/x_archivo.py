"""Qué archivos toma X: el formato, el tamaño y las normas de cada categoría."""

from dataclasses import dataclass
from typing import Final

from publicador.ensayo.fotos import Filme, abrir_filme, abrir_foto

_FOTOS: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
GIF_CUADROS_MAX: Final = 350
GIF_PIXELES_MAX: Final = 300_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Archivo:
    """Un medio que X pudo abrir."""

    datos: bytes
    tipo: str
    clase: str
    """`imagen`, `gif`, `video` o `subtitulos`."""
    ancho_px: int | None = None
    alto_px: int | None = None
    duracion_s: float = 0.0
    cumple: bool = True
    """Un video fuera de norma se sube y se procesa, pero después no se puede publicar."""


def abrir(datos: bytes, categoria: str) -> Archivo | str:
    """El archivo abierto como lo que dice ser, o la frase del rechazo."""
    if categoria == "subtitles":
        return Archivo(datos=datos, tipo="text/plain", clase="subtitulos")
    if "video" in categoria:
        return _video(datos)
    foto = abrir_foto(datos)
    if foto is None or foto.tipo not in _FOTOS:
        return "The media file could not be decoded or its type is not supported"
    es_gif = categoria.endswith("gif")
    if es_gif != (foto.tipo == "image/gif" and foto.cuadros > 1):
        return f"The media file does not match the category {categoria}"
    pixeles = foto.ancho_px * foto.alto_px * foto.cuadros
    if es_gif and (foto.cuadros > GIF_CUADROS_MAX or pixeles > GIF_PIXELES_MAX):
        return "The animated GIF exceeds the limits"
    return Archivo(
        datos=datos,
        tipo=foto.tipo,
        clase="gif" if es_gif else "imagen",
        ancho_px=foto.ancho_px,
        alto_px=foto.alto_px,
        cumple=not es_gif or (foto.ancho_px <= 1280 and foto.alto_px <= 1080),
    )


def _video(datos: bytes) -> Archivo | str:
    filme = abrir_filme(datos)
    if filme is None:
        return "InvalidMedia: the video could not be decoded"
    return Archivo(
        datos=datos,
        tipo="video/mp4",
        clase="video",
        ancho_px=filme.ancho_px,
        alto_px=filme.alto_px,
        duracion_s=filme.duracion_s,
        cumple=_en_norma(filme),
    )


def _en_norma(filme: Filme) -> bool:
    lado_largo, lado_corto = sorted((filme.ancho_px, filme.alto_px), reverse=True)
    return (
        0.5 <= filme.duracion_s <= 140
        and lado_corto >= 32
        and lado_largo <= 1280
        and lado_corto <= 1024
        and lado_largo <= 3 * lado_corto
        and filme.codec == "h264"
    )
