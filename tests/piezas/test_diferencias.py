"""Las diferencias entre versiones: nada se inventa y nada se calla."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conectores.contrato import Clase, Red
from piezas.diferencias import Marca, comparar, marcar
from piezas.medios import Medio
from piezas.versiones import Version, VersionDestino, VersionMedio


def una(medios=(), cuentas=("fb",), **cambios):
    campos = {"titulo": "Feria", "texto": "Hay feria.", "utm": "{}", "etiquetas": "", "web": "{}"}
    return Version(
        **(campos | cambios),
        medios=[
            VersionMedio(
                medio_id=n,
                texto_alternativo=alterno,
                medio=Medio(id=n, huella=f"{n:064d}", clase=Clase.IMAGEN, nombre_original="a.png"),
            )
            for n, alterno in medios
        ],
        destinos=[VersionDestino(cuenta_id=1, red=Red.FACEBOOK, alias=a) for a in cuentas],
    )


def reunir(trozos, *sin):
    return "".join(t.texto for t in trozos if t.marca not in sin)


textos = st.text(alphabet="abc áñ.\n", max_size=80) | st.text(max_size=80)


@given(textos, textos)
def test_sin_lo_puesto_es_el_de_antes_y_sin_lo_quitado_es_el_de_ahora(antes, despues):
    trozos = marcar(antes, despues)
    assert reunir(trozos, Marca.PUESTO) == antes
    assert reunir(trozos, Marca.QUITADO) == despues
    assert all(trozo.texto for trozo in trozos)


def test_se_marca_la_palabra_y_no_la_frase():
    trozos = marcar("La feria es el sábado a las 9.", "La feria es el domingo a las 9.")
    assert [(t.marca.value, t.texto) for t in trozos] == [
        ("igual", "La feria es el "),
        ("quitado", "sábado"),
        ("puesto", "domingo"),
        ("igual", " a las 9."),
    ]


def test_dos_versiones_iguales_no_difieren():
    assert comparar(una(), una()) == ()


def test_un_texto_enorme_se_compara_sin_demora():
    largo = "palabra distinta \n" * 20_000
    trozos = marcar(largo, largo.replace("distinta", "otra", 1))
    assert reunir(trozos, Marca.PUESTO) == largo


@pytest.mark.parametrize(
    ("cambios", "campo", "puesto"),
    [
        ({"titulo": "Feria nueva"}, "titulo", " nueva"),
        ({"texto_x": "Corto"}, "texto_x", "Corto"),
        ({"enlace": "https://a.example"}, "enlace", "https://a.example"),
        ({"etiquetas": "#Feria"}, "etiquetas", "#Feria"),
        ({"en_hilo": True}, "en_hilo", "sí"),
        ({"web": '{"extracto": "Breve"}'}, "extracto", "Breve"),
        ({"cuentas": ("fb", "web")}, "destinos", ", web"),
        ({"utm": '{"fuente": "boletin"}'}, "utm", "boletin"),
    ],
)
def test_cada_campo_que_cambia_se_dice(cambios, campo, puesto):
    (cambio,) = comparar(una(), una(**cambios))
    assert cambio.campo == campo
    assert puesto in [t.texto for t in cambio.trozos if t.marca is Marca.PUESTO]


def test_los_archivos_que_entran_salen_se_mueven_o_cambian_de_descripcion():
    antes = una(medios=((1, "uno"), (2, "dos"), (3, "tres")))
    despues = una(medios=((3, "tres"), (2, "dos bien"), (4, "cuatro")))
    (cambio,) = comparar(antes, despues)
    assert sorted((m.que, m.medio_id) for m in cambio.medios) == [
        ("Cambió de lugar", 2),
        ("Cambió de lugar", 3),
        ("Cambió el texto alternativo", 2),
        ("Se agregó", 4),
        ("Se quitó", 1),
    ]
