"""Conectar una cuenta de X: OAuth 2.0 con PKCE, o las cuatro llaves de OAuth 1.0a.

Fuente: guía OAuth 2.0 de X, consultado 2026-08.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

import requests

from conectores.comprobaciones import por_alcances
from conectores.contrato import Permiso, Red
from conectores.direcciones import es_local
from conectores.enlace import Candidata
from conectores.errores import MalConfigurada, SinPermiso
from conectores.http import Plazos, Sesion, fallo_de_transporte
from conectores.x.cliente import Cliente
from conectores.x.credencial import leer_credencial
from conectores.x.errores import leer_json
from conectores.x.oauth2 import VIDA_S, datos_de_token
from conectores.x.permiso import leer_permiso

SITIO = "https://x.com"
ALCANCES = "tweet.read tweet.write users.read media.write offline.access"
_LLAVES = ("api_key", "api_secret", "access_token", "access_secret")
_CODIGO_MALO = (
    "X no aceptó el código de vuelta: vence en treinta segundos y sirve una sola vez. Empiece la "
    "conexión de nuevo; si se repite, revise los ajustes de la aplicación de X."
)


class EnlaceX:
    """Cambia el permiso de una persona, o cuatro llaves, por una cuenta de X comprobada."""

    red = Red.X
    emisor = SITIO

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        base_url: str,
        plazos: Plazos,
        ahora: Callable[[], datetime],
        falta: str = "",
        es_ensayo: bool = False,
    ) -> None:
        self.falta = falta
        self._client_id = client_id
        self._client_secret = client_secret
        self._base = base_url.rstrip("/")
        self._sitio = self._base if es_local(urlsplit(base_url).hostname or "") else SITIO
        self._plazos = plazos
        self._ahora = ahora
        self._es_ensayo = es_ensayo

    def __repr__(self) -> str:
        """Sin el secreto."""
        return f"EnlaceX(client_id={self._client_id!r}, base={self._base!r})"

    def preparar(self, datos: Mapping[str, str]) -> dict[str, str]:
        """Nada que averiguar antes de salir."""
        return {}

    def ida(self, *, vuelta: str, estado: str, reto: str, datos: Mapping[str, str]) -> str:
        """La pantalla de permiso de X, con el reto de PKCE."""
        consulta = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": vuelta,
            "scope": ALCANCES,
            "state": estado,
            "code_challenge": reto,
            "code_challenge_method": "S256",
        }
        return f"{self._sitio}/i/oauth2/authorize?{urlencode(consulta)}"

    def recibir(
        self,
        consulta: Mapping[str, str],
        *,
        vuelta: str,
        verificador: str,
        datos: Mapping[str, str],
    ) -> tuple[Candidata, ...]:
        """Canjea el código y averigua de quién es el permiso."""
        credencial = self._canjear(consulta.get("code", ""), vuelta, verificador)
        return (self._reconocer(credencial),)

    def probar(self, datos: Mapping[str, str]) -> Candidata:
        """Las cuatro llaves, comprobadas con una lectura."""
        llaves = {clave: datos.get(clave, "").strip() for clave in _LLAVES}
        if not all(llaves.values()):
            raise MalConfigurada("Faltan llaves: son cuatro y las da la consola de X.")
        return self._reconocer(llaves)

    def _canjear(self, codigo: str, vuelta: str, verificador: str) -> dict[str, str]:
        formulario = {
            "grant_type": "authorization_code",
            "code": codigo,
            "redirect_uri": vuelta,
            "code_verifier": verificador,
        }
        llave = (self._client_id, self._client_secret) if self._client_secret else None
        if llave is None:
            formulario["client_id"] = self._client_id
        try:
            respuesta = Sesion(self._plazos).request(
                "POST", f"{self._base}/2/oauth2/token", data=formulario, auth=llave
            )
        except requests.RequestException as error:
            raise fallo_de_transporte(error) from None
        rechazado = 400 <= respuesta.status_code < 500 and respuesta.status_code != 429
        if rechazado and leer_json(respuesta) is not None:
            raise SinPermiso(_CODIGO_MALO, detalle=f"HTTP {respuesta.status_code} al canjear")
        dado = datos_de_token(respuesta, self._ahora())
        vida = dado.get("expires_in")
        vence = self._ahora() + timedelta(seconds=vida if isinstance(vida, int) else VIDA_S)
        secreto = {"client_secret": self._client_secret} if self._client_secret else {}
        renovable = dado.get("refresh_token")
        if not isinstance(renovable, str) or not renovable:
            raise SinPermiso(
                "X dio un permiso que vence en dos horas y no se renueva. Conecte de nuevo y "
                "acepte «mantener el acceso»."
            )
        return {
            "client_id": self._client_id,
            **secreto,
            "access_token": str(dado["access_token"]),
            "refresh_token": renovable,
            "vence_en": vence.isoformat(),
        }

    def _reconocer(self, credencial: Mapping[str, str]) -> Candidata:
        cliente = Cliente(
            leer_credencial(credencial),
            base_url=self._base,
            plazos=self._plazos,
            ahora=self._ahora,
        )
        permiso = leer_permiso(cliente, None)
        return Candidata(
            red=Red.X,
            identificador=permiso.identificador,
            nombre=permiso.nombre,
            detalle=permiso.nombre,
            credencial={**credencial, "usuario": permiso.nombre.removeprefix("@")},
            base_url=self._base if self._es_ensayo else None,
            es_ensayo=self._es_ensayo,
            vence_en=permiso.vence_en,
            comprobaciones=por_alcances(Red.X, _que_puede(permiso)),
        )


def _que_puede(permiso: Permiso) -> tuple[str, ...]:
    # Con OAuth 2.0 X no siempre dice el nivel: lo que no falta, se tiene.
    return permiso.alcances or (("read",) if permiso.faltan else ("read", "write"))
