"""De la pieza vacía al muro sin tocar el ratón: solo Tab, flechas, Entrar y lo que se escribe."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.oficina import MANDA, MANEJA, Oficina
from tests.recorrido.jornada import (
    ALTERNOS,
    CORREGIDO,
    MOTIVO,
    TEXTO,
    TEXTO_DE_X,
    cotejar_el_muro,
    dia_de_dos_caras,
    dos_imagenes,
    entrar,
)

pytestmark = [pytest.mark.navegador, pytest.mark.timeout(300)]

expect.set_options(timeout=15_000)

TABULACIONES = 120
"""Más de las que tiene cualquier pantalla: si no se llegó, no se llega."""


class Teclado:
    """Una persona que solo tiene teclado: a cada control se llega con Tab, y se ve que se llegó."""

    def __init__(self, pagina: Page) -> None:
        self.pagina = pagina

    def ir(self, control: Locator, tecla: str = "Tab") -> None:
        """Tabula hasta el control, y exige que el foco se vea."""
        expect(control).to_be_visible()
        for _ in range(TABULACIONES):
            if control.evaluate("c => c === document.activeElement"):
                break
            self.pagina.keyboard.press(tecla)
        expect(control).to_be_focused()
        visto = control.evaluate(
            "c => { const que = [c, c.closest('label')].filter(Boolean).map(getComputedStyle);"
            " return que.some(e => e.outlineStyle !== 'none' || e.boxShadow !== 'none') }"
        )
        assert visto, f"no se ve el foco en {control}"

    def pulsar(self, control: Locator, tecla: str = "Enter") -> None:
        self.ir(control)
        self.pagina.keyboard.press(tecla)

    def escribir(self, control: Locator, texto: str) -> None:
        self.ir(control)
        self.pagina.keyboard.press("Control+a")
        self.pagina.keyboard.insert_text(texto)

    def teclear(self, control: Locator, teclas: str) -> None:
        """Las cifras de una fecha o una hora, que el campo reparte por sus partes."""
        self.ir(control)
        self.pagina.keyboard.type(teclas)


def componer(pagina: Page, manos: Teclado) -> None:
    expect(pagina.get_by_label("Texto para todas las redes")).to_be_focused()
    manos.escribir(pagina.get_by_label("Texto para todas las redes"), TEXTO)
    manos.pulsar(pagina.get_by_label("Distinto en X"), "Space")
    manos.escribir(pagina.get_by_label("Texto de X"), TEXTO_DE_X)
    archivos = pagina.get_by_label("Subir", exact=True)
    manos.ir(archivos)
    archivos.set_input_files(dos_imagenes())
    alternos = pagina.get_by_role("textbox", name="Texto alternativo")
    expect(alternos).to_have_count(2)
    for numero, alterno in enumerate(ALTERNOS):
        manos.escribir(alternos.nth(numero), alterno)


def recortar_la_primera(pagina: Page, manos: Teclado) -> None:
    enlace = pagina.get_by_role("link", name=re.compile("Recortar la imagen 1"))
    manos.ir(enlace, "Shift+Tab")
    with pagina.context.expect_page() as otra:
        pagina.keyboard.press("Enter")
    mesa, alla = otra.value, Teclado(otra.value)
    alla.ir(mesa.get_by_role("radio", name="16:9 X y portada"))
    mesa.keyboard.press("ArrowRight")
    mesa.keyboard.press("ArrowRight")
    expect(mesa.get_by_role("radio", name=re.compile("cuadrada"))).to_be_checked()
    marco = mesa.get_by_role("group", name=re.compile("Marco del recorte"))
    antes = mesa.get_by_label("Desde la izquierda").input_value()
    alla.ir(marco, "Shift+Tab")
    mesa.keyboard.press("ArrowLeft")
    expect(mesa.get_by_label("Desde la izquierda")).not_to_have_value(antes)
    alla.pulsar(mesa.get_by_role("button", name="Recortar y volver a la pieza"))
    expect(pagina.get_by_text("La imagen 1 quedó recortada.").first).to_be_visible()


def decidir(pagina: Page, manos: Teclado, url: str) -> None:
    pagina.goto(f"{url}/aprobacion")
    manos.pulsar(pagina.get_by_role("link", name=re.compile("Ver y decidir")))
    expect(pagina.get_by_role("heading", name="Así sale")).to_be_visible()


def test_todo_el_dia_con_el_teclado(
    encendida: str, oficina: Oficina, redes, pagina: Page, telefono: Page
):
    entrar(pagina, encendida, MANEJA, "/piezas/nueva")
    aqui, alla = Teclado(pagina), Teclado(telefono)
    componer(pagina, aqui)
    recortar_la_primera(pagina, aqui)
    dia = dia_de_dos_caras()
    aqui.teclear(pagina.get_by_label("Fecha en fb", exact=True), f"{dia:%d%m%Y}")
    aqui.teclear(pagina.get_by_label("Hora en fb", exact=True), "0730a")
    aqui.pulsar(pagina.get_by_role("button", name="Todas a la misma hora"), "Space")
    pagina.keyboard.press("Control+Enter")
    expect(pagina.get_by_text("Quedó en revisión")).to_be_visible()

    entrar(telefono, encendida, MANDA)
    decidir(telefono, alla, encendida)
    alla.escribir(telefono.get_by_label("Qué hay que corregir"), MOTIVO)
    alla.pulsar(telefono.get_by_role("button", name="Devolver", exact=True))
    expect(telefono.get_by_text("Devuelta con sus observaciones.")).to_be_visible()

    pagina.goto(encendida)
    aqui.pulsar(pagina.get_by_role("link", name="Corregir"))
    expect(pagina.get_by_text("Se la devolvieron para corregir")).to_be_visible()
    aqui.escribir(pagina.get_by_label(re.compile("^Texto para Facebook")), CORREGIDO)
    pagina.keyboard.press("Control+Enter")
    expect(pagina.get_by_text("Quedó en revisión")).to_be_visible()

    decidir(telefono, alla, encendida)
    alla.pulsar(telefono.get_by_role("button", name="Aprobar", exact=True))
    expect(telefono.get_by_text("Aprobada. 3 entregas en la cola.")).to_be_visible()

    # En el calendario: se llega a la cita con Tab y Alt con una flecha la corre un día.
    pagina.goto(f"{encendida}/calendario?mes={dia:%Y-%m}")
    aqui.ir(pagina.get_by_role("button", name=re.compile("Jornada de vacunación")))
    pagina.keyboard.press("Alt+ArrowRight")
    expect(pagina.get_by_text(re.compile(f"Quedó para .* {dia.day + 1} ")).first).to_be_visible()

    telefono.goto(f"{encendida}/cola")
    pagina.goto(f"{encendida}/cola")
    casillas = pagina.get_by_role("checkbox", name=re.compile("Jornada de vacunación"))
    expect(casillas).to_have_count(3)
    for casilla in casillas.all():
        aqui.pulsar(casilla, "Space")
    aqui.ir(pagina.get_by_label("Qué hacer con las marcadas"))
    expect(pagina.get_by_label("Qué hacer con las marcadas")).to_have_value("enviar")
    aqui.pulsar(pagina.get_by_role("button", name="Aplicar"))
    expect(pagina.get_by_role("alertdialog")).to_be_visible()
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_text("3 entregas van de salida.")).to_be_visible()
    salidas = telefono.get_by_role("region", name=re.compile("Acaban de salir"))
    expect(salidas.get_by_text("Publicada")).to_have_count(3)
    cotejar_el_muro(pagina, f"{redes.url}/muro", oficina)
