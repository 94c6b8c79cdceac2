"""Los canjes de cada red, contra las redes de ensayo: lo que la de verdad niega, se niega."""

import base64
import hashlib
import logging
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from conectores.contrato import Red
from conectores.enlace import Candidata
from conectores.errores import ErrorDeConector, MalConfigurada, SinPermiso
from conectores.http import Plazos
from publicador.ajustes import Ajustes
from publicador.enlaces import DE_ENSAYO, enlazadores
from publicador.ensayo import facebook_dialogo, x_permiso
from publicador.ensayo.facebook_permisos import APLICACION, PERMISOS
from tests.consentir import abrir, consentir, consulta_de

PLAZOS = Plazos(conexion_s=2, lectura_s=5)
VERIFICADOR = "v" * 64
RETO = base64.urlsafe_b64encode(hashlib.sha256(VERIFICADOR.encode()).digest()).rstrip(b"=").decode()
PAGINA, OTRA = "100900000000101", "100900000000102"
CUENTA_X = "900000000000000101"


def vuelta_de(red: Red) -> str:
    return f"http://127.0.0.1:8000/cuentas/vuelta/{red.value}"


@pytest.fixture
def enlaces(redes):
    redes.mundo.nombrar("facebook", PAGINA, "Alcaldía")
    redes.mundo.nombrar("facebook", OTRA, "Cultura")
    redes.mundo.nombrar("x", CUENTA_X, "Alcaldía", usuario="alcaldia_demo")
    ajustes = Ajustes(_env_file=None, ensayo_url=redes.url)
    return enlazadores(ajustes, plazos=PLAZOS, ahora=lambda: datetime.now(UTC))


def ida(enlaces, red, datos=None):
    return enlaces[red].ida(vuelta=vuelta_de(red), estado="e" * 43, reto=RETO, datos=datos or {})


def recibir(enlaces, red, consulta, **cambios) -> tuple[Candidata, ...]:
    campos = {"vuelta": vuelta_de(red), "verificador": VERIFICADOR, "datos": {}} | cambios
    return enlaces[red].recibir(consulta, **campos)


def test_las_llaves_de_ensayo_son_las_que_las_redes_conocen():
    assert DE_ENSAYO["id_app"] == APLICACION
    assert DE_ENSAYO["secreto_app"] == facebook_dialogo.SECRETO
    assert DE_ENSAYO["client_id"] == x_permiso.CLIENTE
    assert DE_ENSAYO["client_secret"] == x_permiso.SECRETO


def test_facebook_da_solo_las_paginas_marcadas_con_sus_permisos_uno_por_uno(enlaces):
    permisos = [p for p in PERMISOS if p != "read_insights"]
    vuelta = consentir(ida(enlaces, Red.FACEBOOK), paginas=[OTRA], permisos=permisos)
    (pagina,) = recibir(enlaces, Red.FACEBOOK, consulta_de(vuelta))
    assert (pagina.identificador, pagina.nombre, pagina.es_ensayo) == (OTRA, "Cultura", True)
    assert [c.que for c in pagina.comprobaciones if not c.bien] == ["Leer las cifras de la página"]
    assert pagina.sirve
    assert pagina.credencial["token_pagina"] not in repr(pagina)


def test_facebook_sin_permiso_de_publicar_no_sirve(enlaces):
    vuelta = consentir(ida(enlaces, Red.FACEBOOK), paginas=[PAGINA], permisos=["pages_show_list"])
    (pagina,) = recibir(enlaces, Red.FACEBOOK, consulta_de(vuelta))
    assert not pagina.sirve


@pytest.mark.parametrize(
    "cambio",
    [
        {"vuelta": "http://127.0.0.1:8000/cuentas/vuelta/x"},
        {"vuelta": "http://127.0.0.1:8000/cuentas/vuelta/facebook/"},
    ],
)
def test_facebook_no_canjea_con_otra_direccion_de_vuelta(enlaces, cambio):
    consulta = consulta_de(consentir(ida(enlaces, Red.FACEBOOK), paginas=[PAGINA]))
    with pytest.raises(SinPermiso):
        recibir(enlaces, Red.FACEBOOK, consulta, **cambio)


def test_facebook_sin_paginas_marcadas_dice_que_hacer(enlaces):
    vuelta = consentir(ida(enlaces, Red.FACEBOOK), permisos=list(PERMISOS))
    with pytest.raises(SinPermiso, match="no entregó ninguna página"):
        recibir(enlaces, Red.FACEBOOK, consulta_de(vuelta))


@pytest.mark.parametrize("red", [Red.FACEBOOK, Red.X])
def test_un_codigo_sirve_una_sola_vez(enlaces, red):
    campos = {"paginas": [PAGINA], "permisos": list(PERMISOS), "cuenta": CUENTA_X}
    consulta = consulta_de(consentir(ida(enlaces, red), **campos))
    assert recibir(enlaces, red, consulta)
    with pytest.raises(SinPermiso):
        recibir(enlaces, red, consulta)


@pytest.mark.parametrize("red", [Red.FACEBOOK, Red.X])
def test_a_una_direccion_sin_registrar_no_se_vuelve(enlaces, red):
    pantalla = abrir(ida(enlaces, red).replace("127.0.0.1%3A8000", "sitio-ajeno.example"))
    assert pantalla.status_code == 400
    assert "Location" not in pantalla.headers


def test_x_reconoce_la_cuenta_y_guarda_lo_que_renueva(enlaces):
    consulta = consulta_de(consentir(ida(enlaces, Red.X), cuenta=CUENTA_X))
    (cuenta,) = recibir(enlaces, Red.X, consulta)
    assert (cuenta.identificador, cuenta.nombre) == (CUENTA_X, "@alcaldia_demo")
    assert cuenta.credencial["refresh_token"]
    assert cuenta.sirve


def test_x_no_canjea_con_otro_verificador(enlaces):
    consulta = consulta_de(consentir(ida(enlaces, Red.X), cuenta=CUENTA_X))
    with pytest.raises(SinPermiso):
        recibir(enlaces, Red.X, consulta, verificador="w" * 64)


def test_x_no_canjea_un_codigo_de_hace_medio_minuto(enlaces, redes, monkeypatch):
    consulta = consulta_de(consentir(ida(enlaces, Red.X), cuenta=CUENTA_X))
    with redes.mundo.cerrojo:
        for dato in redes.mundo.cajon("x")["codigos"].values():
            dato["vence"] -= 30
    with pytest.raises(SinPermiso):
        recibir(enlaces, Red.X, consulta)


def test_x_con_cuatro_llaves_dice_de_quien_son_y_si_escriben(enlaces):
    llaves = {
        "api_key": "llave", "api_secret": "secreto", "access_secret": "acceso",
        "access_token": f"{CUENTA_X}-canario",
    }  # fmt: skip
    assert enlaces[Red.X].probar(llaves).sirve
    solo_lee = enlaces[Red.X].probar(llaves | {"access_token": f"{CUENTA_X}-sin-permiso"})
    assert not solo_lee.sirve
    with pytest.raises(MalConfigurada):
        enlaces[Red.X].probar(llaves | {"api_key": " "})


def test_wordpress_va_a_su_pantalla_y_vuelve_con_una_contrasena_que_sirve(enlaces, redes):
    web = enlaces[Red.WORDPRESS]
    datos = web.preparar({"url": f"{redes.url}/wordpress/"})
    vuelta = consentir(ida(enlaces, Red.WORDPRESS, datos), usuario="prensa")
    consulta = consulta_de(vuelta)
    assert consulta["state"] == "e" * 43
    (sitio,) = recibir(enlaces, Red.WORDPRESS, consulta, datos=datos)
    assert sitio.base_url == f"{redes.url}/wordpress"
    assert sitio.sirve
    assert consulta["password"] not in repr(sitio)


def test_wordpress_no_acepta_el_permiso_de_otro_sitio(enlaces, redes):
    datos = enlaces[Red.WORDPRESS].preparar({"url": f"{redes.url}/wordpress"})
    consulta = consulta_de(consentir(ida(enlaces, Red.WORDPRESS, datos), usuario="prensa"))
    ajena = consulta | {"site_url": "https://otro.example"}
    with pytest.raises(SinPermiso, match="sitio distinto"):
        recibir(enlaces, Red.WORDPRESS, ajena, datos=datos)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/wordpress",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://10.0.0.8/",
        "http://2130706433/",
        "ftp://sitio.example",
        "https://ana:clave@sitio.example",
    ],
)
def test_una_direccion_interna_no_se_visita(enlaces, url):
    with pytest.raises(MalConfigurada):
        enlaces[Red.WORDPRESS].preparar({"url": url})


def test_un_sitio_que_manda_a_autorizar_a_otra_parte_no_se_sigue(enlaces, redes, monkeypatch):
    redes.mundo.cajon("wordpress")
    web = enlaces[Red.WORDPRESS]
    monkeypatch.setattr(
        "publicador.ensayo.wordpress_sitio.raiz", lambda: "https://sitio-ajeno.example"
    )
    with pytest.raises(MalConfigurada, match="otra dirección"):
        web.preparar({"url": f"{redes.url}/wordpress"})


def test_sin_llaves_de_aplicacion_se_dice_que_ajuste_falta():
    real = enlazadores(Ajustes(_env_file=None), plazos=PLAZOS, ahora=lambda: datetime.now(UTC))
    assert "PUBLICADOR_FACEBOOK_APP_ID" in real[Red.FACEBOOK].falta
    assert "PUBLICADOR_X_CLIENT_ID" in real[Red.X].falta
    assert real[Red.WORDPRESS].falta == ""
    assert ida(real, Red.FACEBOOK).startswith("https://www.facebook.com/v25.0/dialog/oauth?")
    assert ida(real, Red.X).startswith("https://x.com/i/oauth2/authorize?")


def test_ni_el_error_ni_el_registro_dicen_el_codigo_o_el_secreto(enlaces, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ErrorDeConector) as negado:
        recibir(enlaces, Red.FACEBOOK, {"code": "CANARIO-codigo-de-vuelta"})
    with pytest.raises(ErrorDeConector) as negado_x:
        recibir(enlaces, Red.X, {"code": "CANARIO-codigo-de-vuelta"})
    dicho = caplog.text + "".join(
        f"{n.value!r} {n.value.detalle} {urlencode({'m': n.value.mensaje})}"
        for n in (negado, negado_x)
    )
    for secreto in ("CANARIO", DE_ENSAYO["secreto_app"], DE_ENSAYO["client_secret"], VERIFICADOR):
        assert secreto not in dicho
