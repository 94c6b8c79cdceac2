"""Las vueltas que no se aceptan: forjada, repetida, de otra sesión, de otra red, tarde o ajena."""

from datetime import timedelta

import pytest

from cola.conexiones import Conexion
from piezas.bitacora import Anotacion
from publicador.ensayo.facebook_permisos import PERMISOS
from tests.consentir import camino_de, consentir, consulta_de
from tests.panel.cuentas.conftest import CUENTA_X, PAGINA


def consentida(conexion, cliente, red="facebook"):
    """El camino por el que la persona volvería, ya con su permiso dado."""
    destino = conexion.salir(cliente, red)
    return camino_de(consentir(destino, paginas=[PAGINA], permisos=list(PERMISOS), cuenta=CUENTA_X))


def sellados(conexion):
    with conexion.panel.leer() as sesion:
        return [c.sellado for c in sesion.query(Conexion)]


def negada(cliente, camino):
    """Pide el camino, exige que se niegue y devuelve lo que la persona lee."""
    respuesta = cliente.get(camino)
    assert (respuesta.status_code, respuesta.location) == (303, "/cuentas"), respuesta.text
    return cliente.get("/cuentas").text


def negadas(conexion):
    with conexion.panel.leer() as sesion:
        return [a.motivo for a in sesion.query(Anotacion).filter_by(accion="negar_conexion")]


def test_una_vuelta_forjada_no_se_acepta_y_queda_anotada(conexion):
    cliente = conexion.como("jefatura")
    leido = negada(cliente, "/cuentas/vuelta/facebook?state=forjado&code=CANARIO-codigo")
    assert "ninguna conexión empezada aquí" in leido
    assert "CANARIO" not in leido
    assert len(negadas(conexion)) == 1


def test_una_vuelta_repetida_no_se_acepta(conexion):
    cliente = conexion.como("jefatura")
    camino = consentida(conexion, cliente)
    assert cliente.get(camino).status_code == 303
    assert "ya se usó una vez" in negada(cliente, camino)


@pytest.mark.parametrize("otra", ["jefatura", "administracion"])
def test_una_vuelta_de_otra_sesion_no_se_acepta_y_gasta_el_estado(conexion, otra):
    mia, ajena = conexion.como("jefatura"), conexion.como(otra)
    camino = consentida(conexion, mia)
    assert "otra sesión" in negada(ajena, camino)
    assert "ya se usó" in negada(mia, camino)
    assert sellados(conexion) == [None]


def test_una_vuelta_a_otra_red_no_se_acepta_y_gasta_el_estado(conexion):
    cliente = conexion.como("jefatura")
    camino = consentida(conexion, cliente)
    assert "de otra red" in negada(cliente, camino.replace("/facebook", "/x"))
    assert "ya se usó" in negada(cliente, camino)


def test_una_vuelta_tarde_no_se_acepta(conexion):
    cliente = conexion.como("jefatura")
    camino = consentida(conexion, cliente)
    conexion.panel.pasan(timedelta(minutes=10))
    assert "diez minutos" in negada(cliente, camino)
    assert sellados(conexion) == [None]


@pytest.mark.parametrize("red", ["facebook", "x"])
def test_una_vuelta_de_otro_emisor_no_se_canjea(conexion, red):
    cliente = conexion.como("jefatura")
    camino = consentida(conexion, cliente, red) + "&iss=https%3A%2F%2Fotro.example"
    assert cliente.get(camino).location == f"/cuentas/conectar/{red}"
    assert "no viene de la red" in cliente.get(f"/cuentas/conectar/{red}").text
    assert sellados(conexion) == [None]


def test_el_emisor_correcto_se_acepta(conexion):
    cliente = conexion.como("jefatura")
    camino = consentida(conexion, cliente, "x") + "&iss=https%3A%2F%2Fx.com"
    assert "/cuentas/conexion/" in cliente.get(camino).location


def test_quien_dice_que_no_en_la_red_vuelve_sin_cambios(conexion):
    cliente = conexion.como("jefatura")
    vuelta = consentir(conexion.salir(cliente, "facebook"), accion="cancelar")
    assert consulta_de(vuelta)["error"] == "access_denied"
    cliente.get(camino_de(vuelta))
    assert "No se dio el permiso" in cliente.get("/cuentas/conectar/facebook").text


def test_un_codigo_inventado_con_un_estado_bueno_no_conecta(conexion):
    cliente = conexion.como("jefatura")
    estado = consulta_de(conexion.salir(cliente, "x"))["state"]
    respuesta = cliente.get(f"/cuentas/vuelta/x?state={estado}&code=CANARIO-inventado")
    assert respuesta.status_code == 303
    pagina = cliente.get(respuesta.location).text
    assert "no aceptó el código" in pagina
    assert "CANARIO" not in pagina


def test_sin_sesion_la_vuelta_no_copia_lo_que_trae(conexion):
    visitante = conexion.panel.visitante()
    respuesta = visitante.get("/cuentas/vuelta/wordpress?state=x&password=CANARIO-clave")
    assert respuesta.status_code == 303
    assert "CANARIO" not in respuesta.location
    assert "CANARIO" not in visitante.get(respuesta.location).text


def test_quien_no_conecta_no_puede_volver(conexion):
    leido = negada(conexion.como("community"), "/cuentas/vuelta/x?state=x&code=CANARIO")
    assert "es de la jefatura" in leido
    assert "CANARIO" not in leido


def test_las_candidatas_solo_las_ve_la_sesion_que_las_trajo(conexion):
    mia = conexion.como("jefatura")
    escoger = conexion.volver(mia, "facebook", paginas=[PAGINA])
    assert mia.get(escoger).status_code == 200
    for ajena in (conexion.como("jefatura"), conexion.como("administracion")):
        assert ajena.get(escoger).status_code == 404
        assert ajena.post(escoger, data={"elegida": PAGINA, "activo": "si"}).status_code == 404


def test_ningun_secreto_llega_al_navegador(conexion):
    cliente = conexion.como("jefatura")
    puerta = cliente.post("/cuentas/conectar/x").location
    destino = cliente.get(puerta.removesuffix("/salida") + "/ida").location
    escoger = cliente.get(camino_de(consentir(destino, cuenta=CUENTA_X))).location
    visto = cliente.get(puerta).text if puerta else ""
    visto += destino + escoger + cliente.get(escoger).text
    with conexion.panel.leer() as sesion:
        (fila,) = sesion.query(Conexion)
        secretos = conexion.caja.abrir(f"conexion:x:{fila.huella}", fila.sellado)
    assert "-acceso-" in secretos["candidatas"]
    for secreto in ("-acceso-", "-renueva-", "secreto-del-cliente", "code_verifier"):
        assert secreto not in visto
