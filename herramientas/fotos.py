"""Fotografía cada pantalla del panel: dos anchos, claro y oscuro, sobre una demostración.

Uso: .venv/bin/python herramientas/fotos.py CARPETA [PARTE_DEL_NOMBRE…]
"""

import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Response, sync_playwright
from playwright.sync_api import Error as FallaDelNavegador
from sqlalchemy import select

from herramientas.pantallas import Pantalla, pantallas_de
from panel import sesiones
from panel.acceso import nombre_de_cookie
from piezas.personas import Papel, Persona, PersonaPapel
from publicador.ajustes import Ajustes
from publicador.armado import Casa
from publicador.demo.carpeta import Carpeta
from publicador.demo.contenido import leer_contenido
from publicador.demo.escenario import Escenario
from publicador.procesos import ServidorWeb, en_orden
from publicador.registro_eventos import configurar_registro

ANCHOS = {1440: 900, 390: 844}
TEMAS: dict[str, Literal["light", "dark"]] = {"claro": "light", "oscuro": "dark"}
ASIENTO_MS = 300
"""Lo que tardan en asentarse el calendario y las imágenes de más abajo."""
OPCIONES = ("--disable-gpu", "--disable-quic", "--disable-background-networking")
ALTO_MAXIMO = 6000
LLEGAN_LAS_IMAGENES = """Promise.race([
    Promise.all([...document.images].map((i) => i.decode().catch(() => {}))),
    new Promise((listo) => setTimeout(listo, 4000)),
])"""


def principal(carpeta: Path, partes: list[str]) -> int:
    """Deja un PNG por pantalla, ancho y tema; devuelve cuántas fallaron."""
    carpeta.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as datos, _demostracion(Path(datos)) as (url, casa):
        app = casa.panel()
        with casa.lecturas() as sesion:
            pantallas = [
                p
                for p in pantallas_de(app, sesion)
                if not partes or any(parte in p.nombre for parte in partes)
            ]
        galletas = _entradas(app, casa)
        with _navegador() as navegador:
            fallas = [
                falla
                for ancho in ANCHOS
                for falla in _fotografiar(navegador, url, pantallas, galletas, carpeta, ancho=ancho)
            ]
    for falla in fallas:
        sys.stderr.write(f"{falla}\n")
    sys.stdout.write(f"{len(list(carpeta.glob('*.png')))} fotos en {carpeta}\n")
    return len(fallas)


def _fotografiar(
    navegador: Browser,
    url: str,
    pantallas: list[Pantalla],
    galletas: dict[str, dict[Papel, str]],
    carpeta: Path,
    *,
    ancho: int,
) -> Iterator[str]:
    for papel in {p.papel for p in pantallas}:
        contexto = navegador.new_context(
            viewport={"width": ancho, "height": ANCHOS[ancho]},
            locale="es-CO",
            timezone_id="America/Bogota",
            reduced_motion="reduce",
        )
        for nombre, por_papel in galletas.items():
            if papel in por_papel:
                _poner(contexto, url, {nombre: por_papel[papel]})
        for pantalla in (p for p in pantallas if p.papel is papel):
            if falla := _una(contexto, url, pantalla, carpeta, ancho):
                yield falla
        contexto.close()


def _una(
    contexto: BrowserContext, url: str, pantalla: Pantalla, carpeta: Path, ancho: int
) -> str | None:
    """Abre la pantalla una vez y la retrata clara y oscura; dice qué tiene de malo."""
    hoja = contexto.new_page()
    try:
        respuesta = hoja.goto(url + pantalla.camino, wait_until="commit")
        if respuesta is None or not _es_pantalla(respuesta):
            return None
        hoja.wait_for_load_state("load")
        # De cuerpo entero: lo fijo queda en su sitio y se carga lo que está más abajo.
        alto = hoja.evaluate("document.documentElement.scrollHeight")
        alto = min(max(alto, ANCHOS[ancho]), ALTO_MAXIMO)
        hoja.set_viewport_size({"width": ancho, "height": alto})
        hoja.evaluate("document.fonts.ready")
        hoja.evaluate(LLEGAN_LAS_IMAGENES)
        hoja.wait_for_timeout(ASIENTO_MS)
        sobra = hoja.evaluate("document.documentElement.scrollWidth - innerWidth")
        for tema, esquema in TEMAS.items():
            hoja.emulate_media(color_scheme=esquema)
            hoja.screenshot(path=carpeta / f"{pantalla.nombre}-{ancho}-{tema}.png")
    except FallaDelNavegador as error:
        # Una descarga no es una pantalla: el navegador la cuenta como una navegación cortada.
        return None if "Download" in error.message or "ABORTED" in error.message else str(error)
    finally:
        hoja.close()
    if respuesta.status >= 500:
        return f"{pantalla.nombre}: respondió {respuesta.status}"
    return f"{pantalla.nombre}-{ancho}: se sale {sobra} px a lo ancho" if sobra > 0 else None


def _es_pantalla(respuesta: Response) -> bool:
    """Ni un archivo, ni un trozo que otra pone adentro, ni una petición a la que le falta algo."""
    if not respuesta.headers.get("content-type", "").startswith("text/html"):
        return False
    return respuesta.status != 400 and "<!doctype" in respuesta.text()


def _poner(contexto: BrowserContext, url: str, valores: dict[str, str]) -> None:
    contexto.add_cookies([{"name": n, "value": v, "url": url} for n, v in valores.items()])


def _entradas(app: Flask, casa: Casa) -> dict[str, dict[Papel, str]]:
    """Una sesión abierta por papel, con alguien que ya lo tenga."""
    abiertas: dict[Papel, str] = {}
    with casa.sesiones.begin() as sesion:
        for papel in Papel:
            tiene = select(Persona).join(PersonaPapel).where(PersonaPapel.papel == papel)
            persona = sesion.scalars(tiene.order_by(Persona.id)).first()
            if persona is not None:
                abiertas[papel] = sesiones.abrir(
                    sesion, persona.id, navegador="fotos", ahora=casa.ahora()
                )
    return {nombre_de_cookie(app): abiertas}


@contextmanager
def _demostracion(datos: Path) -> Iterator[tuple[str, Casa]]:
    """Una demostración recién sembrada, con su motor y su panel en este proceso."""
    carpeta, puerto = Carpeta(datos / "demo"), _puerto_libre()
    with (datos / "registro.jsonl").open("w", encoding="utf-8") as registro:
        configurar_registro(salida=registro)
        escenario = Escenario(
            Ajustes(datos=datos),
            leer_contenido(),
            carpeta,
            puerto_ensayo=_puerto_libre(),
            puerto_panel=puerto,
        )
        escenario.abrir(de_nuevo=True)
        motor = escenario.casa.motor()
        web = ServidorWeb(escenario.casa.panel(motor.motor.despertar), puerto)
        motor.iniciar()
        web.iniciar()
        try:
            yield f"http://127.0.0.1:{puerto}", escenario.casa
        finally:
            en_orden(web.detener, motor.detener, escenario.cerrar, carpeta.soltar)
            configurar_registro()


def _puerto_libre() -> int:
    with socket.socket() as enchufe:
        enchufe.bind(("127.0.0.1", 0))
        puerto: int = enchufe.getsockname()[1]
        return puerto


@contextmanager
def _navegador() -> Iterator[Browser]:
    ruta = shutil.which("chromium") or shutil.which("chromium-browser")
    if ruta is None:
        raise SystemExit("No está Chromium: instálelo con «herramientas/sistema.sh».")
    sin_aislar = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        navegador = playwright.chromium.launch(
            executable_path=ruta,
            args=[*OPCIONES, *sin_aislar],
        )
        try:
            yield navegador
        finally:
            navegador.close()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    sys.exit(1 if principal(Path(sys.argv[1]), sys.argv[2:]) else 0)
