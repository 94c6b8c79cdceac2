"""Lo que se mira de un video sin reproducirlo; corre dentro del obrador."""

from dataclasses import dataclass
from pathlib import Path

import av
from av.error import FFmpegError
from PIL import Image

from piezas.errores import ImagenNoSirve

_TIPOS = {"mov": "video/mp4", "mp4": "video/mp4", "webm": "video/webm", "matroska": "video/webm"}
_LADO_MAXIMO_PX = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Sondeo:
    """Las medidas de un video."""

    tipo: str
    """Tipo MIME del contenedor."""
    ancho_px: int
    alto_px: int
    duracion_s: float
    cuadros_por_s: float
    codec_video: str
    codec_audio: str | None


def sondear(ruta: Path) -> Sondeo:
    """Las medidas del video; lanza `ImagenNoSirve` si no es MP4, MOV o WebM, o está dañado."""
    try:
        with ruta.open("rb") as archivo, av.open(archivo, mode="r") as contenedor:
            return _medir(contenedor)
    except (FFmpegError, OSError, ValueError) as error:
        raise ImagenNoSirve(
            "El archivo no es un video MP4, MOV o WebM que se pueda leer, o está cortado."
        ) from error


def cartel(ruta: Path) -> Image.Image:
    """El primer cuadro de un video, para reconocerlo en una lista."""
    try:
        with ruta.open("rb") as archivo, av.open(archivo, mode="r") as contenedor:
            cuadro = next(contenedor.decode(contenedor.streams.video[0]), None)
            if cuadro is None:
                raise ImagenNoSirve("El video no tiene imagen.")
            imagen: Image.Image = cuadro.to_image()  # type: ignore[no-untyped-call]
            return imagen
    except (FFmpegError, OSError, ValueError, IndexError) as error:
        raise ImagenNoSirve("No se pudo sacar una imagen del video.") from error


def _medir(contenedor: av.container.InputContainer) -> Sondeo:
    nombres = contenedor.format.name.split(",")
    tipo = next((_TIPOS[nombre] for nombre in nombres if nombre in _TIPOS), None)
    if tipo is None or not contenedor.streams.video:
        raise ImagenNoSirve("El archivo no es un video MP4, MOV o WebM.")
    video = contenedor.streams.video[0]
    # Que se deje pintar el primer cuadro: un archivo cortado a veces solo conserva el índice.
    cuadro = next(contenedor.decode(video), None)
    if cuadro is None:
        raise ImagenNoSirve("El video no tiene imagen o está cortado.")
    if max(cuadro.width, cuadro.height) > _LADO_MAXIMO_PX:
        raise ImagenNoSirve("El video es más grande de lo que recibe cualquier red.")
    _exigir_el_final(contenedor, video)
    audio = contenedor.streams.audio
    return Sondeo(
        tipo="video/quicktime" if _es_quicktime(contenedor) else tipo,
        ancho_px=cuadro.width,
        alto_px=cuadro.height,
        duracion_s=_duracion(contenedor, video),
        cuadros_por_s=float(video.average_rate or 0),
        codec_video=video.codec_context.name,
        codec_audio=audio[0].codec_context.name if audio else None,
    )


def _exigir_el_final(contenedor: av.container.InputContainer, video: av.VideoStream) -> None:
    """Que haya imagen hasta cerca del final: el índice adelante no dice si llegó todo."""
    if not video.duration or not video.time_base:
        return
    comienzo = video.start_time or 0
    contenedor.seek(int(comienzo + video.duration * 0.9), stream=video)
    llega = max((p.pts for p in contenedor.demux(video) if p.pts is not None), default=comienzo)
    if llega - comienzo < video.duration * 0.8:
        raise ImagenNoSirve("El video está cortado: le falta el final. Súbalo otra vez.")


def _es_quicktime(contenedor: av.container.InputContainer) -> bool:
    return contenedor.metadata.get("major_brand", "").strip() == "qt"


def _duracion(contenedor: av.container.InputContainer, video: av.VideoStream) -> float:
    if contenedor.duration:
        return float(contenedor.duration / av.time_base)
    if video.duration and video.time_base:
        return float(video.duration * video.time_base)
    raise ImagenNoSirve("El video no dice cuánto dura. Expórtelo de nuevo como MP4.")
