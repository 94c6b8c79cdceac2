"""Lo común de las pantallas de permiso de ensayo: códigos de un solo uso y a dónde se vuelve."""

import hashlib
import secrets
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Response, render_template, request

from publicador.ensayo.ajustes_red import ajuste
from publicador.ensayo.mundo import Mundo

LOCALES: Final = frozenset({"127.0.0.1", "localhost", "::1"})
CAMINO_DE_VUELTA: Final = "/cuentas/vuelta/"
"""Lo que la aplicación de ensayo tiene registrado: este camino, en esta misma máquina."""


def es_vuelta_registrada(mundo: Mundo, red: str, direccion: str) -> bool:
    """Si la aplicación de ensayo tiene registrada esa dirección, letra por letra."""
    propias = str(ajuste(mundo, red, "vueltas", "") or "").split()
    if propias:
        return direccion in propias
    partes = urlsplit(direccion)
    en_casa = partes.scheme in {"http", "https"} and partes.hostname in LOCALES
    return en_casa and partes.path == f"{CAMINO_DE_VUELTA}{red}" and not partes.query


def guardar_codigo(mundo: Mundo, red: str, datos: dict[str, Any], *, vida_s: float) -> str:
    """Un código nuevo; del código solo se guarda su resumen."""
    codigo = secrets.token_urlsafe(32)
    with mundo.cerrojo:
        codigos = mundo.cajon(red).setdefault("codigos", {})
        codigos[_resumen(codigo)] = {**datos, "vence": mundo.ahora().timestamp() + vida_s}
    return codigo


def gastar_codigo(mundo: Mundo, red: str, codigo: str) -> dict[str, Any] | None:
    """Lo que ese código vale, una sola vez; `None` si no existe, ya se usó o venció."""
    with mundo.cerrojo:
        dato: dict[str, Any] | None = (
            mundo.cajon(red).setdefault("codigos", {}).pop(_resumen(codigo), None)
        )
    if dato is None or mundo.ahora().timestamp() >= dato["vence"]:
        return None
    return dato


def volver(direccion: str, **campos: str | None) -> Response:
    """302 a esa dirección, con los campos agregados a su consulta."""
    partes = urlsplit(direccion)
    consulta = dict(parse_qsl(partes.query, keep_blank_values=True))
    consulta |= {nombre: valor for nombre, valor in campos.items() if valor is not None}
    destino = urlunsplit(partes._replace(query=urlencode(consulta)))
    return Response(status=302, headers={"Location": destino, "Cache-Control": "no-store"})


def pagina(red: str, *, codigo: int = 200, **datos: Any) -> Response:
    """La pantalla de permiso de una red."""
    cuerpo = render_template("permiso.html", red=red, **datos)
    respuesta = Response(cuerpo, codigo, content_type="text/html; charset=utf-8")
    respuesta.headers["Cache-Control"] = "no-store"
    respuesta.headers["X-Frame-Options"] = "DENY"
    return respuesta


def error(red: str, titulo: str, frase: str) -> Response:
    """La pantalla de error de la red: no se vuelve a ningún lado, como la de verdad."""
    return pagina(red, codigo=400, titulo=titulo, error=frase)


def pedidos() -> dict[str, str]:
    """Lo que la aplicación puso en la dirección, para repetirlo en el formulario."""
    return {nombre: valor for nombre, valor in request.args.items() if len(valor) <= 4000}


def _resumen(codigo: str) -> str:
    return hashlib.sha256(codigo.encode()).hexdigest()
