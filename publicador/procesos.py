"""Los procesos largos: el panel en un hilo y la espera ordenada de la señal de parar."""

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from flask import Flask
from waitress.server import create_server

from panel import vivo
from publicador.fallos_de_base import ErrorDeBase

MAXIMO_CUERPO = 64 * 1024 * 1024
HILOS = 8
"""Los que atienden; aparte va uno por cada pantalla que puede mirar en vivo, que duermen."""


class Alto:
    """Espera a que pidan parar con Ctrl-C o SIGTERM."""

    def __init__(self) -> None:
        self._pedido = threading.Event()
        for senal in (signal.SIGINT, signal.SIGTERM):
            signal.signal(senal, self._al_recibir)

    def _al_recibir(self, _numero: int, _marco: FrameType | None) -> None:
        self._pedido.set()

    def esperar(self, segundos: float | None = None) -> bool:
        """Duerme hasta la señal o el plazo; dice si llegó la señal."""
        return self._pedido.wait(segundos)

    def pedido(self) -> bool:
        """Si ya pidieron parar."""
        return self._pedido.is_set()


class ServidorWeb:
    """El panel, atendido por waitress en un hilo de este proceso."""

    def __init__(self, app: Flask, puerto: int, *, anfitrion: str = "127.0.0.1") -> None:
        self._app = app
        try:
            self._servidor = create_server(
                app,
                host=anfitrion,
                port=puerto,
                threads=HILOS + vivo.MAXIMO,
                ident="",
                max_request_body_size=MAXIMO_CUERPO,
                clear_untrusted_proxy_headers=True,
            )
        except OSError as error:
            raise ErrorDeBase(
                f"No se pudo abrir el puerto {puerto}: ya está en uso o no se permite. "
                "Elija otro con --puerto."
            ) from error
        self._hilo = threading.Thread(target=self._atender, name="panel", daemon=True)

    def _atender(self) -> None:
        with suppress(OSError):  # al cerrar el enchufe, el lazo de espera termina así
            self._servidor.run()

    def iniciar(self) -> None:
        """Empieza a atender."""
        self._hilo.start()

    def detener(self) -> None:
        """Termina las respuestas en curso y cierra."""
        vivo.cerrar(self._app)
        self._servidor.task_dispatcher.shutdown(cancel_pending=False, timeout=10)
        # waitress cierra su enchufe, pero no las conexiones que los navegadores dejan abiertas.
        for canal in list(self._servidor.active_channels.values()):
            canal.handle_close()
        self._servidor.close()


def en_orden(*apagados: Callable[[], object]) -> None:
    """Apaga cada parte aunque la anterior falle; la primera falla se cuenta al final."""
    fallo: Exception | None = None
    for apagar in apagados:
        try:
            apagar()
        except Exception as error:  # noqa: BLE001 — apagar lo demás importa más
            fallo = fallo or error
    if fallo is not None:
        raise fallo
