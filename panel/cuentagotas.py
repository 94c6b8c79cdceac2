"""Un tope de visitas por dirección para lo que se abre sin entrar; vive en la memoria."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

TOPE = 60
VENTANA = timedelta(minutes=1)
DIRECCIONES_MAXIMO = 10_000
"""Lo más que se recuerda: quien cambie de dirección sin fin no llena la memoria."""


class Cuentagotas:
    """Cuenta por ventanas; la base no se toca por cada visita."""

    def __init__(self, tope: int = TOPE, ventana: timedelta = VENTANA) -> None:
        self._tope = tope
        self._ventana = ventana
        self._cuentas: OrderedDict[str, tuple[datetime, int]] = OrderedDict()
        self._turno = threading.Lock()

    def deja(self, direccion: str, ahora: datetime) -> bool:
        """Si esa dirección puede pedir otra vez en este momento."""
        with self._turno:
            desde, cuantas = self._cuentas.get(direccion, (ahora, 0))
            if ahora - desde >= self._ventana:
                desde, cuantas = ahora, 0
            self._cuentas[direccion] = (desde, cuantas + 1)
            self._cuentas.move_to_end(direccion)
            while len(self._cuentas) > DIRECCIONES_MAXIMO:
                self._cuentas.popitem(last=False)
            return cuantas < self._tope
