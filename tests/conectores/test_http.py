import contextlib
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc

import pytest
import requests

from conectores.errores import NoSalio, SinRespuesta
from conectores.http import (
    RELOJ,
    Plazos,
    Sesion,
    TurnoVencido,
    fallo_de_transporte,
    turno_hasta,
)

PLAZOS = Plazos(conexion_s=1, lectura_s=0.5)


def fallo(direccion: str) -> object:
    with pytest.raises(requests.RequestException) as caida:
        Sesion(PLAZOS).post(direccion, data=b"x")
    return fallo_de_transporte(caida.value)


def servidor(atender) -> int:
    enchufe = socket.create_server(("127.0.0.1", 0))

    def correr() -> None:
        with enchufe:
            conexion, _ = enchufe.accept()
            with conexion:
                atender(conexion)

    threading.Thread(target=correr, daemon=True).start()
    return enchufe.getsockname()[1]


def test_un_puerto_cerrado_es_no_salio():
    with socket.create_server(("127.0.0.1", 0)) as libre:
        puerto = libre.getsockname()[1]
    assert isinstance(fallo(f"http://127.0.0.1:{puerto}/"), NoSalio)


def test_un_corte_despues_de_recibir_es_sin_respuesta():
    puerto = servidor(lambda conexion: conexion.recv(1000))
    assert isinstance(fallo(f"http://127.0.0.1:{puerto}/"), SinRespuesta)


def test_una_lectura_que_tarda_es_sin_respuesta():
    listo = threading.Event()
    puerto = servidor(lambda conexion: listo.wait(2))
    assert isinstance(fallo(f"http://127.0.0.1:{puerto}/"), SinRespuesta)
    listo.set()


def test_un_corte_de_tls_no_se_da_por_no_salido():
    puerto = servidor(lambda conexion: (conexion.recv(1000), conexion.sendall(b"no es tls")))
    assert isinstance(fallo(f"https://127.0.0.1:{puerto}/"), SinRespuesta)


def test_un_certificado_que_no_vale_es_no_salio(tmp_path):
    llave, cert = tmp_path / "llave.pem", tmp_path / "cert.pem"
    orden = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=otro.example "
        f"-keyout {llave} -out {cert}"
    )
    subprocess.run(orden.split(), check=True, capture_output=True)
    contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    contexto.load_cert_chain(cert, llave)

    def atender(conexion) -> None:
        try:
            with contexto.wrap_socket(conexion, server_side=True) as segura:
                segura.recv(1000)
        except (ssl.SSLError, OSError):
            return

    puerto = servidor(atender)
    assert isinstance(fallo(f"https://127.0.0.1:{puerto}/"), NoSalio)


def test_no_se_sigue_una_redireccion():
    respuesta = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    puerto = servidor(lambda conexion: (conexion.recv(1000), conexion.sendall(respuesta)))
    assert Sesion(PLAZOS).post(f"http://127.0.0.1:{puerto}/").status_code == 302


@pytest.mark.parametrize(
    "cabeceras", [b"Content-Length: 9000000\r\n", b"Transfer-Encoding: chunked\r\n", b""]
)
def test_una_respuesta_que_gotea_no_ocupa_al_obrero_sin_fin(cabeceras):
    def gotear(conexion) -> None:
        conexion.recv(1000)
        conexion.sendall(b"HTTP/1.1 200 OK\r\n" + cabeceras + b"\r\n")
        with contextlib.suppress(OSError):
            for _ in range(100):
                conexion.sendall(b"1\r\nx\r\n")
                time.sleep(0.05)

    puerto, desde = servidor(gotear), time.monotonic()
    assert isinstance(fallo(f"http://127.0.0.1:{puerto}/"), SinRespuesta)
    assert time.monotonic() - desde < 2


@pytest.mark.parametrize("estado", [b"200 OK", b"302 Found"])
def test_una_respuesta_enorme_no_se_guarda_en_memoria(estado):
    def inundar(conexion) -> None:
        conexion.recv(1000)
        conexion.sendall(b"HTTP/1.1 " + estado + b"\r\nLocation: /otra\r\n\r\n")
        with contextlib.suppress(OSError):
            for _ in range(200):
                conexion.sendall(b"x" * 1_000_000)

    rastro = Sesion(Plazos(conexion_s=1, lectura_s=20))
    puerto = servidor(inundar)
    tracemalloc.start()
    with pytest.raises(requests.RequestException):
        rastro.post(f"http://127.0.0.1:{puerto}/")
    pico = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert pico < 40_000_000


def contestar_dos_veces(conexion) -> None:
    for _ in range(2):
        conexion.recv(1000)
        conexion.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")


def test_la_conexion_sigue_abierta_para_la_llamada_siguiente():
    puerto, sesion = servidor(contestar_dos_veces), Sesion(PLAZOS)
    for _ in range(2):
        assert sesion.post(f"http://127.0.0.1:{puerto}/").json() == {}


def test_con_el_turno_vencido_nada_se_manda_y_se_sabe_que_no_salio():
    puerto = servidor(contestar_dos_veces)
    vencido = time.clock_gettime(RELOJ) - 0.001
    with turno_hasta(vencido), pytest.raises(TurnoVencido) as caida:
        Sesion(PLAZOS).post(f"http://127.0.0.1:{puerto}/")
    assert isinstance(fallo_de_transporte(caida.value), NoSalio)


def test_mirar_se_puede_con_el_turno_vencido_y_fuera_de_el_todo_vuelve_a_salir():
    direccion, sesion = f"http://127.0.0.1:{servidor(contestar_dos_veces)}/", Sesion(PLAZOS)
    with turno_hasta(time.clock_gettime(RELOJ) - 0.001):
        assert sesion.get(direccion).status_code == 200
    assert sesion.post(direccion).status_code == 200
