"""El marco: menú de cada quien, apariencia sin parpadeo, atajos, preguntas y deshacer."""

import re

import pytest
from flask import redirect
from playwright.sync_api import expect

from cola.estados import Estado
from panel.acceso import publica
from panel.recados import con_deshacer
from tests.panel.servido import entrar_como, servido


def menu(panel, papel):
    html = panel.como(papel).get("/").text
    nav = re.search(r'<nav class="menu".*?</nav>', html, re.DOTALL)[0]
    return re.findall(r'href="(/[^"]*)"', nav)


def test_el_menu_lleva_solo_a_lo_que_la_persona_puede_abrir(panel):
    for papel in ("jefatura", "redaccion", "consulta", "solicitante", "administracion"):
        cliente = panel.como(papel)
        direcciones = menu(panel, papel)
        assert direcciones[0] == "/"
        for direccion in direcciones:
            assert cliente.get(direccion).status_code == 200, (papel, direccion)
    assert "/aprobacion" in menu(panel, "jefatura")
    assert "/aprobacion" not in menu(panel, "redaccion")
    assert "/cola" not in menu(panel, "solicitante")


@pytest.mark.parametrize(
    ("tema", "condicion"),
    [
        ("claro", None),
        ("oscuro", "screen"),
        ("equipo", "screen and (prefers-color-scheme: dark)"),
    ],
)
def test_el_tema_lo_pone_el_servidor_y_se_recuerda(panel, tema, condicion):
    cliente = panel.visitante()
    respuesta = cliente.post("/apariencia", data={"tema": tema, "next": "/entrar"})
    assert (respuesta.status_code, respuesta.location) == (303, "/entrar")
    html = cliente.get("/entrar").text
    assert f'data-tema="{tema}"' in html
    oscura = re.search(r'href="[^"]*oscuro-\w+\.css" media="([^"]*)"', html)
    assert (oscura and oscura[1]) == condicion


def test_una_apariencia_inventada_se_rechaza_y_no_lleva_afuera(panel):
    cliente = panel.visitante()
    assert cliente.post("/apariencia", data={"tema": "fucsia"}).status_code == 400
    respuesta = cliente.post("/apariencia", data={"tema": "claro", "next": "https://otro.example"})
    assert respuesta.location == "/"
    cliente.set_cookie("tema", '"><script>')
    assert 'data-tema="equipo"' in cliente.get("/entrar").text


def test_deshacer_es_un_boton_que_envia_sus_campos(panel):
    @publica
    def mover():
        con_deshacer("La pieza se movió al martes.", "/cola/7/mover", momento="2026-12-01T08:00")
        return redirect("/")

    panel.app._got_first_request = False
    panel.app.add_url_rule("/mover-de-prueba", "mover_de_prueba", mover)
    html = panel.como("community").get("/mover-de-prueba", follow_redirects=True).text
    recado = re.search(r'<div class="recado recado-bien".*?</div>', html, re.DOTALL)[0]
    assert "La pieza se movió al martes." in recado
    assert 'action="/cola/7/mover"' in recado
    assert 'name="momento" value="2026-12-01T08:00"' in recado
    assert "Deshacer" in recado


@pytest.mark.navegador
def test_con_el_teclado_se_va_se_pide_ayuda_y_se_confirma(panel, pagina):
    with panel.oficina() as oficina:
        numero = oficina.entrega("Cierre de vía", "facebook", Estado.FALLIDA).id
    with servido(panel) as url:
        entrar_como(pagina, panel, url, "community")
        pagina.goto(url)
        pagina.keyboard.press("Tab")
        expect(pagina.get_by_role("link", name="Saltar al contenido")).to_be_focused()
        pagina.keyboard.press("Enter")
        pagina.keyboard.type("?")
        hoja = pagina.get_by_role("dialog", name="Atajos de teclado")
        expect(hoja).to_be_visible()
        expect(hoja).to_contain_text("Ir a Cola")
        pagina.keyboard.press("Escape")
        expect(hoja).to_be_hidden()
        pagina.keyboard.type("gq")
        pagina.wait_for_url("**/cola")

        pagina.goto(f"{url}/cola/{numero}")
        boton = pagina.get_by_role("button", name="Reintentar").first
        boton.focus()
        pagina.keyboard.press("Enter")
        pregunta = pagina.get_by_role("alertdialog")
        expect(pregunta).to_contain_text("Saldrá de inmediato")
        pagina.keyboard.press("Escape")
        expect(pregunta).to_have_count(0)
        expect(boton).to_be_focused()
        pagina.keyboard.press("Enter")
        expect(pregunta.get_by_role("button", name="Reintentar")).to_be_focused()
        with pagina.expect_navigation():
            pagina.keyboard.press("Enter")
    with panel.leer() as sesion:
        estado = sesion.connection().exec_driver_sql(
            "SELECT estado FROM publicacion WHERE id = ?", (numero,)
        )
        assert estado.scalar() == "programada"


@pytest.mark.navegador
def test_los_atajos_se_pueden_apagar(panel, pagina):
    with servido(panel) as url:
        entrar_como(pagina, panel, url, "community")
        pagina.goto(url)
        pagina.keyboard.type("?")
        pagina.get_by_role("button", name="Apagar los atajos").click()
        expect(pagina.locator("html")).to_have_attribute("data-atajos", "no")
        pagina.keyboard.type("?")
        expect(pagina.get_by_role("dialog")).to_have_count(0)
