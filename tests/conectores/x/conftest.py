"""Una X de juguete: contesta lo que se le dicte y recuerda cada llamada."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from conectores.contrato import Adjunto, Clase, Envio, Red
from conectores.http import Plazos
from conectores.x import ConectorX

CUENTA = "1299"
AHORA = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
CORTAR = "cortar"
LLAVES = {
    "api_key": "canario-api-key",
    "api_secret": "canario-api-secret",
    "access_token": f"{CUENTA}-canario-access",
    "access_secret": "canario-access-secret",
    "usuario": "AlcaldiaEnsayo",
}


@dataclass
class Pedido:
    metodo: str
    ruta: str
    consulta: dict[str, str]
    cabeceras: dict[str, str]
    cuerpo: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.cuerpo)


@dataclass
class Dictado:
    """Lo que contestará: estado, cuerpo y cabeceras."""

    estado: int
    cuerpo: Any
    cabeceras: dict[str, str] = field(default_factory=dict)


class XFalsa:
    """`dictar("POST /2/tweets", …)` encola respuestas; la última se repite."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pedidos: list[Pedido] = []
        self._dictados: dict[str, list[Dictado]] = {}

    def dictar(self, llamada: str, estado: int, cuerpo: Any = None, **cabeceras: str) -> None:
        limpias = {k.replace("_", "-"): v for k, v in cabeceras.items()}
        self._dictados.setdefault(llamada, []).append(Dictado(estado, cuerpo, limpias))

    def responder(self, pedido: Pedido) -> Dictado:
        self.pedidos.append(pedido)
        cola = self._dictados.get(f"{pedido.metodo} {pedido.ruta}")
        if not cola:
            return Dictado(404, {"title": "sin dictado", "detail": pedido.ruta})
        return cola.pop(0) if len(cola) > 1 else cola[0]

    def de(self, llamada: str) -> list[Pedido]:
        return [p for p in self.pedidos if f"{p.metodo} {p.ruta}" == llamada]


@pytest.fixture
def x() -> Iterator[XFalsa]:
    class Manejador(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _atender(self) -> None:
            partes = urlsplit(self.path)
            largo = int(self.headers.get("Content-Length") or 0)
            dictado = falsa.responder(
                Pedido(
                    self.command,
                    partes.path,
                    {k: v[0] for k, v in parse_qs(partes.query).items()},
                    dict(self.headers),
                    self.rfile.read(largo),
                )
            )
            if dictado.cuerpo == CORTAR:
                self.close_connection = True
                return
            es_texto = isinstance(dictado.cuerpo, str)
            datos = dictado.cuerpo if es_texto else json.dumps(dictado.cuerpo)
            crudo = b"" if dictado.cuerpo is None else datos.encode()
            self.send_response(dictado.estado)
            for nombre, valor in dictado.cabeceras.items():
                self.send_header(nombre, valor)
            self.send_header("Content-Type", "text/html" if es_texto else "application/json")
            self.send_header("Content-Length", str(len(crudo)))
            self.end_headers()
            self.wfile.write(crudo)

        do_GET = do_POST = do_DELETE = _atender  # noqa: N815 (los nombra http.server)

        def log_message(self, *_: Any) -> None:
            pass

    servidor = ThreadingHTTPServer(("127.0.0.1", 0), Manejador)
    servidor.daemon_threads = True
    falsa = XFalsa(f"http://127.0.0.1:{servidor.server_address[1]}")
    hilo = threading.Thread(target=servidor.serve_forever, kwargs={"poll_interval": 0.02})
    hilo.start()
    yield falsa
    servidor.shutdown()
    servidor.server_close()
    hilo.join()


class LibretaDePrueba:
    def __init__(self, **inicial: str) -> None:
        self.notas = {k.replace("_", "-"): v for k, v in inicial.items()}

    def leer(self, clave: str) -> str | None:
        return self.notas.get(clave)

    def anotar(self, clave: str, valor: str) -> None:
        self.notas[clave] = valor


@pytest.fixture
def llaves() -> dict[str, str]:
    return dict(LLAVES)


@pytest.fixture
def libreta() -> LibretaDePrueba:
    return LibretaDePrueba()


class Reloj:
    def __init__(self) -> None:
        self.ahora = AHORA

    def __call__(self) -> datetime:
        return self.ahora

    def adelantar(self, **cuanto: float) -> None:
        self.ahora += timedelta(**cuanto)


@pytest.fixture
def reloj() -> Reloj:
    return Reloj()


@pytest.fixture
def armar(x: XFalsa, reloj: Reloj):
    """Construye un conector contra la X de juguete; lo que no se diga es lo corriente."""

    def _armar(credencial: dict[str, str] | None = None, **cambios: Any) -> ConectorX:
        valores = {
            "credencial": credencial or LLAVES,
            "identificador": CUENTA,
            "base_url": x.url,
            "plazos": Plazos(conexion_s=2, lectura_s=2),
            "ahora": reloj,
        }
        return ConectorX(**{**valores, **cambios})

    return _armar


@pytest.fixture
def conector(armar) -> ConectorX:
    return armar()


@pytest.fixture
def un_envio():
    def _un_envio(*segmentos: str, adjuntos: tuple[Adjunto, ...] = ()) -> Envio:
        return Envio(
            red=Red.X,
            clave="pub-0123456789abcdef",
            titulo="Parque",
            segmentos=segmentos or ("Abre el parque.",),
            adjuntos=adjuntos,
        )

    return _un_envio


@pytest.fixture
def un_adjunto(tmp_path: Path):
    def _un_adjunto(clase: Clase = Clase.IMAGEN, datos: bytes = b"foto", **cambios: Any) -> Adjunto:
        tipos = {
            Clase.IMAGEN: "image/jpeg",
            Clase.GIF: "image/gif",
            Clase.VIDEO: "video/mp4",
        }
        archivo = tmp_path / f"medio-{len(list(tmp_path.iterdir()))}"
        archivo.write_bytes(datos)
        valores = {
            "clase": clase,
            "huella": f"{len(datos):064d}",
            "tipo": tipos[clase],
            "nombre": "medio.bin",
            "archivo": archivo,
            "peso_bytes": len(datos),
            "ancho_px": 800,
            "alto_px": 600,
            "texto_alternativo": "El parque al amanecer.",
        }
        return Adjunto(**{**valores, **cambios})

    return _un_adjunto
