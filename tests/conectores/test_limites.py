"""Lo que no cabe en cada red se dice con una frase, antes de aprobar."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from conectores.contrato import Adjunto, Clase, Envio, Red
from conectores.costos import Tarifas, costo_x
from conectores.limites import LIMITES, limites_de, revisar


@pytest.fixture
def adjunto(tmp_path: Path) -> Adjunto:
    archivo = tmp_path / "una.jpg"
    archivo.write_bytes(b"foto")
    return Adjunto(
        clase=Clase.IMAGEN,
        huella="a" * 64,
        tipo="image/jpeg",
        nombre="una.jpg",
        archivo=archivo,
        peso_bytes=4,
        ancho_px=1200,
        alto_px=800,
        texto_alternativo="El parque al amanecer.",
    )


def un_envio(red: Red = Red.X, *segmentos: str, **cambios) -> Envio:
    return Envio(
        red=red,
        clave="pub-0123456789abcdef",
        titulo="Parque",
        segmentos=segmentos or ("Abre el parque.",),
        **cambios,
    )


@pytest.mark.parametrize("red", list(Red))
def test_un_envio_corriente_cabe_en_todas_las_redes(red, adjunto):
    assert revisar(un_envio(red, adjuntos=(adjunto,))) == ()
    assert limites_de(red) is LIMITES[red]


def test_un_texto_largo_dice_por_cuanto():
    (frase,) = revisar(un_envio(Red.X, "a" * 293))
    assert frase == "El texto no cabe en X: mide 293 y el máximo es 280; sobran 13."
    (frase,) = revisar(un_envio(Red.FACEBOOK, "a" * 63_207))
    assert "mide 63.207 y el máximo es 63.206; sobran 1." in frase
    assert revisar(un_envio(Red.WORDPRESS, "a" * 200_000)) == ()


def test_en_un_hilo_se_dice_cual_segmento_no_cabe():
    (frase,) = revisar(un_envio(Red.X, "uno", "b" * 281, "tres"))
    assert frase.startswith("El segmento 2 del hilo no cabe en X")
    assert revisar(un_envio(Red.X, *["uno"] * 26))[0].startswith("Son 26 publicaciones")
    assert revisar(un_envio(Red.FACEBOOK, "uno", "dos"))[0].startswith("Son 2 publicaciones")


def test_falta_el_texto_salvo_que_haya_una_foto(adjunto):
    assert revisar(un_envio(Red.X, " ")) == ("El texto está vacío.",)
    assert revisar(un_envio(Red.X, "", adjuntos=(adjunto,))) == ()
    assert revisar(un_envio(Red.X, "a", " ")) == ("El segmento 2 del hilo está vacío.",)
    assert "Falta el título" in revisar(replace(un_envio(Red.WORDPRESS), titulo=" "))[0]


def test_los_caracteres_rotos_no_pasan():
    assert "invisible o roto" in revisar(un_envio(Red.X, "a\ufeff"))[0]
    assert "invisible o roto" in revisar(un_envio(Red.FACEBOOK, "a\ud800"))[0]


def test_en_x_cabe_un_solo_simbolo_bursatil():
    assert revisar(un_envio(Red.X, "Son $5.000, $COP")) == ()
    (frase,) = revisar(un_envio(Red.X, "De $COP a $USD"))
    assert "símbolo bursátil" in frase
    assert revisar(un_envio(Red.FACEBOOK, "De $COP a $USD")) == ()


def test_demasiadas_imagenes(adjunto):
    (frase,) = revisar(un_envio(Red.X, adjuntos=(adjunto,) * 5))
    assert frase == "Lleva 5 imágenes y en X se admiten 4 como máximo."
    assert revisar(un_envio(Red.FACEBOOK, adjuntos=(adjunto,) * 10)) == ()
    assert revisar(un_envio(Red.FACEBOOK, adjuntos=(adjunto,) * 11)) != ()


@pytest.mark.parametrize(("clase", "tipo"), [(Clase.VIDEO, "video/mp4"), (Clase.GIF, "image/gif")])
def test_no_se_mezclan_imagenes_con_video_ni_gif(adjunto, clase, tipo):
    otro = replace(adjunto, clase=clase, tipo=tipo)
    (frase,) = revisar(un_envio(Red.X, adjuntos=(adjunto, otro)))
    assert "no van juntos" in frase
    (frase,) = revisar(un_envio(Red.X, adjuntos=(otro, otro)))
    assert "se admiten 1 como máximo" in frase
    assert revisar(un_envio(Red.WORDPRESS, adjuntos=(adjunto, otro))) == ()


def test_falta_el_texto_alternativo_o_sobra(adjunto):
    sin_alternativo = replace(adjunto, texto_alternativo=" ")
    (frase,) = revisar(un_envio(Red.FACEBOOK, adjuntos=(adjunto, sin_alternativo)))
    assert frase == "Imagen 2: falta el texto alternativo. Describa lo que se ve."
    video = replace(adjunto, clase=Clase.VIDEO, tipo="video/mp4", texto_alternativo="")
    assert revisar(un_envio(Red.X, adjuntos=(video,))) == ()
    largo = replace(adjunto, texto_alternativo="a" * 1001)
    (frase,) = revisar(un_envio(Red.X, adjuntos=(largo,)))
    assert "pasa de 1.000 caracteres; sobran 1." in frase


def test_falta_el_archivo(adjunto, tmp_path):
    perdido = replace(adjunto, archivo=tmp_path / "no-esta.jpg")
    (frase,) = revisar(un_envio(Red.X, adjuntos=(perdido,)))
    assert frase.startswith("Imagen 1: falta el archivo.")


def test_pesos_tipos_y_medidas(adjunto):
    def frases(red, **cambios):
        return revisar(un_envio(red, adjuntos=(replace(adjunto, **cambios),)))

    assert frases(Red.FACEBOOK, peso_bytes=4_000_000) == ()
    assert frases(Red.FACEBOOK, peso_bytes=4_000_001) != ()
    (frase,) = frases(Red.X, peso_bytes=5_500_000)
    assert frase == "Imagen 1: pesa 5,5 MB y el máximo en X es 5 MB."
    assert frases(Red.FACEBOOK, tipo="image/png", peso_bytes=1_000_001) != ()
    (frase,) = frases(Red.X, tipo="image/svg+xml")
    assert frase == "Imagen 1: el tipo image/svg+xml no se admite en X."
    (frase,) = frases(Red.WORDPRESS, ancho_px=2049)
    assert frase == "Imagen 1: mide 2049×800 y el máximo en el sitio web es 2048×2048."
    assert frases(Red.X, clase=Clase.GIF, tipo="image/gif", alto_px=1081) != ()
    assert frases(Red.X, clase=Clase.VIDEO, tipo="video/mp4", peso_bytes=513_000_000) != ()


def test_el_primer_comentario_tambien_tiene_limite():
    assert revisar(un_envio(Red.FACEBOOK, primer_comentario="a" * 8_000)) == ()
    (frase,) = revisar(un_envio(Red.FACEBOOK, primer_comentario="a" * 8_002))
    assert "primer comentario" in frase
    assert frase.endswith("sobran 2.")


def test_el_costo_de_x_suma_segmentos_enlaces_y_textos_alternativos(adjunto):
    assert costo_x(un_envio(Red.X)) == Decimal("0.015")
    assert costo_x(un_envio(Red.X, "Vea https://example.com/x")) == Decimal("0.200")
    assert costo_x(un_envio(Red.X, "Ya terminó.No más")) == Decimal("0.200")
    con_fotos = un_envio(Red.X, "uno", "dos https://a.co", adjuntos=(adjunto, adjunto))
    assert costo_x(con_fotos) == Decimal("0.225")
    assert costo_x(con_fotos, Tarifas(publicar=Decimal(1))) == Decimal("1.210")
    video = replace(adjunto, clase=Clase.VIDEO)
    assert costo_x(un_envio(Red.X, adjuntos=(video,))) == Decimal("0.015")
    assert costo_x(un_envio(Red.FACEBOOK)) == 0


@pytest.mark.parametrize(
    ("segundos", "frase"), [(0.2, "el mínimo en X es 0.5 s"), (141.0, "el máximo en X es 140 s")]
)
def test_un_video_fuera_de_duracion_no_cabe_en_x(tmp_path, segundos, frase):
    archivo = tmp_path / "v.mp4"
    archivo.write_bytes(b"v")
    video = Adjunto(
        clase=Clase.VIDEO,
        huella="0" * 64,
        tipo="video/mp4",
        nombre="v.mp4",
        archivo=archivo,
        peso_bytes=1,
        ancho_px=640,
        alto_px=360,
        texto_alternativo="",
        duracion_s=segundos,
    )
    envio = Envio(red=Red.X, clave="pub-1", titulo="t", segmentos=("t",), adjuntos=(video,))
    assert any(frase in queja for queja in revisar(envio))
