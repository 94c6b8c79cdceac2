"""Las fichas contra envíos ajenos: sin la suya, o desde otro sitio, nada entra."""

import re

import pytest

from piezas.personas import Persona
from tests.panel.visitas import entrar, rutas


def _fotografia(panel):
    with panel.leer() as sesion:
        return [sesion.execute(tabla.select()).all() for tabla in Persona.metadata.sorted_tables]


def _enviar_a_todas(panel, cliente, **mas):
    """Un envío a cada ruta que cambia algo, con objetos que existen; da (ruta, respuesta)."""
    with panel.oficina() as oficina:
        numero = oficina.en_revision("No la toquen").id
        version = oficina.en_revision("Otra").version_vigente_id
    for endpoint, metodo, camino in rutas(panel.app):
        if metodo not in {"GET", "HEAD"}:
            datos = {"version_id": version, "motivo": "Un motivo que alcanza"}
            camino = camino.replace("999", str(numero))
            yield endpoint, cliente.open(camino, method=metodo, data=datos, **mas)


def test_todo_envio_sin_ficha_se_rechaza_y_no_cambia_nada(panel, armar_panel):
    con_ficha = armar_panel(con_csrf=True)
    cliente, antes = con_ficha.como("jefatura"), None
    for endpoint, respuesta in _enviar_a_todas(con_ficha, cliente):
        antes = antes or _fotografia(con_ficha)
        assert respuesta.status_code == 400, endpoint
        assert "El formulario caducó" in respuesta.text
    assert antes == _fotografia(con_ficha)
    assert cliente.get("/").status_code == 200


@pytest.mark.parametrize("sitio", ["cross-site", "same-site"])
def test_todo_envio_de_otro_sitio_se_rechaza_y_no_cambia_nada(panel, sitio):
    cliente, antes = panel.como("jefatura"), None
    for endpoint, respuesta in _enviar_a_todas(panel, cliente, headers={"Sec-Fetch-Site": sitio}):
        antes = antes or _fotografia(panel)
        assert respuesta.status_code == 403, endpoint
    assert antes == _fotografia(panel)
    assert cliente.get("/").status_code == 200


def test_con_su_ficha_el_formulario_entra(panel, armar_panel):
    con_ficha = armar_panel(con_csrf=True)
    cliente = con_ficha.visitante()
    html = cliente.get("/entrar").text
    ficha = re.search(r'name="csrf_token" value="([^"]+)"', html)[1]
    assert entrar(cliente, csrf_token=ficha).status_code == 303


def test_la_ficha_de_antes_de_entrar_no_sirve_despues(panel, armar_panel):
    con_ficha = armar_panel(con_csrf=True)
    cliente = con_ficha.visitante()
    vieja = re.search(r'name="csrf_token" value="([^"]+)"', cliente.get("/entrar").text)[1]
    assert entrar(cliente, csrf_token=vieja).status_code == 303
    cliente.get("/")
    respuesta = cliente.post("/pausa", data={"csrf_token": vieja, "motivo": "Duelo en la ciudad"})
    assert respuesta.status_code == 400
