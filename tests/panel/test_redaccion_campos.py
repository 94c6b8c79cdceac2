"""Los campos del editor: lo que se entiende, lo que se rechaza y lo que vuelve igual."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from conectores.contrato import Red
from panel.redaccion.campos import aplanar, poner
from panel.redaccion.formulario import Elegible, leer
from piezas.enlaces import Utm, en_marca, enlace_para

AHORA = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
CUENTAS = {
    1: Elegible(id=1, red=Red.FACEBOOK, alias="fb", nombre="Alcaldía en Facebook"),
    2: Elegible(id=2, red=Red.X, alias="x", nombre="Alcaldía en X"),
}


def leido(*pares):
    return leer(MultiDict(pares), CUENTAS, ahora=AHORA)


def test_la_hora_es_de_bogota_y_sin_hora_sale_al_aprobarse():
    borrador = leido(
        ("texto", "Hola"), ("cuenta", "1"), ("cuenta", "2"),
        ("fecha_1", "2026-12-02"), ("hora_1", "07:30"),
    ).borrador  # fmt: skip
    con_hora, sin_hora = borrador.destinos
    assert con_hora.programada_para == datetime(2026, 12, 2, 12, 30, tzinfo=UTC)
    assert not con_hora.al_aprobarse
    assert sin_hora.al_aprobarse


def test_el_titulo_vacio_sale_de_la_primera_frase():
    assert leido(("texto", "Hoy hay feria. Lleve bolsa.")).borrador.titulo == "Hoy hay feria"
    largo = leido(("texto", "palabra " * 40)).borrador.titulo
    assert len(largo) <= 90
    assert largo.endswith("palabra…")


def test_el_texto_de_una_red_solo_cuenta_si_es_distinto_del_comun():
    assert leido(("texto", "A"), ("texto_x", "B")).borrador.texto_x is None
    assert leido(("texto", "A"), ("texto_x", "B"), ("distinto_x", "1")).borrador.texto_x == "B"


@pytest.mark.parametrize(
    ("pares", "campo", "frase"),
    [
        ([], "texto", "Escriba el texto"),
        ([("texto", "a"), ("enlace", "hola")], "enlace", "no sirve"),
        ([("texto", "a"), ("etiquetas", "#bien #*")], "etiquetas", "«#*» no sirve"),
        ([("texto", "a\x00b")], "texto", "caracteres invisibles"),
        ([("texto", "a"), ("cuenta", "1"), ("fecha_1", "2026-12-02")], "hora_1", "falta la hora"),
        ([("texto", "a"), ("cuenta", "1"), ("hora_1", "07:30")], "fecha_1", "falta la fecha"),
        (
            [("texto", "a"), ("cuenta", "1"), ("fecha_1", "9999-99-99"), ("hora_1", "x")],
            "fecha_1", "no se entiende",
        ),
        ([("texto", "a"), ("cuenta", "77")], "cuenta", "ya no está activa"),
        ([("texto", "a"), ("medio", "5"), ("medio", "5")], "medio", "dos veces"),
        ([("texto", "a"), ("actividad", "A99")], "", "A99"),
    ],
)  # fmt: skip
def test_cada_falla_va_junto_a_su_campo(pares, campo, frase):
    errores = leido(*pares).errores
    assert list(errores) == [campo]
    assert frase in errores[campo]


NOMBRES = (
    "titulo texto distinto_x texto_x enlace etiquetas cuenta fecha_1 hora_1 medio alterno_3 "
    "subtitulos_3 responsable actividad utm_source"
)
CAMPOS = st.sampled_from(NOMBRES.split())
VALORES = st.text(max_size=30) | st.sampled_from(["1", "2", "3", "07:30", "0001-01-01"])
SENCILLOS = st.sampled_from(["titulo", "texto", "texto_x", "texto_facebook", "enlace", "hilo"])
PALABRAS = st.text(alphabet="abc áñ", min_size=1, max_size=8).map(str.strip).filter(bool)


@given(st.lists(st.tuples(CAMPOS, VALORES), max_size=12))
def test_ningun_formulario_lo_revienta(pares):
    leido(*pares)


@given(st.dictionaries(SENCILLOS, PALABRAS))
def test_poner_lo_que_se_aplano_da_lo_mismo(valores):
    campos = MultiDict()
    for asunto, valor in valores.items():
        poner(campos, asunto, valor)
    plano = aplanar(campos)
    assert {asunto: plano[asunto] for asunto in valores} == valores


def test_el_enlace_lleva_el_nombre_de_cada_red_y_el_sitio_propio_va_sin_marcas():
    utm = Utm(fuente="{red}", medio="social", campania="dia-sin-carro")
    base = "https://a.gov.co/p?x=1#z"
    assert (
        enlace_para(base, utm, Red.X)
        == "https://a.gov.co/p?x=1&utm_source=x&utm_medium=social&utm_campaign=dia-sin-carro#z"
    )
    assert enlace_para(base, utm, Red.WORDPRESS) == base
    assert enlace_para(base, Utm(), Red.FACEBOOK) == base


def test_una_marca_que_ya_traia_el_enlace_se_respeta():
    salio = enlace_para("https://a.gov.co/?utm_source=boletin", Utm(fuente="{red}"), Red.X)
    assert salio == "https://a.gov.co/?utm_source=boletin"


def test_una_campania_se_vuelve_marca_sin_tildes_ni_espacios():
    assert en_marca("¡Día sin carro y sin moto!") == "dia-sin-carro-y-sin-moto"
