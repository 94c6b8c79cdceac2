"""Los archivos de la mediateca, para quien entró: con su tipo fijo y sin poder ejecutar nada."""

import re

from flask import Blueprint, abort, send_file
from sqlalchemy import select, union_all
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from panel.acceso import TODOS, persona, requiere
from panel.cabeceras import POLITICA_DE_ARCHIVOS
from panel.servicios import servicios
from piezas.medios import Copia, Medio
from piezas.miradas import archivo_a_la_vista

pantalla = Blueprint("medios", __name__)

SE_VEN = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "video/mp4",
        "video/webm",
        "video/quicktime",
    }
)
_HUELLA = re.compile(r"[0-9a-f]{64}")


@pantalla.get("/medios/<huella>")
@requiere(TODOS)
def ver(huella: str) -> Response:
    """Un original o una copia; solo lo que la base conoce, nunca un camino cualquiera."""
    if not _HUELLA.fullmatch(huella):
        abort(404)
    tipos = union_all(
        select(Copia.tipo).where(Copia.huella == huella),
        select(Medio.tipo).where(Medio.huella == huella),
    )
    with servicios().leer() as sesion:
        tipo = sesion.scalars(tipos).first() if a_la_vista(sesion, huella) else None
    if tipo is None or not servicios().almacen.hay(huella):
        abort(404)
    respuesta = send_file(
        servicios().almacen.camino(huella),
        mimetype=tipo if tipo in SE_VEN else "application/octet-stream",
        as_attachment=tipo not in SE_VEN,
        download_name=f"{huella[:16]}",
        conditional=True,
        etag=huella,
    )
    respuesta.headers["Content-Security-Policy"] = POLITICA_DE_ARCHIVOS
    # El contenido de una huella no cambia, pero solo lo guarda el navegador de quien entró.
    respuesta.headers["Cache-Control"] = "private, max-age=3600"
    return respuesta


def a_la_vista(sesion: Session, huella: str) -> bool:
    """Si quien pide puede ver ese archivo; conocer su huella no basta."""
    quien = persona()
    return archivo_a_la_vista(sesion, huella, quien=quien.id, papeles=quien.papeles)
