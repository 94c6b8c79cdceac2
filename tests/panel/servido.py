"""El panel de las pruebas, servido de verdad para que lo abra un navegador."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page
from werkzeug.serving import make_server

from panel import sesiones, vivo
from panel.acceso import nombre_de_cookie
from piezas.personas import Persona


@contextmanager
def servido(panel) -> Iterator[str]:
    """La dirección del panel mientras dura el bloque."""
    servidor = make_server("127.0.0.1", 0, panel.app, threaded=True)
    servidor.daemon_threads = True
    hilo = threading.Thread(target=servidor.serve_forever, daemon=True)
    hilo.start()
    try:
        yield f"http://127.0.0.1:{servidor.server_port}"
    finally:
        vivo.cerrar(panel.app)
        servidor.shutdown()
        hilo.join(10)
        servidor.server_close()


def entrar_como(pagina: Page, panel, url: str, papel: str) -> str:
    """Deja abierta en el navegador la sesión de `papel@alcaldia.example`; da su identificador."""
    with panel.servicios.sesiones.begin() as sesion:
        quien = sesion.query(Persona).filter_by(correo=f"{papel}@alcaldia.example").one()
        identificador = sesiones.abrir(sesion, quien.id, navegador="prueba", ahora=panel.ahora)
    pagina.context.add_cookies(
        [{"name": nombre_de_cookie(panel.app), "value": identificador, "url": url}]
    )
    return identificador
