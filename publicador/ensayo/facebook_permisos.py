"""Quién llama a la Graph API de ensayo: tokens de página, de persona y de aplicación."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from flask import Request

from publicador.ensayo.facebook_errores import ErrorGraph, parametro, sin_permiso, token_vencido
from publicador.ensayo.mundo import Mundo

PERMISOS: Final = (
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_posts",
    "pages_manage_engagement",
    "read_insights",
)
TAREAS: Final = ("ANALYZE", "ADVERTISE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE")
APLICACION: Final = "900100200300400"
_DE_ENSAYO: Final = re.compile(r"EAAensayo-(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Llamante:
    """El dueño del token: `pagina` vacía si es de una persona o de la aplicación."""

    token: str
    pagina: str
    clase: str  # PAGE, USER o APP
    alcances: tuple[str, ...] = PERMISOS
    paginas: tuple[str, ...] = ()
    """Las que la persona marcó en el diálogo; vacía si el token no salió de él."""
    vence: float | None = None

    def exigir_pagina(self, pagina: str, permiso: str = "pages_manage_posts") -> None:
        """Lanza 200 si no es el token de esa página o le falta el permiso."""
        if self.clase != "PAGE" or self.pagina != pagina:
            raise sin_permiso(
                "This must be called with a Page Access Token of the Page being acted on"
            )
        self.exigir_permiso(permiso)

    def exigir_permiso(self, permiso: str) -> None:
        """Lanza 200 si el token no cubre ese permiso."""
        if permiso not in self.alcances:
            raise sin_permiso(f"The permission(s) {permiso} are not available. It could be because")


def registrar_token(mundo: Mundo, token: str, pagina: str) -> None:
    """Hace que la red de ensayo acepte ese token como token de esa página."""
    with mundo.cerrojo:
        tokens = mundo.cajon("facebook").setdefault("tokens", {})
        tokens[hashlib.sha256(token.encode()).hexdigest()] = pagina


def emitir_token(
    mundo: Mundo,
    token: str,
    *,
    clase: str,
    concesion: Mapping[str, Any],
    pagina: str = "",
    vida_s: float | None = None,
) -> None:
    """Anota un token que dio el diálogo: de quién es, qué cubre y hasta cuándo."""
    ahora = mundo.ahora().timestamp()
    with mundo.cerrojo:
        emitidos = mundo.cajon("facebook").setdefault("emitidos", {})
        emitidos[hashlib.sha256(token.encode()).hexdigest()] = {
            "clase": clase,
            "pagina": pagina,
            "concesion": dict(concesion),
            "vence": None if vida_s is None else ahora + vida_s,
        }


def registrar_aplicacion(mundo: Mundo, secreto: str) -> None:
    """Desde aquí las llamadas deben firmar con `appsecret_proof` de ese secreto si lo mandan."""
    with mundo.cerrojo:
        mundo.cajon("facebook")["secreto_app"] = secreto


def leer_token(mundo: Mundo, token: str) -> Llamante | None:
    """De quién es un token; `None` si no es de nadie."""
    huella = hashlib.sha256(token.encode()).hexdigest()
    emitido = mundo.cajon("facebook").get("emitidos", {}).get(huella)
    if emitido is not None:
        return _emitido(mundo, token, emitido)
    registrado = mundo.cajon("facebook").get("tokens", {}).get(huella)
    if registrado is not None:
        return Llamante(token=token, pagina=str(registrado), clase="PAGE")
    if "|" in token:
        return Llamante(token=token, pagina="", clase="APP")
    if not token.startswith("EAAensayo-"):
        return None
    if "usuario" in token:
        return Llamante(token=token, pagina="", clase="USER")
    hallado = _DE_ENSAYO.match(token)
    if hallado is None:
        return None
    faltan = {"pages_manage_posts", "pages_manage_engagement"} if "sin-permiso" in token else set()
    alcances = tuple(p for p in PERMISOS if p not in faltan)
    return Llamante(token=token, pagina=hallado[1], clase="PAGE", alcances=alcances)


def _emitido(mundo: Mundo, token: str, dato: Mapping[str, Any]) -> Llamante | None:
    vence = dato["vence"]
    if vence is not None and mundo.ahora().timestamp() >= vence:
        return None
    return Llamante(
        token=token,
        pagina=str(dato["pagina"]),
        clase=str(dato["clase"]),
        alcances=tuple(dato["concesion"]["permisos"]),
        paginas=tuple(dato["concesion"]["paginas"]),
        vence=vence,
    )


def identificar(mundo: Mundo, peticion: Request, dados: Mapping[str, str]) -> Llamante:
    """De quién es la llamada, por su cabecera; lanza el error de Graph que corresponda.

    A diferencia de la verdadera, rechaza el token en la dirección: ahí quedaría en los registros.
    """
    if "access_token" in peticion.args:
        raise parametro("Ensayo: el token no va en la dirección, sino en Authorization: Bearer")
    clase, _, token = peticion.headers.get("Authorization", "").partition(" ")
    if clase.lower() not in {"bearer", "oauth"} or not token.strip():
        raise ErrorGraph(104, "An access token is required to request this resource.", estado=401)
    if "vencido" in token:
        raise token_vencido()
    llamante = leer_token(mundo, token.strip())
    if llamante is None:
        raise ErrorGraph(190, "Invalid OAuth access token.", estado=401)
    _revisar_firma(mundo, llamante.token, dados.get("appsecret_proof"))
    return llamante


def _revisar_firma(mundo: Mundo, token: str, firma: str | None) -> None:
    if firma is None:
        return
    secreto = mundo.cajon("facebook").get("secreto_app")
    bien = re.fullmatch(r"[0-9a-f]{64}", firma) is not None
    if bien and secreto is not None:
        esperada = hmac.new(str(secreto).encode(), token.encode(), hashlib.sha256).hexdigest()
        bien = hmac.compare_digest(esperada, firma)
    if not bien:
        raise parametro("Invalid appsecret_proof provided in the API argument")


def depurar_token(mundo: Mundo, token: str, aplicacion: str) -> dict[str, Any]:
    """Lo que `/debug_token` dice de un token, vivo o muerto, a la aplicación que pregunta.

    En el ensayo todos los tokens los dio la aplicación que pregunta.
    """
    ahora = mundo.ahora()
    llamante = leer_token(mundo, token)
    vencido = "vencido" in token
    if llamante is None or vencido:
        error: dict[str, Any] = {"code": 190, "message": "Invalid OAuth access token."}
        if vencido:
            error = {"code": 190, "message": "Session has expired.", "subcode": 463}
        return {"app_id": aplicacion, "is_valid": False, "scopes": [], "error": error}
    datos: dict[str, Any] = {
        "app_id": aplicacion,
        "type": llamante.clase,
        "application": "Publicador (ensayo)",
        "data_access_expires_at": int((ahora + timedelta(days=90)).timestamp()),
        "expires_at": int(llamante.vence or 0),
        "issued_at": int((ahora - timedelta(days=1)).timestamp()),
        "is_valid": True,
        "user_id": "100000000000001",
        "scopes": list(llamante.alcances),
    }
    destinos = list(llamante.paginas)
    if llamante.clase == "PAGE":
        datos["profile_id"] = llamante.pagina
        destinos = [llamante.pagina]
    if destinos:
        datos["granular_scopes"] = [
            {"scope": alcance, "target_ids": destinos} for alcance in llamante.alcances
        ]
    return datos


def paginas_conocidas(mundo: Mundo) -> list[str]:
    """Las páginas que alguien nombró o en las que se ha publicado."""
    con_nombre = set(mundo.cajon("_cuentas").get("facebook", {}))
    return sorted(con_nombre | {e.cuenta for e in mundo.entradas("facebook")})
