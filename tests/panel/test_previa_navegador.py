"""La vista previa en un Chromium de verdad: lo que se escribe se ve como lo verá cada red."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from conectores.texto import largo_x
from conectores.visitante import Visitante
from publicador.tarjetero import Tarjetero
from tests.panel.servido import entrar_como, servido
from tests.panel.test_cabeceras import CORPUS

pytestmark = pytest.mark.navegador
ESPERA = 15_000


class _Sitio(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(
            '<title>Feria</title><meta property="og:title" content="Programa <b>completo</b>">'
            '<meta name="description" content="Ocho días de lectura">'.encode()
        )

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def sitio() -> Iterator[str]:
    servidor = ThreadingHTTPServer(("127.0.0.1", 0), _Sitio)
    hilo = threading.Thread(target=servidor.serve_forever, args=(0.02,))
    hilo.start()
    yield f"http://127.0.0.1:{servidor.server_port}"
    servidor.shutdown()
    servidor.server_close()
    hilo.join()


def test_se_cuenta_como_x_se_avisa_lo_que_no_cabe_y_se_quita_un_consejo(panel, pagina):
    with servido(panel) as base:
        entrar_como(pagina, panel, base, "redaccion")
        pagina.goto(f"{base}/piezas/nueva")
        texto = pagina.get_by_label("Texto para todas las redes")
        en_x = pagina.get_by_role("article", name="X, Alcaldía en x")
        dicho = "Feria 👨‍👩‍👧 hoy en el parque, terminó.No falte a las 3:00 p. m."
        texto.fill(dicho)
        contador = f"{largo_x(dicho)} de 280 caracteres"
        expect(en_x.get_by_text(contador)).to_be_visible(timeout=ESPERA)
        expect(en_x.get_by_text("X tomará «terminó.No» por un enlace")).to_be_visible()
        consejo = pagina.get_by_text("falta un espacio tras el punto")
        expect(consejo).to_be_visible()
        pagina.get_by_role("button", name="Quitar este consejo: En «terminó.No»").click()
        expect(consejo).to_be_hidden()

        texto.fill(f"{dicho} {'y más ' * 50}")
        expect(en_x).to_contain_text("sobran", timeout=ESPERA)
        expect(consejo).to_be_hidden()


def test_nada_de_lo_que_se_escribe_se_vuelve_pagina(panel, pagina):
    dialogos = []
    pagina.on("dialog", lambda dialogo: (dialogos.append(dialogo.message), dialogo.dismiss()))
    with servido(panel) as base:
        entrar_como(pagina, panel, base, "redaccion")
        pagina.goto(f"{base}/piezas/nueva")
        todo = "\n".join(CORPUS)
        pagina.get_by_label("Texto para todas las redes").fill(f"{todo}\nFin de la prueba")
        web = pagina.get_by_role("article", name="Sitio web, Alcaldía en web")
        expect(web).to_contain_text("Fin de la prueba", timeout=ESPERA)
        expect(web).to_contain_text("<script>alert(1)</script>")
        for hostil in ("script", "img", "svg", "iframe", "style", "a[href^='javascript:']"):
            assert pagina.locator(f"article {hostil}").count() == 0, hostil
    assert dialogos == []


def test_la_tarjeta_del_enlace_dice_lo_que_dice_la_pagina(armar_panel, pagina, sitio):
    tarjetas = Tarjetero(Visitante(ensayo=sitio), ahora=lambda: datetime(2026, 12, 1, tzinfo=UTC))
    panel = armar_panel(tarjetas=tarjetas)
    with servido(panel) as base:
        entrar_como(pagina, panel, base, "redaccion")
        pagina.goto(f"{base}/piezas/nueva")
        pagina.get_by_label("Texto para todas las redes").fill("Conozca el programa de la feria.")
        pagina.get_by_label("Enlace").first.fill(f"{sitio}/feria")
        en_facebook = pagina.get_by_role("article", name="Facebook, Alcaldía en facebook")
        expect(en_facebook.get_by_text("Programa <b>completo</b>")).to_be_visible(timeout=ESPERA)
        expect(en_facebook.get_by_text("Ocho días de lectura")).to_be_visible()
        pagina.get_by_label("Enlace").first.fill("http://169.254.169.254/latest")
        expect(en_facebook.get_by_text("red interna")).to_be_visible(timeout=ESPERA)
