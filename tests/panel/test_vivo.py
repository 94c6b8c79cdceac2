"""En vivo: la pantalla se entera sola, no le quita nada a quien escribe, y calla sin sesión."""

import threading
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from cola.estados import Estado
from panel import corriente, sesiones, vivo
from tests.panel.servido import entrar_como, servido


@pytest.fixture
def panel(panel, monkeypatch):
    """Como en la oficina, pero sin esperar quince segundos."""
    panel.app.config["VIVO_VIDA_S"] = 60
    monkeypatch.setattr(vivo, "LATIDO_S", 0.3)
    monkeypatch.setattr(corriente, "CADA_S", 0.1)
    yield panel
    vivo.cerrar(panel.app)


def abrir(panel, papel="community"):
    cliente = panel.como(papel)
    respuesta = cliente.get("/vivo", buffered=False)
    return cliente, respuesta, iter(respuesta.response)


def siguiente(trozos, que):
    for trozo in trozos:
        texto = trozo if isinstance(trozo, str) else trozo.decode()
        if que in texto:
            return texto
    return ""


def test_un_cambio_en_la_cola_avisa_y_lo_quieto_no(panel):
    _, respuesta, trozos = abrir(panel)
    assert respuesta.mimetype == "text/event-stream"
    next(trozos)
    assert ": aquí" in siguiente(trozos, "aquí")
    with panel.oficina() as oficina:
        oficina.entrega("Nueva", "x", Estado.FALLIDA)
    assert "event: cambio" in siguiente(trozos, "cambio")
    respuesta.close()


def test_la_sesion_que_se_cierra_termina_la_conexion(panel):
    cliente, respuesta, trozos = abrir(panel)
    next(trozos)
    cliente.post("/salir")
    assert "event: afuera" in siguiente(trozos, "afuera")
    assert next(trozos, None) is None
    respuesta.close()


def test_mirar_en_vivo_no_es_usar_el_panel(panel):
    cliente, respuesta, trozos = abrir(panel)
    next(trozos)
    panel.pasan(sesiones.QUIETA + timedelta(seconds=1))
    assert "event: afuera" in siguiente(trozos, "afuera")
    respuesta.close()
    assert cliente.get("/vivo").status_code == 302


def test_si_no_cabe_otra_pantalla_se_le_dice_que_pregunte(panel, monkeypatch):
    monkeypatch.setattr(vivo, "MAXIMO", 1)
    _, primera, trozos = abrir(panel)
    next(trozos)
    assert panel.como("jefatura").get("/vivo").status_code == 204
    primera.close()
    _, otra, trozos = abrir(panel, "jefatura")
    assert otra.status_code == 200
    next(trozos)
    otra.close()


def test_muchas_pantallas_comparten_un_solo_vigia(panel):
    abiertas = [abrir(panel) for _ in range(5)]
    for _, _, trozos in abiertas:
        next(trozos)
    assert [hilo.name for hilo in threading.enumerate()].count("vigia") == 1
    for _, respuesta, _ in abiertas:
        respuesta.close()


@pytest.mark.navegador
def test_la_pantalla_cambia_sola_sin_tocar_lo_que_se_escribe(panel, pagina):
    with panel.oficina() as oficina:
        oficina.entrega("Cierre de vía", "facebook", Estado.EN_DUDA)
    with servido(panel) as url:
        entrar_como(pagina, panel, url, "community")
        pagina.goto(url)
        hoy = pagina.get_by_role("main")
        enlace = hoy.get_by_role("link", name="Cierre de vía")
        enlace.focus()
        with panel.oficina() as oficina:
            oficina.entrega("Jornada de vacunación", "x", Estado.FALLIDA)
        expect(hoy).to_contain_text("Jornada de vacunación", timeout=10_000)
        expect(enlace).to_be_focused()

        pagina.goto(f"{url}/pausa")
        escrito = pagina.get_by_label("Motivo")
        escrito.fill("Duelo en la ciudad")
        with panel.oficina() as oficina:
            oficina.entrega("Otra más", "x", Estado.FALLIDA)
        expect(pagina.locator("#menu .cuantas").first).to_contain_text("3", timeout=10_000)
        expect(escrito).to_have_value("Duelo en la ciudad")
        expect(escrito).to_be_focused()


@pytest.mark.navegador
def test_al_terminar_la_sesion_lo_dice_y_no_borra_nada(panel, pagina):
    with servido(panel) as url:
        identificador = entrar_como(pagina, panel, url, "community")
        pagina.goto(f"{url}/pausa")
        pagina.get_by_label("Motivo").fill("Duelo en la ciudad")
        with panel.servicios.sesiones.begin() as sesion:
            sesiones.cerrar(sesion, identificador)
        expect(pagina.get_by_role("alert")).to_contain_text("Su sesión terminó", timeout=10_000)
        expect(pagina.get_by_label("Motivo")).to_have_value("Duelo en la ciudad")
