"""El diálogo de permisos de Facebook de ensayo: páginas y permisos, uno por uno.

Ajustes: `vueltas` (direcciones de vuelta registradas, separadas por espacios) y `modo_desarrollo`
(lo que publique la aplicación solo lo ve su equipo).
"""

import hashlib
import secrets
from typing import Any, Final

from flask import Blueprint, Response, request

from publicador.ensayo.ajustes_red import ajustar, ajuste
from publicador.ensayo.consentimiento import (
    error,
    es_vuelta_registrada,
    gastar_codigo,
    guardar_codigo,
    pagina,
    pedidos,
    volver,
)
from publicador.ensayo.facebook_errores import ErrorGraph, parametro, token_vencido
from publicador.ensayo.facebook_permisos import (
    APLICACION,
    PERMISOS,
    emitir_token,
    leer_token,
    paginas_conocidas,
)
from publicador.ensayo.mundo import Mundo

SECRETO: Final = "secreto-de-la-aplicacion-de-ensayo"
VIDA_DEL_CODIGO_S: Final = 600.0
VIDA_CORTA_S: Final = 3_600
VIDA_LARGA_S: Final = 5_184_000
PARA_QUE: Final = {
    "pages_show_list": "Ver la lista de páginas que administra",
    "pages_read_engagement": "Leer el contenido y los seguidores de la página",
    "pages_read_user_content": "Leer lo que otros publican en la página",
    "pages_manage_posts": "Crear y administrar el contenido de la página",
    "pages_manage_engagement": "Administrar los comentarios de la página",
    "read_insights": "Leer las estadísticas de la página",
}
_PARA_QUE_NADIE_LO_ADIVINE: Final = 12


class Dialogo:
    """`/{versión}/dialog/oauth` y el canje de su código."""

    def __init__(self, mundo: Mundo) -> None:
        """Guarda el mundo."""
        self._mundo = mundo

    def pantalla(self, version: str) -> Response:
        """GET: la pantalla que ve la persona; los errores se quedan aquí, como en la de verdad."""
        return self._negado() or self._mostrar()

    def decidir(self, version: str) -> Response:
        """POST: lo que la persona marcó; vuelve con un código, o sin él si se negó."""
        if (negado := self._negado()) is not None:
            return negado
        vuelta, estado = request.args["redirect_uri"], request.args.get("state")
        if "modo" in request.form:
            ajustar(self._mundo, "facebook", modo_desarrollo=request.form["modo"] == "desarrollo")
            return self._mostrar()
        if request.form.get("accion") != "continuar":
            return volver(
                vuelta,
                error="access_denied",
                error_code="200",
                error_description="Permissions error",
                error_reason="user_denied",
                state=estado,
            )
        concesion = {
            "app": request.args["client_id"],
            "vuelta": vuelta,
            "paginas": request.form.getlist("paginas"),
            "permisos": [p for p in request.form.getlist("permisos") if p in self._alcances()],
        }
        codigo = guardar_codigo(self._mundo, "facebook", concesion, vida_s=VIDA_DEL_CODIGO_S)
        return volver(vuelta, code=codigo, state=estado)

    def _negado(self) -> Response | None:
        if request.args.get("client_id") != APLICACION:
            frase = "El identificador de la aplicación no existe en el ensayo."
            return error("facebook", "Identificador de la aplicación no válido", frase)
        if not es_vuelta_registrada(self._mundo, "facebook", request.args.get("redirect_uri", "")):
            frase = (
                "La dirección de vuelta no está en la lista de la aplicación. Agréguela en su "
                "configuración, letra por letra."
            )
            return error("facebook", "Dirección bloqueada", frase)
        if request.args.get("response_type", "code") != "code":
            return error("facebook", "Tipo de respuesta no válido", "Solo se da un código.")
        return None

    def _alcances(self) -> list[str]:
        pedidos_ = request.args.get("scope", "").split(",")
        return [p for p in PERMISOS if p in pedidos_]

    def _mostrar(self) -> Response:
        paginas = [
            (id_, self._mundo.datos_de("facebook", id_)["nombre"])
            for id_ in paginas_conocidas(self._mundo)
        ]
        return pagina(
            "facebook",
            titulo="Continuar con Facebook",
            persona="Persona de Ensayo",
            aplicacion="Publicador (ensayo)",
            paginas=paginas,
            permisos=[(p, PARA_QUE[p]) for p in self._alcances()],
            desarrollo=bool(ajuste(self._mundo, "facebook", "modo_desarrollo", False)),
            pedidos=pedidos(),
        )

    # --- el canje ---------------------------------------------------------------------------

    def canjear(self, dados: dict[str, str]) -> dict[str, Any]:
        """`oauth/access_token` con `code`: una sola vez, con la misma vuelta y el secreto."""
        self._exigir_secreto(dados)
        concesion = gastar_codigo(self._mundo, "facebook", dados.get("code", ""))
        if concesion is None:
            raise ErrorGraph(
                100, "This authorization code has expired or has been used.", subcodigo=36009
            )
        if concesion["app"] != dados["client_id"] or concesion["vuelta"] != dados["redirect_uri"]:
            raise ErrorGraph(
                100,
                "Error validating verification code. Please make sure your redirect_uri is "
                "identical to the one you used in the OAuth dialog request",
                subcodigo=36008,
            )
        return self._dar(concesion, VIDA_CORTA_S)

    def alargar(self, dados: dict[str, str]) -> dict[str, Any] | None:
        """`fb_exchange_token` de un token que dio este diálogo; `None` si no es suyo."""
        concesion = leer_concesion(self._mundo, dados["fb_exchange_token"])
        if concesion is None:
            return None
        self._exigir_secreto(dados)
        if leer_token(self._mundo, dados["fb_exchange_token"]) is None:
            raise token_vencido()
        return self._dar(concesion, VIDA_LARGA_S)

    def _exigir_secreto(self, dados: dict[str, str]) -> None:
        secreto = self._mundo.cajon("facebook").get("secreto_app", SECRETO)
        if dados.get("client_id") != APLICACION:
            raise ErrorGraph(101, "Error validating application. Cannot get application info.")
        if not secrets.compare_digest(dados.get("client_secret", ""), str(secreto)):
            raise ErrorGraph(1, "Error validating client secret.")

    def _dar(self, concesion: dict[str, Any], vida_s: int) -> dict[str, Any]:
        token = f"EAAensayo-usuario-{secrets.token_hex(_PARA_QUE_NADIE_LO_ADIVINE)}"
        emitir_token(self._mundo, token, clase="USER", concesion=concesion, vida_s=vida_s)
        return {"access_token": token, "token_type": "bearer", "expires_in": vida_s}

    def paginas(self, token: str, concesion: dict[str, Any]) -> list[dict[str, Any]]:
        """Las páginas que la persona marcó, cada una con su token."""
        if "pages_show_list" not in concesion["permisos"]:
            return []
        salida = []
        for id_ in concesion["paginas"]:
            propio = f"EAAensayo-{id_}-{secrets.token_hex(_PARA_QUE_NADIE_LO_ADIVINE)}"
            emitir_token(self._mundo, propio, clase="PAGE", concesion=concesion, pagina=id_)
            salida.append({"id": id_, "access_token": propio})
        return salida


def leer_concesion(mundo: Mundo, token: str) -> dict[str, Any] | None:
    """Qué dio la persona con ese token, si salió del diálogo."""
    huella = hashlib.sha256(token.encode()).hexdigest()
    dato = mundo.cajon("facebook").get("emitidos", {}).get(huella)
    return None if dato is None else dict(dato["concesion"])


def exigir_vuelta(dados: dict[str, str]) -> None:
    """Graph pide las dos cosas juntas."""
    if not dados.get("code") or not dados.get("redirect_uri"):
        raise parametro("Missing code or redirect_uri parameter.")


def montar(bp: Blueprint, mundo: Mundo) -> None:
    """Agrega el diálogo a las rutas de Facebook."""
    dialogo = Dialogo(mundo)
    ruta = "/<version>/dialog/oauth"
    bp.add_url_rule(ruta, "dialogo", dialogo.pantalla, methods=["GET"])
    bp.add_url_rule(ruta, "dialogo_decidir", dialogo.decidir, methods=["POST"])
