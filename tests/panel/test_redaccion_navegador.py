"""El editor en un Chromium de verdad: el trabajo de una persona, sin perder una letra."""

import sys
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, select
from werkzeug.serving import make_server

from panel.sesiones import SesionPanel
from piezas.personas import Persona
from piezas.versiones import EstadoPieza, Pieza, VersionDestino
from tests.panel.sembrado import CLAVE, una_imagen

pytestmark = pytest.mark.navegador

# La máquina de pruebas puede ir despacio; una persona tampoco mira el reloj.
expect.set_options(timeout=15_000)

UN_PROGRAMADOR_TIPICO = 10
"""Pasos del flujo de un programador de publicaciones corriente, para comparar."""


@pytest.fixture
def servido(armar_panel) -> Iterator[tuple[object, str]]:
    """El panel con sus fichas CSRF de verdad, y su dirección."""
    panel = armar_panel(con_csrf=True)
    servidor = make_server("127.0.0.1", 0, panel.app, threaded=True)
    hilo = threading.Thread(target=servidor.serve_forever, daemon=True)
    hilo.start()
    yield panel, f"http://127.0.0.1:{servidor.server_port}"
    servidor.shutdown()
    hilo.join()
    servidor.server_close()


def entrar(pagina, base: str, quien: str = "redaccion", camino: str = "/piezas/nueva") -> None:
    pagina.goto(f"{base}/entrar?next={camino}")
    pagina.get_by_label("Correo").fill(f"{quien}@alcaldia.example")
    pagina.get_by_label("Contraseña").fill(CLAVE)
    pagina.get_by_role("button", name="Entrar").click()
    pagina.wait_for_url(f"{base}{camino}")


def la_ultima(panel) -> Pieza:
    with panel.leer() as sesion:
        return sesion.scalars(select(Pieza).order_by(Pieza.id.desc())).first()


class Manos:
    """Cuenta lo que cuesta: clics y teclas que no son el texto mismo."""

    def __init__(self, pagina):
        self.pagina = pagina
        self.gestos: list[str] = []

    def clic(self, control, nombre: str) -> None:
        self.gestos.append(f"clic: {nombre}")
        control.click()

    def tecla(self, teclas: str) -> None:
        self.gestos.append(f"tecla: {teclas}")
        self.pagina.keyboard.press(teclas)

    def escribir(self, texto: str) -> None:
        self.pagina.keyboard.insert_text(texto)


def test_de_vacio_a_enviada_con_una_imagen_en_tres_redes(servido, pagina, capsys):
    panel, base = servido
    entrar(pagina, base)
    manos = Manos(pagina)
    expect(pagina.get_by_label("Texto para todas las redes")).to_be_focused()

    manos.escribir("Este sábado hay jornada de vacunación gratuita en el parque.")
    with pagina.expect_file_chooser() as elector:
        manos.clic(pagina.get_by_text("Subir", exact=True), "Subir")
    manos.gestos.append("clic: el archivo, en el diálogo del sistema")
    elector.value.set_files({"name": "afiche.png", "mimeType": "image/png", "buffer": una_imagen()})
    # Recién subida, el foco ya está donde falta escribir.
    alterno = pagina.get_by_role("textbox", name="Texto alternativo")
    expect(alterno).to_be_focused(timeout=20_000)
    manos.escribir("Afiche de la jornada de vacunación")
    expect(pagina.get_by_role("article")).to_have_count(3)
    manos.tecla("Control+Enter")

    expect(pagina.get_by_text("Quedó en revisión")).to_be_visible()
    pieza = la_ultima(panel)
    assert pieza.estado is EstadoPieza.EN_REVISION
    with panel.leer() as sesion:
        redes = {d.red.value for d in sesion.scalars(select(VersionDestino))}
        assert redes == {"facebook", "x", "wordpress"}
        (medio,) = sesion.get(Pieza, pieza.id).version.medios
        assert medio.texto_alternativo == "Afiche de la jornada de vacunación"
    with capsys.disabled():
        cuenta = f"De vacío a «enviada a revisión»: {len(manos.gestos)} gestos"
        sys.stdout.write(f"\n{cuenta}: {'; '.join(manos.gestos)}\n")
    assert len(manos.gestos) < UN_PROGRAMADOR_TIPICO
    assert len(manos.gestos) <= 3


def test_si_la_sesion_termina_lo_escrito_sigue_y_se_entra_sin_irse(servido, pagina):
    panel, base = servido
    entrar(pagina, base)
    texto = pagina.get_by_label("Texto para todas las redes")
    texto.fill("Primera parte.")
    expect(pagina.get_by_text("Guardado hace un momento")).to_be_visible()

    with panel.servicios.sesiones.begin() as sesion:
        sesion.execute(delete(SesionPanel))
    texto.press_sequentially(" Y esto lo escribí con la sesión cerrada.")
    dialogo = pagina.get_by_role("dialog", name="Su sesión terminó")
    expect(dialogo).to_be_visible()
    dialogo.get_by_label("Contraseña").fill("otra cosa que no es")
    dialogo.get_by_role("button", name="Entrar").click()
    expect(dialogo.get_by_text("no coinciden")).to_be_visible()
    dialogo.get_by_label("Contraseña").fill(CLAVE)
    dialogo.get_by_role("button", name="Entrar").click()
    expect(dialogo).to_be_hidden()
    expect(pagina.get_by_text("Guardado hace un momento")).to_be_visible()

    todo = "Primera parte. Y esto lo escribí con la sesión cerrada."
    expect(texto).to_have_value(todo)
    pagina.reload()
    expect(pagina.get_by_text("Recuperamos lo que estaba escribiendo")).to_be_visible()
    expect(pagina.get_by_label("Texto para todas las redes")).to_have_value(todo)
    pagina.get_by_role("button", name="Guardar borrador").click()
    expect(pagina.get_by_text("Quedó guardada.")).to_be_visible()
    with panel.leer() as sesion:
        assert sesion.get(Pieza, la_ultima(panel).id).version.texto == todo


def test_dos_personas_a_la_vez_y_nadie_pierde_su_texto(servido, pagina):
    panel, base = servido
    with panel.oficina() as oficina:
        numero = oficina.pieza("Feria", texto="Texto de partida").id
    entrar(pagina, base, camino=f"/piezas/{numero}/editar")
    texto = pagina.get_by_label("Texto para todas las redes")
    texto.fill("Lo que escribió Redacción")

    contexto = pagina.context.browser.new_context(locale="es-CO")
    otra = contexto.new_page()
    entrar(otra, base, "community", f"/piezas/{numero}/editar")
    otra.get_by_label("Texto para todas las redes").fill("Lo que escribió Community")
    otra.keyboard.press("Control+s")
    expect(otra.get_by_text("Quedó guardada.")).to_be_visible()
    contexto.close()

    pagina.keyboard.press("Control+s")
    choque = pagina.get_by_role("alert").filter(has_text="Community guardó esta pieza")
    expect(choque).to_contain_text("Lo que escribió Community")
    expect(choque).to_contain_text("Lo que escribió Redacción")
    expect(texto).to_have_value("Lo que escribió Redacción")
    choque.get_by_role("button", name="Usar lo de Community").click()
    expect(texto).to_have_value("Lo que escribió Community")
    choque.get_by_role("button", name="Dejar lo mío").click()
    expect(texto).to_have_value("Lo que escribió Redacción")
    pagina.get_by_role("button", name="Guardar borrador").click()
    expect(pagina.get_by_text("Quedó guardada.")).to_be_visible()
    with panel.leer() as sesion:
        version = sesion.get(Pieza, numero).version
        assert (version.numero, version.texto) == (3, "Lo que escribió Redacción")
        editor = sesion.get(Persona, version.editor_id)
        assert editor.correo == "redaccion@alcaldia.example"


def test_en_el_telefono_la_vista_esta_a_un_toque_y_el_texto_sigue_al_volver(servido, pagina):
    _, base = servido
    pagina.set_viewport_size({"width": 390, "height": 844})
    entrar(pagina, base)
    texto = pagina.get_by_label("Texto para todas las redes")
    texto.fill("Este sábado hay vacunación en el parque.")
    pagina.get_by_role("button", name="Vista", exact=True).click()
    vista = pagina.get_by_role("complementary", name="Así se verá").get_by_role("article")
    expect(vista.first).to_be_visible()
    expect(vista.first).to_contain_text("vacunación en el parque")
    expect(texto).to_be_hidden()
    assert pagina.evaluate("document.documentElement.scrollWidth <= innerWidth")
    pagina.get_by_role("button", name="Texto", exact=True).click()
    expect(texto).to_have_value("Este sábado hay vacunación en el parque.")
