"""Un día de trabajo de dos personas, de la pieza vacía al muro, en un Chromium de verdad."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.oficina import MANDA, MANEJA, Oficina
from tests.recorrido.jornada import (
    ALTERNOS,
    CORREGIDO,
    MOTIVO,
    TEXTO,
    TEXTO_DE_X,
    cotejar_el_muro,
    dia_15,
    dos_imagenes,
    entrar,
)

pytestmark = [pytest.mark.navegador, pytest.mark.timeout(240)]

expect.set_options(timeout=15_000)


def componer(pagina: Page) -> None:
    pagina.get_by_label("Texto para todas las redes").fill(TEXTO)
    with pagina.expect_file_chooser() as elector:
        pagina.get_by_text("Subir", exact=True).click()
    elector.value.set_files(dos_imagenes())
    alternos = pagina.get_by_role("textbox", name="Texto alternativo")
    expect(alternos).to_have_count(2)
    for numero, alterno in enumerate(ALTERNOS):
        alternos.nth(numero).fill(alterno)


def recortar_la_primera(pagina: Page) -> None:
    """En la otra pestaña; al terminar, el recorte está en la pieza con lo ya escrito."""
    with pagina.context.expect_page() as otra:
        pagina.get_by_role("link", name=re.compile("Recortar la imagen 1")).click()
    mesa = otra.value
    mesa.get_by_role("radio", name=re.compile("cuadrada")).check()
    mesa.get_by_role("button", name="Recortar y volver a la pieza").click()
    expect(pagina.get_by_text("La imagen 1 quedó recortada.").first).to_be_visible()
    expect(pagina.get_by_role("textbox", name="Texto alternativo").first).to_have_value(ALTERNOS[0])


def decidir_desde_el_telefono(telefono: Page, url: str) -> None:
    telefono.goto(f"{url}/aprobacion")
    telefono.get_by_role("link", name=re.compile("Ver y decidir")).click()
    expect(telefono.get_by_role("heading", name="Así sale")).to_be_visible()
    assert telefono.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_de_la_pieza_vacia_al_muro_entre_dos_personas(
    encendida: str, oficina: Oficina, redes, pagina: Page, telefono: Page
):
    entrar(pagina, encendida, MANEJA, "/piezas/nueva")
    componer(pagina)
    recortar_la_primera(pagina)
    pagina.get_by_label("Distinto en X").check()
    pagina.get_by_label("Texto de X").fill(TEXTO_DE_X)
    dia = dia_15()
    for cuenta in ("fb", "x", "web"):
        pagina.get_by_label(f"Fecha en {cuenta}", exact=True).fill(dia.isoformat())
        pagina.get_by_label(f"Hora en {cuenta}", exact=True).fill("07:30")
    vistas = pagina.get_by_role("complementary", name="Así se verá").get_by_role("article")
    expect(vistas).to_have_count(3)
    expect(vistas.filter(has_text=TEXTO_DE_X)).to_have_count(1)
    pagina.get_by_role("button", name="Enviar a revisión").click()
    expect(pagina.get_by_text("Quedó en revisión")).to_be_visible()

    # Otra persona, en su teléfono, la devuelve.
    entrar(telefono, encendida, MANDA)
    decidir_desde_el_telefono(telefono, encendida)
    telefono.get_by_role("link", name="Devolver…").tap()
    telefono.get_by_label("Qué hay que corregir").fill(MOTIVO)
    telefono.get_by_role("button", name="Devolver", exact=True).tap()
    expect(telefono.get_by_text("Devuelta con sus observaciones.")).to_be_visible()

    # Quien la escribió lo ve en Hoy, corrige y la envía otra vez.
    pagina.goto(encendida)
    expect(pagina.get_by_text(MOTIVO).first).to_be_visible()
    pagina.get_by_role("link", name="Corregir").first.click()
    expect(pagina.get_by_text("Se la devolvieron para corregir")).to_be_visible()
    pagina.get_by_label(re.compile("^Texto para Facebook")).fill(CORREGIDO)
    pagina.get_by_role("button", name="Enviar a revisión").click()
    expect(pagina.get_by_text("Quedó en revisión")).to_be_visible()

    # Se aprueba desde el teléfono, viendo qué cambió y cómo sale.
    decidir_desde_el_telefono(telefono, encendida)
    expect(telefono.get_by_role("region", name="Qué cambió")).to_contain_text("el sábado a las 8")
    for alterno in ALTERNOS:
        expect(telefono.get_by_role("img", name=alterno).first).to_be_visible()
    telefono.get_by_role("button", name="Aprobar", exact=True).tap()
    expect(telefono.get_by_text("Aprobada. 3 entregas en la cola.")).to_be_visible()

    # En el calendario pasa a otro día; y después se decide que salga ya.
    pagina.goto(f"{encendida}/calendario?mes={dia:%Y-%m}")
    cita = pagina.get_by_role("button", name=re.compile("Jornada de vacunación"))
    cita.drag_to(pagina.locator(f'[data-date="{dia:%Y-%m}-20"]'))
    expect(pagina.get_by_text(re.compile("Quedó para .* 20 ")).first).to_be_visible()

    telefono.goto(f"{encendida}/cola")
    en_la_cola = telefono.get_by_role("link", name=re.compile("Jornada de vacunación"))
    expect(en_la_cola.first).to_be_visible()
    marca = telefono.evaluate("window.marca = crypto.randomUUID()")
    pagina.goto(f"{encendida}/cola")
    for casilla in pagina.get_by_role("checkbox", name=re.compile("Jornada de vacunación")).all():
        casilla.check()
    pagina.get_by_label("Qué hacer con las marcadas").select_option("Enviar ahora")
    pagina.get_by_role("button", name="Aplicar").click()
    pagina.get_by_role("alertdialog").get_by_role("button").last.click()
    expect(pagina.get_by_text("3 entregas van de salida.")).to_be_visible()

    # El teléfono, que sigue abierto, las ve salir sin recargar.
    salidas = telefono.get_by_role("region", name=re.compile("Acaban de salir"))
    expect(salidas.get_by_text("Publicada")).to_have_count(3)
    assert telefono.evaluate("window.marca") == marca
    cotejar_el_muro(pagina, f"{redes.url}/muro", oficina)
