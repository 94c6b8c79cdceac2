"""La falla `no_acepta`: el puerto se cierra de verdad hasta que se vean los rechazos pedidos."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from publicador.ensayo.averias import Averias, Falla
from publicador.ensayo.servidor_http import Puerta

GRACIA_S: Final = 0.3
TOPE_S: Final = 8.0
_RED_DEL_NUCLEO: Final = Path("/proc/net/snmp")


def conexiones_fallidas() -> int | None:
    """Cuántos intentos de conexión TCP han fallado en esta máquina; `None` si no se puede saber."""
    try:
        lineas = [
            linea.split()
            for linea in _RED_DEL_NUCLEO.read_text(encoding="ascii").splitlines()
            if linea.startswith("Tcp:")
        ]
        return int(lineas[1][lineas[0].index("AttemptFails")])
    except (OSError, IndexError, ValueError):
        return None


class Rechazos:
    """Atiende los pedidos de `no_acepta` cerrando la puerta de la red pedida.

    Al pedirla pasan 0,3 s (para que quepan otras llamadas a `/fallas`); después el puerto deja de
    escuchar y se sueltan las conexiones ociosas. Vuelve a abrirse cuando el núcleo contó `veces`
    conexiones fallidas desde el cierre (es una cuenta de toda la máquina), o a los `segundos` (8 si
    no se dicen). Mientras tanto tampoco responde `/fallas`: si las redes comparten el puerto, se
    cierra para todas. Con puertos propios se cierra solo el de esa red.
    """

    def __init__(self, averias: Averias, puertas: Callable[[str], list[Puerta]]) -> None:
        """`puertas`: de una red (o `*`) a las puertas que hay que cerrar."""
        self._averias = averias
        self._puertas = puertas
        self._turno = threading.Lock()
        self._alto = threading.Event()
        averias.al_armar.append(self._pedida)

    def detener(self) -> None:
        """Ya no cierra más puertas."""
        self._alto.set()
        if self._pedida in self._averias.al_armar:
            self._averias.al_armar.remove(self._pedida)

    def _pedida(self, falla: Falla) -> None:
        if falla.nombre == "no_acepta":
            threading.Thread(target=self._cumplir, args=(falla,), daemon=True).start()

    def _cumplir(self, falla: Falla) -> None:
        self._alto.wait(GRACIA_S)
        with self._turno:
            if self._alto.is_set() or falla.veces == 0:
                return
            puertas = self._puertas(falla.red)
            antes = conexiones_fallidas()
            for puerta in puertas:
                puerta.cerrar()
            try:
                self._esperar(falla, antes)
            finally:
                self._reabrir(puertas)

    def _esperar(self, falla: Falla, antes: int | None) -> None:
        limite = time.monotonic() + (TOPE_S if falla.segundos is None else falla.segundos)
        while falla.veces != 0 and time.monotonic() < limite and not self._alto.wait(0.02):
            ahora = conexiones_fallidas()
            if antes is None or ahora is None:
                continue
            for _ in range(ahora - antes):
                if falla.veces is not None:
                    self._averias.gastar(falla)
            antes = ahora
        falla.veces = 0
        self._averias.gastar(falla)

    def _reabrir(self, puertas: list[Puerta]) -> None:
        if not self._alto.is_set():
            for puerta in puertas:
                puerta.abrir()
