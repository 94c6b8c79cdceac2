"""Entrar: con la clave buena, sin dar pistas con la mala, y nunca hacia otro sitio."""

import re

import pytest
from sqlalchemy import select

from panel.caminos import camino_propio
from piezas.bitacora import Anotacion
from tests.panel.visitas import CORREO, entrar


def test_la_pantalla_de_entrar_tiene_sus_rotulos(panel):
    html = panel.visitante().get("/entrar").text
    assert '<label for="correo">Correo</label>' in html
    assert '<label for="clave">Contraseña</label>' in html
    assert re.search(r"<button[^>]*>Entrar</button>", html)


def test_entrar_con_la_clave_buena_lleva_a_donde_se_iba(panel):
    cliente = panel.visitante()
    respuesta = cliente.get("/cola?estado=todas")
    assert respuesta.status_code == 302
    assert respuesta.location == "/entrar?next=/cola?estado%3Dtodas"
    respuesta = entrar(cliente, next="/cola?estado=todas")
    assert respuesta.status_code == 303
    assert respuesta.location == "/cola?estado=todas"
    assert cliente.get("/cola").status_code == 200


def test_el_correo_se_entiende_con_mayusculas_y_espacios(panel):
    assert entrar(panel.visitante(), correo=" Community@Alcaldia.example ").status_code == 303


def test_una_clave_mala_no_dice_si_el_correo_existe(panel):
    frases = set()
    for correo in (CORREO, "nadie@alcaldia.example"):
        respuesta = entrar(panel.visitante(), correo=correo, clave="no es esta clave")
        assert respuesta.status_code == 401
        frases.add(re.search(r'role="alert"[^>]*>([^<]+)', respuesta.text)[1])
    assert frases == {"El correo o la contraseña no coinciden."}


def test_una_persona_desactivada_no_entra(panel):
    with panel.oficina() as oficina:
        oficina.persona(CORREO).activa = False
    assert entrar(panel.visitante()).status_code == 401


def test_las_entradas_y_las_negadas_quedan_en_la_bitacora_sin_la_clave(panel):
    entrar(panel.visitante(), clave="una clave que no es")
    entrar(panel.visitante())
    with panel.leer() as sesion:
        hechos = [
            (a.accion, a.quien) for a in sesion.scalars(select(Anotacion)) if a.objeto == "sesion"
        ]
    assert hechos == [("entrada_negada", CORREO), ("entrar", CORREO)]


@pytest.mark.parametrize(
    "hostil",
    [
        "//otro.example", "/\\otro.example", "https:otro.example", "https://otro.example",
        "%2f%2fotro.example", "/%2fotro.example", "/%5cotro.example", "\\\\otro.example",
        "javascript:alert(1)", "/\t/otro.example", "/\n/otro.example", " //otro.example",
        "http:/otro.example", "otro.example", "///otro.example", "/%252f%252fotro.example",
        "/%09/otro.example", "",
    ],
)  # fmt: skip
def test_entrar_nunca_lleva_a_otro_sitio(panel, hostil):
    assert entrar(panel.visitante(), next=hostil).location == "/"


@pytest.mark.parametrize(
    "bueno", ["/", "/cola?estado=todas&cuenta=x", "/piezas/3", "/cola#decidir"]
)
def test_un_camino_propio_se_respeta(bueno):
    assert camino_propio(bueno) == bueno
