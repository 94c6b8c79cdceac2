"""Ninguna pantalla tiene faltas de WCAG 2.1 A o AA: en claro, en oscuro y en un teléfono."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Error

from cola.estados import Causa, Estado
from herramientas.pantallas import pantallas_de
from tests.panel.sembrado import una_imagen
from tests.panel.servido import entrar_como, servido

AXE = Path(__file__).parents[2] / "panel/frente/node_modules/axe-core/axe.min.js"
REGLAS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
ANCHO, TELEFONO = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

pytestmark = [pytest.mark.navegador, pytest.mark.timeout(600)]


def sembrar(panel):
    with panel.oficina() as oficina:
        oficina.en_revision("Vacunación en el parque", imagen=una_imagen(), alterno="Un cartel")
        oficina.devuelta("Le falta la fecha", motivo="Diga qué día es.")
        oficina.aprobada("Sale hoy", para=panel.ahora + timedelta(hours=2))
        oficina.entrega("Publicada", "x", Estado.PUBLICADA)
        oficina.entrega("En duda", "facebook", Estado.EN_DUDA)
        oficina.entrega("Detenida", "x", Estado.DETENIDA, causa=Causa.TARDIA)
        oficina.entrega("Falló", "facebook", Estado.FALLIDA)
        oficina.pausar_cuenta("web", "La cuenta perdió el permiso. Vuelva a conectarla.")
        oficina.cuenta("facebook").permiso_vence_en = panel.ahora + timedelta(days=3)


def faltas(pagina, donde):
    resultado = pagina.evaluate(
        "reglas => axe.run(document, {runOnly: {type: 'tag', values: reglas},"
        " resultTypes: ['violations']})",
        REGLAS,
    )
    return [
        f"{donde}: {falta['id']} — {falta['help']}: {json.dumps(nodo['target'])} "
        f"{nodo['html'][:160]}"
        for falta in resultado["violations"]
        for nodo in falta["nodes"][:3]
    ]


def mirar(pagina, url, pantalla):
    try:
        respuesta = pagina.goto(url + pantalla.camino, wait_until="commit")
    except Error as error:
        if "Download is starting" not in error.message:
            raise
        return []  # un archivo no es una pantalla
    if not (respuesta.headers.get("content-type") or "").startswith("text/html"):
        return []
    if "<!doctype" not in respuesta.text():
        return []  # un trozo que otra pantalla pone adentro
    if respuesta.status >= 500:
        return [f"{pantalla.nombre}: respondió {respuesta.status}"]
    pagina.wait_for_load_state("load")
    pagina.evaluate(AXE.read_text("utf-8"))
    halladas = []
    for esquema, medida in (("light", ANCHO), ("dark", ANCHO), ("dark", TELEFONO)):
        pagina.emulate_media(color_scheme=esquema, reduced_motion="reduce")
        pagina.set_viewport_size(medida)
        halladas += faltas(pagina, f"{pantalla.nombre} {esquema} {medida['width']}")
    sobra = pagina.evaluate("document.documentElement.scrollWidth - innerWidth")
    if sobra > 0:
        halladas.append(f"{pantalla.nombre}: se sale {sobra} px a lo ancho en el teléfono")
    return halladas


def test_ninguna_pantalla_tiene_faltas_de_accesibilidad(panel, pagina):
    sembrar(panel)
    with panel.leer() as sesion:
        pantallas = pantallas_de(panel.app, sesion)
    halladas = []
    with servido(panel) as url:
        for papel in {p.papel for p in pantallas} - {None}:
            entrar_como(pagina, panel, url, papel)
            for pantalla in (p for p in pantallas if p.papel == papel):
                halladas += mirar(pagina, url, pantalla)
        pagina.context.clear_cookies()
        for pantalla in (p for p in pantallas if p.papel is None):
            halladas += mirar(pagina, url, pantalla)
    assert not halladas, "\n".join(halladas)


def test_lo_que_flota_tampoco_tiene_faltas(panel, pagina):
    sembrar(panel)
    with servido(panel) as url:
        entrar_como(pagina, panel, url, "community")
        pagina.emulate_media(reduced_motion="reduce")  # no mirarlo a medio aparecer
        pagina.goto(url)
        pagina.evaluate(AXE.read_text("utf-8"))
        pagina.keyboard.press("?")
        halladas = faltas(pagina, "atajos")
        pagina.keyboard.press("Escape")
        pagina.get_by_role("button", name="Reintentar").first.click()
        halladas += faltas(pagina, "pregunta")
        pagina.keyboard.press("Escape")
        pagina.set_viewport_size(TELEFONO)
        pagina.get_by_text("Más", exact=True).click()
        halladas += faltas(pagina, "más")
    assert not halladas, "\n".join(halladas)
