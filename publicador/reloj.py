"""Los dos relojes del motor: el de pared para «cuándo» y el de arranque para «cuánto»."""

import time
from datetime import UTC, datetime, timedelta

from conectores.http import RELOJ


def ahora() -> datetime:
    """El momento actual, en UTC con zona."""
    return datetime.now(UTC)


def desde_arranque() -> float:
    """Segundos que no saltan con la hora y siguen corriendo si la máquina duerme."""
    return time.clock_gettime(RELOJ)


SALTO_GRAVE = timedelta(seconds=60)


class Vigia:
    """Compara los dos relojes: si la hora de pared saltó, lo programado ya no es de fiar."""

    def __init__(self) -> None:
        self._base = time.time() - desde_arranque()

    def salto(self) -> timedelta | None:
        """Cuánto saltó desde la última vez, si pasó de un minuto."""
        base = time.time() - desde_arranque()
        corrido = timedelta(seconds=base - self._base)
        if abs(corrido) <= SALTO_GRAVE:
            return None
        self._base = base
        return corrido
