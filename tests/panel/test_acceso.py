"""La puerta: entrar, salir, sesiones que mueren, freno, papeles y fichas contra envíos ajenos."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from panel.acceso import nombre_de_cookie, papeles_de
from panel.caminos import camino_propio
from panel.freno import IntentoEntrada
from panel.sesiones import SesionPanel, cerrar_todas
from piezas.bitacora import Anotacion
from piezas.personas import Papel, Persona
from tests.panel.sembrado import CLAVE

CORREO = "community@alcaldia.example"
EQUIPO = set(Papel) - {Papel.SOLICITANTE}
GESTION = {Papel.COMMUNITY, Papel.JEFATURA}
REVISORES = {Papel.JEFATURA, Papel.REVISION, Papel.JURIDICA}
REDACTORES = {Papel.REDACCION, Papel.DISENO, Papel.COMMUNITY, Papel.JEFATURA}

# Quién puede abrir cada ruta, escrito aparte del código: si una de las dos cambia, se nota.
QUIENES = {
    "acceso.entrar": None,
    "acceso.comprobar": None,
    "acceso.preguntar_salida": None,
    "acceso.salir": None,
    "estaticos.ver": None,
    "estaticos.ver_armado": None,
    "salud.ver": None,
    "tablero.ver": set(Papel),
    "piezas.listar": set(Papel),
    "piezas.ver": set(Papel),
    "medios.ver": set(Papel),
    "piezas.enviar": REDACTORES,
    "calendario.ver": EQUIPO,
    "publicaciones.listar": EQUIPO,
    "publicaciones.ver": EQUIPO,
    "pausas.ver": EQUIPO,
    "publicaciones.reintentar": GESTION,
    "publicaciones.cancelar": GESTION,
    "dudas.resolver": GESTION,
    "dudas.confirmar": GESTION,
    "pausas.pausar": GESTION,
    "pausas.reanudar": GESTION,
    "pausas.reanudar_cuenta": GESTION,
    "aprobacion.listar": REVISORES,
    "aprobacion.devolver": REVISORES,
    "aprobacion.revisar": {Papel.REVISION},
    "aprobacion.aprobar": {Papel.JEFATURA},
    "aprobacion.aprobar_varias": {Papel.JEFATURA},
}


def entrar(cliente, correo=CORREO, clave=CLAVE, **mas):
    return cliente.post("/entrar", data={"correo": correo, "clave": clave} | mas)


def rutas(app):
    for regla in app.url_map.iter_rules():
        valores = {"huella": "a" * 64, "nombre": "panel.css", "alias": "x"}
        numeros = dict.fromkeys(("pieza_id", "publicacion_id"), 999)
        with app.test_request_context():
            camino = app.url_map.bind("127.0.0.1").build(
                regla.endpoint,
                {k: v for k, v in (valores | numeros).items() if k in regla.arguments},
            )
        for metodo in sorted(regla.methods - {"HEAD", "OPTIONS"}):
            yield regla.endpoint, metodo, camino


def test_la_pantalla_de_entrar_tiene_sus_rotulos(panel):
    html = panel.visitante().get("/entrar").text
    assert '<label for="correo">Correo</label>' in html
    assert '<label for="clave">Contraseña</label>' in html
    assert re.search(r"<button[^>]*>Entrar</button>", html)


def test_entrar_con_la_clave_buena_lleva_a_donde_se_iba(panel):
    cliente = panel.visitante()
    respuesta = cliente.get("/cola?estado=todas")
    assert respuesta.status_code == 302
    assert respuesta.location == "/entrar?next=/cola?estado%3Dtodas"
    respuesta = entrar(cliente, next="/cola?estado=todas")
    assert respuesta.status_code == 303
    assert respuesta.location == "/cola?estado=todas"
    assert cliente.get("/cola").status_code == 200


def test_el_correo_se_entiende_con_mayusculas_y_espacios(panel):
    assert entrar(panel.visitante(), correo=" Community@Alcaldia.example ").status_code == 303


def test_una_clave_mala_no_dice_si_el_correo_existe(panel):
    frases = set()
    for correo in (CORREO, "nadie@alcaldia.example"):
        respuesta = entrar(panel.visitante(), correo=correo, clave="no es esta clave")
        assert respuesta.status_code == 401
        frases.add(re.search(r'role="alert"[^>]*>([^<]+)', respuesta.text)[1])
    assert frases == {"El correo o la contraseña no coinciden."}


def test_una_persona_desactivada_no_entra(panel):
    with panel.oficina() as oficina:
        oficina.persona(CORREO).activa = False
    assert entrar(panel.visitante()).status_code == 401


def test_la_sexta_clave_equivocada_espera_aunque_sea_la_buena(panel):
    cliente = panel.visitante()
    for _ in range(5):
        assert entrar(cliente, clave="equivocada del todo").status_code == 401
    respuesta = entrar(cliente)
    assert respuesta.status_code == 429
    assert "Espere 15 minutos" in respuesta.text
    panel.pasan(timedelta(minutes=15))
    assert entrar(cliente).status_code == 303


def test_muchas_a_la_vez_dejan_evaluar_las_mismas_cinco(panel):
    with ThreadPoolExecutor(12) as hilos:
        codigos = list(
            hilos.map(
                lambda _: entrar(panel.visitante(), clave="equivocada del todo").status_code,
                range(12),
            )
        )
    assert sorted(codigos) == [401] * 5 + [429] * 7


def test_insistir_durante_la_espera_no_la_alarga(panel):
    cliente = panel.visitante()
    for _ in range(5):
        entrar(cliente, clave="equivocada del todo")
    panel.pasan(timedelta(minutes=14))
    assert entrar(cliente).status_code == 429
    panel.pasan(timedelta(minutes=1))
    assert entrar(cliente).status_code == 303


def test_el_freno_de_una_persona_no_frena_a_otra(panel):
    for _ in range(6):
        entrar(panel.visitante(), clave="equivocada del todo")
    assert entrar(panel.visitante(), correo="jefatura@alcaldia.example").status_code == 303


def test_entrar_bien_devuelve_la_cuenta_a_cero(panel):
    for _ in range(2):
        cliente = panel.visitante()
        for _ in range(4):
            entrar(cliente, clave="equivocada del todo")
        assert entrar(cliente).status_code == 303


def test_el_freno_no_guarda_correos_ni_direcciones(panel):
    entrar(panel.visitante(), clave="equivocada del todo")
    with panel.leer() as sesion:
        claves = sesion.scalars(select(IntentoEntrada.clave)).all()
    assert len(claves) == 3
    assert all(re.fullmatch(r"[0-9a-f]{64}", clave) for clave in claves)


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


def test_las_entradas_y_las_negadas_quedan_en_la_bitacora_sin_la_clave(panel):
    entrar(panel.visitante(), clave="una clave que no es")
    entrar(panel.visitante())
    with panel.leer() as sesion:
        hechos = [
            (a.accion, a.quien) for a in sesion.scalars(select(Anotacion)) if a.objeto == "sesion"
        ]
    assert hechos == [("entrada_negada", CORREO), ("entrar", CORREO)]


@pytest.mark.parametrize(
    "hostil",
    [
        "//otro.example", "/\\otro.example", "https:otro.example", "https://otro.example",
        "%2f%2fotro.example", "/%2fotro.example", "/%5cotro.example", "\\\\otro.example",
        "javascript:alert(1)", "/\t/otro.example", "/\n/otro.example", " //otro.example",
        "http:/otro.example", "otro.example", "///otro.example", "/%252f%252fotro.example",
        "/%09/otro.example", "",
    ],
)  # fmt: skip
def test_entrar_nunca_lleva_a_otro_sitio(panel, hostil):
    assert entrar(panel.visitante(), next=hostil).location == "/"


@pytest.mark.parametrize(
    "bueno", ["/", "/cola?estado=todas&cuenta=x", "/piezas/3", "/cola#decidir"]
)
def test_un_camino_propio_se_respeta(bueno):
    assert camino_propio(bueno) == bueno


def test_toda_ruta_declara_sus_papeles_y_son_los_esperados(panel):
    declarados = {
        nombre: papeles_de(vista) and set(papeles_de(vista))
        for nombre, vista in panel.app.view_functions.items()
    }
    assert declarados == QUIENES


def test_una_ruta_sin_papeles_declarados_no_atiende_a_nadie(panel):
    panel.app.config["PROPAGATE_EXCEPTIONS"] = False
    panel.app._got_first_request = False
    panel.app.add_url_rule("/olvidada", "olvidada", lambda: "secreto")
    respuesta = panel.como("jefatura").get("/olvidada")
    assert respuesta.status_code == 500
    assert "secreto" not in respuesta.text


@pytest.mark.parametrize("papel", list(Papel))
def test_cada_ruta_con_cada_papel(panel, papel):
    cliente = panel.como(papel)
    for endpoint, metodo, camino in rutas(panel.app):
        if endpoint == "acceso.salir":
            continue
        codigo = cliente.open(camino, method=metodo).status_code
        permitidos = QUIENES[endpoint]
        if permitidos is not None and papel not in permitidos:
            assert codigo == 403, (endpoint, papel, codigo)
        else:
            assert codigo not in {403, 500, 405}, (endpoint, papel, codigo)


def test_sin_entrar_toda_ruta_privada_lleva_a_la_puerta(panel):
    cliente = panel.visitante()
    for endpoint, metodo, camino in rutas(panel.app):
        if QUIENES[endpoint] is None:
            continue
        respuesta = cliente.open(camino, method=metodo)
        assert respuesta.status_code == 302, endpoint
        assert respuesta.location.startswith("/entrar"), endpoint


def test_todo_envio_sin_ficha_se_rechaza_y_no_cambia_nada(panel, armar_panel):
    con_ficha = armar_panel(con_csrf=True)
    cliente = con_ficha.como("jefatura")
    with con_ficha.oficina() as oficina:
        numero = oficina.en_revision("No la toquen").id
        version = oficina.en_revision("Otra").version_vigente_id
    for endpoint, metodo, camino in rutas(con_ficha.app):
        if metodo == "POST":
            respuesta = cliente.post(
                camino.replace("999", str(numero)),
                data={"version_id": version, "motivo": "Un motivo que alcanza"},
            )
            assert respuesta.status_code == 400, endpoint
            assert "El formulario caducó" in respuesta.text
    assert cliente.get("/").status_code == 200


def test_con_su_ficha_el_formulario_entra(panel, armar_panel):
    con_ficha = armar_panel(con_csrf=True)
    cliente = con_ficha.visitante()
    html = cliente.get("/entrar").text
    ficha = re.search(r'name="csrf_token" value="([^"]+)"', html)[1]
    assert entrar(cliente, csrf_token=ficha).status_code == 303


def test_la_ficha_de_antes_de_entrar_no_sirve_despues(panel, armar_panel):
    con_ficha = armar_panel(con_csrf=True)
    cliente = con_ficha.visitante()
    vieja = re.search(r'name="csrf_token" value="([^"]+)"', cliente.get("/entrar").text)[1]
    assert entrar(cliente, csrf_token=vieja).status_code == 303
    cliente.get("/")
    respuesta = cliente.post("/pausa", data={"csrf_token": vieja, "motivo": "Duelo en la ciudad"})
    assert respuesta.status_code == 400


@pytest.mark.parametrize("sitio", ["cross-site", "same-site"])
def test_un_envio_que_viene_de_otro_sitio_se_rechaza(panel, sitio):
    cliente = panel.como("jefatura")
    assert (
        cliente.post("/pausa", data={"motivo": "x"}, headers={"Sec-Fetch-Site": sitio}).status_code
        == 403
    )


def test_mirar_dos_veces_no_cambia_nada(panel):
    cliente = panel.como("jefatura")

    def fotografia():
        with panel.leer() as sesion:
            return [
                sesion.execute(tabla.select()).all() for tabla in Persona.metadata.sorted_tables
            ]

    antes = fotografia()
    for _, metodo, camino in rutas(panel.app):
        if metodo == "GET":
            cliente.get(camino)
            cliente.get(camino)
    assert fotografia() == antes
