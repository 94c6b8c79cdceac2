"""De la red a su conector, sin llamar a nadie."""

import pytest

from conectores.contrato import Corrector, Medidor, Red
from conectores.errores import MalConfigurada
from conectores.registro import CLASES, armar

CREDENCIALES = {
    Red.FACEBOOK: {"token_pagina": "canario"},
    Red.X: {
        "api_key": "canario",
        "api_secret": "canario",
        "access_token": "1-canario",
        "access_secret": "canario",
    },
    Red.WORDPRESS: {
        "url": "https://ejemplo.gov.co",
        "usuario": "prensa",
        "contrasena_aplicacion": "canario",
    },
    Red.MANUAL: {},
}


@pytest.mark.parametrize("red", CREDENCIALES)
def test_cada_red_tiene_su_conector_y_no_muestra_sus_secretos(red):
    conector = armar(red, CREDENCIALES[red], identificador="1")
    assert isinstance(conector, CLASES[red])
    assert conector.red is red
    assert "canario" not in f"{conector!r} {conector}"


@pytest.mark.parametrize("red", [r for r in CREDENCIALES if r is not Red.MANUAL])
def test_una_credencial_vacia_dice_que_esta_mal_configurada(red):
    with pytest.raises(MalConfigurada) as visto:
        armar(red, {}, identificador="1")
    assert visto.value.mensaje.endswith(".")


def test_una_red_sin_conector_lo_dice():
    with pytest.raises(MalConfigurada, match="Todavía no se puede publicar"):
        armar(Red.CORREO, {}, identificador="lista")


def test_quien_sabe_medir_y_corregir_lo_dice_con_su_tipo():
    facebook = armar(Red.FACEBOOK, CREDENCIALES[Red.FACEBOOK], identificador="1")
    assert isinstance(facebook, Medidor)
    assert isinstance(facebook, Corrector)
    assert not isinstance(armar(Red.MANUAL, {}, identificador="1"), Medidor)
