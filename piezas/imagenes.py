"""Imágenes: revisar y limpiar lo que llega, y sacar la copia que sale a cada red."""

from dataclasses import asdict, dataclass
from typing import Any

from conectores.contrato import Red
from conectores.limites import limites_de
from piezas import taller
from piezas.errores import ImagenNoSirve
from piezas.pintura import Molde


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagenLimpia:
    """Un original vuelto a codificar: orientado, en sRGB y sin metadatos."""

    datos: bytes
    tipo: str
    ancho: int
    alto: int
    es_animada: bool
    huella_pixeles: str | None = None
    huella_visual: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiaLista:
    """Los bytes exactos que saldrán a una red."""

    datos: bytes
    tipo: str
    ancho: int
    alto: int


def limpiar(datos: bytes) -> ImagenLimpia:
    """La imagen limpia; lanza `ImagenNoSirve` con la razón si no se puede publicar.

    Se abre en un proceso aparte con memoria y plazo contados: un archivo hostil no llega más lejos.
    """
    if not datos:
        raise ImagenNoSirve("El archivo está vacío.")
    return _limpia(*taller.pedir("limpiar", datos))


def recortar(datos: bytes, caja: tuple[int, int, int, int]) -> ImagenLimpia:
    """Un pedazo de una imagen limpia, como otra imagen limpia."""
    return _limpia(*taller.pedir("recortar", datos, caja=caja))


def _limpia(medidas: dict[str, Any], datos: bytes) -> ImagenLimpia:
    return ImagenLimpia(
        datos=datos,
        tipo=medidas["tipo"],
        ancho=medidas["ancho"],
        alto=medidas["alto"],
        es_animada=medidas["es_animada"],
        huella_pixeles=medidas["huella_pixeles"],
        huella_visual=medidas["huella_visual"],
    )


def copia_para(datos: bytes, red: Red) -> CopiaLista:
    """La copia de una imagen limpia para `red`: a su formato, su tamaño y su peso."""
    medidas, copia = taller.pedir("ajustar", datos, molde=asdict(molde_de(red)))
    return CopiaLista(
        datos=copia, tipo=medidas["tipo"], ancho=medidas["ancho"], alto=medidas["alto"]
    )


def molde_de(red: Red) -> Molde:
    """Lo que recibe cada red, de `conectores.limites`. Solo X muestra un GIF en movimiento."""
    limites = limites_de(red)
    se_mueve = red is Red.X
    return Molde(
        lado_px=limites.imagen_lado_px,
        jpeg_peso=limites.imagen_pesos["image/jpeg"],
        png_peso=limites.imagen_pesos.get("image/png", 0),
        calidad=limites.imagen_calidad,
        con_alfa=red is Red.WORDPRESS,
        gif_peso=limites.gif_peso_bytes if se_mueve else 0,
        gif_ancho_px=limites.gif_ancho_px if se_mueve else 0,
        gif_alto_px=limites.gif_alto_px if se_mueve else 0,
    )
