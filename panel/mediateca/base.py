"""Lo que comparten las pantallas de la mediateca: sus rutas, sus topes y cómo se dice un medio."""

from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, request, url_for

from panel import sesiones
from panel.acceso import nombre_de_cookie
from panel.servicios import servicios
from piezas.medios import Medio
from piezas.subidas import TROZO_BYTES

pantalla = Blueprint("mediateca", __name__, url_prefix="/mediateca")

MEGA = 1 << 20
ARCHIVOS_MAXIMOS = 20
TOPES = {
    "mediateca.subir": 150 * MEGA,
    "mediateca.agregar_trozo": TROZO_BYTES + MEGA,
    "mediateca.autorizar": 12 * MEGA,
}
"""Cuánto puede pesar el envío a cada ruta que recibe archivos; las demás, el tope de todas."""


@pantalla.url_value_preprocessor
def _abrir_el_tope(endpoint: str | None, _valores: dict[str, Any] | None) -> None:
    """Antes que nada: la ficha CSRF lee el formulario, y para entonces el tope ya debe estar.

    Solo a quien entró: un desconocido no llena el disco con envíos que se van a negar.
    """
    tope = TOPES.get(endpoint or "")
    if tope is not None and _entro():
        request.max_content_length = tope


def _entro() -> bool:
    identificador = request.cookies.get(nombre_de_cookie(current_app))
    if not identificador:
        return False
    with servicios().leer() as sesion:
        return sesiones.vigente(sesion, identificador, ahora=servicios().ahora()) is not None


def carpeta_de_subidas() -> Path:
    """Donde esperan los archivos a medias, al lado de los medios."""
    return servicios().almacen.carpeta.parent / "subidas"


def en_json(medio: Medio, *, es_nuevo: bool) -> dict[str, Any]:
    """Un medio como lo recibe el navegador después de subirlo."""
    return {
        "id": medio.id,
        "huella": medio.huella,
        "nombre": medio.nombre_original,
        "titulo": medio.titulo,
        "clase": medio.clase.value,
        "ancho": medio.ancho_px,
        "alto": medio.alto_px,
        "alterno": medio.texto_alternativo,
        "url": url_for("medios.ver", huella=medio.huella),
        "miniatura": url_for("mediateca.ver_miniatura", huella=medio.huella),
        "ficha": url_for("mediateca.ver", medio_id=medio.id),
        "duplicado_de": None if es_nuevo else medio.id,
    }
