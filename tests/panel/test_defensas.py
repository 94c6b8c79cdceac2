"""Lo que no cabe en una ruta sola: adivinar enlaces, salir a otro sitio, y lo delicado al rato."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from panel.cuentagotas import TOPE
from piezas.bitacora import Anotacion
from piezas.segundo_factor import activar, nuevo_secreto
from tests.panel.sembrado import CLAVE
from tests.panel.visitas import CORREO, entrar

AJENOS = (
    "//otro.example", "/\\otro.example", "https:otro.example", "%2f%2fotro.example",
    "/\t/otro.example", "/%09/otro.example", "https://otro.example/", "javascript:alert(1)",
)  # fmt: skip


def test_adivinar_enlaces_de_revision_se_frena(panel):
    cliente = panel.visitante()
    codigos = [cliente.get(f"/revision/{n:043d}").status_code for n in range(TOPE + 3)]
    assert codigos == [404] * TOPE + [429] * 3
    panel.pasan(timedelta(minutes=1))
    assert cliente.get("/revision/otra").status_code == 404


def test_una_llave_inventada_no_dice_nada_del_calendario(panel):
    respuesta = panel.visitante().get(f"/calendario/suscripcion/{'a' * 43}.ics")
    assert respuesta.status_code == 404
    assert "BEGIN:VCALENDAR" not in respuesta.text


@pytest.mark.parametrize("ajeno", AJENOS)
def test_confirmar_la_clave_nunca_lleva_a_otro_sitio(panel, ajeno):
    cliente = panel.como("jefatura")
    respuesta = cliente.post("/confirmar", data={"clave": CLAVE, "next": ajeno})
    assert (respuesta.status_code, respuesta.location) == (303, "/")


@pytest.mark.parametrize("ajeno", AJENOS)
def test_el_segundo_paso_nunca_lleva_a_otro_sitio(panel, ajeno):
    cliente, secreto = _con_factor(panel)
    respuesta = entrar(cliente, next=ajeno)
    assert respuesta.location == "/entrar/codigo"
    codigo = pyotp.TOTP(secreto).at(panel.ahora + timedelta(seconds=30))
    respuesta = cliente.post("/entrar/codigo", data={"codigo": codigo, "next": ajeno})
    assert (respuesta.status_code, respuesta.location) == (303, "/")


def _con_factor(panel):
    caja = panel.servicios.caja
    with panel.oficina() as oficina:
        quien = oficina.persona(CORREO)
        secreto = nuevo_secreto()
        codigo = pyotp.TOTP(secreto).at(panel.ahora)
        activar(oficina.sesion, quien, secreto, codigo, cofre=caja, ahora=panel.ahora)
    return panel.visitante(), secreto


@pytest.mark.parametrize(
    ("metodo", "camino"),
    [
        ("GET", "/cuentas/conectar/facebook"),
        ("POST", "/cuentas/conectar/facebook"),
        ("POST", "/cuentas/conectar/x/llaves"),
        ("POST", "/cuentas/cambios/1/confirmar"),
        ("POST", "/usuarios/invitar"),
        ("POST", "/usuarios/1/papeles"),
        ("POST", "/usuarios/1/enlace"),
        ("POST", "/perfil/segundo-factor/quitar"),
    ],
)
def test_lo_delicado_pide_la_clave_otra_vez_y_no_deja_hecho(panel, metodo, camino):
    cliente = panel.como("jefatura")
    panel.pasan(timedelta(minutes=11))
    respuesta = cliente.open(camino, method=metodo, data={"papel": "jefatura"})
    assert respuesta.status_code == 303
    assert respuesta.location.startswith("/confirmar")
    with panel.leer() as sesion:
        assert not sesion.scalars(select(Anotacion)).all()


@pytest.mark.parametrize("hostil", ["otro.example", "127.0.0.1.otro.example", "127.0.0.1@otro"])
def test_un_host_ajeno_no_llega_a_ninguna_direccion(panel, hostil):
    respuesta = panel.visitante().post("/olvide", data={"correo": CORREO}, headers={"Host": hostil})
    assert respuesta.status_code == 400
    assert "otro" not in respuesta.text


def test_lo_que_diga_un_intermediario_desconocido_no_se_cree(panel):
    cabeceras = {"X-Forwarded-Host": "otro.example", "X-Forwarded-Proto": "https"}
    respuesta = panel.visitante().get("/cola", headers=cabeceras | {"X-Forwarded-For": "10.0.0.9"})
    assert respuesta.location.startswith("/entrar")
    assert "otro.example" not in panel.visitante().get("/entrar", headers=cabeceras).text
