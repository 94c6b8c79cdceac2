"""La lista y la hoja de cada cuenta: su salud dicha a tiempo, su ficha y lo que se le hace."""

from datetime import timedelta

import pytest

from cola.cuentas import Cuenta
from tests.panel.cuentas.conftest import PAGINA


def cambiar(panel, alias, **campos):
    with panel.servicios.sesiones.begin() as sesion:
        cuenta = sesion.query(Cuenta).filter_by(alias=alias).one()
        for campo, valor in campos.items():
            setattr(cuenta, campo, valor)


@pytest.mark.parametrize(
    ("falta", "dice"),
    [
        (timedelta(days=20), None),
        (timedelta(days=15), "vence en 15 días"),
        (timedelta(days=6), "vence en 6 días. Vuelva a conectarla antes. Es esta semana."),
        (timedelta(hours=23), "vence mañana. Vuelva a conectarla antes. Hágalo hoy."),
        (timedelta(hours=-1), "Su permiso venció"),
    ],
)
def test_el_vencimiento_se_avisa_a_los_15_7_y_1_dias(panel, falta, dice):
    cambiar(panel, "facebook", permiso_vence_en=panel.ahora + falta)
    lista = panel.como("consulta").get("/cuentas").text
    assert (dice in lista) if dice else ("vence en" not in lista and "venció" not in lista)


def test_verificar_pinta_cada_permiso_y_que_hacer_con_el_que_falta(conectada):
    cliente = conectada.como("community")
    assert "Verificar ahora" in cliente.get("/cuentas/prensa_fb").text
    with conectada.redes.mundo.cerrojo:
        for dado in conectada.redes.mundo.cajon("facebook")["emitidos"].values():
            dado["concesion"]["permisos"] = ["pages_show_list", "pages_read_engagement"]
    cliente.post("/cuentas/prensa_fb/verificar")
    hoja = cliente.get("/cuentas/prensa_fb").text
    assert "deje marcado este permiso" in hoja
    assert "No publica" in hoja


def test_si_la_red_no_responde_se_dice_y_no_se_borra_lo_sabido(conectada):
    antes = conectada.cuenta("prensa_fb").permiso_visto_en
    conectada.redes.mundo.armar("facebook", "error_500", 5, llamada="leer")
    cliente = conectada.como("jefatura")
    cliente.post("/cuentas/prensa_fb/verificar")
    assert "La red responde" in cliente.get("/cuentas/prensa_fb").text
    assert conectada.cuenta("prensa_fb").permiso_visto_en == antes


def test_guardar_la_ficha_y_que_quede_en_la_bitacora(conectada):
    cliente = conectada.como("jefatura")
    cliente.post(
        "/cuentas/prensa_fb/ficha",
        data={"nombre": "Prensa", "custodio": "Ana", "correo_institucional": "prensa@ent.example",
              "espaciado_min": "2,5", "en_duda": "reenviar"},
    )  # fmt: skip
    cuenta = conectada.cuenta("prensa_fb")
    assert (cuenta.nombre, cuenta.custodio, cuenta.espaciado_s) == ("Prensa", "Ana", 150)
    assert cuenta.reenvia_en_duda
    assert "En su ficha falta" not in cliente.get("/cuentas/prensa_fb").text


@pytest.mark.parametrize(
    ("campo", "valor", "dice"),
    [
        ("correo_institucional", "prensa", "no es una dirección de correo"),
        ("espaciado_min", "mucho", "se escribe en minutos"),
        ("espaciado_min", "99999", "va de 0 a 1.440"),
        ("nombre", " ", "Falta el nombre"),
    ],
)
def test_una_ficha_mala_se_explica_y_no_se_pierde_lo_escrito(panel, campo, valor, dice):
    cliente = panel.como("jefatura")
    datos = {"nombre": "Nombre nuevo", "custodio": "Ana de Prensa"} | {campo: valor}
    respuesta = cliente.post("/cuentas/facebook/ficha", data=datos)
    assert respuesta.status_code == 422
    assert dice in respuesta.text
    assert 'value="Ana de Prensa"' in respuesta.text


def test_pausar_y_desactivar_sin_borrar(panel):
    cliente = panel.como("jefatura")
    cliente.post("/cuentas/facebook/pausar", data={"motivo": "Duelo en la ciudad"})
    assert "Duelo en la ciudad" in cliente.get("/cuentas").text
    cliente.post("/cuentas/x/desactivar")
    assert "Desactivada" in cliente.get("/cuentas/x").text
    cliente.post("/cuentas/x/activar")
    assert "Desactivada" not in cliente.get("/cuentas/x").text


def test_quien_solo_mira_ve_la_salud_y_ningun_boton(panel):
    hoja = panel.como("consulta").get("/cuentas/facebook").text
    assert "Permiso" in hoja
    for boton in ("Verificar ahora", "Volver a conectar", "Guardar la ficha", "Desactivar"):
        assert boton not in hoja


def test_una_cuenta_que_no_existe_es_404(panel):
    assert panel.como("jefatura").get("/cuentas/otra").status_code == 404


def test_la_pagina_de_la_cuenta_no_trae_su_credencial(conectada):
    token = conectada.secreta("prensa_fb")["token_pagina"]
    sello = conectada.cuenta("prensa_fb").credencial
    hoja = conectada.como("jefatura").get("/cuentas/prensa_fb").text
    assert PAGINA in hoja
    assert token not in hoja
    assert sello not in hoja
