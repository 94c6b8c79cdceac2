"""Quién llama a la red X de ensayo: OAuth 1.0a, OAuth 2.0, renovación y revocación."""

import base64
import binascii
import hashlib
import re
from typing import Any, Final

from flask import Blueprint, g, jsonify, make_response, request
from flask.typing import ResponseReturnValue

from publicador.ensayo import x_errores
from publicador.ensayo.consentimiento import gastar_codigo
from publicador.ensayo.fallas import con_fallas
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.x_errores import Rechazo

DURA_S: Final = 7200
CLIENTE: Final = "cliente-de-ensayo"
SECRETO: Final = "secreto-del-cliente-de-ensayo"
ALCANCES: Final = "tweet.read tweet.write users.read media.write offline.access"
_CAMPOS_OAUTH1: Final = frozenset(
    {
        "oauth_consumer_key",
        "oauth_nonce",
        "oauth_signature",
        "oauth_signature_method",
        "oauth_timestamp",
        "oauth_token",
    }
)
_PAR: Final = re.compile(r'(\w+)="([^"]*)"')
_FICHA: Final = re.compile(r"(\d{1,19})-.+")


def quien(mundo: Mundo) -> str:
    """El id de la cuenta dueña de la credencial, o `Rechazo`.

    La cuenta es lo que el token lleva antes del primer guion. Un token con `vencido`, `sin-saldo`,
    `suspendida` o `sin-permiso` en su texto responde como si lo estuviera.
    """
    cabecera = request.headers.get("Authorization", "")
    token = _token_oauth1(cabecera) if cabecera.startswith("OAuth ") else _token_oauth2(cabecera)
    g.x_nivel = "read" if "sin-permiso" in token else "read-write"
    if not (parte := _FICHA.fullmatch(token)) or "vencido" in token or _vencio(mundo, token):
        raise Rechazo(x_errores.sin_autorizar())
    if "sin-saldo" in token:
        raise Rechazo(x_errores.sin_saldo())
    if "suspendida" in token:
        raise Rechazo(x_errores.suspendida())
    if "sin-permiso" in token and request.method != "GET":
        raise Rechazo(x_errores.solo_lectura())
    g.x_cuenta = parte[1]
    return parte[1]


def _token_oauth1(cabecera: str) -> str:
    campos: dict[str, str] = dict(_PAR.findall(cabecera))
    completos = campos.keys() >= _CAMPOS_OAUTH1 and all(campos[c] for c in _CAMPOS_OAUTH1)
    # La firma no se comprueba: cubre la dirección local, que la red de verdad no conoce.
    if not completos or not campos["oauth_timestamp"].isdigit():
        raise Rechazo(x_errores.sin_autorizar())
    return campos["oauth_token"]


def _token_oauth2(cabecera: str) -> str:
    tipo, _, token = cabecera.partition(" ")
    if tipo != "Bearer" or not token:
        raise Rechazo(x_errores.sin_autorizar())
    return token


def _fichas(mundo: Mundo) -> dict[str, Any]:
    inicial: dict[str, Any] = {"accesos": {}, "muertas": {}}
    fichas: dict[str, Any] = mundo.cajon("x").setdefault("oauth2", inicial)
    return fichas


def _vencio(mundo: Mundo, token: str) -> bool:
    with mundo.cerrojo:
        fichas = _fichas(mundo)
        vence = fichas["accesos"].get(token)
        return token in fichas["muertas"] or (
            vence is not None and mundo.ahora().timestamp() >= vence
        )


def _mal(descripcion: str) -> ResponseReturnValue:
    return jsonify({"error": "invalid_request", "error_description": descripcion}), 400


def _cliente() -> str:
    """El `client_id`, de la cabecera Basic o del cuerpo; vacío si no vino."""
    tipo, _, resto = request.headers.get("Authorization", "").partition(" ")
    if tipo != "Basic":
        return request.form.get("client_id", "")
    try:
        return base64.b64decode(resto, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def canjear(mundo: Mundo) -> ResponseReturnValue:
    """El código de la pantalla de permiso, con su verificador: una vez y en treinta segundos."""
    dato = gastar_codigo(mundo, "x", request.form.get("code", ""))
    if dato is None:
        return _mal("Value passed for the authorization code was invalid.")
    if dato["cliente"] != _cliente() or not _secreto_bueno():
        return jsonify({"error": "unauthorized_client", "error_description": "Bad client."}), 401
    if dato["vuelta"] != request.form.get("redirect_uri"):
        return _mal("Value passed for the redirect uri did not match the uri of the code.")
    resumen = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
    if base64.urlsafe_b64encode(resumen).rstrip(b"=").decode() != dato["reto"]:
        return _mal("Value passed for the code verifier did not match the code challenge.")
    return _dar_par(mundo, str(dato["cuenta"]), str(dato["alcances"]))


def montar(bp: Blueprint, mundo: Mundo) -> None:
    """Agrega `POST /2/oauth2/token` y `POST /2/oauth2/revoke`; su llamada es `editar`."""
    respuestas = x_errores.respuestas(mundo)

    @bp.post("/2/oauth2/token")
    @con_fallas(mundo, "x", "editar", respuestas)
    def renovar() -> ResponseReturnValue:
        if not _cliente():
            return _mal("Missing required parameter [client_id].")
        if request.form.get("grant_type") == "authorization_code":
            return canjear(mundo)
        if request.form.get("grant_type") != "refresh_token":
            return _mal("Value passed for the parameter [grant_type] was invalid.")
        return _rotar(mundo, request.form.get("refresh_token", ""))

    @bp.post("/2/oauth2/revoke")
    @con_fallas(mundo, "x", "editar", respuestas)
    def revocar() -> ResponseReturnValue:
        token = request.form.get("token", "")
        if not _cliente() or not token:
            return _mal("Missing required parameter.")
        with mundo.cerrojo:
            _fichas(mundo)["muertas"][token] = True
        return jsonify({"revoked": True})


def _rotar(mundo: Mundo, vieja: str) -> ResponseReturnValue:
    """Da un par nuevo y mata la ficha usada: usarla otra vez es error para siempre."""
    with mundo.cerrojo:
        fichas = _fichas(mundo)
        parte = _FICHA.fullmatch(vieja)
        if parte is None or vieja in fichas["muertas"] or "vencido" in vieja:
            return _mal("Value passed for the token was invalid.")
        fichas["muertas"][vieja] = True
        return _dar_par(mundo, parte[1], ALCANCES)


def _dar_par(mundo: Mundo, cuenta: str, alcances: str) -> ResponseReturnValue:
    with mundo.cerrojo:
        numero = mundo.siguiente()
        solo_lee = "" if "tweet.write" in alcances else "-sin-permiso"
        acceso, nueva = f"{cuenta}-acceso-{numero}{solo_lee}", f"{cuenta}-renueva-{numero}"
        _fichas(mundo)["accesos"][acceso] = mundo.ahora().timestamp() + DURA_S
    cuerpo: dict[str, Any] = {
        "token_type": "bearer",
        "expires_in": DURA_S,
        "access_token": acceso,
        "scope": alcances,
    }
    if "offline.access" in alcances.split():
        cuerpo["refresh_token"] = nueva
    respuesta = make_response(jsonify(cuerpo))
    respuesta.headers["Cache-Control"] = "no-store"
    return respuesta


def _secreto_bueno() -> bool:
    """Un cliente confidencial manda su secreto en la cabecera; uno público, nada."""
    tipo, _, resto = request.headers.get("Authorization", "").partition(" ")
    if tipo != "Basic":
        return True
    try:
        secreto = base64.b64decode(resto, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return False
    return secreto == SECRETO
