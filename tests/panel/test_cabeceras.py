"""Las cabeceras de seguridad en toda respuesta, los fallos con su frase, y nada que se ejecute."""

import re

import pytest
from sqlalchemy.exc import OperationalError

from cola.estados import Estado
from panel.cabeceras import FIJAS, POLITICA, POLITICA_DE_ARCHIVOS
from tests.panel.sembrado import una_imagen
from tests.panel.visitas import rutas

CORPUS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "{{7*7}} {% include 'base.html' %} ${7*7}",
    "</textarea><script>alert(1)</script>",
    "<a href=javascript:alert(1)>x</a>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<style>*{display:none}</style>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
]


def exigir_cabeceras(respuesta, camino):
    for nombre, valor in FIJAS.items():
        dado = respuesta.headers.getlist(nombre)
        assert len(dado) == 1, (camino, nombre, dado)
        if nombre not in {"Cache-Control", "Content-Security-Policy"}:
            assert dado == [valor], (camino, nombre)


def test_toda_ruta_lleva_todas_las_cabeceras_una_sola_vez(panel):
    for quien in (panel.visitante(), panel.como("jefatura")):
        for _, metodo, camino in rutas(panel.app):
            respuesta = quien.open(camino, method=metodo)
            exigir_cabeceras(respuesta, camino)
            if "estaticos" not in camino:
                assert respuesta.headers["Cache-Control"] == "no-store", camino
                assert respuesta.headers["Content-Security-Policy"] == POLITICA, camino


@pytest.mark.parametrize(
    ("metodo", "camino", "codigo"),
    [
        ("GET", "/no-existe", 404),
        ("DELETE", "/cola", 405),
        ("TRACE", "/", 405),
        ("GET", "/estaticos/no.css", 404),
        ("GET", "/estaticos/..%2f__init__.py", 404),
        ("GET", "/estaticos/armado/..%2f..%2f__init__.py", 404),
        ("GET", "/medios/hola", 404),
        ("GET", "/medios/" + "a" * 64, 404),
        ("GET", "/cola/", 404),
    ],
)
def test_los_fallos_tambien_las_llevan(panel, metodo, camino, codigo):
    respuesta = panel.como("jefatura").open(camino, method=metodo)
    assert respuesta.status_code == codigo
    exigir_cabeceras(respuesta, camino)


def test_un_fallo_inesperado_dice_una_referencia_y_nada_mas(panel, caplog):
    panel.app.config["PROPAGATE_EXCEPTIONS"] = False

    def romper():
        raise RuntimeError("detalle-interno-secreto")

    panel.app.view_functions["tablero.ver"] = romper
    romper._papeles = None
    respuesta = panel.como("jefatura").get("/")
    assert respuesta.status_code == 500
    exigir_cabeceras(respuesta, "/")
    referencia = re.search(r"Referencia: <b>([0-9a-f]{8})</b>", respuesta.text)[1]
    assert "detalle-interno-secreto" not in respuesta.text
    assert "Traceback" not in respuesta.text
    assert referencia in caplog.text


def test_una_base_que_no_responde_se_dice_con_una_frase(panel):
    def romper():
        raise OperationalError("SELECT secreto", {}, Exception("database is locked"))

    panel.app.view_functions["tablero.ver"] = romper
    romper._papeles = None
    respuesta = panel.como("jefatura").get("/")
    assert respuesta.status_code == 503
    assert "La base de datos no responde" in respuesta.text
    assert "secreto" not in respuesta.text


def test_un_nombre_de_servidor_ajeno_se_rechaza_con_las_cabeceras(panel):
    respuesta = panel.visitante().get("/entrar", headers={"Host": "otro.example"})
    assert respuesta.status_code == 400
    exigir_cabeceras(respuesta, "/entrar")


@pytest.mark.parametrize("anfitrion", ["127.0.0.1:8000", "localhost:5000", "127.0.0.1"])
def test_el_panel_atiende_por_sus_nombres(panel, anfitrion):
    respuesta = panel.visitante().get("/entrar", headers={"Host": anfitrion})
    assert respuesta.status_code == 200


def test_el_nombre_publico_tambien_vale(panel, armar_panel):
    otro = armar_panel(url_publica="http://prensa.alcaldia.example:8000")
    respuesta = otro.visitante().get("/entrar", headers={"Host": "prensa.alcaldia.example:8000"})
    assert respuesta.status_code == 200


def test_un_envio_enorme_se_rechaza(panel):
    respuesta = panel.como("jefatura").post("/pausa", data={"motivo": "a" * (3 << 20)})
    assert respuesta.status_code == 413
    assert "El envío es demasiado grande" in respuesta.text


def test_los_archivos_propios_no_caducan_si_la_direccion_lleva_su_huella(panel):
    cliente = panel.visitante()
    html = cliente.get("/entrar").text
    for patron in (
        r'href="(/estaticos/armado/panel-\w+\.css)"',
        r'src="(/estaticos/armado/panel-\w+\.js)"',
        r'href="(/estaticos/signo\.svg\?v=\w+)"',
    ):
        respuesta = cliente.get(re.search(patron, html)[1])
        assert respuesta.status_code == 200, patron
        assert "immutable" in respuesta.headers["Cache-Control"], patron
    assert cliente.get("/estaticos/signo.svg?v=otra").headers["Cache-Control"] == "no-cache"


def test_las_paginas_no_llevan_guion_ni_estilo_adentro(panel):
    with panel.oficina() as oficina:
        oficina.en_revision("En espera")
        oficina.entrega("Atascada", "facebook", Estado.FALLIDA)
    cliente = panel.como("jefatura")
    for _, metodo, camino in rutas(panel.app):
        if metodo == "GET" and "estaticos" not in camino:
            respuesta = cliente.get(camino.replace("999", "1"))
            if respuesta.mimetype != "text/html":
                continue  # un libro, un PDF, una imagen o una corriente
            html = respuesta.text
            assert not re.search(r"<script(?![^>]*\bsrc=)", html), camino
            assert "<style" not in html, camino
            assert not re.search(r"<[^>]+\s(style|on\w+)=", html), camino


@pytest.mark.parametrize("hostil", CORPUS)
def test_lo_escrito_por_una_persona_nunca_se_vuelve_etiqueta(panel, hostil):
    with panel.oficina() as oficina:
        pieza = oficina.en_revision(
            hostil, texto=hostil, cuentas=("facebook", "x", "web"), campania=hostil,
            imagen=una_imagen(), alterno=hostil,
        )  # fmt: skip
        p = oficina.entrega(hostil, "facebook", Estado.FALLIDA, texto=hostil, motivo=hostil)
        q = oficina.entrega("Con dirección rara", "x", Estado.PUBLICADA, url="javascript:alert(1)")
        oficina.cuenta("facebook").nombre = hostil
        oficina.devuelta("Otra", motivo=hostil + " y lo demás")
        caminos = [
            "/", "/cola?estado=todas", "/piezas", "/calendario", "/aprobacion",
            f"/piezas/{pieza.id}", f"/cola/{p.id}", f"/cola/{q.id}",
        ]  # fmt: skip
    cliente = panel.como("jefatura")
    for camino in caminos:
        html = cliente.get(camino).text
        etiquetas = re.sub(r'"[^"]*"', '""', html)
        ajenas = r'<(script(?! type="" src)|iframe|style|img src=x|svg onload)'
        assert not re.search(ajenas, etiquetas), camino
        assert not re.search(r"<[^>]*\son\w+=", etiquetas), camino
        assert 'href="javascript' not in html
        assert "49" not in re.findall(r"\b49\b", html), camino
    cliente = panel.visitante()
    html = cliente.post("/entrar", data={"correo": hostil, "clave": "x", "next": hostil}).text
    assert hostil not in html


def test_una_imagen_se_sirve_con_su_tipo_y_sin_poder_ejecutar(panel):
    with panel.oficina() as oficina:
        pieza = oficina.pieza(imagen=una_imagen())
        huella = pieza.version.medios[0].medio.huella
    assert panel.visitante().get(f"/medios/{huella}").status_code == 302
    respuesta = panel.como("consulta").get(f"/medios/{huella}")
    assert respuesta.status_code == 200
    assert respuesta.mimetype in {"image/png", "image/jpeg"}
    assert respuesta.headers["Content-Security-Policy"] == POLITICA_DE_ARCHIVOS
    assert "sandbox" in POLITICA_DE_ARCHIVOS
    exigir_cabeceras(respuesta, "/medios")


def test_un_archivo_de_tipo_raro_se_descarga_y_no_se_muestra(panel):
    with panel.oficina() as oficina:
        pieza = oficina.pieza(imagen=una_imagen())
        medio = pieza.version.medios[0].medio
        medio.tipo, huella = "text/html", medio.huella
    respuesta = panel.como("consulta").get(f"/medios/{huella}")
    assert respuesta.mimetype == "application/octet-stream"
    assert respuesta.headers["Content-Disposition"].startswith("attachment")


def test_un_archivo_que_la_base_no_conoce_no_se_sirve(panel):
    huella = panel.servicios.almacen.guardar(b"clave secreta")
    assert panel.como("administracion").get(f"/medios/{huella}").status_code == 404
