"""Conectar cada red por su asistente: qué se guarda, qué se exige y qué se comprueba."""

import pytest

from conectores.contrato import Red
from piezas.bitacora import Anotacion
from tests.panel.cuentas.conftest import CUENTA_X, OTRA, PAGINA, TODO


def anotadas(conexion, accion):
    with conexion.panel.leer() as sesion:
        return sesion.query(Anotacion).filter_by(accion=accion).all()


def test_facebook_queda_conectada_verificada_y_sellada(conectada):
    cuenta = conectada.cuenta("prensa_fb")
    assert (cuenta.identificador, cuenta.nombre) == (PAGINA, "Alcaldía de Ensayo")
    assert cuenta.permiso_visto_en is not None
    assert cuenta.credencial_en == conectada.panel.ahora
    assert conectada.secreta("prensa_fb")["token_pagina"] not in cuenta.credencial
    hoja = conectada.como("jefatura").get("/cuentas/prensa_fb").text
    assert "Publicar, corregir y retirar en la página" in hoja
    (declarada,) = anotadas(conectada, "declarar_institucional")
    assert declarada.quien == "jefatura@alcaldia.example"
    assert "no a una persona" in declarada.motivo


def test_sin_declarar_que_es_institucional_no_se_registra_y_no_se_pierde_lo_escrito(conexion):
    cliente = conexion.como("administracion")
    escoger = conexion.volver(cliente, "facebook", paginas=[PAGINA, OTRA])
    datos = {"red": "facebook", "elegida": OTRA, "activo": "si", "alias": "cultura",
             "custodio": "Ana de Prensa"}  # fmt: skip
    negada = cliente.post(escoger, data=datos)
    assert negada.status_code == 422
    assert "Falta declarar que la cuenta es institucional" in negada.text
    assert 'value="Ana de Prensa"' in negada.text
    assert 'value="cultura"' in negada.text
    assert cliente.post(escoger, data=datos | TODO).status_code == 303
    assert conexion.cuenta("cultura").custodio == "Ana de Prensa"


def test_sin_confirmar_el_modo_activo_no_se_conecta_facebook(conexion):
    cliente = conexion.como("jefatura")
    escoger = conexion.volver(cliente, "facebook", paginas=[PAGINA])
    negada = cliente.post(
        escoger, data={"red": "facebook", "elegida": PAGINA, "alias": "fb2", "declara": "si"}
    )
    assert negada.status_code == 422
    assert "modo de desarrollo" in negada.text


def test_con_permisos_a_medias_se_dice_cual_falta_y_no_se_conecta(conexion):
    cliente = conexion.como("jefatura")
    escoger = conexion.volver(
        cliente, "facebook", paginas=[PAGINA], permisos=["pages_show_list", "read_insights"]
    )
    pagina = cliente.get(escoger).text
    assert "Faltan permisos para publicar" in pagina
    negada = cliente.post(escoger, data=TODO | {"red": "facebook", "elegida": PAGINA, "alias": "f"})
    assert negada.status_code == 422
    assert "Publicar, corregir y retirar en la página" in negada.text


def test_x_por_su_pantalla(conexion):
    cliente = conexion.como("jefatura")
    escoger = conexion.volver(cliente, "x", cuenta=CUENTA_X)
    cliente.post(escoger, data=TODO | {"red": "x", "elegida": CUENTA_X, "alias": "x_prensa"})
    assert conexion.cuenta("x_prensa").nombre == "@alcaldia_demo"
    assert conexion.secreta("x_prensa")["refresh_token"]


def test_x_con_cuatro_llaves_que_nunca_vuelven_a_la_pagina(conexion):
    cliente = conexion.como("jefatura")
    llaves = {"api_key": "CANARIO1", "api_secret": "CANARIO2", "access_secret": "CANARIO3",
              "access_token": f"{CUENTA_X}-CANARIO-vencido"}  # fmt: skip
    negada = cliente.post("/cuentas/conectar/x/llaves", data=llaves)
    assert negada.status_code == 422
    assert "CANARIO" not in negada.text
    buenas = llaves | {"access_token": f"{CUENTA_X}-CANARIO"}
    escoger = cliente.post("/cuentas/conectar/x/llaves", data=buenas).location
    assert "CANARIO" not in cliente.get(escoger).text
    cliente.post(escoger, data=TODO | {"red": "x", "elegida": CUENTA_X, "alias": "x_prensa"})
    assert conexion.secreta("x_prensa")["api_key"] == "CANARIO1"
    assert "CANARIO" not in cliente.get("/cuentas/x_prensa").text


def test_wordpress_por_su_pantalla(conexion):
    cliente = conexion.como("jefatura")
    url = f"{conexion.redes.url}/wordpress"
    escoger = conexion.volver(cliente, "wordpress", url=url, usuario="prensa")
    lugar = url.removeprefix("http://")
    cliente.post(escoger, data=TODO | {"red": "wordpress", "elegida": lugar, "alias": "portal"})
    assert conexion.cuenta("portal").base_url == url
    assert conexion.secreta("portal")["usuario"] == "prensa"


@pytest.mark.parametrize("url", ["http://127.0.0.1:22/", "https://169.254.169.254/", "//x", ""])
def test_wordpress_no_visita_direcciones_internas_y_conserva_lo_escrito(conexion, url):
    cliente = conexion.como("jefatura")
    negada = cliente.post("/cuentas/conectar/wordpress", data={"url": url})
    assert negada.status_code == 422
    assert 'role="alert"' in negada.text
    assert f'value="{url}"' in negada.text


def test_un_canal_a_mano_tambien_pide_la_declaracion(conexion):
    cliente = conexion.como("jefatura")
    datos = {"alias": "medios", "nombre": "Grupo de medios", "identificador": "whatsapp-medios"}
    negada = cliente.post("/cuentas/conectar/manual/canal", data=datos)
    assert negada.status_code == 422
    assert 'value="Grupo de medios"' in negada.text
    assert cliente.post("/cuentas/conectar/manual/canal", data=datos | TODO).status_code == 303
    assert conexion.cuenta("medios").red is Red.MANUAL


def test_volver_a_conectar_la_misma_pagina_cambia_la_credencial_y_nada_mas(conectada):
    antes = conectada.cuenta("prensa_fb")
    token = conectada.secreta("prensa_fb")["token_pagina"]
    cliente = conectada.como("administracion")
    escoger = conectada.volver(cliente, "facebook", paginas=[PAGINA], alias="prensa_fb")
    cliente.post(escoger, data={"red": "facebook", "elegida": PAGINA, "activo": "si"})
    despues = conectada.cuenta("prensa_fb")
    assert despues.identificador == antes.identificador
    assert despues.credencial_serie == antes.credencial_serie + 1
    assert conectada.secreta("prensa_fb")["token_pagina"] != token


def test_el_alias_de_otra_pantalla_no_se_puede_usar(conexion):
    cliente = conexion.como("jefatura")
    datos = TODO | {"alias": "nueva", "nombre": "Grupo", "identificador": "g"}
    negada = cliente.post("/cuentas/conectar/manual/canal", data=datos)
    assert "lo usa el panel" in negada.text
