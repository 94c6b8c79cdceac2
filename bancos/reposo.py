"""El motor en reposo: procesador y memoria de `publicador motor` y de `publicador servir`.

.venv/bin/python -m bancos.reposo [--segundos 60]
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PULSOS = os.sysconf("SC_CLK_TCK")


def procesador_s(pid: int) -> float:
    campos = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(campos[11]) + int(campos[12])) / PULSOS


def memoria_mb(pid: int) -> float:
    """PSS: la memoria propia más su parte de la compartida."""
    for renglon in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if renglon.startswith("Pss:"):
            return int(renglon.split()[1]) / 1024
    raise RuntimeError("el núcleo no da la memoria del proceso")


def puerto_libre() -> int:
    with socket.create_server(("127.0.0.1", 0)) as enchufe:
        return enchufe.getsockname()[1]


def medir(orden: list[str], segundos: float, entorno: dict[str, str]) -> str:
    with subprocess.Popen(
        [sys.executable, "-m", "publicador", *orden],
        env=entorno,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as proceso:
        try:
            time.sleep(6)  # que termine de arrancar
            antes = procesador_s(proceso.pid)
            time.sleep(segundos)
            gasto = procesador_s(proceso.pid) - antes
            memoria = memoria_mb(proceso.pid)
        finally:
            proceso.terminate()
            proceso.wait(30)
    return f"{gasto / segundos * 100:.2f} % de un núcleo, {memoria:.0f} MB"


def main() -> None:
    opciones = argparse.ArgumentParser(description=__doc__)
    opciones.add_argument("--segundos", type=float, default=60)
    dado = opciones.parse_args()
    with tempfile.TemporaryDirectory() as carpeta:
        entorno = {**os.environ, "PUBLICADOR_DATOS": carpeta}
        subprocess.run([sys.executable, "-m", "publicador", "preparar"], env=entorno, check=True)
        print("motor:", medir(["motor"], dado.segundos, entorno))
        puerto = str(puerto_libre())
        print("servir:", medir(["servir", "--puerto", puerto], dado.segundos, entorno))


if __name__ == "__main__":
    main()
