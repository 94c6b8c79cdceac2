"""La mediateca en un navegador: soltar dos fotos y recortar una; sin permiso no se envía."""

import base64
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from piezas.fichas import Ficha, guardar_ficha
from piezas.medios import Medio
from tests.panel.sembrado import una_imagen
from tests.panel.servido import entrar_como, servido

pytestmark = [pytest.mark.navegador, pytest.mark.timeout(240)]

SOLTAR = """(fotos) => {
  const carga = new DataTransfer();
  for (const [nombre, datos] of fotos) {
    const bytes = Uint8Array.from(atob(datos), (c) => c.charCodeAt(0));
    carga.items.add(new File([bytes], nombre, { type: "image/png" }));
  }
  for (const tipo of ["dragenter", "dragover", "drop"])
    document.body.dispatchEvent(
      new DragEvent(tipo, { bubbles: true, cancelable: true, dataTransfer: carga }));
}"""


def test_soltar_dos_fotos_y_recortar_una(panel, pagina):
    fotos = [
        [f"{color}.png", base64.b64encode(una_imagen(color)).decode()] for color in ("red", "green")
    ]
    with servido(panel) as url:
        entrar_como(pagina, panel, url, "redaccion")
        pagina.goto(f"{url}/mediateca")
        pagina.evaluate(SOLTAR, fotos)
        subidas = pagina.get_by_role("list", name="Subidas")
        expect(subidas.get_by_text("Listo")).to_have_count(2, timeout=20_000)
        subidas.get_by_role("link", name="red.png").click()
        pagina.get_by_role("link", name="Recortar").click()
        pagina.get_by_role("radio", name="1:1 Facebook, cuadrada").check()
        expect(pagina.get_by_label("Ancho")).to_have_value("750")
        marco = pagina.get_by_role("group", name="Marco del recorte")
        marco.press("ArrowLeft")
        expect(pagina.get_by_label("Desde la izquierda")).to_have_value("213")
        pagina.get_by_role("button", name="Guardar recorte").click()
        expect(pagina.get_by_text("El recorte quedó en la mediateca.")).to_be_visible()
    with panel.leer() as sesion:
        recorte = sesion.scalars(select(Medio).where(Medio.derivado_de_id.is_not(None))).one()
        assert (recorte.ancho_px, recorte.alto_px) == (750, 750)


def test_sin_autorizacion_no_se_envia_y_al_registrarla_si(panel, pagina):
    with panel.oficina() as oficina:
        pieza = oficina.pieza("Feria del libro", imagen=una_imagen())
        medio = pieza.version.medios[0].medio
        autor = oficina.persona("redaccion@alcaldia.example")
        guardar_ficha(
            oficina.sesion, medio.id, Ficha(hay_personas=True), por=autor.id, ahora=panel.ahora
        )
        pieza_id, medio_id = pieza.id, medio.id
    ayer = (panel.ahora - timedelta(days=1)).date().isoformat()
    with servido(panel) as url:
        entrar_como(pagina, panel, url, "redaccion")
        pagina.goto(f"{url}/piezas/{pieza_id}")
        pagina.get_by_role("button", name="Enviar a revisión").click()
        expect(pagina.get_by_text("falta su autorización").first).to_be_visible()
        pagina.goto(f"{url}/mediateca/{medio_id}")
        expect(pagina.get_by_text("Así no puede salir.")).to_be_visible()
        pagina.get_by_label("Quién autoriza").fill("Rosa Peña")
        pagina.get_by_label("Documento", exact=True).fill("Folio 12")
        pagina.get_by_label("Fecha de la firma").fill(ayer)
        pagina.get_by_role("button", name="Registrar").click()
        expect(pagina.get_by_text("Al día")).to_be_visible()
        pagina.goto(f"{url}/piezas/{pieza_id}")
        pagina.get_by_role("button", name="Enviar a revisión").click()
        expect(pagina.get_by_text("Quedó en revisión").first).to_be_visible()
