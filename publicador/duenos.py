"""Quién es dueño de un arriendo, y cuándo es seguro que ya no existe."""

import os
import socket
from pathlib import Path


def nombre_de_motor() -> str:
    """`máquina:espacio:proceso:arranque`: nadie más lo tendrá, ni tras reusar el número."""
    return f"{socket.gethostname()}:{_espacio()}:{os.getpid()}:{_arranque(os.getpid())}"


def ha_muerto(dueno: str) -> bool:
    """`True` solo si era de esta máquina y ese proceso ya no está: no puede llamar nunca más."""
    try:
        maquina, espacio, proceso, arranque = dueno.rsplit(":", 3)
    except ValueError:
        return False
    if maquina != socket.gethostname() or espacio != _espacio() or arranque == "":
        return False
    return _arranque(int(proceso)) != arranque


def _espacio() -> str:
    """El espacio de procesos y el arranque de la máquina: en otro contenedor no se puede juzgar."""
    try:
        espacio = Path("/proc/self/ns/pid").stat().st_ino
        arranque = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
    except OSError:
        return "-"
    return f"{espacio}-{arranque}"


def _arranque(proceso: int) -> str:
    """El instante de inicio del proceso en pulsos del núcleo; vacío si no existe o es un zombi."""
    try:
        campos = Path(f"/proc/{proceso}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ""
    return "" if campos[0] == "Z" else campos[19]
