"""La pantalla de permiso de X de ensayo: OAuth 2.0 con PKCE S256.

Ajuste: `vueltas` (direcciones de vuelta registradas, separadas por espacios).
"""

import re
from typing import Final

from flask import Blueprint, Response, request

from publicador.ensayo.consentimiento import (
    error,
    es_vuelta_registrada,
    guardar_codigo,
    pagina,
    pedidos,
    volver,
)
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.x_cuentas import usuario
from publicador.ensayo.x_permiso import ALCANCES, CLIENTE

VIDA_DEL_CODIGO_S: Final = 30.0
_RETO: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_DE_FABRICA: Final = "1500000000000000001"
PARA_QUE: Final = {
    "tweet.read": "Ver las publicaciones que usted puede ver",
    "tweet.write": "Publicar y borrar en su nombre",
    "users.read": "Ver los perfiles que usted puede ver",
    "media.write": "Subir imágenes y videos en su nombre",
    "offline.access": "Mantener el acceso hasta que usted lo quite",
}


class Pantalla:
    """`/i/oauth2/authorize`."""

    def __init__(self, mundo: Mundo) -> None:
        """Guarda el mundo."""
        self._mundo = mundo

    def ver(self) -> Response:
        """GET: qué pide la aplicación y a nombre de qué cuenta."""
        return self._negado() or self._mostrar()

    def decidir(self) -> Response:
        """POST: vuelve con un código que dura treinta segundos, o con la negativa."""
        if (negado := self._negado()) is not None:
            return negado
        vuelta, estado = request.args["redirect_uri"], request.args["state"]
        if request.form.get("accion") != "continuar":
            return volver(vuelta, error="access_denied", state=estado)
        codigo = guardar_codigo(
            self._mundo,
            "x",
            {
                "cliente": request.args["client_id"],
                "vuelta": vuelta,
                "reto": request.args["code_challenge"],
                "cuenta": request.form.get("cuenta") or _DE_FABRICA,
                "alcances": request.args["scope"],
            },
            vida_s=VIDA_DEL_CODIGO_S,
        )
        return volver(vuelta, code=codigo, state=estado)

    def _negado(self) -> Response | None:
        dados = request.args
        alcances = dados.get("scope", "").split()
        bien = (
            dados.get("response_type") == "code"
            and dados.get("client_id") == CLIENTE
            and es_vuelta_registrada(self._mundo, "x", dados.get("redirect_uri", ""))
            and 0 < len(dados.get("state", "")) <= 500
            and dados.get("code_challenge_method") == "S256"
            and _RETO.fullmatch(dados.get("code_challenge", "")) is not None
            and bool(alcances)
            and set(alcances) <= set(ALCANCES.split())
        )
        if bien:
            return None
        frase = "No se pudo dar acceso a la aplicación. Vuelva e inténtelo de nuevo."
        return error("x", "Algo salió mal", frase)

    def _mostrar(self) -> Response:
        conocidas = sorted(self._mundo.cajon("_cuentas").get("x", {})) or [_DE_FABRICA]
        return pagina(
            "x",
            titulo="Publicador (ensayo) quiere acceder a su cuenta",
            aplicacion="Publicador (ensayo)",
            cuentas=[
                (c, f"@{usuario(self._mundo, c)}", self._mundo.datos_de("x", c)["nombre"])
                for c in conocidas
            ],
            permisos=[(a, PARA_QUE[a]) for a in request.args["scope"].split()],
            pedidos=pedidos(),
        )


def montar(bp: Blueprint, mundo: Mundo) -> None:
    """Agrega la pantalla a las rutas de X."""
    pantalla = Pantalla(mundo)
    bp.add_url_rule("/i/oauth2/authorize", "permiso", pantalla.ver, methods=["GET"])
    bp.add_url_rule("/i/oauth2/authorize", "permiso_decidir", pantalla.decidir, methods=["POST"])
