"""Renovar el permiso OAuth 2.0 de X: una llamada HTTP, sin guardar nada.

Cada token de renovación sirve una vez y mata al anterior: quien llama debe tener la credencial bajo
llave, guardar el par nuevo antes de usarlo, y no llamar dos veces con el mismo.
Fuente: guía OAuth 2.0 de X, consultado 2026-08.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import requests

from conectores.errores import LimiteAlcanzado, MalConfigurada, SinPermiso, SinRespuesta
from conectores.http import Sesion, fallo_de_transporte
from conectores.x.errores import hasta_cuando, leer, leer_json

VIDA_S = 7_200
MARGEN = timedelta(minutes=10)
"""Con menos vida que esta, se renueva antes de seguir."""


def por_vencer(vence_en: datetime | None, ahora: datetime) -> bool:
    """Si hay que renovar antes de usar la credencial; sin fecha no se adivina."""
    return vence_en is not None and vence_en - ahora < MARGEN


def pedir_renovacion(
    sesion: Sesion, base_url: str, credencial: Mapping[str, str], *, ahora: datetime
) -> dict[str, str]:
    """La credencial con el par nuevo y su `vence_en`; lo demás queda como estaba.

    Lanza `SinPermiso` si X ya no acepta el token de renovación (hay que conectar de nuevo), y
    `SinRespuesta` si no se sabe si lo gastó: conviene probar una vez el token de acceso anterior.
    """
    formulario = {
        "grant_type": "refresh_token",
        "refresh_token": credencial["refresh_token"],
    }
    llave: tuple[str, str] | None = None
    if secreto := credencial.get("client_secret"):
        llave = (credencial["client_id"], secreto)
    else:
        formulario["client_id"] = credencial["client_id"]
    try:
        respuesta = sesion.request(
            "POST", f"{base_url.rstrip('/')}/2/oauth2/token", data=formulario, auth=llave
        )
    except requests.RequestException as error:
        raise fallo_de_transporte(error) from None
    datos = datos_de_token(respuesta, ahora)
    vida = datos.get("expires_in")
    vence = ahora + timedelta(seconds=vida if isinstance(vida, int) else VIDA_S)
    return {
        **credencial,
        "access_token": str(datos["access_token"]),
        "refresh_token": str(datos.get("refresh_token") or credencial["refresh_token"]),
        "vence_en": vence.isoformat(),
    }


def datos_de_token(respuesta: requests.Response, ahora: datetime) -> dict[str, Any]:
    """Los datos de una respuesta buena, o el error que corresponde; nunca con su cuerpo."""
    estado = respuesta.status_code
    detalle = f"HTTP {estado} al renovar"
    if estado == 429:
        raise LimiteAlcanzado(detalle=detalle, hasta=hasta_cuando(respuesta, ahora))
    if estado >= 500 or estado == 408:
        raise SinRespuesta(detalle=detalle)
    if 300 <= estado < 400 or estado == 404:
        raise MalConfigurada(detalle=detalle)
    if estado >= 400:
        # `invalid_request`: usado, revocado o ajeno. Nada de esto se arregla repitiendo.
        if not leer(respuesta).es_json:
            raise SinRespuesta(detalle=detalle)
        raise SinPermiso(
            "X ya no acepta renovar el permiso de la cuenta. Vuelva a conectarla en Cuentas.",
            detalle=detalle,
        )
    datos = leer_json(respuesta) or {}
    if not isinstance(datos.get("access_token"), str) or not datos["access_token"]:
        raise SinRespuesta(detalle=detalle)
    return datos
