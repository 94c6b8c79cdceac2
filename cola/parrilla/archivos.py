"""Los archivos que nombra una parrilla: hallarlos junto a ella, revisarlos y guardarlos una vez."""

import unicodedata
from pathlib import Path

from piezas.almacen import Almacen
from piezas.errores import ImagenNoSirve
from piezas.ingreso import MedioListo, guardar_subtitulos, preparar_imagen, preparar_video


class ArchivoMalo(Exception):
    """El archivo no está o no sirve; el texto es para la persona."""


class Archivos:
    """Cada archivo se limpia y se guarda una sola vez, aunque lo nombren muchas filas."""

    def __init__(self, carpeta: Path, almacen: Almacen) -> None:
        self._carpeta = carpeta
        self._almacen = almacen
        self._vistos: dict[tuple[str, Path], MedioListo | str | ArchivoMalo] = {}

    def imagen(self, nombre: str) -> MedioListo:
        """La imagen lista; lanza `ArchivoMalo`."""
        return _medio(self._uno("imagen", nombre))

    def video(self, nombre: str) -> MedioListo:
        """El video listo; lanza `ArchivoMalo`."""
        return _medio(self._uno("video", nombre))

    def subtitulos(self, nombre: str) -> str:
        """La huella de los subtítulos; lanza `ArchivoMalo`."""
        return str(self._uno("subtitulos", nombre))

    def _uno(self, que: str, nombre: str) -> MedioListo | str:
        ruta = self._hallar(nombre)
        visto = self._vistos.get((que, ruta))
        if visto is None:
            visto = self._vistos[que, ruta] = self._traer(que, ruta, nombre)
        if isinstance(visto, ArchivoMalo):
            raise visto
        return visto

    def _traer(self, que: str, ruta: Path, nombre: str) -> MedioListo | str | ArchivoMalo:
        try:
            if que == "video":
                return preparar_video(self._almacen, ruta, nombre=nombre)
            datos = ruta.read_bytes()
            if que == "subtitulos":
                return guardar_subtitulos(self._almacen, datos)
            return preparar_imagen(self._almacen, datos, nombre=nombre)
        except ImagenNoSirve as error:
            return ArchivoMalo(f"«{nombre}»: {error.mensaje}")
        except PermissionError:
            return ArchivoMalo(f"«{nombre}»: no hay permiso para leer el archivo.")

    def _hallar(self, nombre: str) -> Path:
        """El archivo junto a la parrilla, o donde diga su camino absoluto."""
        if "\0" not in nombre:
            # Un nombre con tildes escrito en macOS y leído en Linux son bytes distintos.
            for forma in (nombre, *(unicodedata.normalize(f, nombre) for f in ("NFC", "NFD"))):
                ruta = self._carpeta / forma
                if ruta.is_file():
                    return ruta
        raise ArchivoMalo(f"no existe el archivo «{nombre}» junto a la parrilla.")


def _medio(visto: MedioListo | str) -> MedioListo:
    if isinstance(visto, str):
        raise TypeError(visto)
    return visto
