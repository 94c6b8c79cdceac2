"""Lo que el navegador recibe: lo que armó `panel/frente`, y los pocos archivos que van tal cual."""

import hashlib
import json
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from typing import cast

from flask import Blueprint, abort, request, send_from_directory, url_for
from werkzeug.wrappers import Response

from panel.acceso import publica

pantalla = Blueprint("estaticos", __name__)

CARPETA = Path(__file__).parent / "estaticos"
ARMADO = CARPETA / "armado"
PARA_SIEMPRE = "public, max-age=31536000, immutable"


class SinArmar(RuntimeError):
    """Falta lo que arma `herramientas/frente.sh`: sin eso el panel no tiene estilo ni guiones."""

    def __init__(self, nombre: str) -> None:
        super().__init__(
            f"Falta «{nombre}» en el panel armado. Ejecute «make preparar» y vuelva a arrancar."
        )


@cache
def _nombres(_cuando: int) -> dict[str, str]:
    return cast("dict[str, str]", json.loads((ARMADO / "armado.json").read_text("utf-8")))


def nombre_armado(nombre: str) -> str:
    """`panel.css` → `panel-3KX2QJ7A.css`. Lanza `SinArmar`."""
    try:
        # La hora del archivo va en la llave: quien rearma mientras desarrolla ve lo nuevo.
        return _nombres((ARMADO / "armado.json").stat().st_mtime_ns)[nombre]
    except (OSError, KeyError) as causa:
        raise SinArmar(nombre) from causa


@cache
def _huella(nombre: str) -> str:
    return hashlib.sha256((CARPETA / nombre).read_bytes()).hexdigest()[:16]


def direccion_de(nombre: str) -> str:
    """La dirección de un archivo propio; cambia cuando cambia el archivo. Lanza `SinArmar`."""
    if nombre.endswith((".css", ".js")):
        return url_for("estaticos.ver_armado", nombre=nombre_armado(nombre))
    return url_for("estaticos.ver", nombre=nombre, v=_huella(nombre))


@pantalla.get("/estaticos/armado/<nombre>")
@publica
def ver_armado(nombre: str) -> Response:
    """Un archivo armado: su nombre lleva su huella, así que no caduca nunca.

    Estos archivos son públicos y siempre iguales: comprimirlos no deja adivinar nada. Las páginas,
    que llevan la ficha CSRF junto a lo que alguien escribe, van sin comprimir.
    """
    final, codificacion = _comprimido(nombre)
    respuesta = send_from_directory(
        ARMADO, nombre + final, mimetype=guess_type(nombre)[0] or "application/octet-stream"
    )
    if codificacion:
        respuesta.headers["Content-Encoding"] = codificacion
    respuesta.headers["Vary"] = "Accept-Encoding"
    respuesta.headers["Cache-Control"] = PARA_SIEMPRE
    return respuesta


def _comprimido(nombre: str) -> tuple[str, str]:
    """(final del archivo, codificación) de la copia más corta que el navegador acepta."""
    for final, codificacion in ((".br", "br"), (".gz", "gzip")):
        acepta = request.accept_encodings.quality(codificacion) > 0
        if acepta and (ARMADO / f"{nombre}{final}").is_file():
            return final, codificacion
    return "", ""


@pantalla.get("/estaticos/<nombre>")
@publica
def ver(nombre: str) -> Response:
    """Un archivo que va tal cual; si la dirección lleva su huella, no caduca nunca."""
    if not (CARPETA / nombre).is_file():
        abort(404)
    respuesta = send_from_directory(CARPETA, nombre)
    fija = request.args.get("v") == _huella(nombre)
    respuesta.headers["Cache-Control"] = PARA_SIEMPRE if fija else "no-cache"
    return respuesta
