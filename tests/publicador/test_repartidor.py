"""Los avisos web: un receptor de verdad en esta máquina, con sus caídas, y direcciones hostiles."""

import base64
import hashlib
import hmac
import json
import shutil
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import select

from cola import avisos_web
from cola.avisos import Aviso
from cola.avisos_web import AvisoWeb, EntregaWeb, SucesoWeb
from cola.credenciales import Caja
from cola.errores import NoSePuede
from cola.estados import Estado
from conectores.mensajero import FIRMA, Mensajero
from conectores.visitante import NoSeVisita
from piezas.almacen import Almacen
from piezas.firmas import Sello
from publicador import base_datos
from publicador.preparacion import preparar
from publicador.repartidor import ESPERAS, PACIENCIA, Repartidor
from tests.panel.sembrado import Oficina

AHORA = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


class Receptor:
    """Un sistema ajeno: guarda lo que le llega y responde lo que se le diga."""

    def __init__(self):
        self.llegados, self.codigo, self.desvio = [], 200, None
        receptor = self

        class Manejador(BaseHTTPRequestHandler):
            def do_POST(self):
                cuerpo = self.rfile.read(int(self.headers["Content-Length"]))
                receptor.llegados.append((dict(self.headers), cuerpo))
                self.send_response(receptor.codigo)
                if receptor.desvio:
                    self.send_header("Location", receptor.desvio)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._servidor = ThreadingHTTPServer(("127.0.0.1", 0), Manejador)
        self.url = f"http://127.0.0.1:{self._servidor.server_port}/avisos"
        threading.Thread(target=self._servidor.serve_forever, daemon=True).start()

    def cerrar(self):
        self._servidor.shutdown()
        self._servidor.server_close()


@pytest.fixture
def receptor():
    uno = Receptor()
    yield uno
    uno.cerrar()


@pytest.fixture(scope="module")
def base_migrada(tmp_path_factory):
    carpeta = tmp_path_factory.mktemp("avisos")
    preparar(f"sqlite:///{carpeta}/base.db", carpeta)
    return carpeta / "base.db"


class Casa:
    def __init__(self, archivo, carpeta, receptor):
        self.base = base_datos.crear_motor_sql(f"sqlite:///{archivo}")
        self.sesiones = base_datos.sesiones(self.base)
        self.reloj = AHORA
        self.caja = Caja((base64.urlsafe_b64encode(b"k" * 32),))
        self.sello, self.almacen = Sello((b"x" * 32,)), Almacen(carpeta / "medios")
        self.mensajero = Mensajero(plazo_s=1, ensayo=receptor.url)
        self.repartidor = Repartidor(
            sesiones=self.sesiones, caja=self.caja, mensajero=self.mensajero,
            ahora=lambda: self.reloj,
        )  # fmt: skip
        with self.oficina() as oficina:
            oficina.fundar()

    def oficina(self):
        casa = self

        class Abierta:
            def __enter__(self):
                self.transaccion = casa.sesiones.begin()
                sesion = self.transaccion.__enter__()
                return Oficina(sesion, casa.reloj, casa.sello, casa.almacen)

            def __exit__(self, *fallo):
                return self.transaccion.__exit__(*fallo)

        return Abierta()

    def suscribir(self, url, *eventos):
        with self.oficina() as oficina:
            aviso, secreto = avisos_web.pedir(
                oficina.sesion, nombre="Tablero", url=url, eventos=list(eventos), caja=self.caja,
                por=oficina.persona("jefatura@alcaldia.example").id, ahora=self.reloj,
            )  # fmt: skip
            self.confirmar(oficina, aviso.id)
            return aviso.id, secreto

    def confirmar(self, oficina, aviso_id):
        avisos_web.confirmar(
            oficina.sesion, aviso_id, ahora=self.reloj,
            por=oficina.persona("administracion@alcaldia.example").id,
        )  # fmt: skip

    def entregas(self):
        with self.sesiones() as sesion:
            return list(sesion.scalars(select(EntregaWeb).order_by(EntregaWeb.id)))


@pytest.fixture
def casa(base_migrada, tmp_path, receptor):
    shutil.copy(base_migrada, tmp_path / "base.db")
    casa = Casa(tmp_path / "base.db", tmp_path, receptor)
    yield casa
    casa.base.dispose()


def firmas_de(cabeceras):
    partes = [parte.split("=", 1) for parte in cabeceras[FIRMA].split(",")]
    return partes[0][1], [valor for clave, valor in partes if clave == "v1"]


def firma_esperada(secreto, momento, cuerpo):
    return hmac.new(secreto.encode(), f"{momento}.".encode() + cuerpo, hashlib.sha256).hexdigest()


def test_lo_publicado_lo_detenido_y_lo_pedido_llegan_firmados(casa, receptor):
    _, secreto = casa.suscribir(receptor.url, "publicada", "detenida", "aprobacion_pedida")
    with casa.oficina() as oficina:
        oficina.entrega("Vacunación", "facebook", Estado.PUBLICADA)
        oficina.entrega("Cierre vial", "x", Estado.DETENIDA)
    assert casa.repartidor.repartir() == 4
    cuerpos = [json.loads(cuerpo) for _, cuerpo in receptor.llegados]
    assert [uno["evento"] for uno in cuerpos].count("aprobacion_pedida") == 2
    publicada = next(uno for uno in cuerpos if uno["evento"] == "publicada")
    assert publicada["entrega"]["pieza"] == "Vacunación"
    assert publicada["entrega"]["url"].startswith("https://")
    for cabeceras, cuerpo in receptor.llegados:
        momento, firmas = firmas_de(cabeceras)
        assert firmas == [firma_esperada(secreto, momento, cuerpo)]
    assert casa.repartidor.repartir() == 0
    assert len(receptor.llegados) == 4


def test_solo_llega_lo_que_se_pidio_y_sin_direcciones_no_se_anota_nada(casa, receptor):
    with casa.oficina() as oficina:
        oficina.entrega("Antes", "facebook", Estado.PUBLICADA)
    with casa.sesiones() as sesion:
        assert sesion.scalars(select(SucesoWeb)).all() == []
    casa.suscribir(receptor.url, "detenida")
    with casa.oficina() as oficina:
        oficina.entrega("Después", "x", Estado.PUBLICADA)
    casa.repartidor.repartir()
    assert receptor.llegados == []


def test_si_la_transaccion_se_deshace_el_hecho_no_se_cuenta(casa, receptor):
    casa.suscribir(receptor.url, "publicada", "aprobacion_pedida")
    with casa.oficina() as oficina:
        oficina.entrega("No pasó", "facebook", Estado.PUBLICADA)
        oficina.sesion.rollback()
    casa.repartidor.repartir()
    assert receptor.llegados == []


def test_lo_que_falla_se_repite_con_espera_creciente_hasta_que_llega(casa, receptor):
    casa.suscribir(receptor.url, "publicada")
    with casa.oficina() as oficina:
        oficina.entrega("Vacunación", "facebook", Estado.PUBLICADA)
    receptor.codigo = 500
    assert casa.repartidor.repartir() == 0
    (entrega,) = casa.entregas()
    assert entrega.respuesta == "Respondió 500."
    assert entrega.proxima_en == AHORA + ESPERAS[0]
    assert casa.repartidor.repartir() == 0
    assert len(receptor.llegados) == 1
    casa.reloj += ESPERAS[0]
    receptor.codigo = 204
    assert casa.repartidor.repartir() == 1
    assert receptor.llegados[0][1] == receptor.llegados[1][1]


def test_tras_dos_dias_sin_llegar_se_desactiva_y_se_avisa(casa, receptor):
    aviso_id, _ = casa.suscribir(receptor.url, "publicada")
    receptor.codigo = 503
    for vuelta in range(len(ESPERAS) + 1):
        with casa.oficina() as oficina:
            oficina.entrega(f"Pieza {vuelta}", "facebook", Estado.PUBLICADA)
        casa.repartidor.repartir()
        casa.reloj += PACIENCIA / len(ESPERAS)
    with casa.sesiones() as sesion:
        aviso = sesion.get_one(AvisoWeb, aviso_id)
        assert not aviso.activo
        assert "dos días" in aviso.motivo
        assert any("«Tablero»" in uno.texto for uno in sesion.scalars(select(Aviso)))
    antes = len(receptor.llegados)
    casa.repartidor.repartir()
    assert len(receptor.llegados) == antes


def test_al_cambiar_el_secreto_los_dos_firman_durante_un_dia(casa, receptor):
    aviso_id, viejo = casa.suscribir(receptor.url, "publicada")
    with casa.oficina() as oficina:
        por = oficina.persona("jefatura@alcaldia.example").id
        _, nuevo = avisos_web.rotar(
            oficina.sesion, aviso_id, caja=casa.caja, por=por, ahora=casa.reloj
        )
        avisos_web.probar(oficina.sesion, aviso_id, por=por, ahora=casa.reloj)
    casa.repartidor.repartir()
    casa.reloj += timedelta(hours=25)
    with casa.oficina() as oficina:
        avisos_web.probar(oficina.sesion, aviso_id, por=por, ahora=casa.reloj)
    casa.repartidor.repartir()
    esperadas = [[nuevo, viejo], [nuevo]]
    for (cabeceras, cuerpo), secretos in zip(receptor.llegados, esperadas, strict=True):
        momento, firmas = firmas_de(cabeceras)
        assert firmas == [firma_esperada(s, momento, cuerpo) for s in secretos]
        assert json.loads(cuerpo)["evento"] == "prueba"


def test_quien_la_pide_no_la_confirma_y_sin_confirmar_no_recibe(casa, receptor):
    with casa.oficina() as oficina:
        por = oficina.persona("jefatura@alcaldia.example").id
        aviso, secreto = avisos_web.pedir(
            oficina.sesion, nombre="Tablero", url=receptor.url, eventos=["publicada"],
            caja=casa.caja, por=por, ahora=casa.reloj,
        )  # fmt: skip
        with pytest.raises(NoSePuede, match="otra persona"):
            avisos_web.confirmar(oficina.sesion, aviso.id, por=por, ahora=casa.reloj)
        assert secreto not in aviso.secreto
        oficina.entrega("Vacunación", "facebook", Estado.PUBLICADA)
    casa.repartidor.repartir()
    assert receptor.llegados == []


def test_un_receptor_que_responde_de_a_un_byte_no_retiene_a_nadie(casa, receptor):
    with socket.create_server(("127.0.0.1", 0)) as lento:

        def gotear():
            enchufe, _ = lento.accept()
            with enchufe:
                try:
                    for letra in b"HTTP/1.1 200 OK\r\nX-Demora: " + b"a" * 1000:
                        enchufe.sendall(bytes([letra]))
                        time.sleep(0.1)
                except OSError:
                    return

        hilo = threading.Thread(target=gotear, daemon=True)
        hilo.start()
        url = f"http://127.0.0.1:{lento.getsockname()[1]}/"
        comienzo = time.monotonic()
        with pytest.raises(NoSeVisita):
            Mensajero(plazo_s=0.5, ensayo=url).entregar(url, b"{}", {})
        assert time.monotonic() - comienzo < 3
        hilo.join(5)


def test_un_desvio_no_se_sigue(casa, receptor):
    casa.suscribir(receptor.url, "publicada")
    receptor.codigo, receptor.desvio = 302, "http://169.254.169.254/"
    with casa.oficina() as oficina:
        oficina.entrega("Vacunación", "facebook", Estado.PUBLICADA)
    assert casa.repartidor.repartir() == 0
    assert casa.entregas()[0].respuesta == "Respondió 302."


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/", "https://127.0.0.1/", "https://localhost/", "https://[::1]/",
        "https://169.254.169.254/latest", "https://10.0.0.5/", "https://192.168.1.1/",
        "https://2130706433/", "https://0x7f000001/", "https://[::ffff:127.0.0.1]/",
        "http://ejemplo.example/", "https://ejemplo.example:22/", "ftp://ejemplo.example/",
        "https://usuario@ejemplo.example/", "javascript:alert(1)", "",
    ],
)  # fmt: skip
def test_una_direccion_hostil_no_se_acepta(url):
    def resolver(anfitrion, _puerto):
        propias = {"2130706433": "127.0.0.1", "0x7f000001": "127.0.0.1", "localhost": "127.0.0.1"}
        return [propias.get(anfitrion, "8.8.8.8" if "ejemplo" in anfitrion else anfitrion)]

    with pytest.raises(NoSeVisita):
        Mensajero(ensayo="http://127.0.0.1:8090", resolver=resolver).revisar(url)


def test_un_nombre_que_cambia_despues_de_revisado_no_llega_adentro():
    respuestas = iter([["8.8.8.8"], ["127.0.0.1"]])
    mensajero = Mensajero(resolver=lambda *_: next(respuestas))
    mensajero.revisar("https://cambia.example/")
    with pytest.raises(NoSeVisita, match="red interna"):
        mensajero.entregar("https://cambia.example/", b"{}", {})
