"""Los dibujos: se abren, son siempre los mismos y se leen."""

import io

import pytest
from PIL import Image, ImageChops

from publicador.demo.contenido import leer_contenido
from publicador.demo.dibujos import Dibujo, dibujar
from publicador.demo.lienzo import PALETAS, contraste
from publicador.demo.rotulos import ancho_de, escribir, partir
from publicador.demo.video import Filme, filmar, subtitular

DIBUJOS = [i.dibujo for p in leer_contenido().piezas for i in p.imagenes]
POR_DISENO = {d.diseno: d for d in DIBUJOS}


def abrir(datos: bytes) -> Image.Image:
    imagen = Image.open(io.BytesIO(datos))
    imagen.load()
    return imagen


@pytest.mark.parametrize("dibujo", DIBUJOS, ids=lambda d: f"{d.diseno}-{d.titulo[:18]}")
def test_cada_dibujo_del_contenido_se_abre_y_tiene_buen_tamanio(dibujo):
    imagen = abrir(dibujar(dibujo))
    assert imagen.format == "JPEG"
    assert imagen.size == ((1440, 810) if dibujo.diseno == "paisaje" else (1080, 1080))
    assert len(imagen.getcolors(imagen.width * imagen.height)) > 100


@pytest.mark.parametrize("diseno", sorted(POR_DISENO))
def test_el_mismo_pedido_da_los_mismos_bytes(diseno):
    assert dibujar(POR_DISENO[diseno]) == dibujar(POR_DISENO[diseno])


def test_otro_titulo_da_otro_dibujo():
    uno = Dibujo(diseno="afiche", paleta="manana", titulo="Recreovía")
    otro = Dibujo(diseno="afiche", paleta="manana", titulo="Concierto")
    assert dibujar(uno) != dibujar(otro)


@pytest.mark.parametrize("nombre", sorted(PALETAS))
def test_las_letras_se_leen_sobre_el_cielo_de_cada_paleta(nombre):
    paleta = PALETAS[nombre]
    assert contraste(paleta.tinta, paleta.cielo) >= 4.5
    assert contraste(paleta.cerca, (255, 255, 255)) >= 3


def renglon(texto: str) -> Image.Image:
    imagen = Image.new("L", (600, 120), 0).convert("RGB")
    escribir(imagen, 20, 80, texto, 48, (255, 255, 255))
    return imagen


@pytest.mark.parametrize(
    ("con", "sin"), [("á", "a"), ("í", "i"), ("Ñ", "N"), ("ñ", "n"), ("ü", "u"), ("¿", "?")]
)
def test_la_tilde_se_dibuja_de_verdad(con, sin):
    diferencia = ImageChops.difference(renglon(con), renglon(sin)).getbbox()
    assert diferencia is not None
    assert ancho_de(con, 48) == ancho_de(sin, 48)


def test_la_i_con_tilde_pierde_el_punto():
    alto = [renglon(letra).getbbox()[1] for letra in ("í", "i")]
    sin_tilde = renglon("í").crop((0, 0, 600, 50))
    assert alto[0] < alto[1]
    assert sin_tilde.getbbox() is not None


def test_un_signo_que_no_se_sabe_escribir_se_dice_y_no_sale_un_cuadro():
    with pytest.raises(ValueError, match="No sé escribir"):
        ancho_de("日", 48)


def test_partir_respeta_el_ancho_y_no_pierde_palabras():
    texto = "Pida información y deje constancia escrita de todo lo que pidió."
    renglones = partir(texto, 40, 400)
    assert " ".join(renglones) == texto
    assert all(ancho_de(uno, 40) <= 400 for uno in renglones)
    assert len(renglones) > 1


def test_el_video_dura_lo_que_dicen_sus_subtitulos_y_es_siempre_el_mismo(tmp_path):
    filme = Filme(
        paleta="lluvia", escena="lluvia", titulo="Señales", cuadros=("Una", "Dos"), alt="Dos"
    )
    for nombre in ("a.mp4", "b.mp4"):
        filmar(filme, tmp_path / nombre)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
    assert subtitular(filme).split("\n\n")[1] == "2\n00:00:02,000 --> 00:00:04,000\nDos\n"
