"""Las sesiones: su cookie, lo que de ellas se guarda y de qué mueren."""

from datetime import timedelta

from sqlalchemy import select

from panel.acceso import nombre_de_cookie
from panel.sesiones import SesionPanel, cerrar_todas
from piezas.personas import Papel
from tests.panel.sembrado import CLAVE
from tests.panel.visitas import CORREO, entrar


def test_la_cookie_es_para_el_servidor_y_de_la_sesion_solo_se_guarda_el_resumen(panel):
    respuesta = entrar(panel.visitante())
    (cookie,) = [c for c in respuesta.headers.getlist("Set-Cookie") if c.startswith("sesion=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    identificador = cookie.split("=", 1)[1].split(";")[0]
    assert len(identificador) >= 43
    with panel.leer() as sesion:
        (huella,) = sesion.scalars(select(SesionPanel.huella))
    assert identificador not in huella


def test_por_tls_la_cookie_lleva_el_prefijo_y_secure(panel, armar_panel):
    seguro = armar_panel(url_publica="https://publicador.alcaldia.example")
    respuesta = seguro.visitante().post(
        "/entrar",
        data={"correo": CORREO, "clave": CLAVE},
        base_url="https://publicador.alcaldia.example",
    )
    cookies = respuesta.headers.getlist("Set-Cookie")
    (cookie,) = [c for c in cookies if c.startswith("__Host-sesion=")]
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "max-age=63072000" in respuesta.headers["Strict-Transport-Security"]


def test_la_sesion_traida_de_antes_muere_al_entrar(panel):
    cliente = panel.como("community")
    vieja = cliente.get_cookie(nombre_de_cookie(panel.app)).value
    entrar(cliente, correo="jefatura@alcaldia.example")
    nueva = cliente.get_cookie(nombre_de_cookie(panel.app)).value
    assert nueva != vieja
    ladron = panel.visitante()
    ladron.set_cookie("sesion", vieja)
    assert ladron.get("/").status_code == 302


def test_un_identificador_inventado_no_sirve(panel):
    cliente = panel.visitante()
    cliente.set_cookie("sesion", "fijado-por-otro")
    assert entrar(cliente).status_code == 303
    assert cliente.get_cookie("sesion").value != "fijado-por-otro"


def test_salir_cierra_en_el_servidor(panel):
    cliente = panel.como("community")
    copia = cliente.get_cookie("sesion").value
    assert "¿Cerrar su sesión?" in cliente.get("/salir").text
    assert cliente.get("/").status_code == 200
    assert cliente.post("/salir").location == "/entrar"
    cliente.set_cookie("sesion", copia)
    assert cliente.get("/").status_code == 302


def test_la_sesion_quieta_muere_a_la_media_hora(panel):
    cliente = panel.como("community")
    panel.pasan(timedelta(minutes=29))
    assert cliente.get("/").status_code == 200
    panel.pasan(timedelta(minutes=29))
    assert cliente.get("/").status_code == 200
    panel.pasan(timedelta(minutes=30))
    assert cliente.get("/").status_code == 302


def test_el_refresco_automatico_no_mantiene_viva_la_sesion(panel):
    cliente = panel.como("community")
    panel.pasan(timedelta(minutes=20))
    assert cliente.get("/", headers={"X-Refresco": "1"}).status_code == 200
    panel.pasan(timedelta(minutes=10))
    assert cliente.get("/", headers={"X-Refresco": "1"}).status_code == 302


def test_la_sesion_muere_a_las_doce_horas_aunque_se_use(panel):
    cliente = panel.como("community")
    for _ in range(36):
        panel.pasan(timedelta(minutes=19))
        assert cliente.get("/").status_code == 200
    panel.pasan(timedelta(minutes=37))
    assert cliente.get("/").status_code == 302


def test_desactivar_o_cerrar_todas_saca_a_la_persona_de_inmediato(panel):
    cliente, otro = panel.como("community"), panel.como("jefatura")
    with panel.oficina() as oficina:
        oficina.persona(CORREO).activa = False
        cerrar_todas(oficina.sesion, oficina.persona("jefatura@alcaldia.example").id)
    assert cliente.get("/").status_code == 302
    assert otro.get("/").status_code == 302


def test_perder_un_papel_vale_desde_la_peticion_siguiente(panel):
    cliente = panel.como("jefatura")
    assert cliente.get("/aprobacion").status_code == 200
    with panel.oficina() as oficina:
        oficina.persona("jefatura@alcaldia.example").papeles_filas[0].papel = Papel.CONSULTA
    assert cliente.get("/aprobacion").status_code == 403
