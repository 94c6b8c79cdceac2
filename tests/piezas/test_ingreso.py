"""Lo que se sube queda una vez en la mediateca, y su copia son los mismos bytes para siempre."""

import struct
from fractions import Fraction

import av
import pytest
from PIL import Image
from sqlalchemy import func, select

from conectores.contrato import Clase, Red
from piezas.errores import ImagenNoSirve, SinPermisoPara
from piezas.ingreso import copia, guardar_subtitulos, recibir_archivo, recibir_medio
from piezas.medios import Medio
from piezas.personas import Papel
from piezas.videos import medir, revisar_subtitulos
from tests.fabricas import AHORA, bytes_de_imagen, un_medio, una_persona


@pytest.fixture
def video(tmp_path):
    """Un MP4 de verdad: un segundo, 64×48, 10 cuadros por segundo."""
    ruta = tmp_path / "video.mp4"
    with av.open(str(ruta), "w") as contenedor:
        pista = contenedor.add_stream("libx264", rate=10)
        pista.width, pista.height, pista.pix_fmt = 64, 48, "yuv420p"
        pista.time_base = Fraction(1, 10)
        for numero in range(10):
            cuadro = av.VideoFrame.from_image(Image.new("RGB", (64, 48), (numero * 20, 0, 0)))
            contenedor.mux(pista.encode(cuadro))
        contenedor.mux(pista.encode())
    return ruta


def test_la_misma_imagen_dos_veces_es_un_medio(sesion, almacen):
    autor = una_persona(sesion)
    uno, otro = (un_medio(sesion, almacen, autor, nombre=n) for n in ("a.jpg", "b.jpg"))
    assert uno is otro
    assert sesion.scalar(select(func.count()).select_from(Medio)) == 1
    assert almacen.comprobar(uno.huella)


def test_el_nombre_pierde_las_carpetas(sesion, almacen):
    medio = un_medio(sesion, almacen, una_persona(sesion), nombre="../../etc/foto.jpg")
    assert medio.nombre_original == "foto.jpg"


def test_una_imagen_mala_no_deja_medio_ni_archivo(sesion, almacen):
    autor = una_persona(sesion)
    with pytest.raises(ImagenNoSirve):
        recibir_medio(sesion, almacen, b"<svg/>", nombre="a.jpg", por=autor.id, ahora=AHORA)
    assert sesion.scalar(select(func.count()).select_from(Medio)) == 0
    assert not almacen.carpeta.exists()


def test_quien_solo_consulta_no_sube(sesion, almacen):
    with pytest.raises(SinPermisoPara):
        un_medio(sesion, almacen, una_persona(sesion, Papel.CONSULTA))


def test_la_copia_se_saca_una_vez_y_no_cambia(sesion, almacen):
    medio = un_medio(sesion, almacen, una_persona(sesion), datos=bytes_de_imagen("PNG"))
    primera = copia(sesion, almacen, medio, Red.FACEBOOK)
    assert copia(sesion, almacen, medio, Red.FACEBOOK) is primera
    assert copia(sesion, almacen, medio, Red.X) is not primera
    assert almacen.camino(primera.huella).stat().st_size == primera.peso_bytes


def test_un_video_se_mide_y_se_publica_tal_como_llego(sesion, almacen, video):
    autor = una_persona(sesion)
    medio = recibir_archivo(sesion, almacen, video, nombre="Acto.MP4", por=autor.id, ahora=AHORA)
    assert (medio.clase, medio.tipo) == (Clase.VIDEO, "video/mp4")
    assert (medio.ancho_px, medio.alto_px) == (64, 48)
    assert medio.duracion_s == pytest.approx(1.0, abs=0.15)
    hecha = copia(sesion, almacen, medio, Red.X)
    assert almacen.camino(hecha.huella).read_bytes() == video.read_bytes()


def test_se_sabe_el_codec_y_los_cuadros_por_segundo(video):
    medido = medir(video)
    assert (medido.codec_video, medido.codec_audio, medido.cuadros_por_s) == ("h264", None, 10.0)


def test_un_video_cortado_o_falso_se_niega(video, tmp_path):
    entero = video.read_bytes()
    for nombre, datos in (
        ("cortado.mp4", entero[: len(entero) // 2]),
        ("vacio.mp4", b""),
        ("texto.mp4", b"hola" * 100),
        ("foto.mp4", bytes_de_imagen()),
        ("marca.mp4", struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0)),
    ):
        (tmp_path / nombre).write_bytes(datos)
        with pytest.raises(ImagenNoSirve):
            medir(tmp_path / nombre)


SRT = "1\n00:00:00,000 --> 00:00:02,500\nHola\n\n2\n00:00:03,000 --> 00:00:04,000\nAdiós\n"
VTT = "WEBVTT\n\n00:00.000 --> 00:02.500 align:start\nHola\n"


def test_los_subtitulos_son_srt_o_vtt(almacen):
    assert revisar_subtitulos(SRT.encode()) == "application/x-subrip"
    assert revisar_subtitulos(SRT.replace("\n", "\r\n").encode("utf-8-sig")) == (
        "application/x-subrip"
    )
    assert revisar_subtitulos(VTT.encode()) == "text/vtt"
    assert almacen.comprobar(guardar_subtitulos(almacen, SRT.encode()))


@pytest.mark.parametrize(
    "datos",
    [
        b"",
        b"hola",
        "Adiós -->".encode("latin-1"),
        b"1\n00:00:05,000 --> 00:00:02,000\nAl reves\n",
        b"x" * 1_000_001,
    ],
)
def test_unos_subtitulos_que_no_lo_son_se_niegan(datos):
    with pytest.raises(ImagenNoSirve, match="ubtítulos"):
        revisar_subtitulos(datos)
