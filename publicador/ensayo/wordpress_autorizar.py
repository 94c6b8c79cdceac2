"""La pantalla «Autorizar aplicación» del WordPress de ensayo."""

import re
import secrets
import string
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from publicador.ensayo.ajustes_red import ajuste
from publicador.ensayo.consentimiento import LOCALES, error, pagina, pedidos, volver
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.wordpress_estado import raiz
from publicador.ensayo.wordpress_usuarios import Usuarios

_LETRAS: Final = string.ascii_letters + string.digits
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Autorizar:
    """`/wp-admin/authorize-application.php`."""

    def __init__(self, mundo: Mundo) -> None:
        """Guarda el mundo y sus usuarios."""
        self._mundo = mundo
        self._usuarios = Usuarios(mundo)

    def ver(self) -> Response:
        """GET: quién pide entrar y con qué usuario del sitio."""
        return self._negado() or self._mostrar()

    def decidir(self) -> Response:
        """POST: crea la contraseña y la entrega en la vuelta, como hace WordPress."""
        if (negado := self._negado()) is not None:
            return negado
        bien = request.args["success_url"]
        if request.form.get("accion") != "continuar":
            return volver(request.args.get("reject_url") or bien, success="false")
        login = self._usuarios.entrar(request.form.get("usuario") or "prensa")["login"]
        clave = "".join(secrets.choice(_LETRAS) for _ in range(24))
        return volver(bien, site_url=raiz(), user_login=login, password=clave)

    def _negado(self) -> Response | None:
        if ajuste(self._mundo, "wordpress", "sin_contrasenas", False):
            frase = "Las contraseñas de aplicación no están disponibles en este sitio."
            return error("wordpress", "No está disponible", frase)
        id_ = request.args.get("app_id", "")
        if not request.args.get("app_name") or (id_ and not _UUID.fullmatch(id_)):
            return error("wordpress", "Solicitud no válida", "El identificador no es un UUID.")
        direcciones = (request.args.get("success_url", ""), request.args.get("reject_url"))
        if not all(_segura(d) for d in direcciones if d is not None):
            frase = "La dirección de vuelta debe empezar por https://."
            return error("wordpress", "Dirección no segura", frase)
        return None

    def _mostrar(self) -> Response:
        return pagina(
            "wordpress",
            titulo="Autorizar aplicación",
            aplicacion=request.args["app_name"],
            usuarios=[u["login"] for u in self._usuarios.todos()],
            pedidos=pedidos(),
        )


def _segura(direccion: str) -> bool:
    partes = urlsplit(direccion)
    en_casa = partes.scheme == "http" and partes.hostname in LOCALES
    return bool(partes.netloc) and (partes.scheme == "https" or en_casa)


def montar(bp: Blueprint, mundo: Mundo) -> None:
    """Agrega la pantalla a las rutas del sitio."""
    autorizar = Autorizar(mundo)
    ruta = "/wp-admin/authorize-application.php"
    bp.add_url_rule(ruta, "autorizar", autorizar.ver, methods=["GET"])
    bp.add_url_rule(ruta, "autorizar_decidir", autorizar.decidir, methods=["POST"])
