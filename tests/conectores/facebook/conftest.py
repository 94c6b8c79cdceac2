"""Un Graph de juguete: contesta lo que se le dicte y recuerda cada llamada."""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from conectores.contrato import Adjunto, Clase, Envio, Red
from conectores.facebook import ConectorFacebook
from conectores.http import Plazos

TOKEN = "EAAcanario-token-de-la-pagina"
SECRETO = "canario-secreto-de-la-app"
PAGINA = "1001"
INICIO = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


@dataclass
class Pedido:
    verbo: str
    camino: str
    url: str
    consulta: dict[str, str]
    campos: dict[str, str]
    archivos: dict[str, tuple[str, bytes, str]]
    cabeceras: dict[str, str]


@dataclass
class Respuesta:
    cuerpo: Any
    estado: int = 200
    cabeceras: tuple[tuple[str, str], ...] = ()
    tipo: str = "application/json; charset=UTF-8"


class Juguete(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Atiende)
        self.pedidos: list[Pedido] = []
        self.cola: deque[Respuesta] = deque()
        self.al_atender: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def contesta(self, *cuerpos: Any, **como: Any) -> None:
        """Agrega respuestas: se dan en orden y, si se acaban, se contesta 500."""
        self.cola.extend(c if isinstance(c, Respuesta) else Respuesta(c, **como) for c in cuerpos)

    def falla(self, codigo: int, subcodigo: int | None = None, **mas: Any) -> None:
        """Agrega un error de Graph; `estado` y `cabeceras` son de HTTP, lo demás del error."""
        estado, cabeceras = mas.pop("estado", 400), mas.pop("cabeceras", ())
        error = {"message": "algo", "type": "OAuthException", "code": codigo, **mas}
        if subcodigo is not None:
            error["error_subcode"] = subcodigo
        self.cola.append(Respuesta({"error": error}, estado, cabeceras))


class _Atiende(BaseHTTPRequestHandler):
    server: Juguete

    def _atender(self) -> None:
        cuerpo = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        partes = urlsplit(self.path)
        campos, archivos = _desarmar(self.headers.get("Content-Type", ""), cuerpo)
        self.server.pedidos.append(
            Pedido(
                self.command,
                partes.path,
                self.path,
                dict(parse_qsl(partes.query)),
                campos,
                archivos,
                dict(self.headers),
            )
        )
        self.server.al_atender()
        que = self.server.cola.popleft() if self.server.cola else Respuesta("vacío", 500)
        crudo = que.cuerpo
        if not isinstance(crudo, bytes):
            crudo = (crudo if isinstance(crudo, str) else json.dumps(crudo)).encode()
        self.send_response(que.estado)
        if que.tipo:
            self.send_header("Content-Type", que.tipo)
        for nombre, valor in que.cabeceras:
            self.send_header(nombre, valor)
        self.send_header("Content-Length", str(len(crudo)))
        self.end_headers()
        self.wfile.write(crudo)

    do_GET = do_POST = do_DELETE = _atender  # noqa: N815 (nombres de http.server)

    def log_message(self, format: str, *args: Any) -> None:
        return


def _desarmar(tipo: str, cuerpo: bytes) -> tuple[dict[str, str], dict[str, Any]]:
    if not tipo.startswith("multipart/"):
        return dict(parse_qsl(cuerpo.decode(), keep_blank_values=True)), {}
    campos: dict[str, str] = {}
    archivos: dict[str, Any] = {}
    todo = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + tipo.encode() + b"\n\n" + cuerpo)
    for parte in todo.iter_parts():
        nombre = str(parte.get_param("name", header="content-disposition"))
        contenido = parte.get_payload(decode=True)
        if parte.get_filename() is None:
            campos[nombre] = contenido.decode()
        else:
            archivos[nombre] = (parte.get_filename(), contenido, parte.get_content_type())
    return campos, archivos


class Reloj:
    def __init__(self) -> None:
        self.momento = INICIO

    def __call__(self) -> datetime:
        return self.momento

    def pasa(self, **cuanto: float) -> None:
        self.momento += timedelta(**cuanto)


class Cuaderno(dict[str, str]):
    """Una libreta en memoria."""

    def leer(self, clave: str) -> str | None:
        return self.get(clave)

    def anotar(self, clave: str, valor: str) -> None:
        self[clave] = valor


@pytest.fixture
def graph() -> Iterator[Juguete]:
    servidor = Juguete()
    hilo = threading.Thread(target=servidor.serve_forever, kwargs={"poll_interval": 0.01})
    hilo.start()
    yield servidor
    servidor.shutdown()
    hilo.join()
    servidor.server_close()


@pytest.fixture
def reloj() -> Reloj:
    return Reloj()


@pytest.fixture
def libreta() -> Cuaderno:
    return Cuaderno()


@pytest.fixture
def armar(graph: Juguete, reloj: Reloj) -> Callable[..., ConectorFacebook]:
    def _armar(**credencial: str) -> ConectorFacebook:
        return ConectorFacebook(
            credencial={"token_pagina": TOKEN, **credencial},
            identificador=PAGINA,
            base_url=graph.url,
            plazos=Plazos(conexion_s=2, lectura_s=2),
            ahora=reloj,
        )

    return _armar


@pytest.fixture
def conector(armar: Callable[..., ConectorFacebook]) -> ConectorFacebook:
    return armar()


@pytest.fixture
def envio(tmp_path: Path) -> Callable[..., Envio]:
    def _envio(texto: str = "Hola, Bucaramanga", *, fotos: int = 0, **mas: Any) -> Envio:
        adjuntos = []
        for i in range(fotos):
            archivo = tmp_path / f"foto-{i}.jpg"
            archivo.write_bytes(b"\xff\xd8 foto %d" % i)
            adjuntos.append(
                Adjunto(
                    clase=Clase.IMAGEN,
                    huella=f"{i:064x}",
                    tipo="image/jpeg",
                    nombre=f"foto-{i}.jpg",
                    archivo=archivo,
                    peso_bytes=archivo.stat().st_size,
                    ancho_px=1080,
                    alto_px=1080,
                    texto_alternativo=f"Niñas en la biblioteca, foto {i}",
                )
            )
        base: dict[str, Any] = {
            "red": Red.FACEBOOK,
            "clave": "pub-0123456789abcdef",
            "titulo": "Biblioteca",
            "segmentos": (texto,),
            "adjuntos": tuple(adjuntos),
        }
        return Envio(**(base | mas))

    return _envio


@pytest.fixture
def con_video(envio: Callable[..., Envio], tmp_path: Path) -> Callable[..., Envio]:
    def _con_video(contenido: bytes = b"0123456789", **mas: Any) -> Envio:
        archivo = tmp_path / "video.mp4"
        archivo.write_bytes(contenido)
        subtitulos = mas.pop("subtitulos", None)
        adjunto = Adjunto(
            clase=Clase.VIDEO,
            huella="f" * 64,
            tipo="video/mp4",
            nombre="video.mp4",
            archivo=archivo,
            peso_bytes=len(contenido),
            ancho_px=1280,
            alto_px=720,
            texto_alternativo="",
            subtitulos=subtitulos,
        )
        return envio(adjuntos=(adjunto,), **mas)

    return _con_video
