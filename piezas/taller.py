"""La puerta al obrador: un proceso por servicio, una orden a la vez, con plazo."""

import atexit
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

from piezas.errores import ImagenNoSirve

PLAZO_S = 90.0
ORDENES_POR_OBRADOR = 200
"""Después se cambia por uno nuevo: lo que las bibliotecas no devuelven no se acumula."""


class Taller:
    """Manda órdenes al obrador y lo reemplaza si muere o se demora.

    El cerrojo hace de semáforo: las imágenes de un proceso se trabajan de a una, y veinte personas
    subiendo fotos a la vez no agotan la máquina.
    """

    def __init__(self, plazo_s: float = PLAZO_S) -> None:
        self._plazo_s = plazo_s
        self._cerrojo = threading.Lock()
        self._obrador: subprocess.Popen[bytes] | None = None
        self._faltan = 0

    def pedir(self, hacer: str, datos: bytes = b"", **mas: Any) -> tuple[dict[str, Any], bytes]:
        """La respuesta del obrador; lanza `ImagenNoSirve` si el archivo no sirve o lo tumbó."""
        cabeza = json.dumps({"hacer": hacer, "largo": len(datos), **mas}).encode() + b"\n"
        with self._cerrojo:
            respuesta, cuerpo = self._hablar(cabeza + datos)
        if "no_sirve" in respuesta:
            raise ImagenNoSirve(respuesta["no_sirve"])
        return respuesta, cuerpo

    def cerrar(self) -> None:
        """Termina el obrador; el siguiente pedido arranca otro."""
        obrador, self._obrador = self._obrador, None
        if obrador is None:
            return
        obrador.kill()
        obrador.wait()
        for tubo in (obrador.stdin, obrador.stdout):
            _cerrar(tubo)

    def _hablar(self, mensaje: bytes) -> tuple[dict[str, Any], bytes]:
        obrador = self._vivo()
        alarma = threading.Timer(self._plazo_s, obrador.kill)
        alarma.daemon = True
        alarma.start()
        try:
            return _intercambiar(obrador, mensaje)
        except (OSError, EOFError) as error:
            self.cerrar()
            raise ImagenNoSirve(
                "El archivo no se pudo leer: pide demasiado tiempo o memoria, o está dañado. "
                "Expórtelo de nuevo, más pequeño, y súbalo otra vez."
            ) from error
        finally:
            alarma.cancel()

    def _vivo(self) -> subprocess.Popen[bytes]:
        self._faltan -= 1
        if self._obrador is None or self._faltan < 0 or self._obrador.poll() is not None:
            self.cerrar()
            self._obrador = _arrancar()
            self._faltan = ORDENES_POR_OBRADOR
        return self._obrador


def _arrancar() -> subprocess.Popen[bytes]:
    raiz = str(Path(__file__).resolve().parents[1])
    camino = ":".join([raiz, *(parte for parte in sys.path if parte)])
    # Entorno propio: ni las claves ni la dirección de la base llegan a quien abre archivos ajenos.
    entorno = {"PYTHONPATH": camino, "MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "2"}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "piezas.obrador"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=entorno,
    )


def _intercambiar(obrador: subprocess.Popen[bytes], mensaje: bytes) -> tuple[dict[str, Any], bytes]:
    if obrador.stdin is None or obrador.stdout is None:
        raise EOFError
    obrador.stdin.write(mensaje)
    obrador.stdin.flush()
    linea = obrador.stdout.readline()
    if not linea.endswith(b"\n"):
        raise EOFError
    respuesta: dict[str, Any] = json.loads(linea)
    cuerpo = obrador.stdout.read(respuesta["largo"])
    if len(cuerpo) != respuesta["largo"]:
        raise EOFError
    return respuesta, cuerpo


def _cerrar(tubo: IO[bytes] | None) -> None:
    try:
        if tubo is not None:
            tubo.close()
    except OSError:
        # Al cerrar se vacía lo que faltaba por escribir, y ya no hay quien lo lea.
        return


_compartido = Taller()
atexit.register(_compartido.cerrar)


def pedir(hacer: str, datos: bytes = b"", **mas: Any) -> tuple[dict[str, Any], bytes]:
    """Un pedido al obrador de este proceso."""
    return _compartido.pedir(hacer, datos, **mas)
