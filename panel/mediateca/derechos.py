"""Las autorizaciones de quienes aparecen: registrarlas, revocarlas y ver su documento."""

import re
from pathlib import PurePath
from typing import Any

from flask import abort, flash, redirect, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from cola.derechos import revocar as revocar_y_apartar
from panel.acceso import EQUIPO, REDACTORES, persona, requiere
from panel.cabeceras import POLITICA_DE_ARCHIVOS
from panel.mediateca.base import MEGA, pantalla
from panel.mediateca.filtros import fecha_de
from panel.mediateca.lista import a_la_ficha
from panel.servicios import servicios
from piezas.autorizaciones import Autorizacion, Permiso, registrar_autorizacion
from piezas.errores import DatosInvalidos, ErrorDePiezas, NoEncontrada
from piezas.imagenes import limpiar
from piezas.medios import Medio

DOCUMENTO_MAXIMO = 10 * MEGA
_PDF = re.compile(rb"%PDF-1\.\d|%PDF-2\.\d")


@pantalla.post("/<int:medio_id>/autorizaciones")
@requiere(REDACTORES)
def autorizar(medio_id: int) -> Response:
    """Registra una autorización, con su documento si lo traen."""
    escrito = request.form
    try:
        huella, tipo = _documento(request.files.get("documento"))
        permiso = Permiso(
            quien=escrito.get("quien", ""),
            es_menor="es_menor" in escrito,
            representante=escrito.get("representante", ""),
            referencia=escrito.get("referencia", ""),
            alcance=escrito.get("alcance", ""),
            fecha=fecha_de(escrito.get("fecha", "")),
            vence=fecha_de(escrito.get("vence", "")),
            archivo_huella=huella,
            archivo_tipo=tipo,
        )
        with servicios().sesiones.begin() as sesion:
            registrar_autorizacion(
                sesion, medio_id, permiso, por=persona().id, ahora=servicios().ahora()
            )
    except NoEncontrada:
        abort(404)
    except ErrorDePiezas as error:
        for falla in getattr(error, "fallas", (error.mensaje,)):
            flash(falla, "mal")
        guardado: dict[str, Any] = {n: escrito.get(n, "")[:300] for n in CAMPOS if escrito.get(n)}
        return redirect(
            url_for("mediateca.ver", medio_id=medio_id, _anchor="autorizar", **guardado), code=303
        )
    flash("La autorización quedó registrada.", "bien")
    return a_la_ficha(medio_id, "autorizaciones")


CAMPOS = ("referencia", "alcance", "fecha", "vence", "es_menor")
"""Lo que vuelve escrito si algo falta; los nombres de personas no viajan en la dirección."""


def _documento(archivo: FileStorage | None) -> tuple[str | None, str | None]:
    """Guarda el documento: un PDF tal como llegó, o una foto vuelta a codificar."""
    if archivo is None or not archivo.filename:
        return None, None
    datos = archivo.stream.read(DOCUMENTO_MAXIMO + 1)
    if len(datos) > DOCUMENTO_MAXIMO:
        raise DatosInvalidos("El documento pesa más de 10 MB. Escanéelo con menos resolución.")
    if PurePath(archivo.filename).suffix.lower() != ".pdf":
        limpia = limpiar(datos)
        return servicios().almacen.guardar(limpia.datos), limpia.tipo
    if not _PDF.match(datos):
        raise DatosInvalidos("El documento no es un PDF, aunque su nombre lo diga.")
    return servicios().almacen.guardar(datos), "application/pdf"


@pantalla.post("/autorizaciones/<int:autorizacion_id>/revocar")
@requiere(REDACTORES)
def revocar(autorizacion_id: int) -> Response:
    """Deja constancia de la revocación y aparta lo que no ha salido."""
    with servicios().leer() as sesion:
        fila = sesion.get(Autorizacion, autorizacion_id)
        if fila is None:
            abort(404)
        medio_id = fila.medio_id
    try:
        with servicios().sesiones.begin() as sesion:
            apartadas, publicadas = revocar_y_apartar(
                sesion,
                autorizacion_id,
                motivo=request.form.get("motivo", ""),
                por=persona().id,
                ahora=servicios().ahora(),
            )
    except ErrorDePiezas as error:
        flash(error.mensaje, "mal")
        return a_la_ficha(medio_id, "autorizaciones")
    flash(_resultado(apartadas, publicadas), "duda" if publicadas else "bien")
    return a_la_ficha(medio_id, "uso")


def _resultado(apartadas: int, publicadas: int) -> str:
    frases = ["La autorización quedó revocada: este archivo ya no sale."]
    if apartadas:
        frases.append(
            "Una entrega quedó detenida en la cola."
            if apartadas == 1
            else f"{apartadas} entregas quedaron detenidas en la cola."
        )
    if publicadas:
        frases.append(
            "Hay una publicación con él: retírela."
            if publicadas == 1
            else f"Hay {publicadas} publicaciones con él: retírelas."
        )
    return " ".join(frases)


@pantalla.get("/autorizaciones/<int:autorizacion_id>/documento")
@requiere(EQUIPO)
def ver_documento(autorizacion_id: int) -> Response:
    """El documento firmado: se baja, nunca se abre dentro del panel."""
    with servicios().leer() as sesion:
        fila = sesion.get(Autorizacion, autorizacion_id)
        if fila is None or fila.archivo_huella is None:
            abort(404)
        huella, tipo, medio_id = fila.archivo_huella, fila.archivo_tipo, fila.medio_id
        nombre = sesion.get_one(Medio, medio_id).id
    if not servicios().almacen.hay(huella):
        abort(404)
    final = ".pdf" if tipo == "application/pdf" else ".jpg" if tipo == "image/jpeg" else ".png"
    respuesta = send_file(
        servicios().almacen.camino(huella),
        mimetype=tipo or "application/octet-stream",
        as_attachment=True,
        download_name=f"autorizacion-{nombre}-{autorizacion_id}{final}",
    )
    respuesta.headers["Content-Security-Policy"] = POLITICA_DE_ARCHIVOS
    respuesta.headers["Cache-Control"] = "private, no-store"
    return respuesta
