"""La sesión HTTP de los conectores: límites de tiempo, dirección base y fallos de transporte."""

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, NewConnectionError

from conectores.errores import ErrorDeConector, NoSalio, SinRespuesta

CUERPO_MAXIMO = 8_000_000
"""Bytes de la respuesta más grande que se lee: ninguna de estas API pasa de una fracción de eso."""


RELOJ = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Sigue corriendo si el proceso o la máquina duermen, y no salta con la hora."""

_turno: ContextVar[float | None] = ContextVar("turno", default=None)


class TurnoVencido(requests.RequestException):
    """El turno de quien llama se acabó antes de mandar nada: otro pudo haberlo relevado."""


@contextmanager
def turno_hasta(limite: float) -> Iterator[None]:
    """Dentro, nada que cambie algo en una red sale después de `limite` (segundos de `RELOJ`).

    Un proceso congelado despierta sin saber cuánto durmió; su arriendo ya puede ser de otro.
    """
    anterior = _turno.set(limite)
    try:
        yield
    finally:
        _turno.reset(anterior)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plazos:
    """Segundos para conectar y para leer cada respuesta."""

    conexion_s: float = 5.0
    lectura_s: float = 30.0

    @property
    def par(self) -> tuple[float, float]:
        """Como los pide requests."""
        return (self.conexion_s, self.lectura_s)


class Sesion(requests.Session):
    """Una por cuenta y por hilo: no sigue redirecciones, no reintenta y no lee el entorno.

    `desvios`: prefijo oficial → base propia; así los SDK con dirección fija llegan al ensayo.
    """

    def __init__(self, plazos: Plazos, desvios: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.trust_env = False  # un proxy o un netrc del sistema no debe tocar las credenciales
        self._plazos = plazos.par
        self._desvios = dict(desvios or {})
        adaptador = HTTPAdapter(pool_connections=2, pool_maxsize=2, max_retries=0)
        self.mount("https://", adaptador)
        self.mount("http://", adaptador)

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kw: Any) -> Any:
        """Como en requests, con límite de tiempo siempre y sin seguir redirecciones."""
        direccion = url.decode() if isinstance(url, bytes) else url
        for oficial, propia in self._desvios.items():
            if direccion == oficial or direccion.startswith(oficial + "/"):
                direccion = propia.rstrip("/") + direccion[len(oficial) :]
                break
        kw["timeout"] = kw.get("timeout") or self._plazos
        kw["allow_redirects"] = False  # un POST redirigido se vuelve GET y parece éxito
        return super().request(method, direccion, *args, **kw)

    def send(self, request: requests.PreparedRequest, **kw: Any) -> requests.Response:
        """Como en requests, con tope de tiempo y de peso para la respuesta entera.

        El límite de requests es por cada lectura: una red que gotea ocuparía al obrero sin fin.
        """
        kw["stream"] = True
        limite = _turno.get()
        if limite is not None and request.method != "GET" and time.clock_gettime(RELOJ) > limite:
            raise TurnoVencido
        respuesta = super().send(request, **kw)
        _leer_cuerpo(respuesta, hasta=time.monotonic() + self._plazos[1])
        return respuesta

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Ninguno: así requests tampoco lee entera la respuesta que desvía."""


def _leer_cuerpo(respuesta: requests.Response, *, hasta: float) -> None:
    cuerpo = bytearray()
    try:
        while trozo := respuesta.raw.read1(65_536, decode_content=True):
            cuerpo += trozo
            if len(cuerpo) > CUERPO_MAXIMO or time.monotonic() > hasta:
                raise requests.exceptions.ContentDecodingError("respuesta desmedida")
    except (HTTPError, requests.RequestException) as error:
        respuesta.raw.close()  # a medias, la conexión no sirve para otra llamada
        # La red ya empezó a contestar: pase lo que pase, la petición había llegado.
        raise requests.exceptions.ContentDecodingError(type(error).__name__) from None
    respuesta._content = bytes(cuerpo)
    respuesta._content_consumed = True  # type: ignore[attr-defined]


def fallo_de_transporte(error: requests.RequestException) -> ErrorDeConector:
    """`NoSalio` si la conexión no llegó a abrirse; si no, `SinRespuesta`.

    El texto de la excepción puede llevar la dirección con secretos: solo se guarda su clase.
    """
    causa = error.args[0] if error.args else None
    razon = getattr(causa, "reason", None)
    sin_abrir = (
        isinstance(error, requests.exceptions.ConnectTimeout | TurnoVencido)
        or isinstance(razon, NewConnectionError)
        or _es_de_certificado(razon)
        or isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema)
    )
    clase = NoSalio if sin_abrir else SinRespuesta
    return clase(detalle=type(error).__name__)


def _es_de_certificado(razon: object) -> bool:
    """El saludo TLS falló antes de mandar nada; otro fallo de TLS pudo ser después."""
    causa = razon.args[0] if isinstance(razon, Exception) and razon.args else None
    return isinstance(causa, ssl.SSLCertVerificationError)
