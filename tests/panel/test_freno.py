"""El freno: a la sexta clave equivocada se espera, cada persona por su lado."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select

from panel.freno import IntentoEntrada
from tests.panel.visitas import entrar


def test_la_sexta_clave_equivocada_espera_aunque_sea_la_buena(panel):
    cliente = panel.visitante()
    for _ in range(5):
        assert entrar(cliente, clave="equivocada del todo").status_code == 401
    respuesta = entrar(cliente)
    assert respuesta.status_code == 429
    assert "Espere 15 minutos" in respuesta.text
    panel.pasan(timedelta(minutes=15))
    assert entrar(cliente).status_code == 303


def test_muchas_a_la_vez_dejan_evaluar_las_mismas_cinco(panel):
    with ThreadPoolExecutor(12) as hilos:
        codigos = list(
            hilos.map(
                lambda _: entrar(panel.visitante(), clave="equivocada del todo").status_code,
                range(12),
            )
        )
    assert sorted(codigos) == [401] * 5 + [429] * 7


def test_insistir_durante_la_espera_no_la_alarga(panel):
    cliente = panel.visitante()
    for _ in range(5):
        entrar(cliente, clave="equivocada del todo")
    panel.pasan(timedelta(minutes=14))
    assert entrar(cliente).status_code == 429
    panel.pasan(timedelta(minutes=1))
    assert entrar(cliente).status_code == 303


def test_el_freno_de_una_persona_no_frena_a_otra(panel):
    for _ in range(6):
        entrar(panel.visitante(), clave="equivocada del todo")
    assert entrar(panel.visitante(), correo="jefatura@alcaldia.example").status_code == 303


def test_entrar_bien_devuelve_la_cuenta_a_cero(panel):
    for _ in range(2):
        cliente = panel.visitante()
        for _ in range(4):
            entrar(cliente, clave="equivocada del todo")
        assert entrar(cliente).status_code == 303


def test_el_freno_no_guarda_correos_ni_direcciones(panel):
    entrar(panel.visitante(), clave="equivocada del todo")
    with panel.leer() as sesion:
        claves = sesion.scalars(select(IntentoEntrada.clave)).all()
    assert len(claves) == 3
    assert all(re.fullmatch(r"[0-9a-f]{64}", clave) for clave in claves)
