"""Los consejos: cada uno dice qué se vio y qué hacer, y calla cuando no hay nada que decir."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conectores.contrato import Red
from piezas.consejos import ClaseConsejo, Escrito, del_texto
from piezas.consejos.lenguaje import siglas_sin_explicar
from piezas.consejos.parecidas import parecido, tejas

LARGA = "La oficina informa que " + "la jornada de la tarde " * 6 + "sigue."


def clases(*textos, alternos=(), redes=(Red.FACEBOOK, Red.X)):
    escrito = Escrito(textos=textos, alternos=alternos, redes=frozenset(redes))
    return [consejo.clase for consejo in del_texto(escrito)]


@pytest.mark.parametrize(
    ("texto", "esperada"),
    [
        ("La jornada es hoy.Mañana no hay.", ClaseConsejo.PUNTO),
        ("La jornada terminó.No habrá más.", ClaseConsejo.PUNTO),
        ("Lleve cédula, carné, etc.la entrada es libre", ClaseConsejo.PUNTO),
        (LARGA, ClaseConsejo.FRASE_LARGA),
        ("El CMGRD se reúne el lunes.", ClaseConsejo.SIGLA),
        ("VENGA TODO EL MUNDO a la fiesta", ClaseConsejo.MAYUSCULAS),
        ("Vea más en https://bit.ly/abc", ClaseConsejo.ACORTADOR),
        ("Hola #Uno #Dos #Tres #Cuatro #Cinco", ClaseConsejo.ETIQUETAS),
        ("Hola #jornadadevacunacion", ClaseConsejo.ETIQUETA_LLANA),
    ],
)
def test_cada_descuido_tiene_su_consejo(texto, esperada):
    assert clases(texto) == [esperada]


@pytest.mark.parametrize(
    "texto",
    [
        "Este sábado hay vacunación de 8:00 a. m. a 4:00 p. m. en la Cra. 27 No. 36-10.",
        "Más en https://www.bucaramanga.gov.co/vacunas y en bucaramanga.gov.co.",
        "Escriba a prensa.oficina@alcaldia.example o llame al 607 633 7000.",
        "El Consejo Municipal de Gestión del Riesgo (CMGRD) se reúne. El CMGRD avisará.",
        "Feria del libro XXI: entrada libre. #FeriaDelLibro #Bucaramanga",
        "¡Vamos! El presupuesto creció 3.5 % y costó $1.250.000.",
        "La EPS y el SENA atienden. Traiga el PDF con el QR.",
        "",
    ],
)
def test_lo_bien_escrito_no_recibe_consejos(texto):
    assert clases(texto) == []


def test_un_punto_pegado_dice_como_se_escribe_y_que_costaria_en_x():
    escrito = Escrito(textos=("La jornada terminó.No habrá más.",), redes=frozenset({Red.X}))
    (consejo,) = del_texto(escrito)
    assert "escriba «terminó. No»" in consejo.frase
    assert "X lo tomaría por un enlace" in consejo.frase
    sin_x = Escrito(textos=escrito.textos, redes=frozenset({Red.FACEBOOK}))
    assert "enlace" not in next(del_texto(sin_x)).frase


def test_lo_que_solo_dice_el_afiche_se_pide_tambien_en_el_texto():
    assert clases("Los esperamos", alternos=("Afiche con la fecha y el lugar",)) == [
        ClaseConsejo.SOLO_IMAGEN
    ]
    assert clases("Los esperamos", alternos=("Niñas en un parque",)) == []
    largo = "El sábado 5 de diciembre a las 9:00 a. m. en el parque García Rovira."
    assert clases(largo, alternos=("Afiche con la fecha",)) == []


def test_las_siglas_explicadas_de_cualquiera_de_las_dos_formas_no_se_senalan():
    assert siglas_sin_explicar("El POT (Plan de Ordenamiento Territorial) cambia.") == []
    assert siglas_sin_explicar("Plan de Ordenamiento Territorial (POT).") == []
    assert siglas_sin_explicar("El POT cambia y el PBOT también.") == ["POT", "PBOT"]


@given(st.text(max_size=400), st.lists(st.text(max_size=60), max_size=3))
def test_ningun_texto_los_rompe_y_ninguno_se_repite(texto, alternos):
    dados = clases(texto, texto.upper(), alternos=tuple(alternos))
    assert len(dados) == len(set(dados))


@given(st.text(max_size=600), st.text(max_size=600))
def test_el_parecido_es_una_medida_de_verdad(uno, otro):
    a, b = tejas(uno), tejas(otro)
    assert 0.0 <= parecido(a, b) <= 1.0
    assert parecido(a, b) == parecido(b, a)
    assert not a or parecido(a, a) == 1.0
