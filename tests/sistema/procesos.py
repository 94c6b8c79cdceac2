"""Encender y apagar servidores de verdad en una prueba: carpeta propia, vigía y fin por su id."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import pytest


def omitir_o_fallar(parte: str, paquetes: str) -> NoReturn:
    """Falta `parte` en el sistema: se omite en voz alta, y en CI (o si se exige) es un fallo."""
    razon = (
        f"FALTA {parte} en este sistema. En Debian, como root: "
        f"apt-get install -y --no-install-recommends {paquetes} (o `make test`, que lo hace)"
    )
    if os.environ.get("CI") == "true" or os.environ.get("EXIGIR_SISTEMA") == "1":
        pytest.fail(razon, pytrace=False)
    pytest.skip(razon)


def carpeta_temporal(prefijo: str) -> Path:
    """Una carpeta 0700 en memoria si hay dónde; corta, porque un socket admite 107 bytes."""
    memoria = Path("/dev/shm")  # en disco los mismos servidores tardan cuatro veces más
    base = memoria if memoria.is_dir() and os.access(memoria, os.W_OK) else Path("/tmp")
    return Path(tempfile.mkdtemp(prefix=f"{prefijo}-", dir=base))


def puerto_libre() -> int:
    """Un puerto que estaba libre hace un instante."""
    with socket.socket() as enchufe:
        enchufe.bind(("127.0.0.1", 0))
        return int(enchufe.getsockname()[1])


def esperar(condicion: Callable[[], bool], *, segundos: float, que: str) -> None:
    """Sondea hasta que se cumpla `condicion`; lanza `TimeoutError` si no llega."""
    limite = time.monotonic() + segundos
    while not condicion():
        if time.monotonic() > limite:
            raise TimeoutError(f"no llegó a tiempo: {que}")
        time.sleep(0.02)


class Usuario(NamedTuple):
    """Con quién corre un proceso que se niega a ser root."""

    uid: int
    gid: int


def como(usuario: Usuario | None) -> dict[str, Any]:
    """Los argumentos de `subprocess` para correr como `usuario`; `None` = el de siempre."""
    if usuario is None:
        return {}
    return {"user": usuario.uid, "group": usuario.gid, "extra_groups": []}


class Servidores:
    """Los procesos de una instancia y su carpeta: se apagan juntos, también si pytest muere."""

    def __init__(self, carpeta: Path) -> None:
        self.carpeta = carpeta
        self._procesos: list[subprocess.Popen[bytes]] = []
        self._vigias: list[subprocess.Popen[bytes]] = []

    def encender(
        self,
        orden: Sequence[str],
        *,
        registro: Path,
        entorno: Mapping[str, str] | None = None,
        usuario: Usuario | None = None,
    ) -> subprocess.Popen[bytes]:
        """Arranca un servidor en su propio grupo, con la salida en `registro`."""
        with registro.open("ab") as salida:
            proceso = subprocess.Popen(
                orden,
                stdin=subprocess.DEVNULL,
                stdout=salida,
                stderr=salida,
                env={**os.environ, **(entorno or {})},
                cwd=self.carpeta,
                start_new_session=True,
                **como(usuario),
            )
        self._procesos.append(proceso)
        self._vigilar(proceso.pid)
        return proceso

    def _vigilar(self, grupo: int) -> None:
        # A pytest lo pueden matar sin aviso: si desaparece, el vigía barre el grupo y la carpeta.
        guion = (
            f"while [ -d /proc/{os.getpid()} ]; do sleep 1; done; "
            f"kill -s KILL -- -{grupo} 2>/dev/null; rm -rf -- '{self.carpeta}'"
        )
        self._vigias.append(
            subprocess.Popen(
                ["/bin/sh", "-c", guion],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )

    def apagar(self) -> None:
        """Termina cada grupo por su id y borra la carpeta; los datos no le importan a nadie."""
        for proceso in (*self._vigias, *reversed(self._procesos)):
            terminar_grupo(proceso)
        shutil.rmtree(self.carpeta, ignore_errors=True)


def terminar_grupo(proceso: subprocess.Popen[bytes]) -> None:
    """SIGKILL a todo el grupo: son datos de usar y tirar, en una carpeta que se borra enseguida."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(proceso.pid, signal.SIGKILL)
    proceso.wait(timeout=10)
