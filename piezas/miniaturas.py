"""Miniaturas: la versión pequeña de un medio, hecha una vez y guardada por su huella."""

import contextlib
import os
import tempfile
from pathlib import Path

from conectores.contrato import Clase
from piezas import taller
from piezas.almacen import Almacen

LADO_PX = 480
CARPETA = "miniaturas"
"""Dentro de la de medios. Se puede borrar entera: se vuelven a hacer al mirarlas."""


def miniatura(almacen: Almacen, huella: str, clase: Clase) -> Path:
    """El archivo WebP; lanza `MedioFalta` o `ImagenNoSirve` si no se puede hacer."""
    origen = almacen.camino(huella)
    lugar = almacen.carpeta / CARPETA / huella[:2] / f"{huella}.webp"
    if lugar.is_file():
        return lugar
    if clase is Clase.VIDEO:
        _, datos = taller.pedir("cartel", ruta=str(origen), lado=LADO_PX)
    else:
        _, datos = taller.pedir("reducir", origen.read_bytes(), lado=LADO_PX)
    lugar.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, provisional = tempfile.mkstemp(prefix=".nueva-", dir=lugar.parent)
    try:
        with os.fdopen(descriptor, "wb") as archivo:
            archivo.write(datos)
        Path(provisional).replace(lugar)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(provisional).unlink()
    return lugar
