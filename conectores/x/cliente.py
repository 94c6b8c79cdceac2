"""Las llamadas a X: tweepy por dentro, nuestros errores por fuera."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import requests
import tweepy

from conectores.errores import ErrorDeConector, SinRespuesta
from conectores.http import Plazos, Sesion, fallo_de_transporte
from conectores.x.credencial import Credencial
from conectores.x.errores import clasificar, leer, leer_json

OFICIAL = "https://api.twitter.com"
"""La dirección que tweepy lleva fija; la sesión la desvía a la de los ajustes."""

# En DEBUG estas bibliotecas escriben tokens y cuerpos en el registro.
for _nombre in ("tweepy", "requests_oauthlib", "oauthlib"):
    logging.getLogger(_nombre).setLevel(logging.INFO)


def es_id(texto: str) -> bool:
    """Si parece un identificador de X: solo cifras."""
    return texto.isascii() and texto.isdigit()


class Cliente:
    """Una cuenta de X en un hilo: firma, llama y clasifica. No reintenta ni espera."""

    def __init__(
        self,
        credencial: Credencial,
        *,
        base_url: str,
        plazos: Plazos,
        ahora: Callable[[], datetime],
    ) -> None:
        self._ahora = ahora
        self._ultima: requests.Response | None = None
        self.sesion = Sesion(plazos, {OFICIAL: base_url, "https://api.x.com": base_url})
        self.sesion.hooks["response"].append(self._recordar)
        self.usar(credencial)

    def usar(self, credencial: Credencial) -> None:
        """Firma desde ahora con esta credencial; la conexión sigue abierta."""
        self._credencial = credencial
        v = credencial.valores
        if credencial.es_oauth1:
            llaves = (v["api_key"], v["api_secret"], v["access_token"], v["access_secret"])
            self._tweepy = tweepy.Client(None, *llaves, return_type=requests.Response)
            self._firma = tweepy.OAuth1UserHandler(*llaves).apply_auth()
        else:
            self._tweepy = tweepy.Client(v["access_token"], return_type=requests.Response)
            self._firma = None
        self._tweepy.session = self.sesion

    @property
    def credencial(self) -> Credencial:
        """La credencial con la que firma."""
        return self._credencial

    def tweepy(
        self, metodo: str, *args: Any, publica: bool = False, **kw: Any
    ) -> requests.Response:
        """Llama a un método de `tweepy.Client`; `publica` si es la llamada sin vuelta atrás."""
        kw["user_auth"] = self._credencial.es_oauth1
        return self._hacer(lambda: getattr(self._tweepy, metodo)(*args, **kw), publica=publica)

    def enviar(self, metodo: str, ruta: str, **kw: Any) -> requests.Response:
        """Llama a una ruta que tweepy no trae, con la misma sesión y la misma firma."""
        encabezados = {"User-Agent": self._tweepy.user_agent}
        if self._firma is None:
            token = self._credencial.valores["access_token"]
            encabezados["Authorization"] = f"Bearer {token}"
        return self._hacer(
            lambda: self.sesion.request(
                metodo, OFICIAL + ruta, headers=encabezados, auth=self._firma, **kw
            ),
            publica=False,
        )

    def datos(self, respuesta: requests.Response) -> dict[str, Any]:
        """El objeto `data` de una respuesta. Lanza `SinRespuesta` si no lo trae."""
        cuerpo = leer_json(respuesta) or {}
        # La subida de medios ha respondido con y sin el sobre `data`.
        datos = cuerpo.get("data", cuerpo)
        if not isinstance(datos, dict):
            raise SinRespuesta(detalle=self.describir(respuesta))
        return datos

    def describir(self, respuesta: requests.Response) -> str:
        """Lo que la bitácora técnica guarda de una respuesta; nunca los encabezados enviados."""
        n = leer(respuesta)
        codigos = ",".join(str(c) for c in sorted(n.codigos))
        partes = [f"HTTP {n.estado}", n.tipo, codigos, self._credencial.sin_secretos(n.texto)[:300]]
        with suppress(KeyError):
            partes.append(f"x-transaction-id {respuesta.headers['x-transaction-id'][:64]}")
        return " · ".join(p for p in partes if p)

    def _recordar(self, respuesta: requests.Response, *_args: Any, **_kw: Any) -> None:
        self._ultima = respuesta

    def _hacer(
        self, llamada: Callable[[], requests.Response], *, publica: bool
    ) -> requests.Response:
        self._ultima = None
        try:
            respuesta = llamada()
        except requests.RequestException as error:
            raise fallo_de_transporte(error) from None
        except (tweepy.TweepyException, AttributeError, TypeError, ValueError):
            # tweepy lanza estas tres al armar su error ante un cuerpo raro (lista, `errors: null`,
            # encabezado no numérico). Sin respuesta a la vista, la falla es nuestra y debe verse.
            if self._ultima is None:
                raise
            raise self._clasificar(self._ultima, publica=publica) from None
        if not 200 <= respuesta.status_code < 300:
            raise self._clasificar(respuesta, publica=publica)
        return respuesta

    def _clasificar(self, respuesta: requests.Response, *, publica: bool) -> ErrorDeConector:
        return clasificar(
            respuesta, publica=publica, ahora=self._ahora(), detalle=self.describir(respuesta)
        )
