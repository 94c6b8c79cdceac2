"""Visitar una dirección que escribió una persona, sin que sirva para mirar la red interna.

Se resuelve el nombre, se revisan todas sus direcciones y se conecta a la revisada: un nombre que
cambie de dirección entre la revisión y la conexión no cambia a dónde se llega. Cada desvío vuelve a
pasar por lo mismo.
"""

import ipaddress
import time
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

import certifi
import urllib3
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, Timeout

from conectores.direcciones import Resolver, es_local, es_publica, resolver_del_sistema

DESVIOS = 3
_DESVIAN = frozenset({301, 302, 303, 307, 308})
_PUERTOS = {"http": 80, "https": 443}
_TROZO = 16_384
_QUIEN = "Publicador/1.0 (vista previa de enlaces)"

INTERNA = (
    "La dirección lleva a una red interna o a esta misma máquina. Ponga la dirección pública "
    "de la página."
)
MAL_ESCRITA = "La dirección no está bien escrita. Revísela: debe empezar por https://."
NO_ESTA = "No se encontró ningún sitio con ese nombre. Revise que esté bien escrito."
NO_ABRE = "La página no abrió a tiempo. Ábrala usted en el navegador para confirmar que existe."


class NoSeVisita(Exception):
    """No se llegó a la página; `mensaje` dice por qué y qué hacer."""

    def __init__(self, mensaje: str) -> None:
        self.mensaje = mensaje
        super().__init__(mensaje)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pagina:
    """Lo que respondió un sitio, recortado al tope."""

    url: str
    """La última, tras los desvíos."""
    tipo: str
    codificacion: str
    cuerpo: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Destino:
    """Una dirección revisada, con la IP a la que se conecta."""

    partes: SplitResult
    anfitrion: str
    puerto: int
    ip: str


class Visitante:
    """Pide páginas públicas con plazo y tope de peso.

    `ensayo`: la dirección de las redes de ensayo, si hay; es el único lugar de esta máquina al que
    se deja llegar, y solo por su puerto exacto.
    """

    def __init__(
        self,
        *,
        plazo_s: float = 2.0,
        ensayo: str | None = None,
        resolver: Resolver = resolver_del_sistema,
    ) -> None:
        self._plazo_s = plazo_s
        self._ensayo = _origen(ensayo) if ensayo else None
        self._resolver = resolver

    def traer(self, url: str, *, tipos: Collection[str], tope: int) -> Pagina:
        """La página, o su comienzo hasta `tope` bytes; lanza `NoSeVisita`."""
        hasta = time.monotonic() + self._plazo_s
        for _ in range(DESVIOS + 1):
            destino = self.revisar(url)
            pagina, siguiente = self._pedir(url, destino, tipos, tope, hasta)
            if pagina is not None:
                return pagina
            url = siguiente
        raise NoSeVisita("La página manda a otra, y esa a otra, sin llegar. Ponga la final.")

    def revisar(self, url: str) -> Destino:
        """A dónde lleva una dirección, ya revisada; lanza `NoSeVisita` si no se puede ir."""
        partes, anfitrion, puerto = _partir(url)
        es_el_ensayo = es_local(anfitrion) and (partes.scheme, anfitrion, puerto) == self._ensayo
        if not es_el_ensayo and puerto not in _PUERTOS.values():
            raise NoSeVisita("La dirección lleva un puerto que no es de páginas. Quíteselo.")
        try:
            halladas = [ipaddress.ip_address(ip) for ip in self._resolver(anfitrion, puerto)]
        except (OSError, ValueError):
            halladas = []
        if not halladas:
            raise NoSeVisita(NO_ESTA)
        # Todas, no alguna: un nombre con una dirección pública y otra interna es una trampa.
        if not es_el_ensayo and not all(es_publica(ip) for ip in halladas):
            raise NoSeVisita(INTERNA)
        return Destino(partes=partes, anfitrion=anfitrion, puerto=puerto, ip=str(halladas[0]))

    def _pedir(
        self, url: str, destino: Destino, tipos: Collection[str], tope: int, hasta: float
    ) -> tuple[Pagina | None, str]:
        queda = hasta - time.monotonic()
        if queda <= 0:
            raise NoSeVisita(NO_ABRE)
        conexiones = _conexiones(destino, Timeout(connect=queda, read=queda))
        try:
            respuesta = conexiones.request(
                "GET",
                camino_de(destino.partes),
                headers=cabeceras_de(destino),
                redirect=False,
                preload_content=False,
            )
            try:
                if respuesta.status in _DESVIAN:
                    return None, urljoin(url, respuesta.headers.get("Location", ""))
                return _leer(url, respuesta, tipos, tope, hasta), ""
            finally:
                respuesta.close()
        except (urllib3.exceptions.HTTPError, OSError, ValueError):
            raise NoSeVisita(NO_ABRE) from None
        finally:
            conexiones.close()


def _leer(
    url: str, respuesta: BaseHTTPResponse, tipos: Collection[str], tope: int, hasta: float
) -> Pagina:
    if respuesta.status >= 400:
        raise NoSeVisita(
            "El sitio respondió que esa página no está o no se puede ver. Revise la dirección."
        )
    tipo, _, resto = respuesta.headers.get("Content-Type", "").partition(";")
    tipo = tipo.strip().lower()
    # Se pidió sin comprimir: algo comprimido de todos modos puede inflarse sin fin.
    if tipo not in tipos or respuesta.headers.get("Content-Encoding", "identity") != "identity":
        raise NoSeVisita("Esa dirección no es una página: la red mostrará solo el enlace.")
    cuerpo = bytearray()
    while len(cuerpo) < tope and (trozo := respuesta.read(_TROZO)):
        cuerpo += trozo
        if time.monotonic() > hasta:
            raise NoSeVisita(NO_ABRE)
    _, _, codificacion = resto.lower().partition("charset=")
    return Pagina(
        url=url,
        tipo=tipo,
        codificacion=codificacion.split(";")[0].strip(" \"'"),
        cuerpo=bytes(cuerpo[:tope]),
    )


def _conexiones(destino: Destino, plazo: Timeout) -> HTTPConnectionPool:
    if destino.partes.scheme == "http":
        return HTTPConnectionPool(
            destino.ip, port=destino.puerto, timeout=plazo, retries=False, maxsize=1
        )
    return HTTPSConnectionPool(
        destino.ip,
        port=destino.puerto,
        timeout=plazo,
        retries=False,
        maxsize=1,
        # Se conecta a la dirección revisada, y el certificado debe ser del nombre que se pidió.
        server_hostname=destino.anfitrion,
        assert_hostname=destino.anfitrion,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
    )


def cabeceras_de(destino: Destino) -> dict[str, str]:
    """Las de una petición, con el nombre que se pidió y no con la IP."""
    visible = f"[{destino.anfitrion}]" if ":" in destino.anfitrion else destino.anfitrion
    propio = "" if destino.puerto == _PUERTOS[destino.partes.scheme] else f":{destino.puerto}"
    return {
        "Host": f"{visible}{propio}",
        "User-Agent": _QUIEN,
        "Accept": "text/html,image/*;q=0.9",
        "Accept-Encoding": "identity",
        "Accept-Language": "es",
    }


def camino_de(partes: SplitResult) -> str:
    """Lo que va tras el nombre del sitio."""
    camino = partes.path or "/"
    return f"{camino}?{partes.query}" if partes.query else camino


def _partir(url: str) -> tuple[SplitResult, str, int]:
    limpia = url.strip()
    if not limpia or any(c.isspace() or ord(c) < 32 or c == "\\" for c in limpia):
        raise NoSeVisita(MAL_ESCRITA)
    try:
        partes = urlsplit(limpia)
        nombre = (partes.hostname or "").rstrip(".")
        puerto = partes.port or _PUERTOS.get(partes.scheme, 0)
        anfitrion = nombre if ":" in nombre else nombre.encode("idna").decode()
    except (ValueError, UnicodeError):
        raise NoSeVisita(MAL_ESCRITA) from None
    if partes.scheme not in _PUERTOS or not anfitrion or "@" in partes.netloc or "%" in anfitrion:
        raise NoSeVisita(MAL_ESCRITA)
    return partes, anfitrion, puerto


def _origen(url: str) -> tuple[str, str, int]:
    partes, anfitrion, puerto = _partir(url)
    return partes.scheme, anfitrion, puerto
