"""Un nombre que cambia de dirección tras la revisión no abre la red interna."""

import socket
import threading

import pytest
import requests

from conectores.direcciones import DireccionNoPermitida
from conectores.errores import MalConfigurada
from conectores.http import Plazos
from conectores.vigilancia import AdaptadorVigilado
from conectores.wordpress import ConectorWordPress


@pytest.fixture
def interno():
    """Un servicio de adentro que anota lo que le digan."""
    oido: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as servidor:
        servidor.settimeout(5)

        def atender() -> None:
            try:
                conexion, _ = servidor.accept()
            except OSError:
                return
            with conexion:
                conexion.settimeout(1)
                try:
                    oido.append(conexion.recv(4096))
                except OSError:
                    oido.append(b"")

        hilo = threading.Thread(target=atender)
        hilo.start()
        yield servidor.getsockname()[1], oido
        hilo.join()


@pytest.mark.parametrize("esquema", ["http", "https"])
def test_a_un_servicio_interno_no_se_le_dice_nada(interno, esquema):
    puerto, oido = interno
    with requests.Session() as sesion:
        sesion.trust_env = False
        sesion.mount(f"{esquema}://", AdaptadorVigilado(max_retries=0))
        with pytest.raises(DireccionNoPermitida, match="red interna"):
            sesion.get(f"{esquema}://127.0.0.1:{puerto}/", timeout=3)
    for _ in range(100):
        if oido:
            break
        threading.Event().wait(0.02)
    assert oido == [b""]


def test_un_sitio_que_ahora_resuelve_adentro_es_de_configuracion(interno, monkeypatch):
    puerto, oido = interno
    verdadero = socket.getaddrinfo
    # El resolutor del atacante: el nombre que se revisó ayer hoy apunta a esta máquina.
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, port, *a, **k: verdadero("127.0.0.1", puerto, *a, **k)
    )
    conector = ConectorWordPress(
        credencial={
            "url": "https://sitio.example",
            "usuario": "prensa",
            "contrasena_aplicacion": "canario",
        },
        identificador="sitio",
        plazos=Plazos(conexion_s=2, lectura_s=2),
    )
    with pytest.raises(MalConfigurada, match="red interna"):
        conector.verificar()
    assert b"canario" not in b"".join(oido)
