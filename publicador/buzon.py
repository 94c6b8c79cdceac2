"""El buzón entre los obreros y el despachador, que es el único que escribe en la base."""

import threading
from collections import deque
from dataclasses import dataclass, field

from cola.cierres import Cierre
from cola.salidas import Nota, Puerta, Salida
from conectores.errores import NoSePudoAnotar


@dataclass(slots=True)
class Peticion:
    """Algo que un obrero pide escribir; espera en `lista` hasta que la base lo confirma."""

    contenido: Salida | Nota | Cierre
    lista: threading.Event = field(default_factory=threading.Event)
    respuesta: Puerta | bool | None = None
    anotada_en: float = 0.0
    """Segundos del reloj de arranque cuando se escribió la hora que quedó en la base."""

    def responder(self, respuesta: Puerta | bool | None, *, anotada_en: float = 0.0) -> None:
        """Despierta al obrero; `None` = la base no lo guardó."""
        self.respuesta = respuesta
        self.anotada_en = anotada_en
        self.lista.set()


class Buzon:
    """Cola de peticiones con un timbre; los desenlaces no esperan respuesta."""

    def __init__(self) -> None:
        self._cerrojo = threading.Condition()
        self._peticiones: deque[Peticion] = deque()
        self._timbre = False
        self._huerfano = False

    def pedir(self, contenido: Salida | Nota) -> Peticion:
        """Deja la petición y espera a que sea durable; lanza `NoSePudoAnotar` si no lo fue."""
        peticion = Peticion(contenido)
        self._dejar(peticion)
        peticion.lista.wait()
        if peticion.respuesta is None:
            raise NoSePudoAnotar
        return peticion

    def entregar(self, cierre: Cierre) -> None:
        """Deja un desenlace; se guardará aunque la base tarde en volver."""
        self._dejar(Peticion(cierre))

    def _dejar(self, peticion: Peticion) -> None:
        with self._cerrojo:
            if self._huerfano and not isinstance(peticion.contenido, Cierre):
                peticion.responder(None)
                return
            self._peticiones.append(peticion)
            self._cerrojo.notify_all()

    def tocar(self) -> None:
        """Despierta al despachador: quizá haya algo para ya."""
        with self._cerrojo:
            self._timbre = True
            self._cerrojo.notify_all()

    def recoger(self, espera_s: float) -> list[Peticion]:
        """Todas las peticiones pendientes, tras esperar como mucho `espera_s`."""
        with self._cerrojo:
            if not self._peticiones and not self._timbre and espera_s > 0:
                self._cerrojo.wait(espera_s)
            self._timbre = False
            pendientes = list(self._peticiones)
            self._peticiones.clear()
            return pendientes

    def devolver(self, peticiones: list[Peticion]) -> None:
        """La base falló: los desenlaces vuelven al frente, lo demás se niega."""
        with self._cerrojo:
            for peticion in reversed(peticiones):
                if isinstance(peticion.contenido, Cierre):
                    self._peticiones.appendleft(peticion)
                else:
                    peticion.responder(None)

    def cerrar(self) -> None:
        """Nadie volverá a recoger: lo que espera respuesta recibe una negativa."""
        with self._cerrojo:
            self._huerfano = True
            for peticion in self._peticiones:
                if not isinstance(peticion.contenido, Cierre):
                    peticion.responder(None)
