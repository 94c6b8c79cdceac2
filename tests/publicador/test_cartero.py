from datetime import timedelta

import pytest

from cola.avisos import Aviso, ClaseAviso, avisar
from piezas.personas import Papel
from publicador.cartero import Correo, enviar_avisos
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.servidor import Ensayo
from tests import fabricas


@pytest.fixture
def ensayo():
    with Ensayo(Mundo()) as andando:
        yield andando


def correo(ensayo: Ensayo, **cambios) -> Correo:
    campos = {
        "servidor": "127.0.0.1",
        "puerto": ensayo.correo.puerto,
        "usuario": None,
        "clave": None,
        "de": "publicador@alcaldia.example",
        "usa_tls": False,
        **cambios,
    }
    return Correo(**campos)


def recibidos(ensayo: Ensayo) -> list[str]:
    return [entrada.texto for entrada in ensayo.mundo.entradas("correo")]


def test_los_avisos_llegan_a_quienes_pueden_actuar_una_sola_vez(sesiones, ensayo, ahora):
    with sesiones.begin() as sesion:
        fabricas.una_persona(sesion, Papel.COMMUNITY, correo="community@alcaldia.example")
        fabricas.una_persona(sesion, Papel.JEFATURA, correo="jefatura@alcaldia.example")
        fabricas.una_persona(sesion, Papel.REDACCION, correo="redaccion@alcaldia.example")
        avisar(sesion, ClaseAviso.DUDA, "fb: no se sabe si salió la ñ.", ahora=ahora)
        avisar(sesion, ClaseAviso.CUENTA, "x: la cuenta perdió el permiso.", ahora=ahora)
    datos = {"url_panel": "http://127.0.0.1:8000", "ahora": ahora}
    assert enviar_avisos(sesiones, correo(ensayo), **datos) == 2
    assert enviar_avisos(sesiones, correo(ensayo), **datos) == 0
    (mensaje,) = ensayo.mundo.entradas("correo")
    assert "no se sabe si salió la ñ." in mensaje.texto
    assert "la cuenta perdió el permiso." in mensaje.texto
    para = str(mensaje.como_json())
    assert "community@alcaldia.example" in para
    assert "jefatura@alcaldia.example" in para
    assert "redaccion@alcaldia.example" not in para


def test_si_el_correo_no_responde_el_aviso_queda_para_la_proxima(sesiones, ensayo, ahora):
    with sesiones.begin() as sesion:
        avisar(sesion, ClaseAviso.DUDA, "fb: mírela.", ahora=ahora)
    caido = correo(ensayo, puerto=1, para=("c@alcaldia.example",))
    assert enviar_avisos(sesiones, caido, url_panel="", ahora=ahora) == 0
    vivo = correo(ensayo, para=("c@alcaldia.example",))
    luego = ahora + timedelta(minutes=1)
    assert enviar_avisos(sesiones, vivo, url_panel="", ahora=luego) == 1
    with sesiones() as sesion:
        aviso = sesion.query(Aviso).one()
        assert (aviso.fallos, aviso.enviado_en) == (1, luego)


def test_sin_a_quien_escribir_no_se_envia_nada(sesiones, ensayo, ahora):
    with sesiones.begin() as sesion:
        avisar(sesion, ClaseAviso.DUDA, "fb: mírela.", ahora=ahora)
    assert enviar_avisos(sesiones, correo(ensayo), url_panel="", ahora=ahora) == 0
    assert recibidos(ensayo) == []


def test_una_tormenta_de_avisos_no_inunda_el_correo(sesiones, ensayo, ahora):
    vivo = correo(ensayo, para=("c@alcaldia.example",))
    datos = {"url_panel": "http://127.0.0.1:8000"}
    with sesiones.begin() as sesion:
        avisar(sesion, ClaseAviso.DUDA, "fb: la primera.", ahora=ahora)
    assert enviar_avisos(sesiones, vivo, ahora=ahora, **datos) == 1
    with sesiones.begin() as sesion:
        for numero in range(300):
            avisar(sesion, ClaseAviso.FALLIDA, f"x: falló la {numero}.", ahora=ahora)
    for minutos in range(10):
        momento = ahora + timedelta(minutes=minutos)
        assert enviar_avisos(sesiones, vivo, ahora=momento, **datos) == 0
    assert enviar_avisos(sesiones, vivo, ahora=ahora + timedelta(minutes=10), **datos) == 300
    assert len(recibidos(ensayo)) == 2
    assert "falló la 0. Y 299 avisos más como este." in " ".join(recibidos(ensayo)[1].split())
