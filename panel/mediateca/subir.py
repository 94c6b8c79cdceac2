"""Subir archivos de una vez: imágenes y videos cortos, uno o varios."""

import tempfile
from pathlib import Path, PurePath
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from panel.acceso import REDACTORES, persona, requiere
from panel.mediateca.base import ARCHIVOS_MAXIMOS, carpeta_de_subidas, en_json, pantalla
from panel.servicios import servicios
from piezas.errores import ErrorDePiezas
from piezas.ingreso import (
    FINALES_DE_VIDEO,
    MedioListo,
    preparar_imagen,
    preparar_video,
    registrar_o_hallar,
)
from piezas.pintura import PESO_MAXIMO

QUIERE_JSON = "application/json"


@pantalla.post("/subir")
@requiere(REDACTORES)
def subir() -> Response | tuple[Response, int]:
    """Recibe uno o varios archivos; lo que no sirve se dice por su nombre y no daña lo demás."""
    llegados = [a for a in request.files.getlist("archivos") if a.filename]
    resultados: list[dict[str, Any]]
    if not llegados:
        resultados = [{"nombre": "", "falla": "Elija al menos un archivo."}]
    elif len(llegados) > ARCHIVOS_MAXIMOS:
        falla = f"Se suben hasta {ARCHIVOS_MAXIMOS} archivos a la vez. Mande el resto después."
        resultados = [{"nombre": "", "falla": falla}]
    else:
        resultados = [_recibir(archivo) for archivo in llegados]
    if request.accept_mimetypes.best_match([QUIERE_JSON, "text/html"]) == QUIERE_JSON:
        codigo = 422 if any("falla" in uno for uno in resultados) else 200
        return jsonify(resultados), codigo
    return _a_la_pantalla(resultados)


def _recibir(archivo: FileStorage) -> dict[str, Any]:
    nombre = PurePath((archivo.filename or "archivo").replace("\\", "/")).name[:200]
    try:
        # Decodificar tarda: se hace antes de pedir el turno de escribir, que es de todos.
        listo = preparar(archivo, nombre)
        return anotar(listo)
    except ErrorDePiezas as error:
        return {"nombre": nombre, "falla": error.mensaje}


def preparar(archivo: FileStorage, nombre: str) -> MedioListo:
    """Revisa y guarda un archivo, sin tocar la base; por su nombre sabe si es video."""
    almacen = servicios().almacen
    if PurePath(nombre).suffix.lower() not in FINALES_DE_VIDEO:
        # Un byte de más basta para que la limpieza diga que pesa demasiado.
        return preparar_imagen(almacen, archivo.stream.read(PESO_MAXIMO + 1), nombre=nombre)
    carpeta = carpeta_de_subidas()
    carpeta.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=carpeta, prefix=".entero-") as provisional:
        archivo.save(provisional)
        provisional.flush()
        return preparar_video(almacen, Path(provisional.name), nombre=nombre)


def anotar(listo: MedioListo) -> dict[str, Any]:
    """Anota en la base un archivo ya guardado, y lo dice para el navegador."""
    with servicios().sesiones.begin() as sesion:
        medio, es_nuevo = registrar_o_hallar(
            sesion, listo, por=persona().id, ahora=servicios().ahora()
        )
        return en_json(medio, es_nuevo=es_nuevo)


def _a_la_pantalla(resultados: list[dict[str, Any]]) -> Response:
    """Para quien no tiene guiones: lo mismo, en frases arriba de la lista."""
    subidos = [uno for uno in resultados if "falla" not in uno]
    for uno in resultados:
        if "falla" in uno:
            flash(f"{uno['nombre']}: {uno['falla']}" if uno["nombre"] else uno["falla"], "mal")
    repetidos = sum(1 for uno in subidos if uno["duplicado_de"])
    nuevos = len(subidos) - repetidos
    if nuevos:
        flash("Quedó un archivo nuevo." if nuevos == 1 else f"Quedaron {nuevos} archivos.", "bien")
    if repetidos:
        frase = "Un archivo ya estaba" if repetidos == 1 else f"{repetidos} archivos ya estaban"
        flash(f"{frase} en la mediateca: no se guarda dos veces.", "bien")
    if len(subidos) == 1 and len(resultados) == 1:
        return redirect(url_for("mediateca.ver", medio_id=subidos[0]["id"]), code=303)
    return redirect(url_for("mediateca.listar"), code=303)
