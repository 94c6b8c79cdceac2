"""Una imagen entra como llegue y sale derecha, en sRGB, sin metadatos y a la medida de cada red."""

import struct
import warnings
import zlib
from io import BytesIO

import pillow_heif
import pytest
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from conectores.contrato import Red
from conectores.limites import limites_de
from piezas.errores import ImagenNoSirve
from piezas.imagenes import copia_para, limpiar
from piezas.taller import Taller

LUGAR = "Calle Secreta 45"


def _dibujo(medida=(80, 60), modo="RGB") -> Image.Image:
    """Mitad izquierda roja, mitad derecha azul."""
    imagen = Image.new(modo, medida, "blue")
    ImageDraw.Draw(imagen).rectangle((0, 0, medida[0] // 2 - 1, medida[1]), fill="red")
    return imagen


def _bytes(imagen: Image.Image, formato: str, **guardar) -> bytes:
    salida = BytesIO()
    imagen.save(salida, formato, **guardar)
    return salida.getvalue()


def _abrir(datos: bytes) -> Image.Image:
    imagen = Image.open(BytesIO(datos))
    imagen.load()
    return imagen


def _exif_con_lugar(orientacion: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientacion
    exif[0x010E] = LUGAR
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (7.0, 7.0, 11.0)
    return exif


XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>{LUGAR}</a></x:xmpmeta>'.encode()


def _con_metadatos(formato: str) -> bytes:
    exif = _exif_con_lugar().tobytes()
    if formato == "HEIF":
        return _bytes(_dibujo(), "HEIF", exif=exif, xmp=XMP)
    if formato == "PNG":
        notas = PngImagePlugin.PngInfo()
        notas.add_itxt("XML:com.adobe.xmp", XMP.decode())
        notas.add_text("Comment", LUGAR)
        return _bytes(_dibujo(), "PNG", exif=exif, pnginfo=notas)
    if formato == "GIF":
        cuadros = [_dibujo(), _dibujo().transpose(Image.Transpose.ROTATE_180)]
        return _bytes(
            cuadros[0], "GIF", save_all=True, append_images=cuadros[1:], comment=LUGAR.encode()
        )
    return _bytes(_dibujo(), formato, exif=exif, xmp=XMP)


@pytest.mark.parametrize("formato", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "GIF"])
def test_ni_lo_limpio_ni_las_copias_llevan_metadatos(formato):
    original = _con_metadatos(formato)
    assert LUGAR.encode() in original
    limpia = limpiar(original)
    salidas = [limpia.datos, *(copia_para(limpia.datos, red).datos for red in Red)]
    for datos in salidas:
        for rastro in (b"Exif", b"GPS", b"xmp", b"XMP", LUGAR.encode()):
            assert rastro not in datos
        assert not _abrir(datos).getexif()


@pytest.mark.parametrize("formato", ["JPEG", "PNG", "WEBP", "GIF", "HEIF", "TIFF", "BMP", "AVIF"])
def test_acepta_cada_formato_y_sale_en_uno_de_la_web(formato):
    limpia = limpiar(_bytes(_dibujo(), formato))
    assert (limpia.ancho, limpia.alto) == (80, 60)
    assert limpia.tipo in ("image/jpeg", "image/png")
    assert not limpia.es_animada
    rojo = _abrir(limpia.datos).convert("RGB").getpixel((10, 30))
    assert rojo[0] > 200
    assert max(rojo[1:]) < 60


@pytest.mark.parametrize("orientacion", range(1, 9))
def test_sale_derecha_sea_cual_sea_la_orientacion(orientacion):
    derecha = _dibujo()
    # Lo inverso de cada orientación: como la guarda un teléfono girado.
    inversas = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    guardada = derecha.transpose(inversas[orientacion]) if orientacion > 1 else derecha
    limpia = limpiar(_bytes(guardada, "JPEG", exif=_exif_con_lugar(orientacion)))
    assert (limpia.ancho, limpia.alto) == (80, 60)
    imagen = _abrir(limpia.datos)
    assert imagen.getpixel((10, 30))[0] > 200
    assert imagen.getpixel((70, 30))[2] > 200


def test_una_heic_girada_tambien_sale_derecha():
    heif = pillow_heif.from_pillow(_dibujo().transpose(Image.Transpose.ROTATE_90))
    salida = BytesIO()
    heif.save(salida, exif=_exif_con_lugar(6).tobytes())
    limpia = limpiar(salida.getvalue())
    assert (limpia.ancho, limpia.alto) == (80, 60)


@pytest.mark.parametrize("formato", ["JPEG", "PNG", "TIFF", "WEBP", "HEIF"])
def test_un_perfil_de_color_se_convierte_a_srgb(formato):
    # Un perfil con los primarios rojo y azul cambiados: lo guardado como rojo se ve azul.
    perfil = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    cambiado = perfil.replace(b"rXYZ", b"tmp!").replace(b"bXYZ", b"rXYZ").replace(b"tmp!", b"bXYZ")
    cambiado = cambiado.replace("sRGB".encode("utf-16-be"), "Raro".encode("utf-16-be"))
    imagen = _abrir(limpiar(_bytes(_dibujo(), formato, icc_profile=cambiado)).datos)
    assert imagen.getpixel((10, 30))[2] > 200
    assert imagen.getpixel((70, 30))[0] > 200
    assert "icc_profile" not in imagen.info


def test_un_perfil_roto_vale_como_ninguno():
    limpia = limpiar(_bytes(_dibujo(), "JPEG", icc_profile=b"no es un perfil" * 20))
    assert "icc_profile" not in _abrir(limpia.datos).info


@pytest.mark.parametrize("modo", ["L", "LA", "1", "P", "CMYK", "RGBA", "I;16"])
def test_cualquier_modo_de_color_sale_en_rgb(modo):
    gris = Image.new("I;16", (8, 8), 32_768)
    imagen = gris if modo == "I;16" else _dibujo((8, 8)).convert(modo)
    formato = "JPEG" if modo == "CMYK" else "PNG"
    limpia = limpiar(_bytes(imagen, formato))
    salida = _abrir(limpia.datos)
    assert salida.mode == "RGB"
    if modo == "I;16":
        assert salida.getpixel((4, 4)) == (128, 128, 128)


def test_lo_transparente_sale_sobre_blanco_en_las_redes_y_se_conserva_en_la_web():
    imagen = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    limpia = limpiar(_bytes(imagen, "PNG"))
    assert _abrir(limpia.datos).mode == "RGBA"
    for red in (Red.FACEBOOK, Red.X):
        copia = _abrir(copia_para(limpia.datos, red).datos)
        assert copia.mode == "RGB"
        assert copia.getpixel((20, 20)) == (255, 255, 255)
    assert _abrir(copia_para(limpia.datos, Red.WORDPRESS).datos).mode == "RGBA"


@pytest.mark.parametrize("red", list(Red))
def test_cada_copia_cabe_en_su_red(red):
    foto = Image.effect_noise((5000, 2500), 80).convert("RGB")
    limpia = limpiar(_bytes(foto, "JPEG", quality=90))
    copia = copia_para(limpia.datos, red)
    limites = limites_de(red)
    assert copia.tipo in limites.imagen_pesos
    assert len(copia.datos) <= limites.imagen_pesos[copia.tipo]
    assert max(copia.ancho, copia.alto) <= limites.imagen_lado_px
    assert abs(copia.ancho / copia.alto - 2) < 0.01


def test_una_imagen_pequena_no_se_agranda():
    copia = copia_para(limpiar(_bytes(_dibujo(), "PNG")).datos, Red.FACEBOOK)
    assert (copia.ancho, copia.alto, copia.tipo) == (80, 60, "image/png")


def test_la_misma_imagen_da_siempre_los_mismos_bytes():
    datos = _con_metadatos("JPEG")
    limpia = limpiar(datos)
    assert limpiar(datos).datos == limpia.datos
    assert copia_para(limpia.datos, Red.X).datos == copia_para(limpia.datos, Red.X).datos


def _gif(cuadros: int, medida=(40, 30)) -> bytes:
    imagenes = [Image.new("RGB", medida, (n * 7 % 256, n * 3 % 256, n)) for n in range(cuadros)]
    return _bytes(
        imagenes[0], "GIF", save_all=True, append_images=imagenes[1:], duration=80, loop=0
    )


def test_un_gif_animado_se_mueve_en_x_y_queda_quieto_en_las_demas():
    limpia = limpiar(_gif(5))
    assert limpia.es_animada
    for red in Red:
        copia = copia_para(limpia.datos, red)
        imagen = Image.open(BytesIO(copia.datos))
        if red is Red.X:
            assert (copia.tipo, imagen.n_frames) == ("image/gif", 5)
            assert imagen.info["duration"] == 80
        else:
            assert copia.tipo in ("image/png", "image/jpeg")


def test_un_gif_grande_se_achica_para_x():
    copia = copia_para(limpiar(_gif(3, (2000, 1500))).datos, Red.X)
    assert copia.ancho <= 1280
    assert copia.alto <= 1080


def test_un_gif_larguisimo_no_se_acepta():
    with pytest.raises(ImagenNoSirve, match="cuadros"):
        limpiar(_gif(351, (4, 4)))


@pytest.mark.parametrize(
    "datos",
    [
        b"",
        b"hola",
        b"<html><body onload=alert(1)></html>",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"%PDF-1.7\n%",
        b"GIF89a",
        b"\xff\xd8\xff\xe0<html>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        b"PK\x03\x04",
        _bytes(_dibujo(), "PPM"),
        _bytes(_dibujo(), "ICO"),
        _bytes(_dibujo(), "PDF"),
    ],
)
def test_lo_que_no_es_una_imagen_de_la_lista_se_niega(datos):
    with pytest.raises(ImagenNoSirve):
        limpiar(datos)


@pytest.mark.parametrize("formato", ["JPEG", "PNG", "WEBP", "GIF", "HEIF", "TIFF", "BMP", "AVIF"])
@pytest.mark.parametrize("parte", [0.3, 0.6, 0.9])
def test_una_imagen_cortada_se_niega(formato, parte):
    ruidosa = Image.effect_noise((120, 90), 70).convert("RGB")
    entera = _bytes(ruidosa, formato)
    with pytest.raises(ImagenNoSirve):
        limpiar(entera[: int(len(entera) * parte)])


def _png_que_dice_medir(ancho: int, alto: int) -> bytes:
    def trozo(tipo: bytes, datos: bytes) -> bytes:
        crc = zlib.crc32(tipo + datos)
        return struct.pack(">I", len(datos)) + tipo + datos + struct.pack(">I", crc)

    cabeza = trozo(b"IHDR", struct.pack(">IIBBBBB", ancho, alto, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + cabeza + trozo(b"IDAT", zlib.compress(b"")) + trozo(b"IEND", b"")


@pytest.mark.parametrize("medida", [(8001, 8000), (10_000, 10_000), (60_000, 60_000)])
def test_una_bomba_se_niega_por_su_medida_sin_decodificarla(medida):
    with pytest.raises(ImagenNoSirve, match="64 megapíxeles"):
        limpiar(_png_que_dice_medir(*medida))


def test_sesenta_y_cuatro_megapixeles_justos_se_aceptan():
    limpia = limpiar(_bytes(Image.new("L", (8000, 8000), 90), "PNG"))
    assert (limpia.ancho, limpia.alto) == (8000, 8000)


def test_mas_de_treinta_megas_se_niega():
    with pytest.raises(ImagenNoSirve, match="30 MB"):
        limpiar(b"\xff\xd8" + b"\0" * (30 * 1024 * 1024))


def test_un_exif_roto_no_impide_recibir_la_foto():
    roto = _bytes(_dibujo(), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff\xff\xff")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert limpiar(roto).ancho == 80


def test_si_el_obrador_muere_se_dice_y_el_siguiente_pedido_sirve():
    taller = Taller(plazo_s=0.001)
    try:
        with pytest.raises(ImagenNoSirve, match="tiempo o memoria"):
            taller.pedir("limpiar", _bytes(_dibujo(), "JPEG"))
        taller._plazo_s = 60
        medidas, _ = taller.pedir("limpiar", _bytes(_dibujo(), "JPEG"))
        assert medidas["ancho"] == 80
    finally:
        taller.cerrar()


def test_el_obrador_no_recibe_el_entorno_de_quien_lo_llama(monkeypatch):
    from pathlib import Path

    monkeypatch.setenv("PUBLICADOR_CLAVES", "CANARIO")
    taller = Taller()
    try:
        taller.pedir("limpiar", _bytes(_dibujo(), "JPEG"))
        pid = taller._obrador.pid
        assert b"CANARIO" not in Path(f"/proc/{pid}/environ").read_bytes()
    finally:
        taller.cerrar()
