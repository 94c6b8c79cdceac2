"""El proceso que se mata: arma la casa de verdad desde el entorno y corre el motor hasta vaciar."""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from cola.latidos import callar, latir
from cola.proximos import queda_en_curso
from cola.rescate import rescatar_vencidas
from cola.tomas import Reglas
from publicador import reloj
from publicador.ajustes import Ajustes
from publicador.armado import abrir_casa
from publicador.base_datos import sesiones
from publicador.cli import principal
from publicador.registro_eventos import configurar_registro
from publicador.tablas import METADATOS
from tests.caidas.mutantes import VARIABLE, mutar
from tests.caidas.vigia import Vigia

# Cada hijo nace por `fork` de un proceso que ya importó todo y no tiene hilos: arrancar un motor
# cuesta décimas de segundo y no segundos.
_CRIADERO = multiprocessing.get_context("forkserver")
_CRIADERO.set_forkserver_preload(["tests.caidas.hijo", "tests.caidas.bulto"])


# `start` pregunta por todos los hijos: dos hilos leerían a la vez el final del mismo.
_CERROJO = threading.Lock()


def criar(
    funcion: Callable[..., None], *argumentos: object, **opciones: object
) -> ForkServerProcess:
    """Un proceso hijo ya en marcha."""
    hijo = _CRIADERO.Process(target=funcion, args=argumentos, kwargs=opciones, daemon=True)
    with _CERROJO:
        hijo.start()
    return hijo


def esperar(hijo: ForkServerProcess, plazo_s: float = 90.0) -> int:
    """El código con que terminó; si se pasa del plazo, se mata y se dice."""
    termino = wait([hijo.sentinel], plazo_s)
    with _CERROJO:
        if not termino:
            hijo.kill()
        hijo.join()
        codigo = hijo.exitcode
        hijo.close()
    if not termino or codigo is None:
        raise TimeoutError(f"el proceso no terminó en {plazo_s:g} s")
    return codigo


def correr_motor(
    entorno: Mapping[str, str],
    diario: str = "",
    punto: str | None = None,
    vez: int = 1,
    *,
    adelanto_s: float = 0.0,
    senal: signal.Signals = signal.SIGKILL,
) -> None:
    """Lo que hace `publicador motor --hasta-vaciar`; con `diario`, un vigía dentro.

    `adelanto_s`: cuánto va adelante el reloj de pared, para no esperar de verdad un cuarto de hora.
    """
    _instalarse(entorno)
    mutar(entorno.get(VARIABLE, ""))
    casa = abrir_casa()
    if diario:
        vigia = Vigia(diario, punto, vez, senal)
        vigia.instalar()
        vigia.mirar_base(casa.sesiones.kw["bind"])
    if adelanto_s:
        casa.ahora = lambda: reloj.ahora() + timedelta(seconds=adelanto_s)
    motor = casa.motor()
    motor.iniciar()
    (casa.ajustes.datos / f"en-marcha-{os.getpid()}").touch()
    motor.vaciar()
    motor.detener()
    casa.cerrar()


def correr_orden(entorno: Mapping[str, str], argumentos: Sequence[str]) -> None:
    """La línea de órdenes de verdad."""
    _instalarse(entorno)
    principal(list(argumentos))


def _calentar() -> None:
    """Lo que cada proceso haría de nuevo al nacer (armar los modelos y sus consultas), una vez."""
    base = create_engine("sqlite://", poolclass=StaticPool)
    METADATOS.create_all(base)
    ajustes = Ajustes(_env_file=None)  # type: ignore[call-arg]
    ahora = reloj.ahora()
    with sesiones(base).begin() as sesion:
        reglas = Reglas(
            arriendo=timedelta(seconds=ajustes.arriendo_s),
            tolerancia=timedelta(minutes=ajustes.tolerancia_min),
            espaciados={},
            esperas_duda=ajustes.duda_esperas_s,
        )
        rescatar_vencidas(sesion, reglas=reglas, ahora=ahora, ha_muerto=lambda _: False)
        latir(sesion, "nadie", version="0", ahora=ahora)
        callar(sesion, "nadie")
        queda_en_curso(sesion, ahora=ahora, espera_maxima=timedelta(0))
    base.dispose()
    gc.freeze()


def _instalarse(entorno: Mapping[str, str]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(entorno)
    datos = Path(entorno["PUBLICADOR_DATOS"])
    registro = os.open(datos / "registro.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(registro, sys.stdout.fileno() if sys.stdout else 1)
    os.dup2(registro, 2)
    configurar_registro()


if multiprocessing.current_process().name == "MainProcess":
    _calentar()
