"""La hoja de estilo, el guion y el signo del panel, con su huella en la dirección."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, abort, request, send_from_directory, url_for
from werkzeug.wrappers import Response

from panel.acceso import publica

pantalla = Blueprint("estaticos", __name__)

CARPETA = Path(__file__).parent / "estaticos"


@cache
def _huella(nombre: str) -> str:
    return hashlib.sha256((CARPETA / nombre).read_bytes()).hexdigest()[:16]


def direccion_de(nombre: str) -> str:
    """La dirección de un archivo propio; cambia cuando cambia el archivo."""
    return url_for("estaticos.ver", nombre=nombre, v=_huella(nombre))


@pantalla.get("/estaticos/<nombre>")
@publica
def ver(nombre: str) -> Response:
    """Un archivo propio; si la dirección lleva su huella, no caduca nunca."""
    if not (CARPETA / nombre).is_file():
        abort(404)
    respuesta = send_from_directory(CARPETA, nombre)
    fija = request.args.get("v") == _huella(nombre)
    respuesta.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if fija else "no-cache"
    )
    return respuesta
