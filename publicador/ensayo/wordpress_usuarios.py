"""Quién llama al WordPress de ensayo y qué puede hacer según su papel."""

import base64
import binascii
import re
from typing import Any, Final

from flask import request

from publicador.ensayo.ajustes_red import ajuste
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.wordpress_errores import Rechazo
from publicador.ensayo.wordpress_slug import sanear

_CONTRIBUYE: Final = ("read", "edit_posts", "delete_posts")
_FIRMA: Final = (
    *_CONTRIBUYE,
    *("publish_posts", "upload_files", "edit_published_posts", "delete_published_posts"),
)
_EDITA: Final = (
    *_FIRMA,
    *("edit_others_posts", "delete_others_posts", "read_private_posts", "edit_private_posts"),
    *("edit_pages", "publish_pages", "edit_others_pages", "edit_published_pages"),
    *("delete_pages", "delete_others_pages", "delete_published_pages", "read_private_pages"),
    *("manage_categories", "moderate_comments", "unfiltered_html"),
)
CAPACIDADES: Final[dict[str, tuple[str, ...]]] = {
    "subscriber": ("read",),
    "contributor": _CONTRIBUYE,
    "author": _FIRMA,
    "editor": _EDITA,
    "administrator": (*_EDITA, "manage_options", "edit_theme_options", "list_users", "edit_users"),
}
# El papel se adivina del nombre de usuario; quien no diga nada es editor.
_POR_NOMBRE: Final = (
    ("admin", "administrator"),
    ("autor", "author"),
    ("colabora", "contributor"),
    ("suscrip", "subscriber"),
)
_CLAVE_MALA: Final = re.compile(r"vencid|revocad|mala|incorrect", re.IGNORECASE)
DE_FABRICA: Final = ("admin", "prensa", "autor.redaccion")

Usuario = dict[str, Any]


class Usuarios:
    """Los usuarios del sitio; uno nuevo aparece la primera vez que entra bien."""

    def __init__(self, mundo: Mundo) -> None:
        """Trabaja sobre el cajón `wordpress`."""
        self._mundo = mundo

    def todos(self) -> list[Usuario]:
        """En orden de creación; de fábrica hay tres."""
        with self._mundo.cerrojo:
            guardados: list[Usuario] = self._mundo.cajon("wordpress").setdefault("usuarios", [])
            for login in DE_FABRICA if not guardados else ():
                guardados.append(_nuevo(len(guardados) + 1, login))
            return list(guardados)

    def por_id(self, id_: int) -> Usuario | None:
        """El usuario con ese id."""
        return next((u for u in self.todos() if u["id"] == id_), None)

    def entrar(self, login: str) -> Usuario:
        """El usuario con ese nombre o correo, creándolo si hace falta."""
        with self._mundo.cerrojo:
            for usuario in self.todos():
                if login.casefold() in {usuario["login"].casefold(), usuario["correo"]}:
                    return usuario
            nuevo = _nuevo(len(self.todos()) + 1, login)
            self._mundo.cajon("wordpress")["usuarios"].append(nuevo)
            return nuevo

    def quien(self) -> Usuario | None:
        """Quién llama, o `None`: con clave equivocada WordPress lo trata como visitante.

        Vale cualquier contraseña de aplicación con la forma de una: 24 letras o números (los
        espacios no cuentan). Con `vencid`, `revocad`, `mala` o `incorrect` adentro no vale.
        """
        tipo, _, resto = request.headers.get("Authorization", "").partition(" ")
        if tipo != "Basic" or ajuste(self._mundo, "wordpress", "sin_contrasenas", False):
            return None
        try:
            login, _, clave = base64.b64decode(resto, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        letras = re.sub(r"[^a-z0-9]", "", clave, flags=re.IGNORECASE)
        if login and len(letras) == 24 and not _CLAVE_MALA.search(letras):
            return self.entrar(login)
        if ajuste(self._mundo, "wordpress", "clave_mala_avisa", False):
            frase = "The provided password is an invalid application password."
            raise Rechazo(401, "incorrect_password", frase)
        return None


def _nuevo(id_: int, login: str) -> Usuario:
    papel = next((p for parte, p in _POR_NOMBRE if parte in login.casefold()), "editor")
    local = login.partition("@")[0]
    return {
        "id": id_,
        "login": login,
        "nombre": local.replace(".", " ").replace("_", " ").capitalize(),
        "slug": sanear(local) or f"usuario-{id_}",
        "correo": login.casefold() if "@" in login else f"{sanear(login)}@ejemplo.invalid",
        "papel": papel,
    }


def puede(usuario: Usuario | None, capacidad: str) -> bool:
    """Si el usuario tiene esa capacidad; un visitante, ninguna."""
    return usuario is not None and capacidad in CAPACIDADES[usuario["papel"]]


def como_json(usuario: Usuario, raiz: str, *, editar: bool) -> dict[str, Any]:
    """El objeto de la API; con `editar`, también lo que solo ve quien tiene sesión."""
    datos: dict[str, Any] = {
        "id": usuario["id"],
        "name": usuario["nombre"],
        "url": "",
        "description": "",
        "link": f"{raiz}/author/{usuario['slug']}/",
        "slug": usuario["slug"],
        "avatar_urls": {},
        "meta": [],
    }
    if editar:
        capacidades = dict.fromkeys(CAPACIDADES[usuario["papel"]], True)
        datos |= {
            "username": usuario["login"],
            "email": usuario["correo"],
            "roles": [usuario["papel"]],
            "capabilities": {**capacidades, usuario["papel"]: True},
            "locale": "es_CO",
        }
    return datos
