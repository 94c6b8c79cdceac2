"""El ensayo en marcha: todas las redes, el control de fallas, el muro y el correo."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from flask import Blueprint, Flask, redirect
from werkzeug.wrappers import Response

from publicador.ensayo import control, facebook, muro, wordpress, x
from publicador.ensayo.correo import Buzon
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.rechazos import Rechazos
from publicador.ensayo.servidor_http import Puerta

REDES: Final[dict[str, Callable[[Mundo], Blueprint]]] = {
    "facebook": facebook.crear,
    "x": x.crear,
    "wordpress": wordpress.crear,
}


def crear_app(mundo: Mundo) -> Flask:
    """La aplicación con todas las redes, el control y el muro."""
    app = Flask("publicador.ensayo", static_folder=None)
    # Un corte pedido es una excepción que debe llegar al servidor, no volverse un 500.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.config["MAX_CONTENT_LENGTH"] = None
    app.config["MAX_FORM_MEMORY_SIZE"] = None
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    for nombre, crear in REDES.items():
        app.register_blueprint(crear(mundo), url_prefix=f"/{nombre}")
    app.register_blueprint(control.crear(mundo))
    app.register_blueprint(muro.crear(mundo))

    @app.get("/")
    def inicio() -> Response:
        return redirect("/muro")

    return app


class Ensayo:
    """El servidor de ensayo, en un puerto local y, si se pide, uno propio por red.

    `puerto=0` elige uno libre. Como contexto se inicia y se detiene solo.
    """

    def __init__(
        self,
        mundo: Mundo,
        puerto: int = 0,
        *,
        anfitrion: str = "127.0.0.1",
        puertos_propios: bool = False,
        puerto_correo: int | None = 0,
    ) -> None:
        """Reserva los puertos; no atiende hasta `iniciar`. Sin `puerto_correo` no hay correo."""
        self.mundo = mundo
        app = crear_app(mundo)
        self._puerta = Puerta(app.wsgi_app, puerto, anfitrion)
        self._propias = (
            {red: Puerta(app.wsgi_app, 0, anfitrion) for red in REDES} if puertos_propios else {}
        )
        self._rechazos = Rechazos(mundo.averias, self._puertas_de)
        self.correo = None if puerto_correo is None else Buzon(mundo, puerto_correo, anfitrion)
        self._alto = threading.Event()
        self._guardian: threading.Thread | None = None

    @property
    def puerto(self) -> int:
        """El puerto principal."""
        return self._puerta.puerto

    @property
    def url(self) -> str:
        """La dirección base, sin barra al final."""
        return f"http://{self._puerta.anfitrion}:{self._puerta.puerto}"

    def url_de(self, red: str) -> str:
        """La dirección base de una red, en su puerto propio si lo tiene."""
        puerta = self._propias.get(red, self._puerta)
        return f"http://{puerta.anfitrion}:{puerta.puerto}/{red}"

    def iniciar(self) -> Self:
        """Empieza a atender en hilos de fondo."""
        for puerta in (self._puerta, *self._propias.values()):
            puerta.abrir()
        if self.correo is not None:
            self.correo.iniciar()
        self._guardian = threading.Thread(target=self._guardar, daemon=True)
        self._guardian.start()
        return self

    def detener(self) -> None:
        """Cierra todo y guarda lo que el mundo recuerda."""
        self._alto.set()
        self._rechazos.detener()
        for puerta in (self._puerta, *self._propias.values()):
            puerta.detener()
        if self.correo is not None:
            self.correo.detener()
        if self._guardian is not None:
            self._guardian.join()
        self.mundo.guardar_cajones()

    def servir(self) -> None:
        """Atiende hasta que alguien llame a `detener` o interrumpa (`Ctrl-C`)."""
        self.iniciar()
        try:
            self._alto.wait()
        except KeyboardInterrupt:
            pass
        finally:
            self.detener()

    def cerrar_puerta(self, red: str | None = None) -> None:
        """Rechaza conexiones desde ya: en todos los puertos, o en el de una red."""
        for puerta in self._puertas_de(red or "*"):
            puerta.cerrar()

    def abrir_puerta(self, red: str | None = None) -> None:
        """Vuelve a aceptar conexiones."""
        for puerta in self._puertas_de(red or "*"):
            puerta.abrir()

    def _puertas_de(self, red: str) -> list[Puerta]:
        if red in self._propias:
            return [self._propias[red]]
        return [self._puerta, *self._propias.values()]

    def _guardar(self) -> None:
        while not self._alto.wait(1.0):
            self.mundo.guardar_cajones()

    def __enter__(self) -> Self:
        """Inicia."""
        return self.iniciar()

    def __exit__(
        self,
        clase: type[BaseException] | None,
        error: BaseException | None,
        traza: TracebackType | None,
    ) -> None:
        """Detiene."""
        self.detener()
