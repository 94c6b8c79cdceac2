"""Un servidor con la red X de ensayo y clientes de verdad contra ella."""

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
import tweepy
from flask import Flask
from PIL import Image
from werkzeug.serving import make_server

from publicador.ensayo import x
from publicador.ensayo.mundo import Mundo

CUENTA = "1500000000000000001"


class Reloj:
    """Un reloj que solo se mueve cuando se le pide."""

    def __init__(self) -> None:
        self.momento = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.momento

    def pasar(self, **cuanto: float) -> None:
        self.momento += timedelta(**cuanto)


class SesionLocal(requests.Session):
    """Lleva las direcciones de X al servidor local."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.trust_env = False
        self.base = base

    def request(self, method, url, **kw):
        for oficial in ("https://api.twitter.com", "https://api.x.com"):
            if url.startswith(oficial + "/"):
                url = self.base + url[len(oficial) :]
        kw.update(timeout=10, allow_redirects=False)
        return super().request(method, url, **kw)


@pytest.fixture
def reloj() -> Reloj:
    return Reloj()


@pytest.fixture
def mundo(reloj: Reloj) -> Mundo:
    mundo = Mundo(ahora=reloj)
    mundo.nombrar("x", CUENTA, "Alcaldía de ensayo", usuario="AlcaldiaEnsayo", seguidores=20_000)
    return mundo


@pytest.fixture
def base(mundo: Mundo) -> Iterator[str]:
    app = Flask("ensayo-x")
    app.config["MAX_FORM_MEMORY_SIZE"] = None
    app.register_blueprint(x.crear(mundo), url_prefix="/x")
    servidor = make_server("127.0.0.1", 0, app, threaded=True)
    hilo = threading.Thread(target=servidor.serve_forever, kwargs={"poll_interval": 0.02})
    hilo.start()
    yield f"http://127.0.0.1:{servidor.server_port}/x"
    servidor.shutdown()
    hilo.join()
    servidor.server_close()


@pytest.fixture
def sesion(base: str) -> Iterator[SesionLocal]:
    with SesionLocal(base) as sesion:
        yield sesion


@pytest.fixture
def cliente_de(sesion: SesionLocal):
    def hacer(token: str = f"{CUENTA}-abc") -> tweepy.Client:
        cliente = tweepy.Client(
            consumer_key="ck",
            consumer_secret="cs",
            access_token=token,
            access_token_secret="as",
            return_type=dict,
        )
        cliente.session = sesion
        return cliente

    return hacer


@pytest.fixture
def cliente(cliente_de) -> tweepy.Client:
    return cliente_de()


@pytest.fixture
def llamar(sesion: SesionLocal):
    """Peticiones a secas, con la firma OAuth 1.0a que pone tweepy."""

    def hacer(metodo: str, ruta: str, token: str = f"{CUENTA}-abc", **kw) -> requests.Response:
        firma = tweepy.OAuth1UserHandler("ck", "cs", token, "as").apply_auth()
        return sesion.request(metodo, f"https://api.x.com{ruta}", auth=firma, **kw)

    return hacer


def foto(formato: str = "PNG", ancho: int = 60, alto: int = 40, **opciones) -> bytes:
    salida = io.BytesIO()
    Image.new("RGB", (ancho, alto), "teal").save(salida, formato, **opciones)
    return salida.getvalue()


@pytest.fixture
def imagen() -> bytes:
    return foto()


@pytest.fixture
def gif() -> bytes:
    salida = io.BytesIO()
    cuadros = [Image.new("RGB", (40, 30), c) for c in ("red", "green", "blue")]
    cuadros[0].save(salida, "GIF", save_all=True, append_images=cuadros[1:], duration=80)
    return salida.getvalue()
