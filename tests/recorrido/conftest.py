"""Una oficina encendida: panel, motor y redes de ensayo, para recorrerla como una persona."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from publicador.ajustes import Ajustes
from publicador.armado import Casa
from publicador.claves import leer_claves
from publicador.demo.preparativos import puerto_o_libre
from publicador.procesos import ServidorWeb, en_orden
from tests.oficina import Oficina

TELEFONO = {"width": 390, "height": 844}


@pytest.fixture
def encendida(oficina: Oficina, redes) -> Iterator[str]:
    """La dirección del panel, con su motor andando y las cuentas `fb`, `x` y `web`."""
    puerto = puerto_o_libre(0)
    ajustes = Ajustes(
        _env_file=None,
        datos=Path(oficina.datos),
        ensayo_url=redes.url,
        url_publica=f"http://127.0.0.1:{puerto}",
        espaciado_s="0",
        hilos=4,
    )
    casa = Casa(ajustes, leer_claves(ajustes))
    motor = casa.motor(vigila_reloj=False)
    web = ServidorWeb(casa.panel(motor.motor.despertar), puerto)
    motor.iniciar()
    web.iniciar()
    try:
        yield ajustes.url_publica
    finally:
        en_orden(web.detener, motor.detener, casa.cerrar)


@pytest.fixture
def telefono(navegador: Browser) -> Iterator[Page]:
    """El teléfono de otra persona: su propio navegador, de 390 puntos de ancho."""
    contexto = navegador.new_context(
        locale="es-CO",
        timezone_id="America/Bogota",
        viewport=TELEFONO,
        has_touch=True,
    )
    try:
        yield contexto.new_page()
    finally:
        contexto.close()
