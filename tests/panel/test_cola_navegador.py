"""La cola con un navegador de verdad: resolver una duda mirando la red, y reanudar decidiendo."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import text

from cola.estados import Estado
from cola.publicaciones import Publicacion
from panel.servicios import EXTENSION
from piezas.personas import Persona
from tests.escenario_publicado import Escenario
from tests.panel.servido import entrar_como, servido


@dataclass
class Servible:
    """Lo que `servido` y `entrar_como` miran de un panel."""

    app: Flask

    @property
    def servicios(self):
        return self.app.extensions[EXTENSION]

    @property
    def ahora(self):
        return self.servicios.ahora()


def poner_en_duda(e: Escenario) -> None:
    """La entrega salió, pero la oficina no lo sabe; y quien mira entra como jefatura."""
    with e.casa.sesiones.begin() as sesion:
        sesion.execute(
            text(
                "UPDATE publicacion SET estado='en_duda', requiere_persona=1, id_remoto=NULL, "
                "url=NULL, publicada_en=NULL, motivo='La red no respondió con claridad.'"
            )
        )
        sesion.get_one(Persona, e.otra).correo = "jefatura@alcaldia.example"


@pytest.mark.parametrize("alias", ["fb", "x", "web"])
def test_la_duda_se_resuelve_mirando_la_red_de_ensayo(oficina, monkeypatch, pagina, alias):
    e = Escenario(oficina, monkeypatch, alias)
    url_verdadera = e.fila.url
    poner_en_duda(e)
    panel = Servible(e.casa.panel())
    with servido(panel) as url:
        entrar_como(pagina, panel, url, "jefatura")
        pagina.goto(f"{url}/cola")
        pagina.get_by_role("link", name="Resolver la duda").click()
        expect(pagina.get_by_role("heading", name="La nuestra")).to_be_visible()
        vista = pagina.get_by_role("article", name="Publicación 1 de la red")
        expect(vista).to_contain_text("Texto de antes, con su dato.")
        vista.get_by_role("button", name="Es esta").click()
        expect(pagina.get_by_text("Quedó como publicada.")).to_be_visible()
    assert e.fila.estado is Estado.PUBLICADA
    assert e.fila.url == url_verdadera
    e.casa.cerrar()


def test_si_no_se_puede_mirar_se_dice_y_nada_cambia(oficina, redes, monkeypatch, pagina):
    e = Escenario(oficina, monkeypatch, "x")
    poner_en_duda(e)
    redes.mundo.armar("x", "error_500", None, llamada="leer")
    panel = Servible(e.casa.panel())
    with servido(panel) as url:
        entrar_como(pagina, panel, url, "jefatura")
        pagina.goto(f"{url}/cola/{e.id}/duda")
        expect(pagina.get_by_text("No se pudo mirar")).to_be_visible()
        expect(pagina.get_by_role("button", name="Es esta")).to_have_count(0)
        expect(pagina.get_by_role("button", name="No salió: enviarla otra vez")).to_be_visible()
    assert e.fila.estado is Estado.EN_DUDA
    e.casa.cerrar()


def test_pausar_y_reanudar_decidiendo_cada_una(panel, pagina):
    with panel.oficina() as oficina:
        ids = {
            titulo: oficina.aprobada(
                titulo, cuentas=("x",), para=oficina.ahora + timedelta(minutes=5)
            )[0].id
            for titulo in ("Sale ya", "Se mueve", "No va", "Para después")
        }
    with servido(panel) as url:
        entrar_como(pagina, panel, url, "community")
        pagina.goto(f"{url}/pausa")
        pagina.get_by_label("Motivo").fill("Duelo en la ciudad")
        pagina.get_by_role("button", name="Pausar todo").click()
        expect(pagina.get_by_text("Todo quedó en pausa")).to_be_visible()
        panel.pasan(timedelta(minutes=20))
        pagina.goto(f"{url}/pausa")
        for titulo, que in (
            ("Sale ya", "Enviar ahora"),
            ("Se mueve", "Mover a"),
            ("No va", "Cancelar"),
        ):
            pagina.get_by_role("group", name=f"«{titulo}»").get_by_label(que, exact=True).check()
        pagina.get_by_role("button", name="Reanudar").click()
        pagina.get_by_role("alertdialog").get_by_role("button", name="Reanudar").click()
        expect(pagina.get_by_text("La cola sigue.")).to_be_visible()
    with panel.leer() as sesion:
        quedo = {t: sesion.get_one(Publicacion, n) for t, n in ids.items()}
        assert quedo["Sale ya"].estado is Estado.PROGRAMADA
        assert quedo["Sale ya"].vence == panel.ahora
        assert quedo["Se mueve"].vence > panel.ahora + timedelta(minutes=50)
        assert quedo["No va"].estado is Estado.CANCELADA
        assert quedo["Para después"].estado is Estado.DETENIDA
