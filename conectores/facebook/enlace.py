"""Conectar una página de Facebook: el diálogo, el canje del código y la lista de páginas.

Fuente: guías «Manually build a login flow» y «Long-lived tokens» de Meta, consultado 2026-03.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from conectores.comprobaciones import por_alcances, por_tareas
from conectores.contrato import Red
from conectores.direcciones import es_local
from conectores.enlace import Candidata
from conectores.errores import ErrorDeConector, MalConfigurada, SinPermiso, SinRespuesta
from conectores.facebook.cliente import VERSION, Grafo
from conectores.facebook.errores import clasificar, en_palabras
from conectores.facebook.permiso import ALCANCES, alcances_para, revisar_token
from conectores.facebook.respuesta import FalloDeGrafo
from conectores.http import Plazos, Sesion

SITIO = "https://www.facebook.com"
_SIN_PAGINAS = (
    "Facebook no entregó ninguna página. Vuelva a conectar y marque la página en su pantalla; si "
    "la página es de un portafolio comercial, pida a quien lo administra que la comparta con usted."
)
_CODIGO_MALO = (
    "Facebook no aceptó el código de vuelta: venció, ya se usó, o el ajuste del secreto de la "
    "aplicación no es el suyo. Empiece la conexión de nuevo."
)


class EnlaceFacebook:
    """Cambia el permiso que da una persona por los de sus páginas."""

    red = Red.FACEBOOK
    emisor = SITIO

    def __init__(
        self,
        *,
        id_app: str,
        secreto_app: str,
        base_url: str,
        plazos: Plazos,
        ahora: Callable[[], datetime],
        falta: str = "",
        es_ensayo: bool = False,
    ) -> None:
        self.falta = falta
        self._id_app = id_app
        self._secreto = secreto_app
        self._base = base_url
        # El diálogo vive en el sitio y no en la API; en esta máquina son el mismo servidor.
        propio = es_local(urlsplit(base_url).hostname or "")
        self._sitio = base_url.rstrip("/") if propio else SITIO
        self._plazos = plazos
        self._ahora = ahora
        self._es_ensayo = es_ensayo

    def __repr__(self) -> str:
        """Sin el secreto."""
        return f"EnlaceFacebook(id_app={self._id_app!r}, base={self._base!r})"

    def preparar(self, datos: Mapping[str, str]) -> dict[str, str]:
        """Nada que averiguar antes de salir."""
        return {}

    def ida(self, *, vuelta: str, estado: str, reto: str, datos: Mapping[str, str]) -> str:
        """El diálogo de permisos; `rerequest` vuelve a preguntar lo que antes se negó."""
        consulta = {
            "client_id": self._id_app,
            "redirect_uri": vuelta,
            "state": estado,
            "response_type": "code",
            "scope": ",".join(ALCANCES),
            "auth_type": "rerequest",
        }
        return f"{self._sitio}/{VERSION}/dialog/oauth?{urlencode(consulta)}"

    def recibir(
        self,
        consulta: Mapping[str, str],
        *,
        vuelta: str,
        verificador: str,
        datos: Mapping[str, str],
    ) -> tuple[Candidata, ...]:
        """Canjea el código por un token largo y pide las páginas con el suyo propio."""
        corto = self._canjear({"redirect_uri": vuelta, "code": consulta.get("code", "")})
        largo = self._canjear({"grant_type": "fb_exchange_token", "fb_exchange_token": corto})
        with en_palabras(self._ahora):
            app = self._grafo(f"{self._id_app}|{self._secreto}", secretos=(largo,))
            revision = revisar_token(app, largo, self._ahora)
            if revision.get("is_valid") is False:
                raise SinPermiso(_CODIGO_MALO)
            campos = "id,name,username,access_token,category,tasks"
            paginas = [
                fila
                for tanda in self._grafo(largo, firma=True).paginas(
                    "me", "accounts", fields=campos, limit=100
                )
                for fila in tanda
            ]
        candidatas = tuple(self._candidata(p, revision) for p in paginas if _completa(p))
        if not candidatas:
            raise SinPermiso(_SIN_PAGINAS)
        return candidatas

    def probar(self, datos: Mapping[str, str]) -> Candidata:
        """Facebook no tiene llaves que se escriban a mano."""
        raise MalConfigurada("Las páginas de Facebook se conectan desde la pantalla de Facebook.")

    def _canjear(self, campos: Mapping[str, str]) -> str:
        """Todo va en el cuerpo: ni el código ni el secreto viajan en una dirección."""
        propios = {"client_id": self._id_app, "client_secret": self._secreto}
        grafo = self._grafo(None, secretos=(self._secreto, *campos.values()))
        try:
            respuesta = grafo.request(
                f"{VERSION}/oauth/access_token", post_args={**propios, **campos}
            )
        except FalloDeGrafo as fallo:
            raise self._rechazo(fallo) from None
        token = respuesta.get("access_token") if isinstance(respuesta, dict) else None
        if not isinstance(token, str) or not token:
            raise SinRespuesta("Facebook respondió sin el permiso. Empiece la conexión de nuevo.")
        return token

    def _rechazo(self, fallo: FalloDeGrafo) -> ErrorDeConector:
        error = clasificar(fallo, publica=False, ahora=self._ahora())
        if fallo.codigo in (1, 2, 4, 17) or fallo.estado >= 500:
            return error
        return SinPermiso(_CODIGO_MALO, detalle=fallo.detalle)

    def _grafo(
        self, token: str | None, *, firma: bool = False, secretos: tuple[str, ...] = ()
    ) -> Grafo:
        return Grafo(
            token,
            sesion=Sesion(self._plazos),
            base_url=self._base,
            plazos=self._plazos,
            secreto_app=self._secreto if firma else None,
            secretos=secretos,
        )

    def _candidata(self, pagina: Mapping[str, Any], revision: dict[str, Any]) -> Candidata:
        id_pagina = str(pagina["id"])
        return Candidata(
            red=Red.FACEBOOK,
            identificador=id_pagina,
            nombre=str(pagina.get("name") or f"Página {id_pagina}"),
            detalle=str(pagina.get("username") or pagina.get("category") or ""),
            credencial={
                "token_pagina": str(pagina["access_token"]),
                "id_app": self._id_app,
                "secreto_app": self._secreto,
            },
            base_url=self._base if self._es_ensayo else None,
            es_ensayo=self._es_ensayo,
            comprobaciones=(
                *por_alcances(Red.FACEBOOK, alcances_para(revision, id_pagina)),
                *por_tareas(str(t) for t in pagina.get("tasks") or ()),
            ),
        )


def _completa(pagina: Mapping[str, Any]) -> bool:
    return bool(pagina.get("id") and pagina.get("access_token"))
