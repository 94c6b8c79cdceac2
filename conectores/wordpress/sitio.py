"""La puerta al sitio: dónde está su API, quién es el usuario y cada llamada con su respuesta."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import IO, Any
from urllib.parse import urlsplit

import requests
from requests import Response
from requests.auth import HTTPBasicAuth

from conectores.direcciones import DireccionNoPermitida, es_local
from conectores.errores import ErrorDeConector, MalConfigurada, SinPermiso, SinRespuesta
from conectores.http import Plazos, Sesion, fallo_de_transporte
from conectores.vigilancia import AdaptadorVigilado
from conectores.wordpress.respuestas import Json, clasificar, es_json, leer_fallo

Valores = Mapping[str, str | int]

_NO_ES_WORDPRESS = (
    "En esa dirección no responde la API de WordPress. Revise la dirección del sitio y que ningún "
    "complemento la haya apagado."
)


class Sitio:
    """Un sitio y su usuario. Cada método devuelve JSON o lanza un error de la casa."""

    def __init__(
        self,
        *,
        base_url: str,
        usuario: str,
        contrasena: str,
        plazos: Plazos,
        ahora: Callable[[], datetime],
    ) -> None:
        self.base = _en_limpio(base_url)
        self.usuario = usuario
        self._ahora = ahora
        self._sesion = Sesion(plazos)
        if usuario:  # sin usuario se mira el sitio como lo ve cualquiera
            # En bytes: requests solo sabe latin-1 y hay usuarios con otras letras.
            self._sesion.auth = HTTPBasicAuth(usuario.encode(), contrasena.encode())
        if not es_local(urlsplit(self.base).hostname or ""):
            self._sesion.mount("https://", AdaptadorVigilado(max_retries=0))
        self._sesion.headers["Accept"] = "application/json"
        self._indice: Json | None = None
        self._bonitas = True

    def indice(self) -> Json:
        """El índice de la API; de paso averigua si las direcciones son bonitas o simples."""
        if self._indice is None:
            self._indice = self._descubrir()
        return self._indice

    def yo(self) -> Json:
        """El usuario de la credencial.

        Toda búsqueda empieza por aquí: con una contraseña mala WordPress trata la llamada como
        anónima y responde 200 con una lista vacía, que se leería como «no está».
        """
        yo = self.leer("/wp/v2/users/me", {"context": "edit"})
        if not isinstance(yo, dict) or not yo.get("id"):
            raise SinPermiso(
                "El sitio no reconoce al usuario o su contraseña de aplicación. Cree otra en el "
                "perfil del usuario del sitio y cámbiela en Cuentas."
            )
        return yo

    def leer(self, ruta: str, parametros: Valores | None = None) -> Any:
        """GET."""
        return self._json(self._pedir("GET", ruta, parametros))

    def listar(self, ruta: str, parametros: Valores) -> list[Json]:
        """GET de una lista."""
        lista = self.leer(ruta, parametros)
        if not isinstance(lista, list) or not all(isinstance(uno, dict) for uno in lista):
            raise SinRespuesta("El sitio respondió algo que no se entiende.")
        return lista

    def guardar(self, ruta: str, cuerpo: Mapping[str, object]) -> Json:
        """POST de un JSON; exige un objeto con `id`, como responde WordPress al guardar."""
        return self._objeto(self._pedir("POST", ruta, cuerpo=cuerpo))

    def subir(
        self, ruta: str, parametros: Valores, archivo: IO[bytes], cabeceras: Mapping[str, str]
    ) -> Json:
        """POST de los bytes de un archivo."""
        respuesta = self._pedir("POST", ruta, parametros, datos=archivo, cabeceras=cabeceras)
        return self._objeto(respuesta)

    def crear_termino(self, ruta: str, nombre: str) -> int:
        """POST de una categoría o etiqueta; si otro la creó antes, el id de la que ya está."""
        self.indice()
        respuesta = self._enviar("POST", ruta, cuerpo={"name": nombre})
        codigo, datos = leer_fallo(respuesta)
        existente = datos.get("term_id")
        if codigo == "term_exists" and isinstance(existente, int):
            return existente
        self._exigir_exito(respuesta)
        return int(self._objeto(respuesta)["id"])

    def borrar(self, ruta: str, *, del_todo: bool = False) -> Json:
        """DELETE; si el servidor no deja usar ese verbo, por POST como permite WordPress."""
        parametros: dict[str, str | int] = {"force": "true"} if del_todo else {}
        self.indice()
        respuesta = self._enviar("DELETE", ruta, parametros)
        if respuesta.status_code in {405, 501} and not es_json(respuesta):
            respuesta = self._enviar("POST", ruta, {**parametros, "_method": "DELETE"})
        self._exigir_exito(respuesta)
        borrado = self._json(respuesta)
        return borrado if isinstance(borrado, dict) else {}

    def contar(self, ruta: str, parametros: Valores) -> int | None:
        """El total que el sitio dice en su cabecera; `None` si no lo dice."""
        total = self._pedir("HEAD", ruta, parametros).headers.get("X-WP-Total", "")
        return int(total) if total.isascii() and total.isdigit() else None

    # --- por dentro ---

    def _descubrir(self) -> Json:
        problema: ErrorDeConector | None = None
        for self._bonitas in (True, False):
            respuesta = self._enviar("GET", "/")
            if respuesta.status_code >= 500 or respuesta.status_code in {401, 429}:
                raise clasificar(respuesta, ahora=self._ahora())
            indice = _como_indice(respuesta)
            if indice is not None:
                return indice
            if problema is None and respuesta.status_code >= 300:
                problema = clasificar(respuesta, ahora=self._ahora())
        raise problema or MalConfigurada(_NO_ES_WORDPRESS, detalle="200 sin el índice")

    def _pedir(
        self,
        verbo: str,
        ruta: str,
        parametros: Valores | None = None,
        *,
        cuerpo: Mapping[str, object] | None = None,
        datos: IO[bytes] | None = None,
        cabeceras: Mapping[str, str] | None = None,
    ) -> Response:
        self.indice()
        respuesta = self._enviar(
            verbo, ruta, parametros, cuerpo=cuerpo, datos=datos, cabeceras=cabeceras
        )
        self._exigir_exito(respuesta)
        return respuesta

    def _enviar(
        self,
        verbo: str,
        ruta: str,
        parametros: Valores | None = None,
        *,
        cuerpo: Mapping[str, object] | None = None,
        datos: IO[bytes] | None = None,
        cabeceras: Mapping[str, str] | None = None,
    ) -> Response:
        direccion = f"{self.base}/wp-json{ruta}" if self._bonitas else f"{self.base}/"
        consulta = {**({} if self._bonitas else {"rest_route": ruta}), **(parametros or {})}
        try:
            respuesta: Response = self._sesion.request(
                verbo, direccion, params=consulta, json=cuerpo, data=datos, headers=cabeceras
            )
        except requests.RequestException as error:
            # Sin encadenar: el texto original lleva la dirección completa.
            raise fallo_de_transporte(error) from None
        except DireccionNoPermitida as error:
            raise MalConfigurada(error.mensaje) from None
        return respuesta

    def _exigir_exito(self, respuesta: Response) -> None:
        if respuesta.status_code not in {200, 201}:
            raise clasificar(respuesta, ahora=self._ahora())

    def _json(self, respuesta: Response) -> Any:
        if not es_json(respuesta):
            raise SinRespuesta("El sitio respondió una página y no un dato.", detalle="no es JSON")
        try:
            return respuesta.json()
        except ValueError:
            raise SinRespuesta("El sitio respondió a medias.", detalle="JSON roto") from None

    def _objeto(self, respuesta: Response) -> Json:
        objeto = self._json(respuesta)
        if not isinstance(objeto, dict) or not isinstance(objeto.get("id"), int):
            raise SinRespuesta("El sitio respondió sin identificador.", detalle="éxito sin id")
        return objeto


def _como_indice(respuesta: Response) -> Json | None:
    """El índice, si eso es lo que respondió: una portada también contesta 200."""
    if respuesta.status_code != 200 or not es_json(respuesta):
        return None
    try:
        indice = respuesta.json()
    except ValueError:
        raise SinRespuesta("El sitio respondió a medias.", detalle="JSON roto") from None
    es_suyo = isinstance(indice, dict) and "wp/v2" in (indice.get("namespaces") or [])
    return indice if es_suyo else None


def _en_limpio(base_url: str) -> str:
    base = base_url.strip().rstrip("/").removesuffix("/wp-json").rstrip("/")
    partes = urlsplit(base)
    if partes.scheme != "https" and not (
        partes.scheme == "http" and es_local(partes.hostname or "")
    ):
        raise MalConfigurada(
            "La dirección del sitio debe empezar por https://: por http la contraseña viajaría "
            "a la vista. Cámbiela en Cuentas."
        )
    return base
