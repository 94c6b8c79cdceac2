"""Las fichas contra envíos ajenos: sin la suya, o desde otro sitio, nada entra."""

import re

import pytest

from tests.panel.visitas import entrar, rutas


def test_todo_envio_sin_ficha_se_rechaza_y_no_cambia_nada(panel, armar_panel):
    con_ficha = armar_panel(con_csrf=True)
    cliente = con_ficha.como("jefatura")
    with con_ficha.oficina() as oficina:
        numero = oficina.en_revision("No la toquen").id
        version = oficina.en_revision("Otra").version_vigente_id
    for endpoint, metodo, camino in rutas(con_ficha.app):
        if metodo == "POST":
            respuesta = cliente.post(
                camino.replace("999", str(numero)),
                data={"version_id": version, "motivo": "Un motivo que alcanza"},
            )
            assert respuesta.status_code == 400, endpoint
            assert "El formulario caducó" in respuesta.text
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


@pytest.mark.parametrize("sitio", ["cross-site", "same-site"])
def test_un_envio_que_viene_de_otro_sitio_se_rechaza(panel, sitio):
    cliente = panel.como("jefatura")
    assert (
        cliente.post("/pausa", data={"motivo": "x"}, headers={"Sec-Fetch-Site": sitio}).status_code
        == 403
    )
