"""En un Chromium de verdad: cada red se conecta por su asistente y su pantalla de permiso."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from panel.cabeceras import POLITICA
from publicador.ajustes import Ajustes
from publicador.armado import Casa
from publicador.claves import leer_claves
from publicador.demo.preparativos import puerto_o_libre
from publicador.procesos import ServidorWeb
from tests.oficina import Oficina

PAGINA, CUENTA_X = "100900000000101", "900000000000000101"
CLAVE = "cuatro gatos bajan despacio"


@pytest.fixture
def panel(oficina: Oficina, redes) -> Iterator[str]:
    """La dirección de un panel con sus redes de ensayo y una jefa que entra con clave."""
    redes.mundo.nombrar("facebook", PAGINA, "Alcaldía de Ensayo")
    redes.mundo.nombrar("x", CUENTA_X, "Alcaldía", usuario="alcaldia_demo")
    puerto = puerto_o_libre(0)
    oficina.bien(
        "usuario", "crear", "--correo", "directora@prensa.example", "--nombre", "Directora",
        "--rol", "jefatura", entrada=f"{CLAVE}\n",
    )  # fmt: skip
    ajustes = Ajustes(
        _env_file=None,
        datos=Path(oficina.datos),
        ensayo_url=redes.url,
        url_publica=f"http://127.0.0.1:{puerto}",
    )
    casa = Casa(ajustes, leer_claves(ajustes))
    web = ServidorWeb(casa.panel(), puerto)
    web.iniciar()
    try:
        yield ajustes.url_publica
    finally:
        web.detener()
        casa.cerrar()


def llenar_y_conectar(pagina: Page, alias: str) -> None:
    pagina.get_by_label("Alias", exact=True).fill(alias)
    pagina.get_by_label("Quién responde por ella").fill("Ana, de planta")
    pagina.get_by_label("Correo institucional").fill("redes@alcaldia.example")
    pagina.get_by_label(re.compile("Declaro que esta cuenta es institucional")).check()
    pagina.get_by_role("button", name="Conectar", exact=True).click()
    expect(pagina.get_by_text("La cuenta quedó conectada.")).to_be_visible()
    expect(pagina.get_by_text(re.compile(r"^✓\s*Bien$"))).to_be_visible()


@pytest.mark.navegador
def test_cada_red_se_conecta_por_su_asistente(pagina: Page, panel: str, redes):
    quejas: list[str] = []
    pagina.on("console", lambda m: quejas.append(m.text) if m.type == "error" else None)
    visitadas: list[str] = []
    pagina.on("framenavigated", lambda marco: visitadas.append(marco.url))
    pagina.goto(f"{panel}/entrar?next=/cuentas")
    pagina.get_by_label("Correo").fill("directora@prensa.example")
    pagina.get_by_label("Contraseña").fill(CLAVE)
    pagina.get_by_role("button", name="Entrar").click()

    # Facebook: se niega un permiso, y se ve cuál y qué hacer.
    pagina.get_by_role("link", name="Conectar una cuenta").click()
    pagina.get_by_role("link", name=re.compile("^f?\\s*Facebook")).click()
    expect(pagina.get_by_text("La aplicación debe estar en modo activo.")).to_be_visible()
    pagina.get_by_role("button", name="Continuar").click()
    pagina.get_by_role("link", name="Ir a Facebook").click()
    pagina.get_by_label(re.compile("Leer las estadísticas")).uncheck()
    pagina.get_by_role("button", name="Continuar").click()
    pagina.get_by_role("radio", name=re.compile("Alcaldía de Ensayo")).check()
    hoja = pagina.locator("form .candidata").filter(has_text="Alcaldía de Ensayo")
    if not hoja.get_by_text("Leer las cifras de la página").is_visible():
        hoja.get_by_text("Permisos comprobados").click()
    expect(hoja.get_by_text("deje marcado este permiso")).to_be_visible()
    pagina.get_by_label("Alias", exact=True).fill("fb_nueva")
    pagina.get_by_label(re.compile("Declaro que esta cuenta")).check()
    pagina.get_by_label(re.compile("modo activo")).check()
    pagina.get_by_role("button", name="Conectar", exact=True).click()
    expect(pagina.get_by_text("La cuenta quedó conectada.")).to_be_visible()
    expect(pagina.get_by_text("Publicar, corregir y retirar en la página")).to_be_visible()
    expect(pagina.get_by_text("Atender")).to_be_visible()

    # X, con PKCE.
    pagina.goto(f"{panel}/cuentas/conectar/x")
    pagina.get_by_role("button", name="Continuar").click()
    pagina.get_by_role("link", name="Ir a X").click()
    pagina.get_by_role("radio", name=re.compile("alcaldia_demo")).check()
    pagina.get_by_role("button", name="Autorizar aplicación").click()
    llenar_y_conectar(pagina, "x_nueva")

    # WordPress, con la contraseña que crea el sitio.
    pagina.goto(f"{panel}/cuentas/conectar/wordpress")
    pagina.get_by_label("Dirección del sitio").first.fill(redes.url_de("wordpress"))
    pagina.get_by_role("button", name="Continuar").click()
    pagina.get_by_role("link", name="Ir al sitio").click()
    pagina.get_by_role("button", name="Sí, apruebo esta conexión").click()
    expect(pagina).to_have_url(re.compile(r"/cuentas/conexion/\d+$"))
    expect(pagina.get_by_text("Ya está registrada como «web»")).to_be_visible()
    pagina.get_by_role("button", name="Conectar", exact=True).click()
    expect(pagina.get_by_text("La cuenta quedó conectada.")).to_be_visible()

    # Un canal a mano.
    pagina.goto(f"{panel}/cuentas/conectar/manual")
    pagina.get_by_label("Nombre", exact=True).fill("Grupo de medios")
    pagina.get_by_label("Alias", exact=True).fill("medios")
    pagina.get_by_label("Cómo se reconoce el canal").fill("whatsapp-medios")
    pagina.get_by_label(re.compile("Declaro")).check()
    pagina.get_by_role("button", name="Registrar el canal").click()
    expect(pagina.get_by_text("El canal quedó registrado.")).to_be_visible()

    pagina.goto(f"{panel}/cuentas")
    for nombre in ("Alcaldía de Ensayo", "@alcaldia_demo", "Grupo de medios"):
        expect(pagina.get_by_role("link", name=nombre, exact=True)).to_be_visible()
    # Ninguna página donde se quedó el navegador lleva lo que trajo la red.
    quedo = [u for u in visitadas if u.startswith(panel)]
    assert not [u for u in quedo if "code=" in u or "password=" in u], quedo
    assert not [q for q in quejas if "Content Security Policy" in q], (quejas, POLITICA)
