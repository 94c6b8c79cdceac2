"""Renovar el permiso de X: una vez, guardado antes de usarse, y sin perder el par nuevo."""

import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from cola.credenciales import Caja, contexto_de
from cola.cuentas import Cuenta
from cola.tomas import Credencial
from conectores.contrato import Red
from conectores.errores import AunNo, SinPermiso
from conectores.http import Plazos
from publicador.renovacion import ESPERAS_AL_GUARDAR_S, Renovador
from tests import fabricas

CAJA = Caja([b"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="])
VIEJA = {
    "client_id": "cliente",
    "access_token": "acceso-1",
    "refresh_token": "renueva-1",
    "vence_en": "2026-12-01T12:01:00+00:00",
}


class _X(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.renovadas += 1
        par = {"access_token": "acceso-2", "refresh_token": "renueva-2", "expires_in": 7200}
        cuerpo = json.dumps(par).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(cuerpo)))
        self.end_headers()
        self.wfile.write(cuerpo)

    def log_message(self, *_):
        """Callado."""


@pytest.fixture
def x():
    servidor = ThreadingHTTPServer(("127.0.0.1", 0), _X)
    servidor.renovadas = 0
    hilo = Thread(target=servidor.serve_forever, kwargs={"poll_interval": 0.01})
    hilo.start()
    yield servidor
    servidor.shutdown()
    servidor.server_close()
    hilo.join()


@pytest.fixture
def credencial(sesiones):
    with sesiones.begin() as sesion:
        cuenta = fabricas.una_cuenta(sesion, Red.X)
        cuenta.credencial = CAJA.sellar(contexto_de(Red.X, cuenta.identificador), VIEJA)
        return Credencial(
            cuenta_id=cuenta.id,
            alias=cuenta.alias,
            red=Red.X,
            identificador=cuenta.identificador,
            sellada=cuenta.credencial,
            serie=1,
            base_url=None,
        )


@pytest.fixture
def renovador(sesiones, credencial, x, ahora):
    siestas = []
    hecho = Renovador(
        credencial,
        sesiones=sesiones,
        caja=CAJA,
        base_url=f"http://127.0.0.1:{x.server_address[1]}",
        plazos=Plazos(),
        ahora=lambda: ahora,
        dormir=siestas.append,
    )
    return hecho, siestas


def guardada(sesiones, credencial):
    with sesiones() as sesion:
        cuenta = sesion.get_one(Cuenta, credencial.cuenta_id)
        abierta = CAJA.abrir(contexto_de(Red.X, cuenta.identificador), cuenta.credencial)
        return abierta["refresh_token"], cuenta.credencial_serie, cuenta.renovando_de


def test_renueva_una_vez_y_guarda_el_par_nuevo(sesiones, credencial, renovador, x):
    renovar, _ = renovador
    assert renovar()["access_token"] == "acceso-2"
    assert renovar()["access_token"] == "acceso-2"
    assert x.renovadas == 1
    assert guardada(sesiones, credencial) == ("renueva-2", 2, None)


def test_mientras_otro_renueva_se_espera(sesiones, credencial, renovador, x, ahora):
    with sesiones.begin() as sesion:
        cuenta = sesion.get_one(Cuenta, credencial.cuenta_id)
        cuenta.renovando_de, cuenta.renovando_hasta = "otro", ahora + timedelta(minutes=1)
    with pytest.raises(AunNo):
        renovador[0]()
    assert x.renovadas == 0


def test_una_base_ocupada_al_guardar_no_pierde_el_par_nuevo(sesiones, credencial, renovador):
    renovar, siestas = renovador
    fallan = iter([False, True, True])  # el turno se pide bien; guardar falla dos veces

    def ocupada(_conexion):
        if next(fallan, False):
            raise OperationalError("COMMIT", {}, Exception("database is locked"))

    base = sesiones.kw["bind"]
    event.listen(base, "commit", ocupada)
    assert renovar()["refresh_token"] == "renueva-2"
    event.remove(base, "commit", ocupada)
    assert siestas == list(ESPERAS_AL_GUARDAR_S[:2])
    assert guardada(sesiones, credencial) == ("renueva-2", 2, None)


def test_una_credencial_que_no_abre_pide_conectar_de_nuevo(sesiones, credencial, renovador):
    with sesiones.begin() as sesion:
        sesion.get_one(Cuenta, credencial.cuenta_id).credencial = "de otra clave"
    with pytest.raises(SinPermiso, match="Vuelva a conectarla"):
        renovador[0]()
