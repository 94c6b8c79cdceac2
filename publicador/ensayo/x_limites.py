"""Las cabeceras de límite de la red X de ensayo: se anuncian y bajan, pero no se exigen."""

import threading
from typing import Final

from flask import Blueprint, Response, g, request

from publicador.ensayo.mundo import Mundo

VENTANA_S: Final = 900
DIA_S: Final = 86_400
# Holgado a propósito: nadie debe frenarse en un ensayo; para ver un 429 está `limite_429`.
TOPE: Final = 100_000
VERSION: Final = "2.167"


class Contador:
    """Cuenta las llamadas de cada cuenta por ventana fija; no sobrevive a un reinicio."""

    def __init__(self, mundo: Mundo) -> None:
        """Empieza en cero."""
        self._mundo = mundo
        self._cerrojo = threading.Lock()
        self._gastado: dict[tuple[str, str, int], tuple[int, int]] = {}

    def gastar(self, ruta: str, cuenta: str, ventana_s: int) -> tuple[int, int]:
        """Cuántas quedan en la ventana, contando esta, y en qué segundo se renueva."""
        numero = int(self._mundo.ahora().timestamp()) // ventana_s
        with self._cerrojo:
            clave = (ruta, cuenta, ventana_s)
            ventana, llevan = self._gastado.get(clave, (numero, 0))
            llevan = llevan + 1 if ventana == numero else 1
            self._gastado[clave] = (numero, llevan)
        return max(0, TOPE - llevan), (numero + 1) * ventana_s


def montar(bp: Blueprint, mundo: Mundo) -> None:
    """Agrega a cada respuesta las cabeceras que manda X, salvo las que la respuesta ya trae."""
    contador = Contador(mundo)

    def anotar(respuesta: Response, familia: str, ruta: str, ventana_s: int) -> None:
        quedan, regreso = contador.gastar(ruta, g.x_cuenta, ventana_s)
        respuesta.headers.setdefault(f"{familia}-limit", str(TOPE))
        respuesta.headers.setdefault(f"{familia}-remaining", str(quedan))
        respuesta.headers.setdefault(f"{familia}-reset", str(regreso))

    @bp.after_request
    def anunciar(respuesta: Response) -> Response:
        if respuesta.content_type.startswith("text/html"):
            return respuesta  # una página de error del borde no pasó por la aplicación
        respuesta.headers["api-version"] = VERSION
        if "x_nivel" in g:
            respuesta.headers["x-access-level"] = g.x_nivel
        if "x_cuenta" in g:
            ruta = (request.endpoint or "").rpartition(".")[2]
            anotar(respuesta, "x-rate-limit", ruta, VENTANA_S)
            if ruta == "publicar":
                anotar(respuesta, "x-user-limit-24hour", ruta, DIA_S)
        return respuesta
