"""Los permisos de ensayo: qué token sirve para qué, y qué se puede saber de cada uno."""

import pytest

from tests.publicador.ensayo.apoyo import PAGINA, Grafo, error_de


@pytest.mark.parametrize(
    ("token", "codigo"),
    [
        (f"EAAensayo-{PAGINA}-vencido", (190, 463)),
        (f"EAAensayo-{PAGINA}-sin-permiso", (200, None)),
        ("EAAensayo-usuario", (200, None)),
        ("EAAensayo-999", (200, None)),
        ("cualquiera", (190, None)),
    ],
)
def test_un_token_que_no_sirve_no_publica(token, codigo, mundo, grafo):
    mundo.nombrar("facebook", PAGINA, "Alcaldía de Ensayo")
    grafo.token = token
    assert error_de(grafo.escribir(f"{PAGINA}/feed", message="Hola")) == codigo
    assert mundo.entradas() == []


def test_el_token_en_la_direccion_se_rechaza_para_que_se_note(grafo):
    respuesta = grafo.leer(PAGINA, access_token=grafo.token)
    assert error_de(respuesta) == (100, None)


def test_sin_cabecera_no_hay_quien_llame(ensayo, grafo):
    respuesta = grafo.sesion.get(f"{grafo.base}/v25.0/{PAGINA}", timeout=5)
    assert error_de(respuesta) == (104, None)


def test_una_firma_mala_se_rechaza(grafo):
    assert error_de(grafo.leer(PAGINA, appsecret_proof="corta")) == (100, None)


def test_sin_permiso_se_puede_leer_pero_no_comentar(mundo, grafo):
    post = grafo.publicar()
    grafo.token += "-sin-permiso"
    assert grafo.leer(post).status_code == 200
    assert error_de(grafo.escribir(f"{post}/comments", message="x")) == (200, None)


def test_debug_token_dice_de_quien_es_y_si_vive(grafo):
    grafo.token = "900|secreto"
    vivo = grafo.leer("debug_token", input_token=f"EAAensayo-{PAGINA}").json()["data"]
    assert (vivo["type"], vivo["profile_id"], vivo["is_valid"]) == ("PAGE", PAGINA, True)
    assert vivo["app_id"] == "900"
    muerto = grafo.leer("debug_token", input_token=f"EAAensayo-{PAGINA}-vencido").json()["data"]
    assert muerto["is_valid"] is False
    assert muerto["error"]["subcode"] == 463


def test_debug_token_tambien_se_lee_por_post_con_el_token_en_el_cuerpo(grafo):
    grafo.token = "900|secreto"
    token = f"EAAensayo-{PAGINA}"
    leido = grafo.escribir("debug_token", method="GET", input_token=token).json()["data"]
    assert leido["is_valid"] is True
    assert error_de(grafo.escribir("debug_token", input_token=token)) == (100, None)


def test_me_accounts_da_las_paginas_a_una_persona(mundo, grafo):
    mundo.nombrar("facebook", PAGINA, "Alcaldía de Ensayo")
    persona = Grafo(grafo.base, "EAAensayo-usuario", grafo.sesion)
    (pagina,) = persona.leer("me/accounts").json()["data"]
    assert pagina["name"] == "Alcaldía de Ensayo"
    assert Grafo(grafo.base, pagina["access_token"], grafo.sesion).publicar("Con ese token")
