"""Un servidor con el sitio WordPress de ensayo y llamadas a secas contra él."""

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
from flask import Flask
from PIL import Image
from werkzeug.serving import make_server

from publicador.ensayo import wordpress
from publicador.ensayo.mundo import Mundo

CLAVE = "abcd EFGH ijkl MNOP qrst 1234"


class Reloj:
    """Un reloj que solo se mueve cuando se le pide."""

    def __init__(self) -> None:
        self.momento = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.momento

    def pasar(self, **cuanto: float) -> None:
        self.momento += timedelta(**cuanto)


class Cliente:
    """Llama a la API del sitio con un usuario; `clave=None` = visitante."""

    def __init__(self, base: str, usuario: str = "prensa", clave: str | None = CLAVE) -> None:
        self.base = base
        self.auth = None if clave is None else (usuario, clave)

    def __call__(self, metodo: str, ruta: str, **kw) -> requests.Response:
        return requests.request(
            metodo,
            f"{self.base}/wp-json{ruta}",
            auth=self.auth,
            timeout=10,
            allow_redirects=False,
            **kw,
        )

    def crear(self, ruta: str = "/wp/v2/posts", **campos) -> dict:
        respuesta = self("POST", ruta, json={"title": "Una nota", **campos})
        assert respuesta.status_code == 201, respuesta.text
        return respuesta.json()

    def listar(self, ruta: str = "/wp/v2/posts", **parametros) -> list[dict]:
        respuesta = self("GET", ruta, params={"context": "edit", "status": "any", **parametros})
        assert respuesta.status_code == 200, respuesta.text
        return respuesta.json()

    def subir(self, datos: bytes, nombre: str, **campos) -> requests.Response:
        cabeceras = {
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f'attachment; filename="{nombre}"',
        }
        return self("POST", "/wp/v2/media", params=campos, data=datos, headers=cabeceras)


@pytest.fixture
def reloj() -> Reloj:
    return Reloj()


@pytest.fixture
def mundo(reloj: Reloj) -> Mundo:
    mundo = Mundo(ahora=reloj)
    mundo.nombrar("wordpress", "sitio", "Alcaldía de ensayo")
    return mundo


@pytest.fixture
def base(mundo: Mundo) -> Iterator[str]:
    app = Flask("ensayo-wordpress")
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.register_blueprint(wordpress.crear(mundo), url_prefix="/wordpress")
    servidor = make_server("127.0.0.1", 0, app, threaded=True)
    hilo = threading.Thread(target=servidor.serve_forever, kwargs={"poll_interval": 0.02})
    hilo.start()
    yield f"http://127.0.0.1:{servidor.server_port}/wordpress"
    servidor.shutdown()
    hilo.join()
    servidor.server_close()


@pytest.fixture
def wp(base: str) -> Cliente:
    return Cliente(base)


@pytest.fixture
def como(base: str):
    """Otro usuario, u otra clave: `como("autor.uno")`, `como("prensa", "mala")`."""

    def hacer(usuario: str, clave: str | None = CLAVE) -> Cliente:
        return Cliente(base, usuario, clave)

    return hacer


@pytest.fixture
def imagen() -> bytes:
    salida = io.BytesIO()
    Image.new("RGB", (600, 400), "teal").save(salida, "JPEG")
    return salida.getvalue()
