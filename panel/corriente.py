"""Quién mira en vivo, y el vigía que les avisa: uno por proceso, por muchas pantallas que haya."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from cola.latidos import ultimo_latido
from cola.publicaciones import Intento, Publicacion
from panel.marco import esta_vivo
from piezas.bitacora import Anotacion

log = structlog.get_logger()

CADA_S = 1.0
"""Cada cuánto se mira la base mientras alguien tiene una pantalla abierta."""


class Puesto:
    """El lugar de una pantalla que mira."""

    def __init__(self) -> None:
        self._timbre = threading.Event()

    def esperar(self, segundos: float) -> bool:
        """Espera un cambio, como mucho ese tiempo; dice si lo hubo."""
        hubo = self._timbre.wait(segundos)
        self._timbre.clear()
        return hubo

    def tocar(self) -> None:
        """Despierta a quien espera."""
        self._timbre.set()


class Corriente:
    """Reparte «algo cambió» entre los puestos. Sin puestos, no mira nada."""

    def __init__(self, leer: sessionmaker[Session], ahora: Callable[[], datetime]) -> None:
        self._leer = leer
        self._ahora = ahora
        self._cerrojo = threading.Lock()
        self._puestos: set[Puesto] = set()
        self._hay_vigia = False
        self._fin = threading.Event()

    @property
    def cerrada(self) -> bool:
        """Si el servidor se está apagando."""
        return self._fin.is_set()

    def hay_puesto(self, maximo: int) -> bool:
        """Si cabe una pantalla más."""
        with self._cerrojo:
            return len(self._puestos) < maximo and not self.cerrada

    def cuantos(self) -> int:
        """Cuántas pantallas miran ahora."""
        with self._cerrojo:
            return len(self._puestos)

    @contextmanager
    def puesto(self) -> Iterator[Puesto]:
        """Un lugar entre los que miran, hasta salir del bloque."""
        mio = Puesto()
        with self._cerrojo:
            self._puestos.add(mio)
            if not self._hay_vigia:
                self._hay_vigia = True
                threading.Thread(target=self._vigilar, name="vigia", daemon=True).start()
        try:
            yield mio
        finally:
            with self._cerrojo:
                self._puestos.discard(mio)

    def cerrar(self) -> None:
        """Despierta a todos para que terminen."""
        self._fin.set()
        self._avisar()

    def _avisar(self) -> None:
        with self._cerrojo:
            for puesto in self._puestos:
                puesto.tocar()

    def _vigilar(self) -> None:
        antes = self._senas()
        while not self._fin.wait(CADA_S):
            with self._cerrojo:
                if not self._puestos:
                    self._hay_vigia = False
                    return
            ahora = self._senas()
            if ahora is not None and ahora != antes:
                antes = ahora
                self._avisar()

    def _senas(self) -> tuple[object, ...] | None:
        """Lo que basta mirar para saber si algo cambió; `None` si la base no responde."""
        try:
            with self._leer() as sesion:
                return _senas(sesion, self._ahora())
        except SQLAlchemyError as error:
            log.warning("vigia_sin_base", causa=type(error).__name__)
            return None


def _senas(sesion: Session, ahora: datetime) -> tuple[object, ...]:
    # Toda decisión deja una anotación, toda salida un intento, y tomar una entrega cambia cuántas
    # hay en cada estado: las tres cuentas salen de índices.
    estados = sesion.execute(
        select(Publicacion.estado, func.count()).group_by(Publicacion.estado)
    ).all()
    return (
        sesion.scalar(select(func.max(Anotacion.id))),
        sesion.scalar(select(func.max(Intento.id))),
        frozenset((estado, cuantas) for estado, cuantas in estados),
        esta_vivo(ultimo_latido(sesion), ahora),
    )
