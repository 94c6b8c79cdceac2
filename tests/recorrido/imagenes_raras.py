"""Imágenes de las que manda la gente, cada una con lo que debe verse al final."""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass

import pillow_heif
from PIL import ExifTags, Image, PngImagePlugin

Color = tuple[int, int, int]
ROJO, VERDE, AZUL, AMARILLO = (200, 40, 40), (40, 160, 60), (40, 70, 190), (230, 200, 40)
CUADRANTES = (ROJO, VERDE, AZUL, AMARILLO)
"""Arriba a la izquierda, arriba a la derecha, abajo a la izquierda, abajo a la derecha."""


@dataclass(frozen=True)
class Rara:
    """Los bytes como llegan, y las medidas y los colores con que debe verse."""

    datos: bytes
    ancho: int
    alto: int
    colores: tuple[Color, ...] = CUADRANTES
    cuadros: int = 1
    pesada: bool = False
    """Para caber en el peso de una red puede salir con menos píxeles."""


def todas() -> dict[str, Rara]:
    """Por nombre de archivo."""
    return {nombre: hacer() for nombre, hacer in _HECHURAS.items()}


def pocas(*nombres: str) -> dict[str, Rara]:
    """Solo esas."""
    return {nombre: _HECHURAS[nombre]() for nombre in nombres}


def dibujo(ancho: int, alto: int, modo: str = "RGB", colores: tuple = CUADRANTES) -> Image.Image:
    """Cuatro cuadrantes de un color cada uno."""
    imagen = Image.new(modo, (ancho, alto), colores[3])
    mitad_x, mitad_y = ancho // 2, alto // 2
    imagen.paste(colores[0], (0, 0, mitad_x, mitad_y))
    imagen.paste(colores[1], (mitad_x, 0, ancho, mitad_y))
    imagen.paste(colores[2], (0, mitad_y, mitad_x, alto))
    return imagen


def _bytes(imagen: Image.Image, formato: str, **opciones: object) -> bytes:
    salida = io.BytesIO()
    imagen.save(salida, formato, **opciones)
    return salida.getvalue()


def _exif(orientacion: int) -> Image.Exif:
    """Con el lugar y la cámara: nada de eso debe salir."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientacion
    exif[ExifTags.Base.Make] = "CAMARA-CANARIO"
    exif[ExifTags.Base.ImageDescription] = "DESCRIPCION-CANARIO"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (7.0, 7.0, 11.0)
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    return exif


def _girada() -> Rara:
    # Orientación 6: lo guardado está acostado y hay que girarlo a la derecha para verlo.
    acostada = dibujo(1200, 800).transpose(Image.Transpose.ROTATE_90)
    return Rara(_bytes(acostada, "JPEG", quality=92, exif=_exif(6)), 1200, 800)


def _en_espejo() -> Rara:
    espejo = dibujo(640, 480).transpose(Image.Transpose.TRANSPOSE)
    return Rara(_bytes(espejo, "JPEG", quality=92, exif=_exif(5)), 640, 480)


def _transparente() -> Rara:
    imagen = dibujo(300, 200).convert("RGBA")
    imagen.paste((0, 0, 0, 0), (150, 100, 300, 200))
    return Rara(_bytes(imagen, "PNG"), 300, 200, (ROJO, VERDE, AZUL, (255, 255, 255)))


def _de_imprenta() -> Rara:
    tintas = ((0, 255, 255, 0), (255, 0, 255, 0), (255, 255, 0, 0), (0, 0, 255, 0))
    imagen = dibujo(400, 300, "CMYK", tintas)
    puros = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0))
    return Rara(_bytes(imagen, "JPEG", quality=95), 400, 300, puros)


def _de_16_bits() -> Rara:
    grises = (0, 0x4000, 0x8000, 0xFFFF)
    mitades = [
        b"".join(gris.to_bytes(2, "little") * 100 for gris in par) * 100
        for par in (grises[:2], grises[2:])
    ]
    imagen = Image.frombytes("I;16", (200, 200), b"".join(mitades))
    return Rara(_bytes(imagen, "PNG"), 200, 200, tuple((g >> 8,) * 3 for g in grises))


def _webp() -> Rara:
    return Rara(_bytes(dibujo(800, 600), "WEBP", quality=90, exif=_exif(1)), 800, 600)


def _animada() -> Rara:
    cuadros = [dibujo(320, 240), Image.new("RGB", (320, 240), AZUL), dibujo(320, 240)]
    cuadros[2].paste(AMARILLO, (0, 0, 40, 40))
    datos = _bytes(
        cuadros[0], "GIF", save_all=True, append_images=cuadros[1:], duration=200, loop=0,
        comment=b"COMENTARIO-CANARIO",
    )  # fmt: skip
    return Rara(datos, 320, 240, cuadros=3)


def _heic() -> Rara:
    salida = io.BytesIO()
    pillow_heif.from_pillow(dibujo(1024, 768)).save(salida, quality=90, exif=_exif(1).tobytes())
    return Rara(salida.getvalue(), 1024, 768)


def _tiff() -> Rara:
    de_cabeza = dibujo(600, 400).transpose(Image.Transpose.ROTATE_180)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 3
    return Rara(_bytes(de_cabeza, "TIFF", compression="tiff_lzw", exif=exif), 600, 400)


def _enorme() -> Rara:
    return Rara(_bytes(dibujo(8000, 5000), "JPEG", quality=85), 8000, 5000)


def _con_ruido() -> Rara:
    ruido = Image.effect_noise((3000, 2000), 90).convert("RGB")
    datos = _bytes(Image.blend(dibujo(3000, 2000), ruido, 0.25), "JPEG", quality=95)
    mezcla = tuple(tuple(round(0.75 * c + 0.25 * 128) for c in color) for color in CUADRANTES)
    return Rara(datos, 3000, 2000, mezcla, pesada=True)


def _punto() -> Rara:
    return Rara(_bytes(Image.new("RGB", (1, 1), VERDE), "PNG"), 1, 1, (VERDE,) * 4)


def _panorama() -> Rara:
    return Rara(_bytes(dibujo(5000, 300), "PNG"), 5000, 300)


def _de_paleta() -> Rara:
    imagen = dibujo(256, 128).convert("P", palette=Image.Palette.ADAPTIVE, colors=8)
    return Rara(_bytes(imagen, "PNG"), 256, 128)


def _con_notas() -> Rara:
    notas = PngImagePlugin.PngInfo()
    notas.add_text("Comment", "TEXTO-CANARIO")
    notas.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>XMP-CANARIO</x:xmpmeta>")
    return Rara(_bytes(dibujo(500, 500), "PNG", pnginfo=notas, exif=_exif(1)), 500, 500)


def _p3() -> Rara:
    datos = _bytes(dibujo(900, 600), "JPEG", quality=95, icc_profile=perfil_display_p3())
    return Rara(datos, 900, 600, tuple(de_p3_a_srgb(color) for color in CUADRANTES))


def _bmp() -> Rara:
    return Rara(_bytes(dibujo(120, 90), "BMP"), 120, 90)


_HECHURAS: dict[str, Callable[[], Rara]] = {
    "girada con lugar.jpg": _girada,
    "Niña del páramo (2).JPG": _en_espejo,
    "transparente.png": _transparente,
    "imprenta.jpg": _de_imprenta,
    "radiografía 16 bits.png": _de_16_bits,
    "afiche.webp": _webp,
    "animada.gif": _animada,
    "IMG_0042.HEIC": _heic,
    "escaneado.tiff": _tiff,
    "enorme.jpg": _enorme,
    "con ruido.jpeg": _con_ruido,
    "punto.png": _punto,
    "panorama.png": _panorama,
    "paleta.png": _de_paleta,
    "con notas.png": _con_notas,
    "teléfono p3.jpg": _p3,
    "logo.bmp": _bmp,
}


def perfil_display_p3() -> bytes:
    """Un perfil ICC v4 de Display P3, armado a mano: primarios, blanco y curva de sRGB."""

    def s15(*numeros: float) -> bytes:
        return b"".join(struct.pack(">i", round(n * 65536)) for n in numeros)

    def xyz(*numeros: float) -> bytes:
        return b"XYZ \0\0\0\0" + s15(*numeros)

    def texto(dicho: str) -> bytes:
        cuerpo = dicho.encode("utf-16-be")
        cabeza = struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(cuerpo), 28)
        return b"mluc\0\0\0\0" + cabeza + cuerpo

    curva = b"para\0\0\0\0" + struct.pack(">HH", 3, 0)
    curva += s15(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    partes = {
        b"desc": texto("Display P3"),
        b"cprt": texto("CC0"),
        b"wtpt": xyz(0.96420, 1.0, 0.82491),
        b"rXYZ": xyz(0.51512, 0.24120, -0.00105),
        b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.15710, 0.06657, 0.78407),
        b"rTRC": curva,
        b"gTRC": curva,
        b"bTRC": curva,
    }
    tabla, cuerpo = b"", b""
    lugar = 128 + 4 + 12 * len(partes)
    for nombre, dato in partes.items():
        dato += b"\0" * (-len(dato) % 4)
        tabla += nombre + struct.pack(">II", lugar + len(cuerpo), len(dato))
        cuerpo += dato
    largo = lugar + len(cuerpo)
    cabeza = struct.pack(">I4sI4s4s4s", largo, b"\0\0\0\0", 0x04300000, b"mntr", b"RGB ", b"XYZ ")
    cabeza += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    cabeza += s15(0.96420, 1.0, 0.82491)
    return cabeza.ljust(128, b"\0") + struct.pack(">I", len(partes)) + tabla + cuerpo


def de_p3_a_srgb(color: Color) -> Color:
    """La cuenta con las matrices publicadas, sin pasar por un motor de color."""
    lineal = [_a_lineal(c / 255) for c in color]
    matriz = (
        (1.2249401, -0.2249402, 0.0),
        (-0.0420569, 1.0420571, 0.0),
        (-0.0196376, -0.0786361, 1.0982735),
    )
    salida = [sum(m * v for m, v in zip(fila, lineal, strict=True)) for fila in matriz]
    r, g, b = (round(255 * _de_lineal(min(1.0, max(0.0, c)))) for c in salida)
    return r, g, b


def _a_lineal(c: float) -> float:
    return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4


def _de_lineal(c: float) -> float:
    return 12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055
