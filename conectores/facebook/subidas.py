"""Lo ya subido a Facebook: cómo se anota en la libreta, cuánto dura y cuándo ceder el turno."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from conectores.contrato import Libreta
from conectores.errores import AunNo, ContenidoRechazado

VIGENCIA = timedelta(hours=20)
"""Facebook guarda cerca de 24 horas lo que no se publica; antes de eso se sube otra vez."""
TURNO = timedelta(seconds=45)
"""Lo más que una pasada sube sin ceder: el arriendo de la entrega no debe vencer subiendo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subido:
    """Un medio que Facebook ya tiene (o, en un video, que está a medio subir)."""

    id: str
    huella: str
    en: str
    sesion: str = ""
    desde: int = 0
    hasta: int = 0

    @property
    def esta_entero(self) -> bool:
        """Falso solo para un video al que le faltan trozos."""
        return self.desde >= self.hasta

    def sirve(self, huella: str, ahora: datetime) -> bool:
        """Si es de esos mismos bytes y Facebook aún lo guarda."""
        return self.huella == huella and ahora - datetime.fromisoformat(self.en) < VIGENCIA


def leer_subido(libreta: Libreta, clave: str) -> Subido | None:
    """Lo anotado bajo `clave`, o `None` si no hay nada que sirva."""
    texto = libreta.leer(clave)
    if not texto:
        return None
    try:
        return Subido(**json.loads(texto))
    except (ValueError, TypeError):
        return None  # de otra versión del programa: se sube otra vez y ya


def anotar_subido(libreta: Libreta, clave: str, subido: Subido) -> None:
    """Deja constancia durable."""
    libreta.anotar(clave, json.dumps(asdict(subido)))


class Turno:
    """El tiempo que una pasada de `preparar` puede dedicar a subir."""

    def __init__(self, ahora: Callable[[], datetime]) -> None:
        self._ahora = ahora
        self._hasta = ahora() + TURNO

    def se_acabo(self) -> bool:
        """Si toca ceder y seguir en otra pasada."""
        return self._ahora() >= self._hasta


def ceder() -> AunNo:
    """Lo que se lanza al ceder: nada falló y lo subido ya está anotado."""
    return AunNo(
        "Los archivos se están subiendo a Facebook; en un momento se sigue.",
        espera=timedelta(seconds=1),
    )


def bytes_de(archivo: Path) -> bytes:
    """Los bytes del archivo; si no se pueden leer, la frase para la persona."""
    try:
        return archivo.read_bytes()
    except OSError as error:
        raise archivo_ilegible(archivo, error) from None


def archivo_ilegible(archivo: Path, error: OSError) -> ContenidoRechazado:
    """El error de un archivo que ya no está en esta máquina."""
    return ContenidoRechazado(
        "No se pudo leer del disco un archivo de la pieza. Súbalo otra vez y apruébela de nuevo.",
        detalle=f"{archivo.name}: {type(error).__name__}",
    )
