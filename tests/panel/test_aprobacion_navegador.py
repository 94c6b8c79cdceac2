"""Decidir desde un teléfono, con un navegador de verdad."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from piezas.lista_control import DE_SIEMPRE, PuntoMarcado
from piezas.versiones import EstadoPieza, Pieza
from tests.panel.sembrado import una_imagen
from tests.panel.servido import entrar_como, servido

TELEFONO = {"width": 390, "height": 844}


@pytest.fixture
def telefono(panel, pagina):
    with panel.oficina() as oficina:
        oficina.en_revision("Jornada de vacunación", imagen=una_imagen())
        oficina.en_revision("Cierre vial en la carrera 33")
    pagina.set_viewport_size(TELEFONO)
    with servido(panel) as url:
        entrar_como(pagina, panel, url, "jefatura")
        pagina.goto(f"{url}/aprobacion")
        yield pagina


def estados(panel) -> dict[str, EstadoPieza]:
    with panel.leer() as sesion:
        return dict(sesion.execute(select(Pieza.titulo, Pieza.estado)).all())


def test_se_decide_una_tras_otra_con_botones_grandes_y_queda_lo_marcado(panel, telefono):
    telefono.get_by_role("link", name="Empezar por la primera").click()
    expect(telefono.get_by_role("heading", level=1)).to_have_text("Jornada de vacunación")
    aprobar = telefono.get_by_role("button", name="Aprobar", exact=True)
    caja = aprobar.bounding_box()
    assert caja["height"] >= 44
    assert caja["y"] + caja["height"] <= TELEFONO["height"]
    assert telefono.evaluate("document.documentElement.scrollWidth") <= TELEFONO["width"]
    telefono.get_by_label(DE_SIEMPRE[0]).check()
    aprobar.click()

    expect(telefono.get_by_text("Aprobada. 2 entregas en la cola.")).to_be_visible()
    expect(telefono.get_by_role("heading", level=1)).to_have_text("Cierre vial en la carrera 33")
    telefono.get_by_role("link", name="Devolver…").click()
    telefono.get_by_label("La fecha o la hora no son.").check()
    motivo = telefono.get_by_label("Qué hay que corregir")
    expect(motivo).to_have_value("La fecha o la hora no son.")
    motivo.press("End")
    motivo.type(" Es el domingo.")
    telefono.reload()
    expect(motivo).to_have_value("La fecha o la hora no son. Es el domingo.")
    telefono.get_by_role("button", name="Devolver", exact=True).click()
    expect(telefono.get_by_text("Nada espera aprobación").first).to_be_visible()

    assert estados(panel) == {
        "Jornada de vacunación": EstadoPieza.APROBADA,
        "Cierre vial en la carrera 33": EstadoPieza.DEVUELTA,
    }
    with panel.leer() as sesion:
        marcas = sesion.execute(select(PuntoMarcado.texto, PuntoMarcado.marcado)).all()
    assert (DE_SIEMPRE[0], True) in marcas
    assert (DE_SIEMPRE[1], False) in marcas


def test_alguien_de_fuera_mira_y_responde_una_vez_y_se_ve_al_decidir(panel, telefono, navegador):
    telefono.get_by_role("link", name="Ver y decidir «Jornada de vacunación»").click()
    telefono.get_by_role("link", name="Consultar con alguien de fuera").click()
    telefono.get_by_label("Para quién").fill("Ana Ruiz, Secretaría de Salud")
    telefono.get_by_role("button", name="Crear enlace").click()
    enlace = telefono.get_by_label("Enlace", exact=True).input_value()
    assert re.search(r"/revision/[\w-]{43}$", enlace)
    camino = enlace[enlace.index("/revision/") :]
    base = telefono.url[: telefono.url.index("/piezas/")]

    afuera = navegador.new_context(viewport=TELEFONO)
    hoja = afuera.new_page()
    hoja.goto(base + camino)
    expect(hoja.get_by_role("navigation")).to_have_count(0)
    expect(hoja.get_by_text("US$")).to_have_count(0)
    foto = hoja.get_by_role("img", name="Afiche de la jornada").first
    assert foto.evaluate("i => i.complete && i.naturalWidth > 0")
    hoja.get_by_label("Doy mi visto bueno").check()
    hoja.get_by_label("Comentario").fill("Los puntos son esos.")
    hoja.get_by_role("button", name="Enviar respuesta").click()
    expect(hoja.get_by_role("heading", name="Gracias")).to_be_visible()
    hoja.goto(base + camino)
    expect(hoja.get_by_text("Este enlace ya se usó")).to_be_visible()
    hoja.goto(f"{base}/piezas")
    expect(hoja.get_by_label("Contraseña")).to_be_visible()
    afuera.close()

    telefono.goto(f"{base}/aprobacion")
    telefono.get_by_role("link", name="Ver y decidir «Jornada de vacunación»").click()
    expect(telefono.get_by_text("Visto bueno de Ana Ruiz, Secretaría de Salud")).to_be_visible()
    expect(telefono.get_by_role("button", name="Aprobar", exact=True)).to_be_visible()
