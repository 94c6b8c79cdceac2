"""Un reloj que se puede atrasar: así lo ya publicado se publicó de verdad, en su fecha."""

from datetime import datetime

from publicador import reloj


class RelojMovible:
    """Da la hora puesta o, suelto, la verdadera."""

    def __init__(self) -> None:
        self._puesta: datetime | None = None

    def __call__(self) -> datetime:
        """La hora."""
        return self._puesta or reloj.ahora()

    def poner(self, momento: datetime) -> None:
        """Lo detiene en `momento`."""
        self._puesta = momento

    def soltar(self) -> None:
        """Vuelve a la hora verdadera."""
        self._puesta = None
