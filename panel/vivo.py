"""`/vivo`: avisa a las pantallas abiertas que algo cambió en la oficina, sin decir qué."""

import time
from collections.abc import Callable, Iterator

from flask import Blueprint, Flask, Response, current_app, request

from panel import sesiones
from panel.acceso import EQUIPO, nombre_de_cookie, requiere
from panel.corriente import Corriente
from panel.servicios import Servicios, servicios

pantalla = Blueprint("vivo", __name__)

LATIDO_S = 15.0
"""Cada cuánto se habla aunque no haya nada: así se nota quien se fue, y quien ya no puede estar."""
VIDA_S = 600
"""A los diez minutos el navegador vuelve a conectarse: ninguna conexión es eterna."""
MAXIMO = 24
"""Cuántas a la vez; cada una ocupa un hilo del servidor. Las demás preguntan cada tanto."""
_EXTENSION = "corriente"


def instalar(app: Flask, dados: Servicios) -> None:
    """Deja lista la corriente de la aplicación; su vigía arranca con la primera pantalla."""
    app.config.setdefault("VIVO_VIDA_S", VIDA_S)
    app.extensions[_EXTENSION] = Corriente(dados.leer, dados.ahora)


def cerrar(app: Flask) -> None:
    """Termina todas las conexiones abiertas: el servidor se va a apagar."""
    corriente: Corriente | None = app.extensions.get(_EXTENSION)
    if corriente is not None:
        corriente.cerrar()


@pantalla.get("/vivo")
@requiere(EQUIPO)
def seguir() -> Response | tuple[str, int]:
    """Eventos del servidor: `cambio` cuando algo cambió; termina si la sesión se cierra."""
    corriente: Corriente = current_app.extensions[_EXTENSION]
    if not corriente.hay_puesto(MAXIMO):
        # 204 le dice al navegador que no insista: la pantalla preguntará cada tanto.
        return "", 204
    identificador = request.cookies.get(nombre_de_cookie(current_app), "")
    dados, vida_s = servicios(), current_app.config["VIVO_VIDA_S"]
    respuesta = Response(
        _eventos(corriente, vida_s, lambda: _sigue_adentro(dados, identificador)),
        mimetype="text/event-stream",
    )
    respuesta.headers["X-Accel-Buffering"] = "no"
    return respuesta


def _sigue_adentro(dados: Servicios, identificador: str) -> bool:
    with dados.leer() as sesion:
        return sesiones.vigente(sesion, identificador, ahora=dados.ahora()) is not None


def _eventos(
    corriente: Corriente, vida_s: float, sigue_adentro: Callable[[], bool]
) -> Iterator[str]:
    with corriente.puesto() as puesto:
        yield "retry: 3000\n\n"
        hasta = time.monotonic() + vida_s
        while time.monotonic() < hasta and not corriente.cerrada:
            hubo_cambio = puesto.esperar(LATIDO_S)
            if corriente.cerrada:
                return
            if not sigue_adentro():
                yield "event: afuera\ndata: \n\n"
                return
            yield "event: cambio\ndata: \n\n" if hubo_cambio else ": aquí\n\n"
