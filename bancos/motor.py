"""El motor frente al ideal y frente al lazo desnudo de tweepy, en la misma corrida.

    .venv/bin/python -m bancos.motor [--entregas 1000] [--cuentas 50] [--latencia-s 0.1]
                                     [--hilos 32] [--base postgresql+psycopg://…]

Mide el producto completo: aprobación comprobada en la puerta, libro de intentos, sobre sellado. Las
cifras absolutas son de la máquina del día; se citan las razones.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue

import tweepy
from sqlalchemy import func, select

from cola.carriles import CuentaNueva, agregar_cuenta
from cola.cuentas import Cuenta
from cola.estados import Estado
from cola.programacion import aprobar_y_programar
from cola.publicaciones import Publicacion
from conectores.contrato import Red
from conectores.http import Plazos, Sesion
from piezas.aprobacion import pedir_revision
from piezas.personas import Papel
from piezas.redaccion import Borrador, Destino, crear_pieza
from piezas.usuarios import crear_persona
from publicador.ajustes import leer_ajustes
from publicador.armado import Casa
from publicador.claves import leer_claves
from publicador.preparacion import preparar

CREDENCIAL = {"api_key": "k", "api_secret": "s", "access_token": "1-t", "access_secret": "s"}


@contextmanager
def red_minima(latencia_s: float):
    orden = [sys.executable, "-m", "bancos.red_minima", "--latencia-s", str(latencia_s)]
    with subprocess.Popen(orden, stdout=subprocess.PIPE, text=True) as proceso:
        try:
            yield f"http://127.0.0.1:{int(proceso.stdout.readline())}"
        finally:
            proceso.terminate()


def sembrar(casa: Casa, entregas: int, cuentas: int, url: str, para: datetime) -> None:
    """Piezas escritas por una persona y aprobadas por otra, a la misma hora en todas partes."""
    ahora = datetime.now(UTC)
    with casa.sesiones.begin() as sesion:
        clave = "una-clave-larga-de-banco"
        autor = crear_persona(
            sesion,
            correo="r@prensa.example",
            nombre="R",
            papeles=[Papel.REDACCION],
            clave=clave,
            ahora=ahora,
        ).id
        jefe = crear_persona(
            sesion,
            correo="j@prensa.example",
            nombre="J",
            papeles=[Papel.JEFATURA],
            clave=clave,
            ahora=ahora,
        ).id
        destinos = []
        for n in range(cuentas):
            alias = f"x{n}"
            cuenta = agregar_cuenta(
                sesion,
                CuentaNueva(
                    alias=alias,
                    red=Red.X,
                    identificador=str(1000 + n),
                    credencial=CREDENCIAL,
                    base_url=url,
                ),
                caja=casa.caja,
                quien="banco",
                ahora=ahora,
            )
            destinos.append(
                Destino(cuenta_id=cuenta.id, red=Red.X, alias=alias, programada_para=para)
            )
    for n in range(entregas // cuentas):
        with casa.sesiones.begin() as sesion:
            borrador = Borrador(
                titulo=f"Pieza {n}",
                texto=f"Noticia número {n} de la ciudad.",
                destinos=tuple(destinos),
            )
            pieza = crear_pieza(sesion, borrador, por=autor, ahora=ahora)
            pedir_revision(sesion, pieza.id, por=autor, ahora=ahora)
            aprobar_y_programar(
                sesion,
                pieza.id,
                por=jefe,
                ahora=ahora,
                sello=casa.sello,
                almacen=casa.almacen,
                tolerancia=casa.reglas.tolerancia,
            )


def lazo_desnudo(entregas: int, hilos: int, url: str) -> float:
    """Segundos que tarda tweepy sola, sin anotar nada, con los mismos hilos."""
    pendientes: SimpleQueue[int] = SimpleQueue()
    for n in range(entregas):
        pendientes.put(n)

    def obrar() -> None:
        cliente = tweepy.Client(
            consumer_key="k",
            consumer_secret="s",
            access_token="1-t",
            access_token_secret="s",
            return_type=dict,
        )
        cliente.session = Sesion(Plazos(), {"https://api.twitter.com": url})
        while True:
            try:
                n = pendientes.get_nowait()
            except Empty:
                return
            cliente.create_tweet(text=f"Noticia número {n} de la ciudad.")

    obreros = [threading.Thread(target=obrar) for _ in range(hilos)]
    inicio = time.perf_counter()
    for obrero in obreros:
        obrero.start()
    for obrero in obreros:
        obrero.join()
    return time.perf_counter() - inicio


def producto(casa: Casa, hilos: int, para: datetime) -> tuple[float, float]:
    """(segundos de la última, segundos de la primera) desde la hora debida."""
    motor = casa.motor(hilos=hilos)
    motor.iniciar()
    falta = (para - datetime.now(UTC)).total_seconds()
    time.sleep(max(falta, 0))
    inicio = time.perf_counter()
    motor.vaciar()
    total = time.perf_counter() - inicio
    motor.detener()
    with casa.lecturas() as sesion:
        primera = sesion.scalar(select(func.min(Publicacion.publicada_en)))
        cuantas = sesion.scalar(select(func.count()).where(Publicacion.estado == Estado.PUBLICADA))
        todas = sesion.scalar(select(func.count(Publicacion.id)))
        assert sesion.scalar(select(func.count(Cuenta.id))) is not None
    assert cuantas == todas, f"solo {cuantas} de {todas} publicadas"
    return total, (primera - para).total_seconds()


def main() -> None:
    opciones = argparse.ArgumentParser(description=__doc__)
    opciones.add_argument("--entregas", type=int, default=1000)
    opciones.add_argument("--cuentas", type=int, default=50)
    opciones.add_argument("--latencia-s", type=float, default=0.1)
    opciones.add_argument("--hilos", type=int, default=32)
    opciones.add_argument("--base", help="PostgreSQL; por omisión, SQLite en una carpeta temporal")
    dado = opciones.parse_args()
    entregas = dado.entregas // dado.cuentas * dado.cuentas
    with tempfile.TemporaryDirectory() as carpeta, red_minima(dado.latencia_s) as url:
        os.environ["PUBLICADOR_DATOS"] = carpeta
        os.environ["PUBLICADOR_ESPACIADO_S"] = "0"
        if dado.base:
            os.environ["PUBLICADOR_BASE_DATOS"] = dado.base
        ajustes = leer_ajustes()
        preparar(ajustes.base_datos, Path(carpeta))
        casa = Casa(ajustes, leer_claves(ajustes))
        para = datetime.now(UTC) + timedelta(seconds=2 + entregas / 40)
        sembrar(casa, entregas, dado.cuentas, url, para)
        desnudo = lazo_desnudo(entregas, dado.hilos, url)
        total, primera = producto(casa, dado.hilos, para)
        otra_vez = lazo_desnudo(entregas, dado.hilos, url)
        casa.cerrar()
    ideal = entregas * dado.latencia_s / min(dado.hilos, dado.cuentas)
    lazo = min(desnudo, otra_vez)
    print(
        f"{entregas} entregas en {dado.cuentas} cuentas, {dado.latencia_s * 1000:.0f} ms, "
        f"{dado.hilos} hilos, {'PostgreSQL' if dado.base else 'SQLite'}"
    )
    print(f"  última aceptada: {total:.2f} s   primera: {primera:.3f} s después de su hora")
    if ideal:
        print(f"  ideal: {ideal:.2f} s   producto ÷ ideal: {total / ideal:.2f}")
    print(
        f"  lazo desnudo de tweepy: {desnudo:.2f} y {otra_vez:.2f} s   "
        f"producto ÷ lazo: {total / lazo:.2f}   (publicaciones/s ÷ lazo: {lazo / total:.2f})"
    )


if __name__ == "__main__":
    main()
