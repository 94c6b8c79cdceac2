"""Apagar con SIGTERM a mitad del trabajo: termina lo que está en vuelo y no deja dudas."""

import os
import signal
import time

import pytest

from cola.estados import Estado
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.servidor import Ensayo
from tests.caidas import hijo
from tests.caidas.bulto import abrir, crear_base, entorno_de, sembrar_muchas
from tests.caidas.cotejo import cotejar

pytestmark = [pytest.mark.lenta, pytest.mark.timeout(600)]
LIMITE_S = 30.0
APAGADOS = 6


def test_con_la_red_sana_apagar_no_deja_dudas_ni_repite(tmp_path):
    with Ensayo(Mundo(), puerto_correo=None) as ensayo:
        entorno = entorno_de(
            tmp_path, ensayo.url, HILOS="8", ESPERA_LECTURA_S="10", ARRIENDO_S="20"
        )
        crear_base(entorno)
        casa = abrir(entorno)
        sembrar_muchas(casa, 150, ensayo_url=ensayo.url, cuentas=4)
        for red in ("facebook", "x", "wordpress"):
            ensayo.mundo.latencia_s[red] = 0.2
        for vuelta in range(1, APAGADOS + 1):
            motor = hijo.criar(hijo.correr_orden, entorno, ["motor"])
            _esperar_entradas(ensayo.mundo, vuelta * 8)
            os.kill(motor.pid, signal.SIGTERM)
            empezo = time.monotonic()
            assert hijo.esperar(motor, LIMITE_S) == 0
            assert time.monotonic() - empezo < LIMITE_S
            visto = cotejar(casa, ensayo.mundo)
            estados = {e.fila.estado for e in visto.entregas}
            assert estados <= {Estado.PUBLICADA, Estado.PROGRAMADA}
            assert not [e for e in visto.entregas if e.fila.arriendo_hasta is not None]
            assert visto.repetidas == visto.falsas == visto.distintas == []
        ensayo.mundo.latencia_s.clear()
        assert (
            hijo.esperar(hijo.criar(hijo.correr_orden, entorno, ["motor", "--hasta-vaciar"])) == 0
        )
        visto = cotejar(casa, ensayo.mundo)
        assert visto.faltas == []
        assert all(e.es_publicada for e in visto.entregas)
        casa.cerrar()


def _esperar_entradas(mundo: Mundo, cuantas: int) -> None:
    limite = time.monotonic() + 60
    while len(mundo.entradas()) < cuantas and time.monotonic() < limite:
        time.sleep(0.02)
    assert len(mundo.entradas()) >= cuantas
