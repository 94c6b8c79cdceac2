"""Un mundo de ensayo que mata al motor cuando le llega cierta llamada, antes de contestarle."""

import os
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from publicador.ensayo.averias import IRREVOCABLES, Falla, nueva_falla
from publicador.ensayo.mundo import Entrada, Mundo

TARDANZA_S = 0.25
"""Cuánto después de muerto el motor acepta la red lo que ya le habían enviado."""
MODOS = {
    "recibida": "la red la recibió entera y no la aceptó",
    "tarde": "la red la aceptó después de muerto el motor",
    "aceptada": "la red la aceptó y nadie leyó la respuesta",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Golpe:
    """A qué llamada, en qué pasada y en qué momento se mata al motor."""

    llamada: str
    vez: int = 1
    modo: str = "recibida"


class MundoVerdugo(Mundo):
    """Cuenta las llamadas que recibe y, si se le pide, mata en una de ellas."""

    def __init__(self, **mas: Any) -> None:
        super().__init__(**mas)
        self.llamadas: list[str] = []
        self._golpe: Golpe | None = None
        self._victima = 0
        self._hay_victima = threading.Event()
        self._hilo = threading.local()

    def apuntar(self, golpe: Golpe | None) -> None:
        """Empieza una corrida: olvida lo contado y apunta (o no) a una llamada."""
        self._hay_victima.clear()
        self.llamadas.clear()
        self._golpe = golpe

    def senalar(self, proceso: int) -> None:
        """Este es el proceso que se mata."""
        self._victima = proceso
        self._hay_victima.set()

    def tocar(self, red: str, llamada: str) -> Falla | None:
        """Como en todo mundo; si es la llamada señalada, mata primero."""
        with self.cerrojo:
            self.llamadas.append(llamada)
            vez = Counter(self.llamadas)[llamada]
            golpe = self._golpe
            if golpe is None or (golpe.llamada, golpe.vez) != (llamada, vez):
                return super().tocar(red, llamada)
            self._golpe = None
        if golpe.modo == "aceptada" and llamada in IRREVOCABLES:
            self._hilo.mata_al_guardar = True
            return super().tocar(red, llamada)
        self._matar()
        if golpe.modo == "recibida":
            return nueva_falla(red, "corta_antes", 1, {})
        if golpe.modo == "tarde":
            time.sleep(TARDANZA_S)
        return nueva_falla(red, "corta_despues", 1, {})

    def guardar(self, entrada: Entrada) -> Entrada:
        """Lo aceptado ya es público: aquí muere quien esperaba la respuesta."""
        hecha = super().guardar(entrada)
        if getattr(self._hilo, "mata_al_guardar", False):
            self._hilo.mata_al_guardar = False
            self._matar()
        return hecha

    def _matar(self) -> None:
        self._hay_victima.wait(5)
        os.kill(self._victima, signal.SIGKILL)
