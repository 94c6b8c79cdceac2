"""Visitar la página de un enlace: se lee lo público, y nunca la red interna."""

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image

from conectores.tarjetas import tarjeta_de
from conectores.visitante import INTERNA, NO_ABRE, NO_ESTA, NoSeVisita, Visitante
from publicador.tarjetero import TOPE_PAGINA, Tarjetero

PAGINA = """<!doctype html><html><head><title>Feria</title>
<meta property="og:title" content="Feria del libro &amp; la lectura">
<meta name="description" content="Del 1 al 8
 de diciembre"><meta property="og:image" content="/afiche.png"></head><body>
<meta property="og:title" content="otra"></body></html>"""


class _Sitio(BaseHTTPRequestHandler):
    respuestas: dict[str, tuple[int, dict[str, str], bytes]]
    pedidas: list[str]

    def do_GET(self) -> None:
        self.pedidas.append(self.path)
        codigo, cabeceras, cuerpo = self.respuestas.get(self.path, (404, {}, b""))
        self.send_response(codigo)
        for nombre, valor in cabeceras.items():
            self.send_header(nombre, valor)
        self.send_header("Content-Length", str(len(cuerpo)))
        self.end_headers()
        try:
            self.wfile.write(cuerpo)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None: ...


def _imagen() -> bytes:
    salida = io.BytesIO()
    Image.new("RGB", (1600, 900), "#0b5f6b").save(salida, "PNG")
    return salida.getvalue()


@pytest.fixture
def sitio() -> Iterator[tuple[str, type[_Sitio]]]:
    html = {"Content-Type": "text/html; charset=utf-8"}

    class Sitio(_Sitio):
        pedidas: list[str] = []  # noqa: RUF012
        respuestas = {  # noqa: RUF012
            "/feria?a=1": (200, html, PAGINA.encode()),
            "/afiche.png": (200, {"Content-Type": "image/png"}, _imagen()),
            "/archivo": (200, {"Content-Type": "application/pdf"}, b"%PDF"),
            "/enorme": (200, html, PAGINA.encode() + b"x" * (2 * TOPE_PAGINA)),
            "/inflada": (200, html | {"Content-Encoding": "gzip"}, b"\x1f\x8b" + b"0" * 50),
            "/vacia": (200, html, b"<p>nada"),
            "/desvio": (302, {"Location": "/feria?a=1"}, b""),
            "/vuelta": (302, {"Location": "/vuelta"}, b""),
            "/adentro": (302, {"Location": "http://127.0.0.1:1/secreto"}, b""),
            "/nube": (302, {"Location": "http://169.254.169.254/latest"}, b""),
            "/archivos": (302, {"Location": "file:///etc/passwd"}, b""),
        }

    servidor = ThreadingHTTPServer(("127.0.0.1", 0), Sitio)
    hilo = threading.Thread(target=servidor.serve_forever, args=(0.02,))
    hilo.start()
    try:
        yield f"http://127.0.0.1:{servidor.server_port}", Sitio
    finally:
        servidor.shutdown()
        servidor.server_close()
        hilo.join()


def tarjetero(ensayo=None, reloj=None, **mas):
    ahora = reloj or [datetime(2026, 12, 1, tzinfo=UTC)]
    return Tarjetero(Visitante(ensayo=ensayo, **mas), ahora=lambda: ahora[0])


def test_lee_titulo_descripcion_e_imagen_y_la_vuelve_a_codificar(sitio):
    base, _ = sitio
    quien = tarjetero(base)
    tarjeta = quien.leer(f"{base}/feria?a=1")
    assert tarjeta.falla == ""
    assert tarjeta.titulo == "Feria del libro & la lectura"
    assert tarjeta.descripcion == "Del 1 al 8 de diciembre"
    with Image.open(io.BytesIO(quien.imagen(f"{base}/feria?a=1"))) as imagen:
        assert imagen.format == "JPEG"
        assert max(imagen.size) == 640


def test_recuerda_un_rato_y_despues_vuelve_a_mirar(sitio):
    base, visto = sitio
    reloj = [datetime(2026, 12, 1, tzinfo=UTC)]
    quien = tarjetero(base, reloj)
    for _ in range(3):
        quien.leer(f"{base}/feria?a=1")
    assert visto.pedidas == ["/feria?a=1"]
    reloj[0] += timedelta(minutes=11)
    quien.leer(f"{base}/feria?a=1")
    assert len(visto.pedidas) == 2


def test_sigue_un_desvio_y_se_cansa_de_los_que_no_llegan(sitio):
    base, visto = sitio
    assert tarjetero(base).leer(f"{base}/desvio").titulo == "Feria del libro & la lectura"
    assert "sin llegar" in tarjetero(base).leer(f"{base}/vuelta").falla
    assert visto.pedidas.count("/vuelta") == 4


@pytest.mark.parametrize("camino", ["/adentro", "/nube", "/archivos"])
def test_un_desvio_no_lleva_adentro(sitio, camino):
    base, _ = sitio
    assert tarjetero(base).leer(f"{base}{camino}").falla


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://2130706433/",
        "http://0x7f000001/", "http://0.0.0.0/", "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/", "http://192.168.1.1/", "http://100.64.0.1/", "http://192.0.0.192/",
        "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[fe80::1]/",
    ],
)  # fmt: skip
def test_ninguna_forma_de_escribir_una_direccion_interna_pasa(url):
    assert tarjetero().leer(url).falla in {INTERNA, NO_ESTA}


@pytest.mark.parametrize(
    "url",
    ["", "hola", "ftp://a.example/", "file:///etc/passwd", "https://u:c@a.example/", "https://"],
)
def test_lo_mal_escrito_se_dice_con_una_frase(url):
    assert "no está bien escrita" in tarjetero().leer(url).falla


def test_sin_el_permiso_de_ensayo_esta_maquina_no_se_visita(sitio):
    base, visto = sitio
    assert tarjetero().leer(f"{base}/feria?a=1").falla
    assert tarjetero("http://127.0.0.1:9").leer(f"{base}/feria?a=1").falla
    assert visto.pedidas == []


def test_un_nombre_que_cambia_de_direccion_llega_a_la_revisada(sitio):
    base, visto = sitio
    puerto = base.rpartition(":")[2]
    respuestas = iter([["93.184.216.34", "127.0.0.1"], ["127.0.0.1"]])
    quien = Visitante(resolver=lambda *_: next(respuestas))
    with pytest.raises(NoSeVisita, match="red interna"):
        quien.traer("http://cambia.example/", tipos={"text/html"}, tope=10)
    with pytest.raises(NoSeVisita, match="puerto"):
        quien.traer(f"http://cambia.example:{puerto}/", tipos={"text/html"}, tope=10)
    assert visto.pedidas == []


def test_lo_que_no_es_pagina_lo_comprimido_y_lo_que_no_dice_nada_se_explican(sitio):
    base, _ = sitio
    quien = tarjetero(base)
    assert "no es una página" in quien.leer(f"{base}/archivo").falla
    assert "no es una página" in quien.leer(f"{base}/inflada").falla
    assert "no dice su título" in quien.leer(f"{base}/vacia").falla
    assert "Revise la dirección" in quien.leer(f"{base}/no-esta").falla
    assert quien.imagen(f"{base}/archivo") is None


def test_de_una_pagina_enorme_se_lee_solo_el_comienzo(sitio):
    base, _ = sitio
    pagina = Visitante(ensayo=base).traer(f"{base}/enorme", tipos={"text/html"}, tope=TOPE_PAGINA)
    assert len(pagina.cuerpo) == TOPE_PAGINA
    assert tarjetero(base).leer(f"{base}/enorme").titulo


def test_un_sitio_que_no_responde_no_hace_esperar(sitio):
    base, _ = sitio
    quien = tarjetero(base, plazo_s=0.0)
    assert quien.leer(f"{base}/feria?a=1").falla == NO_ABRE


@pytest.mark.parametrize("valor", ["javascript:alert(1)", "data:image/png;base64,AA", "//[", ""])
def test_una_imagen_que_no_es_de_la_web_se_ignora(valor):
    html = f'<title>T</title><meta property="og:image" content="{valor}">'
    assert tarjeta_de(html, "https://a.example/").imagen is None
