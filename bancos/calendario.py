"""Cuánto tarda el calendario de un mes con mil piezas, contra la misma biblioteca con datos fijos.

Uso: `.venv/bin/python bancos/calendario.py`. Abre un panel propio en memoria de disco, lo llena, y
mide en un Chromium: dibujar el mes, y volver a dibujarlo tras mover una cita. Lo fijo es la misma
página con la respuesta ya en la mano: la razón entre los dos es lo que cuesta el panel.
"""

import json
import shutil
import statistics
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, Route, sync_playwright

RAIZ = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(RAIZ))

import publicador.tablas  # noqa: E402
from panel import crear_app  # noqa: E402
from panel.servicios import Servicios  # noqa: E402
from piezas.almacen import Almacen  # noqa: E402
from piezas.firmas import Sello  # noqa: E402
from publicador import base_datos  # noqa: E402
from tests.panel.sembrado import TOLERANCIA, Oficina  # noqa: E402
from tests.panel.servido import entrar_como, servido  # noqa: E402

AHORA = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
PIEZAS, VUELTAS = 1_000, 5
OPCIONES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


class Banco:
    """Lo que `entrar_como` espera de un panel."""

    def __init__(self, carpeta: Path) -> None:
        motor = base_datos.crear_motor_sql(f"sqlite:///{carpeta}/banco.db")
        publicador.tablas.METADATOS.create_all(motor)
        fabrica = base_datos.sesiones(motor)
        self.ahora = AHORA
        self.servicios = Servicios(
            sesiones=fabrica,
            lecturas=base_datos.lecturas(motor),
            ahora=lambda: AHORA,
            sello=Sello((b"x" * 32,)),
            almacen=Almacen(carpeta / "medios"),
            despertar=lambda: None,
            tolerancia=TOLERANCIA,
            url_publica="http://127.0.0.1:8000",
            clave_sesion="clave-de-banco-larga-y-secreta",
        )
        with fabrica.begin() as sesion:
            oficina = Oficina(sesion, AHORA, self.servicios.sello, self.servicios.almacen).fundar()
            for numero in range(PIEZAS):
                para = AHORA + timedelta(hours=1 + numero * 0.7)
                oficina.pieza(f"Pieza {numero}", cuentas=("facebook", "x", "web"), para=para)
        self.app = crear_app(self.servicios)


def dibujar(pagina: Page, url: str) -> float:
    """Milisegundos desde que el guion arranca hasta que el mes está dibujado."""
    pagina.goto(f"{url}/calendario?mes=2026-12", wait_until="commit")
    pagina.wait_for_selector("[data-cita]")
    medido: float = pagina.evaluate(
        "() => performance.now() - performance.getEntriesByType('resource')"
        ".find(r => r.name.includes('/calendario-') && r.name.endsWith('.js')).responseEnd"
    )
    return medido


def mover(pagina: Page) -> float:
    """Milisegundos desde la tecla hasta que la cita se ve en el día siguiente."""
    cita = pagina.locator('[data-date="2026-12-05"] [data-cita]').first
    nombre = cita.get_attribute("data-cita")
    cita.focus()
    pagina.evaluate("window._t = performance.now()")
    pagina.keyboard.press("Alt+ArrowRight")
    pagina.wait_for_function(
        "n => document.querySelector(`[data-date='2026-12-05'] [data-cita='${n}']`) === null",
        arg=nombre,
    )
    medido: float = pagina.evaluate("performance.now() - window._t")
    return medido


def principal() -> None:
    """Corre el banco y escribe una línea de JSON."""
    carpeta = Path(tempfile.mkdtemp())
    try:
        banco = Banco(carpeta)
        with servido(banco) as url, sync_playwright() as p:
            navegador = p.chromium.launch(executable_path="/usr/bin/chromium", args=OPCIONES)
            pagina = navegador.new_context(viewport={"width": 1440, "height": 900}).new_page()
            entrar_como(pagina, banco, url, "community")
            con_panel = [dibujar(pagina, url) for _ in range(VUELTAS)]
            mudanza = mover(pagina)
            fijo = pagina.evaluate(
                "fetch('/calendario/eventos?desde=2026-11-30&hasta=2027-01-04').then(r => r.text())"
            )

            def responder(ruta: Route) -> None:
                ruta.fulfill(body=fijo, content_type="application/json")

            pagina.route("**/calendario/eventos?*", responder)
            con_fijos = [dibujar(pagina, url) for _ in range(VUELTAS)]
            navegador.close()
    finally:
        shutil.rmtree(carpeta)
    panel_ms, fijos_ms = statistics.median(con_panel), statistics.median(con_fijos)
    resultado = {
        "piezas": PIEZAS,
        "dibujar_ms": round(panel_ms),
        "con_datos_fijos_ms": round(fijos_ms),
        "razon": round(panel_ms / fijos_ms, 2),
        "mover_ms": round(mudanza),
    }
    sys.stdout.write(json.dumps(resultado) + "\n")


if __name__ == "__main__":
    principal()
