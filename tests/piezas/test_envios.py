"""Componer sigue el contrato al pie de la letra, y un sobre cerrado se abre igual."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conectores.contrato import Adjunto, Clase, Envio, Red, Web
from conectores.texto import cabe_en_x
from piezas.envios import Contenido, a_json, abrir, componer, etiquetas_que_faltan, huella

CARPETA = Path("/medios")
ENLACE = "https://alcaldia.example/vacunas"


def _camino(huella: str) -> Path:
    return CARPETA / huella


def _foto(letra: str = "a") -> Adjunto:
    return Adjunto(
        clase=Clase.IMAGEN, huella=letra * 64, tipo="image/jpeg", nombre="pub-1-1.jpg",
        archivo=_camino(letra * 64), peso_bytes=10, ancho_px=4, alto_px=3,
        texto_alternativo="Una foto.",
    )  # fmt: skip


def _componer(red: Red, **cambios) -> Envio:
    campos = {"titulo": "Título", "texto": "Hola.", "enlace": ENLACE, "etiquetas": ("Salud",)}
    return componer(Contenido(**{**campos, **cambios}), red, clave="pub-0123456789abcdef")


def test_x_lleva_el_enlace_en_el_texto_y_despues_las_etiquetas():
    envio = _componer(Red.X)
    assert envio.segmentos == (f"Hola.\n\n{ENLACE}\n\n#Salud",)
    assert envio.enlace is None


def test_facebook_sin_imagenes_lleva_el_enlace_aparte():
    envio = _componer(Red.FACEBOOK)
    assert envio.segmentos == ("Hola.\n\n#Salud",)
    assert envio.enlace == ENLACE


def test_facebook_con_imagenes_lleva_el_enlace_en_el_texto():
    envio = _componer(Red.FACEBOOK, adjuntos=(_foto(),))
    assert envio.segmentos == (f"Hola.\n\n{ENLACE}\n\n#Salud",)
    assert envio.enlace is None


def test_wordpress_lleva_el_enlace_aparte_tambien_con_imagenes():
    envio = _componer(Red.WORDPRESS, adjuntos=(_foto(),), web=Web(extracto="Resumen"))
    assert envio.segmentos == ("Hola.\n\n#Salud",)
    assert (envio.enlace, envio.web.extracto) == (ENLACE, "Resumen")


@pytest.mark.parametrize("red", [Red.MANUAL, Red.CORREO])
def test_lo_que_copia_una_persona_lleva_el_enlace_en_el_texto(red):
    assert _componer(red).segmentos == (f"Hola.\n\n{ENLACE}\n\n#Salud",)


def test_sin_enlace_ni_etiquetas_sale_el_texto_y_nada_mas():
    assert _componer(Red.X, enlace=None, etiquetas=()).segmentos == ("Hola.",)


def test_cada_red_usa_su_texto_y_las_demas_el_comun():
    propios = {"texto_facebook": "F", "texto_x": "X", "texto_wordpress": "W", "etiquetas": ()}
    textos = {red: _componer(red, enlace=None, **propios).texto for red in Red}
    assert textos == {
        Red.FACEBOOK: "F", Red.X: "X", Red.WORDPRESS: "W", Red.MANUAL: "Hola.", Red.CORREO: "Hola."
    }  # fmt: skip


def test_el_primer_comentario_es_solo_de_facebook():
    salen = {red: _componer(red, primer_comentario="Más").primer_comentario for red in Red}
    assert [red for red, texto in salen.items() if texto] == [Red.FACEBOOK]


@pytest.mark.parametrize(
    ("texto", "etiquetas", "faltan"),
    [
        ("Hola", ("Salud", "#Bga"), ("#Salud", "#Bga")),
        ("Hola #salud", ("#Salud",), ()),
        ("Hola #VACUNACIÓN.", ("vacunacion",), ()),
        ("Hola #AguaSegura", ("#Agua",), ("#Agua",)),
        ("Hola #Agua", ("#AguaSegura",), ("#AguaSegura",)),
        ("Salud sin numeral", ("Salud",), ("#Salud",)),
        ("https://a.example/#Salud", ("Salud",), ("#Salud",)),
        ("correo#Salud", ("Salud",), ("#Salud",)),
        ("(#Salud)", ("Salud",), ()),
        ("", ("#Salud", "salud", "SALUD"), ("#Salud",)),
        ("Feliz #Año", ("Ano",), ("#Ano",)),
        ("#Año", ("AÑO",), ()),
        ("#An\u0303o", ("Año",), ()),
    ],
)
def test_solo_se_agregan_las_etiquetas_que_el_texto_no_trae(texto, etiquetas, faltan):
    assert etiquetas_que_faltan(texto, etiquetas) == faltan


def test_en_hilo_cada_segmento_cabe_y_no_se_pierde_nada():
    largo = " ".join(f"palabra{n}" for n in range(120))
    envio = _componer(Red.X, texto=largo, en_hilo=True)
    assert len(envio.segmentos) > 1
    assert all(cabe_en_x(segmento) for segmento in envio.segmentos)
    assert " ".join(" ".join(envio.segmentos).split()) == f"{largo} {ENLACE} #Salud"


def test_sin_pedir_hilo_el_texto_de_x_no_se_parte():
    assert len(_componer(Red.X, texto="palabra " * 100).segmentos) == 1


def test_el_sobre_guarda_huellas_y_no_caminos():
    texto = a_json(_componer(Red.X, adjuntos=(_foto(),)))
    assert "/medios" not in texto
    assert json.loads(texto)["adjuntos"][0]["huella"] == "a" * 64
    assert huella(texto) == huella(a_json(abrir(texto, _camino)))


def test_un_sobre_de_otro_formato_no_se_abre():
    datos = json.loads(a_json(_componer(Red.X)))
    with pytest.raises(ValueError, match="formato"):
        abrir(json.dumps({**datos, "formato": 99}), _camino)


_texto = st.text(max_size=60)
_huella = st.text("0123456789abcdef", min_size=64, max_size=64)
_adjunto = st.builds(
    lambda huella, subtitulos, **campos: Adjunto(
        huella=huella,
        archivo=_camino(huella),
        subtitulos=_camino(subtitulos) if subtitulos else None,
        **campos,
    ),
    huella=_huella,
    subtitulos=st.none() | _huella,
    clase=st.sampled_from(Clase),
    tipo=_texto,
    nombre=_texto,
    peso_bytes=st.integers(0),
    ancho_px=st.integers(0),
    alto_px=st.integers(0),
    texto_alternativo=_texto,
)
_lista = st.lists(_texto, max_size=3).map(tuple)
_envio = st.builds(
    Envio,
    red=st.sampled_from(Red),
    clave=_texto,
    titulo=_texto,
    segmentos=st.lists(_texto, min_size=1, max_size=4).map(tuple),
    enlace=st.none() | _texto,
    adjuntos=st.lists(_adjunto, max_size=3).map(tuple),
    primer_comentario=st.none() | _texto,
    web=st.builds(
        Web,
        extracto=_texto,
        categorias=_lista,
        etiquetas=_lista,
        autor=st.none() | _texto,
        es_pagina=st.booleans(),
        pagina_padre=st.none() | _texto,
    ),
)


@given(_envio)
def test_abrir_un_sobre_devuelve_el_mismo_envio(envio):
    texto = a_json(envio)
    assert abrir(texto, _camino) == envio
    assert a_json(abrir(texto, _camino)) == texto


@given(texto=_texto, etiquetas=st.lists(st.text("aáñN1_", min_size=1, max_size=6), max_size=5))
def test_agregar_las_que_faltan_no_deja_ninguna_por_agregar(texto, etiquetas):
    faltan = etiquetas_que_faltan(texto, etiquetas)
    assert etiquetas_que_faltan(f"{texto} {' '.join(faltan)}", etiquetas) == ()
