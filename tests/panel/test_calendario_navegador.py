"""El calendario en un Chromium de verdad: arrastrar, mover con el teclado e importar."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from cola.publicaciones import Publicacion
from piezas.versiones import Momento, Pieza
from piezas.zona import en_bogota
from tests.panel.servido import entrar_como, servido

pytestmark = [pytest.mark.navegador, pytest.mark.timeout(240)]

expect.set_options(timeout=15_000)


@pytest.fixture
def abrir(panel, pagina):
    """Abre el calendario de diciembre como alguien, y vigila lo que diga el navegador."""
    quejas = []
    pagina.on("console", lambda m: quejas.append(m.text) if m.type == "error" else None)
    with servido(panel) as url:

        def _abrir(papel="community", camino="/calendario?mes=2026-12"):
            entrar_como(pagina, panel, url, papel)
            pagina.goto(url + camino, wait_until="commit")
            return pagina

        yield _abrir
        pagina.goto("about:blank")
    assert not [q for q in quejas if "Content Security Policy" in q], quejas


def dias(panel):
    """Qué día de diciembre quedó cada pieza, y su fila de la cola si tiene."""
    with panel.leer() as sesion:
        deseos = sesion.execute(
            select(Pieza.titulo, Momento.programada_para).join(
                Momento, Momento.pieza_id == Pieza.id
            )
        ).all()
        filas = sesion.execute(
            select(Pieza.titulo, Publicacion.programada_para).join(
                Pieza, Pieza.id == Publicacion.pieza_id
            )
        ).all()
    return {(titulo, en_bogota(para).day) for titulo, para in (*deseos, *filas)}


def celda(pagina, dia):
    return pagina.locator(f'[data-date="2026-12-{dia:02}"]')


def test_arrastrar_a_otro_dia_y_mover_con_el_teclado_quedan_guardados(panel, abrir):
    with panel.oficina() as oficina:
        oficina.aprobada(
            "Ciclovía", cuentas=("facebook", "x"), para=panel.ahora + timedelta(days=1)
        )
    pagina = abrir()
    cita = pagina.get_by_role("button", name=re.compile("Ciclovía"))
    expect(cita).to_contain_text("Programada")

    cita.hover()
    pagina.mouse.down()
    caja = celda(pagina, 16).bounding_box()
    pagina.mouse.move(caja["x"] + caja["width"] / 2, caja["y"] + caja["height"] / 2, steps=12)
    pagina.mouse.up()
    expect(pagina.get_by_text("Quedó para mié 16 dic 2026, 7:00 a. m.").first).to_be_visible()
    assert dias(panel) == {("Ciclovía", 16)}

    pagina.get_by_role("button", name="Deshacer").click()
    expect(pagina.get_by_text(re.compile("Se deshizo")).first).to_be_visible()
    expect(celda(pagina, 2).get_by_text("Ciclovía")).to_be_visible()
    assert dias(panel) == {("Ciclovía", 2)}

    cita.focus()
    pagina.keyboard.press("Alt+ArrowRight")
    expect(pagina.get_by_text(re.compile("Quedó para jue 3 dic")).first).to_be_visible()
    assert dias(panel) == {("Ciclovía", 3)}

    expect(celda(pagina, 3).get_by_text("Ciclovía")).to_be_visible()
    expect(cita).to_be_focused()
    pagina.keyboard.press("Enter")
    ficha = pagina.get_by_role("dialog", name="Ciclovía")
    ficha.get_by_label("Día").fill("2026-12-21")
    ficha.get_by_label("Hora").fill("10:15")
    ficha.get_by_role("button", name="Mover", exact=True).press("Enter")
    expect(
        pagina.get_by_text(re.compile("Quedó para lun 21 dic 2026, 10:15")).first
    ).to_be_visible()
    assert dias(panel) == {("Ciclovía", 21)}


def test_si_el_panel_se_niega_la_cita_vuelve_a_su_dia_y_se_dice_por_que(panel, abrir):
    with panel.oficina() as oficina:
        oficina.aprobada("Feria", cuentas=("facebook",), para=panel.ahora + timedelta(days=9))
    pagina = abrir()
    cita = pagina.get_by_role("button", name=re.compile("Feria"))
    expect(cita).to_be_visible()
    # Mientras la mira, el motor la toma.
    with panel.oficina() as oficina:
        fila = oficina.sesion.query(Publicacion).one()
        fila.estado, fila.arriendo_de, fila.ficha = "tomada", "obrero", 1
        fila.arriendo_hasta = panel.ahora + timedelta(minutes=2)
    cita.focus()
    pagina.keyboard.press("Alt+ArrowRight")
    expect(pagina.get_by_text(re.compile("va de salida")).first).to_be_visible()
    assert dias(panel) == {("Feria", 10)}
    expect(celda(pagina, 10).get_by_text("Feria")).to_be_visible()


def test_elegir_varias_y_correrlas_juntas(panel, abrir):
    with panel.oficina() as oficina:
        for numero, dia in enumerate((3, 5), start=1):
            oficina.pieza(f"Pieza {numero}", cuentas=("x",), para=panel.ahora + timedelta(days=dia))
    pagina = abrir()
    for numero in (1, 2):
        pagina.get_by_role("button", name=re.compile(f"Pieza {numero}")).press("Space")
    barra = pagina.get_by_role("region", name="Mover las elegidas")
    expect(barra).to_contain_text("2 elegidas")
    barra.get_by_label("Correr").fill("7")
    barra.get_by_role("button", name="Correr").click()
    expect(pagina.get_by_text("2 piezas cambiaron de fecha.").first).to_be_visible()
    assert dias(panel) == {("Pieza 1", 11), ("Pieza 2", 13)}


def test_importar_una_parrilla_con_fallas_y_arreglarla_en_la_vista_previa(panel, abrir):
    pagina = abrir("redaccion", "/calendario/importar")
    pagina.get_by_label("Parrilla").set_input_files(
        {
            "name": "diciembre.csv",
            "mimeType": "text/csv",
            "buffer": (
                "pieza,texto,cuentas,fecha,hora\n"
                "Vacunación,Este sábado hay vacunación.,facebook,2026-12-05,08:00\n"
                "Feria,La feria abre.,fasebook,2026-12-06,26:00\n"
            ).encode(),
        }
    )
    pagina.get_by_role("button", name="Ver la parrilla").click()
    hora = pagina.get_by_label("Hora, fila 3")
    expect(hora).to_have_attribute("aria-invalid", "true")
    expect(pagina.get_by_text("«26:00» no es una hora")).to_be_visible()
    hora.fill("09:00")
    pagina.get_by_role("button", name="Guardar y revisar otra vez").click()
    expect(pagina.get_by_label("Hora, fila 3")).to_have_value("09:00")
    cuentas = pagina.get_by_label("Cuentas, fila 3")
    expect(cuentas).to_have_attribute("aria-invalid", "true")
    cuentas.fill("facebook")
    pagina.get_by_role("button", name="Importar", exact=False).last.click()
    expect(pagina.get_by_text("Entraron 2 piezas como borradores.")).to_be_visible()
    expect(pagina.get_by_role("button", name=re.compile("Feria"))).to_be_visible()
    assert dias(panel) == {("Vacunación", 5), ("Feria", 6)}


def test_en_el_telefono_empieza_en_lista_y_los_filtros_quedan_en_la_direccion(panel, abrir, pagina):
    with panel.oficina() as oficina:
        oficina.pieza("En X", cuentas=("x",))
        oficina.pieza("En Facebook", cuentas=("facebook",))
    pagina.set_viewport_size({"width": 390, "height": 844})
    abrir()
    expect(pagina.get_by_role("tab", name="Lista")).to_have_attribute("aria-selected", "true")
    expect(pagina.get_by_role("button", name=re.compile("En Facebook"))).to_be_visible()
    pagina.get_by_text("Filtros", exact=True).click()
    pagina.get_by_label("Red").select_option("X")
    expect(pagina.get_by_role("button", name=re.compile("En Facebook"))).to_have_count(0)
    assert "red=x" in pagina.url
    pagina.reload()
    expect(pagina.get_by_role("button", name=re.compile("En X"))).to_be_visible()
    expect(pagina.get_by_role("button", name=re.compile("En Facebook"))).to_have_count(0)
