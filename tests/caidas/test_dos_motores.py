"""Dos motores, dos procesos, una base PostgreSQL: nadie entrega lo que el otro tiene."""

import os
import signal
import time
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from publicador.ensayo.ajustes_red import ajustar
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.servidor import Ensayo
from tests.caidas import hijo
from tests.caidas.bulto import (
    abrir,
    apuntar,
    crear_base,
    entorno_de,
    sembrar_muchas,
    sembrar_una,
)
from tests.caidas.clases import CLASES
from tests.caidas.cotejo import cotejar
from tests.caidas.estres import ESPERAS, armar_al_azar

pytestmark = [pytest.mark.postgres, pytest.mark.lenta, pytest.mark.timeout(600)]
ARRIENDO_S = 6.0


@contextmanager
def una_oficina(carpeta: Path, url: str):
    with Ensayo(Mundo(), puerto_correo=None) as ensayo:
        entorno = entorno_de(
            carpeta,
            ensayo.url,
            BASE_DATOS=url,
            HILOS="8",
            ESPERA_LECTURA_S="1",
            ARRIENDO_S=str(ARRIENDO_S),
            DUDA_ESPERAS_S=ESPERAS,
        )
        crear_base(entorno)
        casa = abrir(entorno)
        try:
            yield entorno, casa, ensayo
        finally:
            casa.cerrar()


def _salidas(diario: Path) -> int:
    return diario.read_text().splitlines().count("salida-anotada")


def test_dos_motores_reparten_el_trabajo_y_nada_sale_dos_veces(url_postgres, tmp_path):
    with una_oficina(tmp_path, url_postgres) as (entorno, casa, ensayo):
        sembrar_muchas(casa, 300, ensayo_url=ensayo.url, cuentas=8)
        # Sin 429: Facebook pide esperar un cuarto de hora, y aquí nadie adelanta el reloj.
        armar_al_azar(ensayo.mundo, Random(7), sin=frozenset({"limite_429"}))
        diarios = [tmp_path / "uno", tmp_path / "otro"]
        motores = [hijo.criar(hijo.correr_motor, entorno, str(d)) for d in diarios]
        time.sleep(3)
        ensayo.mundo.desarmar()
        assert [hijo.esperar(motor, 200) for motor in motores] == [0, 0]
        visto = cotejar(casa, ensayo.mundo)
        assert visto.faltas == []
        assert all(_salidas(diario) > 30 for diario in diarios)
        assert sum(e.es_publicada for e in visto.entregas) > 280


def test_un_motor_dormido_mas_que_su_arriendo_no_repite_lo_que_el_otro_entrego(
    url_postgres, tmp_path
):
    with una_oficina(tmp_path, url_postgres) as (entorno, casa, ensayo):
        sembrar_muchas(casa, 120, ensayo_url=ensayo.url, cuentas=6)
        for red in ("facebook", "x", "wordpress"):
            ensayo.mundo.latencia_s[red] = 0.15
        dormilon = hijo.criar(hijo.correr_motor, entorno)
        otro = hijo.criar(hijo.correr_motor, entorno)
        time.sleep(1.5)
        os.kill(dormilon.pid, signal.SIGSTOP)
        time.sleep(ARRIENDO_S + 6)
        os.kill(dormilon.pid, signal.SIGCONT)
        assert [hijo.esperar(motor, 200) for motor in (dormilon, otro)] == [0, 0]
        visto = cotejar(casa, ensayo.mundo)
        assert visto.faltas == []
        # Lo que el dormido tenía en vuelo en Facebook y no llegó espera a una persona.
        assert sum(e.es_publicada for e in visto.entregas) >= 110


@pytest.mark.parametrize("red", ["facebook", "x", "wordpress"])
def test_dormido_justo_despues_de_anotar_la_salida_ya_no_llama(red, url_postgres, tmp_path):
    with una_oficina(tmp_path, url_postgres) as (entorno, casa, ensayo):
        # Sin la ayuda de la red: si llamara tarde, habría dos.
        ajustar(ensayo.mundo, "x", rechaza_repetidos=False)
        clase = next(c for c in CLASES if c.red.value == red)
        sembrar_una(casa, clase)
        with casa.sesiones.begin() as sesion:
            apuntar(sesion, f"{ensayo.url}/{red}")
        dormilon = hijo.criar(
            hijo.correr_motor,
            entorno,
            str(tmp_path / "diario"),
            "base: salida · confirmada",
            senal=signal.SIGSTOP,
        )
        _esperar_dormido(dormilon.pid)
        time.sleep(ARRIENDO_S)
        assert hijo.esperar(hijo.criar(hijo.correr_motor, entorno)) == 0
        antes = len(ensayo.mundo.entradas())
        os.kill(dormilon.pid, signal.SIGCONT)
        assert hijo.esperar(dormilon) == 0
        assert len(ensayo.mundo.entradas()) == antes
        visto = cotejar(casa, ensayo.mundo)
        assert visto.faltas == []
        (entrega,) = visto.entregas
        assert entrega.es_publicada or (red == "facebook" and entrega.fila.requiere_persona)
        assert len(entrega.en_la_red) == int(entrega.es_publicada)


def _esperar_dormido(proceso: int) -> None:
    limite = time.monotonic() + 30
    while time.monotonic() < limite:
        estado = Path(f"/proc/{proceso}/stat").read_text().rsplit(")", 1)[1].split()[0]
        if estado == "T":
            return
        time.sleep(0.05)
    raise AssertionError("el motor no llegó al punto")
