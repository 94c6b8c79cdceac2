"""Las pantallas de permiso de ensayo: tan estrictas como las de verdad."""

from urllib.parse import urlencode

import pytest

from publicador.ensayo.ajustes_red import ajustar
from publicador.ensayo.facebook_dialogo import SECRETO
from publicador.ensayo.facebook_permisos import APLICACION, PERMISOS
from tests.consentir import abrir, consentir, consulta_de
from tests.publicador.ensayo.apoyo import PAGINA, Grafo, error_de

VUELTA = "http://127.0.0.1:8000/cuentas/vuelta/facebook"


@pytest.fixture
def dialogo(mundo, ensayo):
    mundo.nombrar("facebook", PAGINA, "Alcaldía de Ensayo")

    def direccion(**cambios):
        consulta = {"client_id": APLICACION, "redirect_uri": VUELTA, "state": "s",
                    "scope": ",".join(PERMISOS)} | cambios  # fmt: skip
        return f"{ensayo.url_de('facebook')}/v25.0/dialog/oauth?{urlencode(consulta)}"

    return direccion


def canje(grafo, codigo, **cambios):
    campos = {"client_id": APLICACION, "client_secret": SECRETO, "redirect_uri": VUELTA,
              "code": codigo} | cambios  # fmt: skip
    return grafo.sesion.post(f"{grafo.base}/v25.0/oauth/access_token", data=campos, timeout=5)


@pytest.mark.parametrize(
    "cambio",
    [
        {"client_id": "1"},
        {"redirect_uri": "https://otro.example/cuentas/vuelta/facebook"},
        {"redirect_uri": f"{VUELTA}?x=1"},
        {"response_type": "token"},
    ],
)
def test_lo_que_no_es_de_la_aplicacion_se_queda_en_la_pantalla(dialogo, cambio):
    assert abrir(dialogo(**cambio)).status_code == 400


@pytest.mark.parametrize(
    "cambio",
    [{"client_secret": "otro"}, {"client_id": "123456"}, {"redirect_uri": f"{VUELTA}/"}],
)
def test_un_canje_con_algo_cambiado_se_niega(dialogo, grafo, cambio):
    codigo = consulta_de(consentir(dialogo(), paginas=[PAGINA], permisos=list(PERMISOS)))["code"]
    respuesta = canje(grafo, codigo, **cambio)
    assert respuesta.status_code == 400
    assert "access_token" not in respuesta.json()


def test_un_codigo_vencido_se_niega(dialogo, grafo, reloj):
    codigo = consulta_de(consentir(dialogo(), paginas=[PAGINA]))["code"]
    reloj.pasan(seconds=601)
    assert error_de(canje(grafo, codigo)) == (100, 36009)


def test_el_token_corto_vence_en_una_hora_y_el_largo_no(dialogo, grafo, reloj):
    codigo = consulta_de(consentir(dialogo(), paginas=[PAGINA], permisos=list(PERMISOS)))["code"]
    corto = canje(grafo, codigo).json()["access_token"]
    largo = canje(grafo, "", grant_type="fb_exchange_token", fb_exchange_token=corto).json()
    reloj.pasan(seconds=3601)
    vencido = Grafo(grafo.base, corto, grafo.sesion).leer("me/accounts")
    assert error_de(vencido)[0] == 190
    vivo = Grafo(grafo.base, largo["access_token"], grafo.sesion).leer("me/accounts")
    assert [p["id"] for p in vivo.json()["data"]] == [PAGINA]


def test_en_modo_de_desarrollo_la_llamada_sale_bien_y_el_publico_no_ve_nada(
    mundo, ensayo, grafo, dialogo
):
    ajustar(mundo, "facebook", modo_desarrollo=True)
    post = grafo.publicar("Solo para el equipo")
    muro = f"{ensayo.url}/muro"
    assert "Solo para el equipo" not in abrir(muro).text
    assert abrir(f"{muro}/facebook/{post}").status_code == 404
    assert "de desarrollo" in abrir(dialogo()).text
    ajustar(mundo, "facebook", modo_desarrollo=None)
    assert "Solo para el equipo" in abrir(muro).text
