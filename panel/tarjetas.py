"""Cómo mostrará una red un enlace: lo que dice la página, leído por el servidor con cuidado."""

from typing import Any

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from panel.acceso import REDACTORES, REVISORES, requiere
from panel.cabeceras import POLITICA_DE_ARCHIVOS
from panel.servicios import servicios

pantalla = Blueprint("tarjetas", __name__)

MIRAN = REDACTORES | REVISORES
DIRECCION_MAXIMA = 2_000
SIN_SERVICIO = "Este panel no está visitando páginas: la tarjeta se verá al publicar."


@pantalla.get("/redaccion/tarjeta")
@requiere(MIRAN)
def ver() -> dict[str, Any]:
    """Título, descripción e imagen de la página, o la frase de por qué no."""
    _rechazar_de_afuera()
    url = request.args.get("url", "").strip()
    tarjetas = servicios().tarjetas
    if tarjetas is None:
        return _respuesta(falla=SIN_SERVICIO)
    if not url or len(url) > DIRECCION_MAXIMA:
        return _respuesta(falla="Escriba la dirección completa de la página, con https://.")
    tarjeta = tarjetas.leer(url)
    return _respuesta(
        falla=tarjeta.falla,
        titulo=tarjeta.titulo,
        descripcion=tarjeta.descripcion,
        imagen=url_for(".imagen", url=url) if tarjeta.imagen else None,
    )


@pantalla.get("/redaccion/tarjeta/imagen")
@requiere(MIRAN)
def imagen() -> Response:
    """La imagen de esa tarjeta, reducida y vuelta a codificar aquí."""
    _rechazar_de_afuera()
    url = request.args.get("url", "").strip()
    tarjetas = servicios().tarjetas
    contenido = tarjetas.imagen(url) if tarjetas and 0 < len(url) <= DIRECCION_MAXIMA else None
    if contenido is None:
        abort(404)
    respuesta = Response(contenido, mimetype="image/jpeg")
    respuesta.headers["Content-Security-Policy"] = POLITICA_DE_ARCHIVOS
    respuesta.headers["Cache-Control"] = "private, max-age=600"
    return respuesta


def _rechazar_de_afuera() -> None:
    # Pedirla hace salir una petición de este servidor: otro sitio no debe poder provocarla.
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403)


def _respuesta(
    *, falla: str = "", titulo: str = "", descripcion: str = "", imagen: str | None = None
) -> dict[str, Any]:
    return {"falla": falla, "titulo": titulo, "descripcion": descripcion, "imagen": imagen}
