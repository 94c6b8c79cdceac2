"""La carpeta de medios: archivos guardados por su huella, que no cambian nunca."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from piezas.errores import MedioFalta

_HUELLA = re.compile(r"[0-9a-f]{64}")
_TROZO = 1 << 20


class Almacen:
    """Guarda bytes por su SHA-256. Guardar dos veces lo mismo es guardarlo una."""

    def __init__(self, carpeta: Path) -> None:
        self.carpeta = carpeta.absolute()

    def guardar(self, datos: bytes) -> str:
        """Guarda `datos` de forma durable y devuelve su huella."""
        huella = hashlib.sha256(datos).hexdigest()
        self._poner(huella, lambda destino: destino.write(datos))
        return huella

    def guardar_archivo(self, ruta: Path) -> str:
        """Copia un archivo (un video, por ejemplo) sin traerlo entero a memoria."""
        huella = huella_de(ruta)

        def copiar(destino: BinaryIO) -> None:
            with ruta.open("rb") as origen:
                shutil.copyfileobj(origen, destino, _TROZO)

        self._poner(huella, copiar)
        if not self.comprobar(huella):
            self._lugar(huella).unlink()
            raise MedioFalta("El archivo cambió mientras se guardaba. Súbalo de nuevo.")
        return huella

    def camino(self, huella: str) -> Path:
        """El camino absoluto del archivo; lanza `MedioFalta` si no está."""
        lugar = self._lugar(huella)
        if not lugar.is_file():
            raise MedioFalta
        return lugar

    def hay(self, huella: str) -> bool:
        """Si el archivo está (no vuelve a calcular su huella)."""
        return self._lugar(huella).is_file()

    def comprobar(self, huella: str) -> bool:
        """Si el archivo está y sus bytes siguen siendo los que dice la huella."""
        lugar = self._lugar(huella)
        return lugar.is_file() and huella_de(lugar) == huella

    def _lugar(self, huella: str) -> Path:
        # La huella puede venir de un sobre o de una dirección: jamás debe salir de la carpeta.
        if not _HUELLA.fullmatch(huella):
            raise MedioFalta
        return self.carpeta / huella[:2] / huella[2:4] / huella

    def _poner(self, huella: str, escribir: Callable[[BinaryIO], object]) -> None:
        lugar = self._lugar(huella)
        if self.comprobar(huella):
            return
        self._abrir_carpetas(lugar.parent)
        descriptor, provisional = tempfile.mkstemp(prefix=".nuevo-", dir=lugar.parent)  # 0600
        try:
            with os.fdopen(descriptor, "wb") as destino:
                escribir(destino)
                destino.flush()
                os.fsync(destino.fileno())
            Path(provisional).replace(lugar)
        except BaseException:
            Path(provisional).unlink(missing_ok=True)
            raise
        _asegurar(lugar.parent)

    def _abrir_carpetas(self, hoja: Path) -> None:
        for carpeta in (self.carpeta, hoja.parent, hoja):
            if not carpeta.is_dir():
                carpeta.mkdir(mode=0o700, parents=True, exist_ok=True)
                _asegurar(carpeta.parent)


def huella_de(ruta: Path) -> str:
    """SHA-256 hexadecimal de un archivo."""
    with ruta.open("rb") as archivo:
        return hashlib.file_digest(archivo, "sha256").hexdigest()


def _asegurar(carpeta: Path) -> None:
    """Lleva al disco la entrada de directorio: sin esto, un corte puede perder el nombre nuevo."""
    descriptor = os.open(carpeta, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
