"""El cliente de la Graph API: facebook-sdk con un solo método cambiado."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import facebook
import requests

from conectores.errores import ErrorDeConector, SinRespuesta
from conectores.facebook.respuesta import FalloDeGrafo, en_limpio
from conectores.http import Plazos, Sesion, fallo_de_transporte

VERSION = "v25.0"
"""La versión de la Graph API que se pide; sirve hasta 2028-07."""

_ENVIO_MINIMO_S = 30.0
_CABECERAS_DE_USO = ("x-app-usage", "x-page-usage", "x-business-use-case-usage")


def en_cable(parametros: Mapping[str, Any] | None) -> dict[str, Any]:
    """Los valores como los entiende Graph: `true`, JSON y segundos; los `None` no viajan.

    requests escribiría `True`, perdería los valores de un `dict` y repetiría la clave en una lista.
    """
    salida: dict[str, Any] = {}
    for nombre, valor in (parametros or {}).items():
        if valor is None:
            continue
        if isinstance(valor, bool):
            salida[nombre] = "true" if valor else "false"
        elif isinstance(valor, dict | list | tuple):
            salida[nombre] = json.dumps(valor, ensure_ascii=False)
        elif isinstance(valor, datetime):
            salida[nombre] = int(valor.timestamp())
        else:
            salida[nombre] = valor
    return salida


class Grafo(facebook.GraphAPI):  # type: ignore[misc]
    """`facebook.GraphAPI` con el token en la cabecera y sin perder nada de la respuesta.

    Lanza `FalloDeGrafo` si la red contestó que no (o algo que no se entiende) y `NoSalio` o
    `SinRespuesta` si falló el transporte.
    """

    def __init__(
        self,
        token: str | None,
        *,
        sesion: Sesion,
        base_url: str,
        plazos: Plazos,
        version: str = VERSION,
        secreto_app: str | None = None,
        secretos: tuple[str, ...] = (),
    ) -> None:
        super().__init__(access_token=token, timeout=plazos.par, session=sesion)
        # facebook-sdk 3.1.0 solo admite versiones retiradas en su constructor; se fija después.
        self.version = version
        self._base = base_url.rstrip("/") + "/"
        self._secreto_app = secreto_app
        self._secretos = tuple(s for s in (token, secreto_app, *secretos) if s)
        # Mandar los bytes cuenta contra el plazo de conexión: 5 s no alcanzan para una foto.
        self._plazos_de_envio = (max(plazos.conexion_s, _ENVIO_MINIMO_S), plazos.lectura_s)
        self.uso: dict[str, str] = {}
        """Las cabeceras de consumo de la última respuesta."""

    def request(
        self,
        path: str,
        args: Mapping[str, Any] | None = None,
        post_args: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        method: str | None = None,
    ) -> Any:
        """Como el del SDK, pero dice la verdad sobre lo que contestó la red."""
        consulta = en_cable(args)
        cuerpo = None if post_args is None else en_cable(post_args)
        verbo = (method or "GET").upper() if cuerpo is None else "POST"
        respuesta = self._llamar(verbo, path, consulta, cuerpo, files)
        self.uso = {c: respuesta.headers[c] for c in _CABECERAS_DE_USO if c in respuesta.headers}
        try:
            datos = json.loads(respuesta.content)
        except (ValueError, RecursionError):
            datos = None
        if _es_exito(datos, respuesta.status_code):
            return datos
        raise FalloDeGrafo(
            datos, estado=respuesta.status_code, cabeceras=respuesta.headers, limpiar=self.limpiar
        )

    def _llamar(
        self,
        verbo: str,
        path: str,
        consulta: dict[str, Any],
        cuerpo: dict[str, Any] | None,
        files: Mapping[str, Any] | None,
    ) -> requests.Response:
        cabeceras = {"Accept": "application/json"}
        donde = consulta if cuerpo is None else cuerpo
        token = donde.pop("access_token", None) or self.access_token
        if token:
            cabeceras["Authorization"] = f"Bearer {token}"
            if self._secreto_app:
                donde["appsecret_proof"] = prueba_del_secreto(self._secreto_app, token)
        try:
            respuesta: requests.Response = self.session.request(
                verbo,
                self._base + path.lstrip("/"),
                params=consulta,
                data=cuerpo,
                files=files,
                headers=cabeceras,
                timeout=self._plazos_de_envio if files else None,
            )
        except requests.RequestException as error:
            # El texto de la excepción lleva la dirección completa: no se encadena.
            raise fallo_de_transporte(error) from None
        return respuesta

    def limpiar(self, texto: str) -> str:
        """El texto sin los secretos de esta cuenta (Graph repite a veces el token que rechaza)."""
        return en_limpio(texto, self._secretos)

    def paginas(
        self, nodo: str, arista: str, *, maximo: int = 50, **args: Any
    ) -> Iterator[list[dict[str, Any]]]:
        """Cada página de una lista, por cursor.

        `get_all_connections` del SDK sigue `paging.next`, que con el token en la cabecera no sirve.
        """
        for _ in range(maximo):
            pagina = self.get_connections(nodo, arista, **args)
            datos = pagina.get("data") if isinstance(pagina, dict) else None
            if not isinstance(datos, list):
                raise SinRespuesta(detalle="lista sin datos")
            yield [fila for fila in datos if isinstance(fila, dict)]
            paginado = pagina.get("paging") or {}
            despues = (paginado.get("cursors") or {}).get("after")
            if not despues or "next" not in paginado:
                return
            args["after"] = despues
        raise ErrorDeConector(
            "Facebook tiene demasiadas publicaciones en ese lapso para revisarlas todas.",
            detalle=f"más de {maximo} páginas en {arista}",
        )


def prueba_del_secreto(secreto_app: str, token: str) -> str:
    """`appsecret_proof`: HMAC-SHA256 del token con el secreto de la aplicación."""
    return hmac.new(secreto_app.encode(), token.encode(), hashlib.sha256).hexdigest()


def _es_exito(datos: Any, estado: int) -> bool:
    if not 200 <= estado < 300:
        return False
    if datos is True:
        return True
    if not isinstance(datos, dict):
        return False
    # `success: false` llega con HTTP 200, y el SDK lo daba por bueno.
    fallo = datos.get("error") or datos.get("error_code") or datos.get("success") is False
    return not fallo
