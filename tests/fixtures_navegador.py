"""Un Chromium de verdad, sin ventana, para las pruebas que miran pantallas."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.sistema.procesos import omitir_o_fallar

OPCIONES = ("--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars")


@pytest.fixture(scope="session")
def navegador() -> Iterator[Browser]:
    """El navegador de esta sesión de pruebas; si no está, se omite en voz alta o es un fallo."""
    ruta = shutil.which("chromium") or shutil.which("chromium-browser")
    if ruta is None:
        omitir_o_fallar("Chromium", "chromium")
    # El aislamiento propio de Chromium no funciona como root, que es como corre un contenedor.
    opciones = [*OPCIONES, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=ruta, args=opciones)
        try:
            yield chromium
        finally:
            chromium.close()


@pytest.fixture
def pagina(navegador: Browser) -> Iterator[Page]:
    """Una pestaña nueva, en español y con la hora de Bogotá; un error de la página es un fallo."""
    contexto = navegador.new_context(
        locale="es-CO",
        timezone_id="America/Bogota",
        viewport={"width": 1280, "height": 900},
    )
    errores: list[str] = []
    hoja = contexto.new_page()
    hoja.on("pageerror", lambda error: errores.append(str(error)))
    try:
        yield hoja
    finally:
        contexto.close()
    assert not errores, errores
