"""La carpeta de la demostración: siempre propia, con una marca que dice qué hay sembrado."""

import fcntl
import json
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from publicador.carpetas import crear_carpeta
from publicador.fallos_de_base import ErrorDeBase

MARCA: Final = "demostracion.json"
CERROJO: Final = "en-marcha"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marca:
    """Qué se sembró, y para qué puerto: las cuentas apuntan a él."""

    huella: str
    puerto_ensayo: int
    sembrada_en: str
    lista: bool

    @property
    def momento(self) -> datetime:
        """Cuándo se sembró."""
        return datetime.fromisoformat(self.sembrada_en)


class Carpeta:
    """Una carpeta que solo usa la demostración, y de a una a la vez."""

    def __init__(self, ruta: Path) -> None:
        """La crea y la reserva; lanza `ErrorDeBase` si otra demostración la está usando."""
        crear_carpeta(ruta.parent)
        crear_carpeta(ruta)
        self.ruta = ruta
        self._cerrojo: TextIOWrapper = (ruta / CERROJO).open("w", encoding="utf-8")
        try:
            fcntl.flock(self._cerrojo, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._cerrojo.close()
            raise ErrorDeBase(
                f"Ya hay una demostración en marcha en {ruta}. Deténgala con Ctrl-C, o use otra "
                "carpeta con PUBLICADOR_DATOS."
            ) from None

    def marca(self) -> Marca | None:
        """Lo que quedó sembrado, o `None` si no hay nada o se interrumpió."""
        try:
            marca = Marca(**json.loads((self.ruta / MARCA).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return marca if marca.lista else None

    def vaciar(self) -> None:
        """Borra lo sembrado antes. Si la carpeta no es de la demostración, no toca nada."""
        ajenos = [uno for uno in self.ruta.iterdir() if uno.name != CERROJO]
        if ajenos and not (self.ruta / MARCA).is_file():
            raise ErrorDeBase(
                f"La carpeta {self.ruta} tiene archivos que no son de la demostración. "
                "Muévalos, o use otra carpeta con PUBLICADOR_DATOS."
            )
        # La marca se borra de última: si esto se interrumpe, la carpeta se sigue reconociendo.
        for uno in sorted(ajenos, key=lambda ruta: ruta.name == MARCA):
            if uno.is_dir() and not uno.is_symlink():
                shutil.rmtree(uno)
            else:
                uno.unlink()

    def marcar(self, marca: Marca) -> None:
        """Anota qué se está sembrando (`lista=False`) o qué quedó sembrado."""
        texto = json.dumps(asdict(marca), ensure_ascii=False, indent=2)
        (self.ruta / MARCA).write_text(texto + "\n", encoding="utf-8")

    def soltar(self) -> None:
        """Deja que otra demostración la use."""
        self._cerrojo.close()
