"""Entregar un mensaje firmado en una dirección que escribió una persona, con las mismas guardas."""

import contextlib
import hashlib
import hmac
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping

import certifi

from conectores.direcciones import Resolver, es_local, resolver_del_sistema
from conectores.visitante import Destino, NoSeVisita, Visitante, cabeceras_de, camino_de

FIRMA = "X-Publicador-Firma"
_QUIEN = "Publicador/1.0 (avisos web)"
_SIN_RESPUESTA = "No respondió a tiempo."


def firmar(secretos: tuple[str, ...], momento: int, cuerpo: bytes) -> str:
    """`t=<segundos>,v1=<hmac>`, con un `v1` por secreto vigente."""
    base = f"{momento}.".encode() + cuerpo
    partes = [hmac.new(s.encode(), base, hashlib.sha256).hexdigest() for s in secretos]
    return ",".join([f"t={momento}", *(f"v1={parte}" for parte in partes)])


class Mensajero:
    """Manda un POST con un plazo que nadie estira: ni un receptor que responda de a un byte."""

    def __init__(
        self,
        *,
        plazo_s: float = 5.0,
        ensayo: str | None = None,
        resolver: Resolver = resolver_del_sistema,
    ) -> None:
        self._plazo_s = plazo_s
        self._visitante = Visitante(plazo_s=plazo_s, ensayo=ensayo, resolver=resolver)

    def revisar(self, url: str) -> None:
        """Lanza `NoSeVisita` si a esa dirección no se le puede mandar nada."""
        self._destino(url)

    def falla_de(self, url: str) -> str:
        """Por qué no se le puede mandar nada a esa dirección; vacío si se puede."""
        try:
            self.revisar(url)
        except NoSeVisita as error:
            return error.mensaje
        return ""

    def _destino(self, url: str) -> Destino:
        destino = self._visitante.revisar(url)
        if destino.partes.scheme != "https" and not es_local(destino.anfitrion):
            raise NoSeVisita("La dirección debe empezar por https://, para que nadie lea de paso.")
        return destino

    def entregar(self, url: str, cuerpo: bytes, cabeceras: Mapping[str, str]) -> int:
        """El código con que respondió; sin desvíos. Lanza `NoSeVisita` si no hubo respuesta."""
        # Se conecta a la dirección revisada aquí: el nombre no se vuelve a preguntar.
        destino = self._destino(url)
        try:
            lugar = (destino.ip, destino.puerto)
            with socket.create_connection(lugar, timeout=self._plazo_s) as enchufe:
                return self._pedir(enchufe, destino, cuerpo, cabeceras)
        except (OSError, http.client.HTTPException, ValueError):
            raise NoSeVisita(_SIN_RESPUESTA) from None

    def _pedir(
        self, enchufe: socket.socket, destino: Destino, cuerpo: bytes, cabeceras: Mapping[str, str]
    ) -> int:
        # El plazo del enchufe es de cada lectura: el reloj corta aunque sigan llegando bytes.
        gemelo = enchufe.dup()
        reloj = threading.Timer(self._plazo_s, _cortar, [gemelo])
        reloj.start()
        try:
            if destino.partes.scheme == "https":
                contexto = ssl.create_default_context(cafile=certifi.where())
                enchufe = contexto.wrap_socket(enchufe, server_hostname=destino.anfitrion)
            conexion = http.client.HTTPConnection(destino.anfitrion, destino.puerto)
            conexion.sock = enchufe
            propias = cabeceras_de(destino) | {"User-Agent": _QUIEN, "Accept": "*/*"}
            conexion.request("POST", camino_de(destino.partes), cuerpo, propias | dict(cabeceras))
            return conexion.getresponse().status
        finally:
            reloj.cancel()
            gemelo.close()
            enchufe.close()


def _cortar(enchufe: socket.socket) -> None:
    with contextlib.suppress(OSError):
        enchufe.shutdown(socket.SHUT_RDWR)
