"""Los dos relojes del motor: el de pared para «cuándo» y el de arranque para «cuánto»."""

import time
from datetime import UTC, datetime


def ahora() -> datetime:
    """El momento actual, en UTC con zona."""
    return datetime.now(UTC)


_RELOJ = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def desde_arranque() -> float:
    """Segundos que no saltan con la hora y siguen corriendo si la máquina duerme."""
    return time.clock_gettime(_RELOJ)
