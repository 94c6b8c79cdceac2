"""El adaptador que no deja salir hacia adentro: revisa a quién se conectó antes de decirle nada."""

import ipaddress
import socket
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from conectores.direcciones import DireccionNoPermitida, es_publica


def _exigir_publico(enchufe: socket.socket) -> socket.socket:
    """Cierra y lanza si al otro lado no hay una dirección de internet.

    Se mira la conexión ya hecha y no el nombre: un nombre puede resolver distinto la segunda vez.
    """
    vecino = str(enchufe.getpeername()[0]).split("%")[0]
    if es_publica(ipaddress.ip_address(vecino)):
        return enchufe
    enchufe.close()
    raise DireccionNoPermitida(
        "La dirección del sitio lleva a una red interna. Escriba en Cuentas la dirección pública."
    )


class _Conexion(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _exigir_publico(super()._new_conn())


class _ConexionSegura(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _exigir_publico(super()._new_conn())


class _Pozo(HTTPConnectionPool):
    ConnectionCls = _Conexion


class _PozoSeguro(HTTPSConnectionPool):
    ConnectionCls = _ConexionSegura


class AdaptadorVigilado(HTTPAdapter):
    """Para direcciones que escribió una persona. Lanza `DireccionNoPermitida` antes de enviar."""

    def init_poolmanager(self, *args: Any, **opciones: Any) -> None:
        """Como en requests, con conexiones que revisan a su vecino."""
        super().init_poolmanager(*args, **opciones)
        gestor: PoolManager = self.poolmanager
        gestor.pool_classes_by_scheme = {"http": _Pozo, "https": _PozoSeguro}
