"""Las cabeceras de seguridad de toda respuesta, también de los errores y los archivos."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLITICA = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
POLITICA_DE_ARCHIVOS = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""Para lo que subió una persona: aunque fuera HTML disfrazado, no ejecuta nada."""

FIJAS = {
    "Content-Security-Policy": POLITICA,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
POR_TLS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


class ConCabeceras:
    """Envuelve la aplicación entera: una cabecera ya puesta por la ruta se respeta.

    Va por fuera de Flask porque algunas respuestas (un Host ajeno, por ejemplo) no llegan a sus
    ganchos.
    """

    def __init__(self, aplicacion: "WSGIApplication", *, por_tls: bool) -> None:
        self._aplicacion = aplicacion
        self._cabeceras = FIJAS | (POR_TLS if por_tls else {})

    def __call__(self, entorno: "WSGIEnvironment", iniciar: "StartResponse") -> Iterable[bytes]:
        """Atiende una petición."""

        def con_cabeceras(
            estado: str, cabeceras: list[tuple[str, str]], *resto: Any
        ) -> Callable[[bytes], object]:
            puestas = {nombre.lower() for nombre, _ in cabeceras}
            faltan = [(n, v) for n, v in self._cabeceras.items() if n.lower() not in puestas]
            return iniciar(estado, cabeceras + faltan, *resto)

        return self._aplicacion(entorno, con_cabeceras)
