"""Lo delicado: otra página bajo un alias oficial pide dos personas; y olvidar los permisos."""

import pytest
from sqlalchemy import text

from cola.credenciales import CredencialIlegible
from cola.estados import MotivoPausa
from piezas.bitacora import Anotacion
from tests.panel.cuentas.conftest import OTRA, PAGINA, TODO
from tests.panel.sembrado import CLAVE


@pytest.fixture
def pedido(conectada):
    """La jefatura pidió que `prensa_fb` pase a ser otra página; el camino del cambio."""
    cliente = conectada.como("jefatura")
    escoger = conectada.volver(cliente, "facebook", paginas=[OTRA], alias="prensa_fb")
    assert "No es la cuenta registrada" in cliente.get(escoger).text
    respuesta = cliente.post(escoger, data=TODO | {"red": "facebook", "elegida": OTRA})
    assert respuesta.location == "/cuentas/prensa_fb"
    return escoger.replace("/conexion/", "/cambios/")


def test_otra_pagina_bajo_un_alias_oficial_espera_a_una_segunda_persona(conectada, pedido):
    assert conectada.cuenta("prensa_fb").identificador == PAGINA
    quien_pidio = conectada.como("jefatura")
    assert "Confirmar el cambio" not in quien_pidio.get("/cuentas/prensa_fb").text
    quien_pidio.post(f"{pedido}/confirmar")
    assert conectada.cuenta("prensa_fb").identificador == PAGINA
    segunda = conectada.como("administracion")
    assert "Confirmar el cambio" in segunda.get("/cuentas").text
    segunda.post(f"{pedido}/confirmar")
    cambiada = conectada.cuenta("prensa_fb")
    assert (cambiada.identificador, cambiada.nombre) == (OTRA, "Cultura de Ensayo")
    assert cambiada.pausada_por is MotivoPausa.PERSONA
    assert conectada.secreta("prensa_fb")["token_pagina"].startswith(f"EAAensayo-{OTRA}")
    with conectada.panel.leer() as sesion:
        hecho = sesion.query(Anotacion).filter_by(accion="confirmar_cambio_de_cuenta").one()
    assert PAGINA in hecho.de
    assert OTRA in hecho.a
    assert "jefatura@alcaldia.example" in hecho.motivo


def test_un_cambio_descartado_no_se_puede_confirmar_despues(conectada, pedido):
    conectada.como("administracion").post(f"{pedido}/descartar")
    conectada.como("administracion").post(f"{pedido}/confirmar")
    assert conectada.cuenta("prensa_fb").identificador == PAGINA


def test_quien_no_conecta_no_ve_ni_confirma_cambios(conectada, pedido):
    community = conectada.como("community")
    assert "deje de ser" not in community.get("/cuentas").text
    assert community.post(f"{pedido}/confirmar").status_code == 403


def test_una_pagina_ya_registrada_no_pasa_a_otro_alias(conectada):
    cliente = conectada.como("jefatura")
    otra = conectada.volver(cliente, "facebook", paginas=[OTRA])
    cliente.post(otra, data=TODO | {"red": "facebook", "elegida": OTRA, "alias": "cultura"})
    escoger = conectada.volver(cliente, "facebook", paginas=[PAGINA], alias="cultura")
    negada = cliente.post(escoger, data=TODO | {"red": "facebook", "elegida": PAGINA})
    assert negada.status_code == 422
    assert "ya está registrada como «prensa_fb»" in negada.text.replace("&#34;", '"')


def test_olvidar_pide_la_contrasena_y_sin_ella_nada_cambia(conectada):
    cliente = conectada.como("jefatura")
    negada = cliente.post("/cuentas/olvidar", data={"clave": "otra cosa"})
    assert negada.status_code == 422
    assert "Esa no es su contraseña" in negada.text
    assert conectada.secreta("prensa_fb")


def test_olvidar_borra_toda_credencial_y_lo_que_estaba_a_medias(conectada):
    cliente = conectada.como("jefatura")
    token = conectada.secreta("prensa_fb")["token_pagina"]
    conectada.volver(cliente, "facebook", paginas=[OTRA])
    cliente.post("/cuentas/olvidar", data={"clave": CLAVE})
    with pytest.raises(CredencialIlegible):
        conectada.secreta("prensa_fb")
    assert conectada.cuenta("prensa_fb").pausada_por is MotivoPausa.CREDENCIAL
    with conectada.panel.leer() as sesion:
        assert sesion.scalar(text("SELECT count(*) FROM conexion WHERE sellado IS NOT NULL")) == 0
    hoja = cliente.get("/cuentas/prensa_fb").text
    assert "No tiene permiso guardado" in hoja
    assert token not in hoja


def test_olvidar_tiene_el_mismo_freno_que_la_puerta(conectada):
    cliente = conectada.como("jefatura")
    for _ in range(12):
        respuesta = cliente.post("/cuentas/olvidar", data={"clave": "no es"})
    assert "demasiados intentos" in respuesta.text
    cliente.post("/cuentas/olvidar", data={"clave": CLAVE})
    assert conectada.secreta("prensa_fb")
