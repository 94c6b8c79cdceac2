"""Lo que se le hace a una imagen: abrirla con límites, limpiarla y ajustarla a una red.

Corre dentro del obrador (un proceso aparte, sin memoria ni tiempo de sobra), y por eso no conoce
ni la base de datos ni la carpeta de medios.
"""

import hashlib
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pillow_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from piezas.errores import ImagenNoSirve
from piezas.parecidos import huella_visual

PESO_MAXIMO = 30 * 1024 * 1024
PIXELES_MAXIMOS = 64_000_000
"""Los teléfonos llegan a 50 megapíxeles; más arriba ya son bombas de descompresión."""
CUADROS_MAXIMOS = 350
PIXELES_ANIMADOS = 300_000_000
"""Ancho × alto × cuadros que admite X en un GIF."""
FORMATOS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF", "TIFF", "BMP", "AVIF")

_SIN_PERDIDA_HASTA = 16_000_000  # un PNG de más píxeles tarda y pesa demasiado para ser original
_BLANCO = (255, 255, 255)
_SRGB = ImageCms.createProfile("sRGB")
# Avisos de metadatos estropeados: los metadatos se botan igual. Los demás avisos son errores.
_SE_TOLERAN = ("Corrupt EXIF data", "Image appears to be a malformed MPO file", "Metadata Warning")

Image.MAX_IMAGE_PIXELS = PIXELES_MAXIMOS
pillow_heif.register_heif_opener(thumbnails=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hecha:
    """El resultado: los bytes y sus medidas."""

    datos: bytes
    tipo: str
    ancho: int
    alto: int
    es_animada: bool = False
    huella_pixeles: str | None = None
    huella_visual: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Molde:
    """Lo que una red recibe: lado mayor y peso por formato. `png_peso=0` = solo JPEG."""

    lado_px: int
    jpeg_peso: int
    png_peso: int = 0
    calidad: int = 85
    con_alfa: bool = False
    gif_peso: int = 0
    """0 = los GIF animados salen como imagen quieta."""
    gif_ancho_px: int = 0
    gif_alto_px: int = 0


def limpiar(datos: bytes) -> Hecha:
    """La imagen vuelta a codificar desde sus píxeles: derecha, en sRGB y sin metadatos."""
    if len(datos) > PESO_MAXIMO:
        raise ImagenNoSirve("La imagen pesa más de 30 MB. Súbala más liviana.")
    with _abierta(datos) as imagen:
        if imagen.format == "GIF" and getattr(imagen, "n_frames", 1) > 1:
            return _con_huellas(_animada(imagen, imagen.size), imagen)
        de_linea = imagen.format in ("PNG", "GIF")
        pixeles = _pixeles(imagen)
    if pixeles.mode == "RGBA" or (de_linea and _area(pixeles) <= _SIN_PERDIDA_HASTA):
        return _con_huellas(_hecha(pixeles, _png(pixeles), "image/png"), pixeles)
    jpeg = _jpeg(pixeles, 95, subsampling=0)
    return _con_huellas(_hecha(pixeles, jpeg, "image/jpeg"), pixeles)


def recortar(datos: bytes, caja: tuple[int, int, int, int]) -> Hecha:
    """El pedazo de una imagen ya limpia; `caja` es izquierda, arriba, derecha y abajo."""
    with _abierta(datos) as imagen:
        izquierda, arriba, derecha, abajo = caja
        dentro = 0 <= izquierda < derecha <= imagen.width and 0 <= arriba < abajo <= imagen.height
        if not dentro:
            raise ImagenNoSirve("El recorte se sale de la imagen.")
        era_png = imagen.format in ("PNG", "GIF")
        pixeles = _pixeles(imagen).crop(caja)
    if era_png:
        return _con_huellas(_hecha(pixeles, _png(pixeles), "image/png"), pixeles)
    return _con_huellas(_hecha(pixeles, _jpeg(pixeles, 95, subsampling=0), "image/jpeg"), pixeles)


def reducir(datos: bytes, lado_px: int) -> Hecha:
    """La miniatura de una imagen ya limpia, para verla en una lista."""
    with _abierta(datos) as imagen:
        imagen.draft("RGB", (lado_px, lado_px))
        return miniatura_de(_pixeles(imagen), lado_px)


def miniatura_de(imagen: Image.Image, lado_px: int) -> Hecha:
    """Una imagen pequeña; el alfa se conserva, para que se vea sobre claro y sobre oscuro."""
    imagen.thumbnail((lado_px, lado_px), Image.Resampling.LANCZOS)
    salida = io.BytesIO()
    imagen.save(salida, "WEBP", quality=78, method=4)
    return _hecha(imagen, salida.getvalue(), "image/webp")


def _con_huellas(hecha: Hecha, imagen: Image.Image) -> Hecha:
    """Agrega lo que sirve para reconocer la misma imagen en otro formato, o una parecida."""
    if hecha.es_animada:
        imagen.seek(0)
        return replace(hecha, huella_visual=huella_visual(imagen))
    medida = f"{imagen.mode} {imagen.width} {imagen.height}\n".encode()
    huella = hashlib.sha256(medida + imagen.tobytes()).hexdigest()
    return replace(hecha, huella_pixeles=huella, huella_visual=huella_visual(imagen))


def ajustar(datos: bytes, molde: Molde) -> Hecha:
    """La copia de una imagen ya limpia para una red: a su tamaño, su formato y su peso."""
    with _abierta(datos) as imagen:
        if molde.gif_peso and getattr(imagen, "is_animated", False):
            return _gif_ajustado(imagen, molde)
        era_png = imagen.format in ("PNG", "GIF")
        # Un JPEG se puede decodificar ya reducido (nunca por debajo de lo pedido): cuatro veces
        # menos trabajo con una foto de teléfono.
        imagen.draft("RGB", (molde.lado_px, molde.lado_px))
        pixeles = _pixeles(imagen)
    if pixeles.mode == "RGBA" and not molde.con_alfa:
        pixeles = _sobre_blanco(pixeles)
    pixeles.thumbnail((molde.lado_px, molde.lado_px), Image.Resampling.LANCZOS)
    if era_png and molde.png_peso:
        sin_perdida = _png(pixeles)
        if len(sin_perdida) <= molde.png_peso:
            return _hecha(pixeles, sin_perdida, "image/png")
    return _jpeg_hasta(_sobre_blanco(pixeles), molde)


@contextmanager
def _abierta(datos: bytes) -> Iterator[Image.Image]:
    """La imagen abierta y medida antes de decodificar; todo lo que falle sale en palabras."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for aviso in _SE_TOLERAN:
            warnings.filterwarnings("ignore", message=aviso)
        try:
            with Image.open(io.BytesIO(datos), formats=FORMATOS) as imagen:
                _medir(imagen)
                yield imagen
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise _demasiado_grande() from error
        except UnidentifiedImageError as error:
            raise ImagenNoSirve(
                "El archivo no es una imagen JPEG, PNG, WebP, GIF, HEIC, TIFF, BMP o AVIF, "
                "aunque su nombre lo diga, o está dañado."
            ) from error
        except MemoryError as error:
            raise ImagenNoSirve("La imagen pide demasiada memoria. Súbala más pequeña.") from error
        except (OSError, ValueError, SyntaxError, EOFError, Warning) as error:
            raise ImagenNoSirve(
                "La imagen está cortada o dañada. Expórtela de nuevo y súbala otra vez."
            ) from error


def _medir(imagen: Image.Image) -> None:
    if _area(imagen) > PIXELES_MAXIMOS:
        raise _demasiado_grande()
    if imagen.format != "GIF":
        return
    # Contar los cuadros recorre el archivo sin pintarlos.
    cuadros = getattr(imagen, "n_frames", 1)
    if cuadros > CUADROS_MAXIMOS or _area(imagen) * cuadros > PIXELES_ANIMADOS:
        raise ImagenNoSirve(
            f"El GIF es demasiado largo o grande ({cuadros} cuadros). El máximo es de "
            f"{CUADROS_MAXIMOS} cuadros; recórtelo o súbalo como video."
        )


def _demasiado_grande() -> ImagenNoSirve:
    return ImagenNoSirve("La imagen tiene más de 64 megapíxeles. Súbala más pequeña.")


def _area(imagen: Image.Image) -> int:
    return imagen.width * imagen.height


def _pixeles(imagen: Image.Image) -> Image.Image:
    """Una imagen nueva, RGB o RGBA, con los píxeles y nada más."""
    imagen.load()
    derecha = ImageOps.exif_transpose(imagen)
    color = _en_srgb(_a_ocho_bits(derecha))
    if color.mode == "RGBA" and color.getchannel("A").getextrema()[0] == 255:
        color = color.convert("RGB")
    limpia = Image.new(color.mode, color.size)
    limpia.paste(color)
    return limpia


def _a_ocho_bits(imagen: Image.Image) -> Image.Image:
    # Pillow satura los 16 bits al convertirlos: una foto médica o escaneada saldría en blanco.
    if imagen.mode.startswith("I"):
        return imagen.convert("I").point(lambda valor: valor * (1 / 256)).convert("L")
    if imagen.mode == "F":
        raise ImagenNoSirve("La imagen no es para pantalla. Expórtela como JPEG o PNG.")
    return imagen


def _en_srgb(imagen: Image.Image) -> Image.Image:
    perfil = imagen.info.get("icc_profile")
    if imagen.has_transparency_data:
        con_alfa = imagen.convert("RGBA")
        color = _con_perfil(con_alfa.convert("RGB"), perfil if imagen.mode == "RGBA" else None)
        color.putalpha(con_alfa.getchannel("A"))
        return color
    if imagen.mode not in ("RGB", "L", "CMYK"):
        imagen, perfil = imagen.convert("RGB"), perfil if imagen.mode == "P" else None
    return _con_perfil(imagen, perfil)


def _con_perfil(imagen: Image.Image, perfil: bytes | None) -> Image.Image:
    """En sRGB si trae un perfil utilizable; un perfil roto vale como ninguno."""
    if not perfil:
        return imagen.convert("RGB")
    try:
        origen = ImageCms.ImageCmsProfile(io.BytesIO(perfil))
        if imagen.mode == "RGB" and "sRGB" in ImageCms.getProfileDescription(origen):
            return imagen
        convertida = ImageCms.profileToProfile(imagen, origen, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return imagen.convert("RGB")
    return convertida if convertida is not None else imagen.convert("RGB")


def _sobre_blanco(imagen: Image.Image) -> Image.Image:
    if imagen.mode != "RGBA":
        return imagen
    fondo = Image.new("RGB", imagen.size, _BLANCO)
    fondo.paste(imagen, mask=imagen.getchannel("A"))
    return fondo


def _hecha(imagen: Image.Image, datos: bytes, tipo: str, *, es_animada: bool = False) -> Hecha:
    return Hecha(
        datos=datos, tipo=tipo, ancho=imagen.width, alto=imagen.height, es_animada=es_animada
    )


def _png(imagen: Image.Image) -> bytes:
    salida = io.BytesIO()
    imagen.save(salida, "PNG", compress_level=6)
    return salida.getvalue()


def _jpeg(imagen: Image.Image, calidad: int, *, subsampling: int = 2) -> bytes:
    salida = io.BytesIO()
    imagen.save(salida, "JPEG", quality=calidad, subsampling=subsampling)
    return salida.getvalue()


def _jpeg_hasta(imagen: Image.Image, molde: Molde) -> Hecha:
    """JPEG que baja de calidad hasta 50, y después de tamaño, hasta caber en el molde."""
    while True:
        for calidad in range(molde.calidad, 49, -5):
            datos = _jpeg(imagen, calidad)
            if len(datos) <= molde.jpeg_peso:
                return _hecha(imagen, datos, "image/jpeg")
        menor = (max(1, imagen.width * 4 // 5), max(1, imagen.height * 4 // 5))
        if menor == imagen.size:
            raise ImagenNoSirve("La imagen no se deja reducir al peso que pide la red.")
        imagen = imagen.resize(menor, Image.Resampling.LANCZOS)


def _gif_ajustado(imagen: Image.Image, molde: Molde) -> Hecha:
    ancho, alto = imagen.size
    escala = min(1.0, molde.gif_ancho_px / ancho, molde.gif_alto_px / alto)
    for _ in range(8):
        medida = (max(1, int(ancho * escala)), max(1, int(alto * escala)))
        hecha = _animada(imagen, medida)
        if len(hecha.datos) <= molde.gif_peso:
            return hecha
        escala *= 0.8
    raise ImagenNoSirve("El GIF pesa demasiado para X. Recórtelo o súbalo como video.")


def _animada(imagen: Image.Image, medida: tuple[int, int]) -> Hecha:
    cuadros = _cuadros(imagen, medida)
    primero = next(cuadros)
    salida = io.BytesIO()
    # Los cuadros restantes se pintan de a uno: juntos y sin paleta podrían pasar de un gigabyte.
    primero.save(salida, "GIF", save_all=True, append_images=cuadros, loop=0, disposal=2)
    return _hecha(primero, salida.getvalue(), "image/gif", es_animada=True)


def _cuadros(imagen: Image.Image, medida: tuple[int, int]) -> Iterator[Image.Image]:
    for numero in range(int(getattr(imagen, "n_frames", 1))):
        imagen.seek(numero)
        duracion_ms = max(20, int(imagen.info.get("duration") or 100))
        cuadro = imagen.convert("RGBA")
        if cuadro.size != medida:
            cuadro = cuadro.resize(medida, Image.Resampling.LANCZOS)
        # Un comentario o un XMP del original viajaría en `info`.
        cuadro.info = {"duration": duracion_ms}
        yield cuadro
