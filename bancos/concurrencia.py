"""Veinte personas abren Hoy mientras otra sube imágenes: mirar no espera a quien escribe.

    .venv/bin/python -m bancos.concurrencia

El panel se sirve con hilos y cada persona es otra conexión. Se compara la mediana de Hoy con y sin
alguien subiendo, en la misma corrida, y se cuentan las respuestas que no fueron 200.
"""

import http.client
import io
import json
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image

from bancos.panel import AHORA, Banco
from panel import sesiones
from panel.acceso import nombre_de_cookie
from piezas.ingreso import recibir_medio
from piezas.personas import Persona
from tests.panel.servido import servido

PERSONAS, VISITAS, PIEZAS = 20, 5, 1_000


def mirar(url: str, cookie: str, tiempos: list[float], fallas: list[int]) -> None:
    """Abre Hoy varias veces con una conexión propia."""
    for _ in range(VISITAS):
        conexion = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        antes = time.perf_counter()
        conexion.request("GET", "/", headers={"Cookie": cookie})
        respuesta = conexion.getresponse()
        respuesta.read()
        tiempos.append((time.perf_counter() - antes) * 1000)
        if respuesta.status != 200:
            fallas.append(respuesta.status)
        conexion.close()


def subir(banco: Banco, por: int, parar: threading.Event, subidas: list[float]) -> None:
    """Una imagen grande tras otra, con la transacción abierta mientras se procesa."""
    numero = 0
    while not parar.is_set():
        numero += 1
        salida = io.BytesIO()
        Image.new("RGB", (2400, 1600), (numero % 256, 90, 107)).save(salida, "PNG")
        antes = time.perf_counter()
        with banco.fabrica.begin() as sesion:
            recibir_medio(
                sesion,
                banco.servicios.almacen,
                salida.getvalue(),
                nombre="foto.png",
                por=por,
                ahora=AHORA,
            )
            time.sleep(0.2)  # lo que tarda un disco lento: el turno de escribir sigue tomado
        subidas.append((time.perf_counter() - antes) * 1000)


def todas(url: str, cookie: str) -> tuple[float, float, int]:
    """(mediana, peor, fallas) de todas las personas a la vez."""
    tiempos: list[float] = []
    fallas: list[int] = []
    hilos = [
        threading.Thread(target=mirar, args=(url, cookie, tiempos, fallas)) for _ in range(PERSONAS)
    ]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    return statistics.median(tiempos), max(tiempos), len(fallas)


def main() -> None:
    """Corre el banco y escribe una línea de JSON."""
    with tempfile.TemporaryDirectory() as carpeta:
        banco = Banco(Path(carpeta), PIEZAS)
        with banco.fabrica.begin() as sesion:
            quien = sesion.query(Persona).filter_by(correo="jefatura@alcaldia.example").one()
            clave = sesiones.abrir(sesion, quien.id, navegador="banco", ahora=AHORA)
        cookie = f"{nombre_de_cookie(banco.app)}={clave}"
        with servido(banco) as url:
            todas(url, cookie)
            sola = todas(url, cookie)
            parar, subidas = threading.Event(), list[float]()
            subidor = threading.Thread(target=subir, args=(banco, quien.id, parar, subidas))
            subidor.start()
            subiendo = todas(url, cookie)
            parar.set()
            subidor.join()
    resultado = {
        "personas": PERSONAS,
        "visitas": PERSONAS * VISITAS,
        "fallas": sola[2] + subiendo[2],
        "hoy_ms": round(sola[0]),
        "hoy_mientras_se_sube_ms": round(subiendo[0]),
        "razon": round(subiendo[0] / sola[0], 2),
        "peor_ms": [round(sola[1]), round(subiendo[1])],
        "subidas": len(subidas),
    }
    sys.stdout.write(json.dumps(resultado) + "\n")


if __name__ == "__main__":
    main()
