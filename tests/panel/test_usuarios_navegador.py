"""En un navegador de verdad: llegar a la oficina con segundo factor, y recuperar la contraseña."""

import queue
import re
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.panel.sembrado import CLAVE
from tests.panel.servido import entrar_como, servido
from tests.panel.visitas import CORREO

NUEVA = "siete loros miran el río"

pytestmark = pytest.mark.navegador


def entrar(pagina: Page, url: str, correo: str, clave: str) -> None:
    pagina.goto(f"{url}/entrar")
    pagina.get_by_label("Correo").fill(correo)
    pagina.get_by_label("Contraseña").fill(clave)
    pagina.get_by_role("button", name="Entrar").click()


def test_invitar_poner_clave_activar_el_segundo_factor_y_cerrar_otra_sesion(panel, pagina):
    with servido(panel) as url:
        entrar_como(pagina, panel, url, "administracion")
        pagina.goto(f"{url}/usuarios")
        pagina.get_by_role("link", name="Invitar").click()
        pagina.get_by_label("Nombre").fill("Ana Ruiz")
        pagina.get_by_label("Correo institucional").fill("ana@alcaldia.example")
        pagina.get_by_role("checkbox", name=re.compile("^Redacción")).check()
        pagina.get_by_role("button", name="Invitar").click()
        expect(pagina.get_by_text("Enlace para Ana Ruiz")).to_be_visible()
        enlace = pagina.get_by_label("Enlace", exact=True).input_value()
        camino = enlace.replace("http://127.0.0.1:8000", url)

        pagina.context.clear_cookies()
        pagina.goto(camino)
        pagina.get_by_label("Contraseña nueva").fill(NUEVA)
        pagina.get_by_label("Mostrarla").check()
        expect(pagina.get_by_label("Contraseña nueva")).to_have_attribute("type", "text")
        pagina.get_by_role("button", name="Guardar contraseña").click()
        entrar(pagina, url, "ana@alcaldia.example", NUEVA)

        pagina.goto(f"{url}/perfil")
        pagina.get_by_role("link", name="Activar").click()
        secreto = pagina.locator("#clave-factor").inner_text().replace(" ", "")
        expect(pagina.get_by_role("img", name=re.compile("Código QR"))).to_be_visible()
        codigo = pagina.get_by_label("Código de seis cifras")
        codigo.fill("000000")
        pagina.get_by_role("button", name="Activar").click()
        expect(pagina.get_by_text("Ese código no es")).to_be_visible()
        codigo.fill(pyotp.TOTP(secreto).at(panel.ahora))
        pagina.get_by_role("button", name="Activar").click()
        expect(pagina.locator("#codigos li")).to_have_count(10)

        # En otro equipo: la contraseña sola no basta.
        panel.pasan(timedelta(minutes=1))
        otro = pagina.context.browser.new_context()
        hoja = otro.new_page()
        entrar(hoja, url, "ana@alcaldia.example", NUEVA)
        expect(hoja.get_by_role("heading", name="Su código")).to_be_visible()
        hoja.get_by_label("Código").fill(pyotp.TOTP(secreto).at(panel.ahora))
        hoja.get_by_role("button", name="Entrar").click()
        expect(hoja.get_by_role("heading", level=1)).not_to_have_text("Su código")

        pagina.get_by_role("link", name="Ya los guardé").click()
        sesiones = pagina.get_by_role("region", name="Sesiones abiertas")
        expect(sesiones.get_by_role("listitem")).to_have_count(2)
        sesiones.get_by_role("button", name=re.compile("^Cerrar la sesión")).click()
        expect(sesiones.get_by_role("listitem")).to_have_count(1)
        hoja.reload()
        expect(hoja.get_by_role("button", name="Entrar")).to_be_visible()
        otro.close()


def test_quien_olvida_su_contrasena_la_recupera_sola(armar_panel, pagina):
    cartas: queue.Queue = queue.Queue()
    panel = armar_panel(enviar_carta=lambda *carta: cartas.put(carta) is None)
    with servido(panel) as url:
        entrar(pagina, url, CORREO, "la que ya no recuerdo")
        expect(pagina.get_by_role("alert")).to_contain_text("no coinciden")
        pagina.get_by_role("link", name="Olvidé mi contraseña").click()
        pagina.get_by_label("Correo").fill(CORREO)
        pagina.get_by_role("button", name="Mandar el enlace").click()
        expect(pagina.get_by_role("heading", name="Revise su correo")).to_be_visible()
        camino = re.search(r"(/poner/\S+)", cartas.get(timeout=5)[2])[1]
        pagina.goto(url + camino)
        pagina.get_by_label("Contraseña nueva").fill("Bucaramanga2026")
        pagina.get_by_role("button", name="Guardar contraseña").click()
        expect(pagina.get_by_role("alert")).to_contain_text("demasiado fácil")
        pagina.get_by_label("Contraseña nueva").fill(NUEVA)
        pagina.get_by_role("button", name="Guardar contraseña").click()
        expect(pagina.get_by_text("Su contraseña quedó guardada")).to_be_visible()
        entrar(pagina, url, CORREO, CLAVE)
        expect(pagina.get_by_role("alert")).to_contain_text("no coinciden")
        entrar(pagina, url, CORREO, NUEVA)
        expect(pagina.get_by_role("navigation", name="Principal").first).to_be_visible()
