"""Retirar o corregir lo publicado: pedirlo, confirmarlo, reintentarlo o dejarlo."""

from flask import Blueprint, abort, flash, redirect, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from cola import enmendar
from cola.enmiendas import Enmienda
from cola.errores import NoSePuede
from panel.acceso import GESTION, persona, requiere
from panel.cabeceras import POLITICA_DE_ARCHIVOS
from panel.servicios import servicios
from piezas.personas import Papel

pantalla = Blueprint("enmiendas", __name__)

CONFIRMAN = frozenset({Papel.JEFATURA})
TOPE_BYTES = 8 << 20
_FIRMAS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"%PDF-": "application/pdf",
}
EXTENSIONES = {"image/png": "png", "image/jpeg": "jpg", "application/pdf": "pdf"}


@pantalla.post("/cola/<int:publicacion_id>/retiro")
@requiere(GESTION)
def pedir_retiro(publicacion_id: int) -> Response:
    """Pide retirar: primero el motivo y la evidencia; otra persona confirma."""
    request.max_content_length = TOPE_BYTES + (1 << 20)
    archivo = _archivo(request.files.get("archivo"))
    with servicios().sesiones.begin() as sesion:
        enmendar.pedir_retiro(
            sesion,
            publicacion_id,
            motivo=request.form.get("motivo", ""),
            archivo=archivo,
            por=persona().id,
            ahora=servicios().ahora(),
        )
    flash("Quedó pedido el retiro, con su evidencia. Lo confirma otra persona de jefatura.", "bien")
    return _de_vuelta(publicacion_id)


def _archivo(subido: FileStorage | None) -> tuple[str, str] | None:
    if subido is None or not subido.filename:
        return None
    datos = subido.stream.read(TOPE_BYTES + 1)
    if len(datos) > TOPE_BYTES:
        raise NoSePuede("La captura pesa más de 8 MB. Suba una más liviana.")
    tipo = next((t for firma, t in _FIRMAS.items() if datos.startswith(firma)), None)
    if tipo is None:
        raise NoSePuede("La captura debe ser una imagen PNG o JPG, o un PDF.")
    return servicios().almacen.guardar(datos), tipo


@pantalla.post("/cola/<int:publicacion_id>/correccion")
@requiere(GESTION)
def pedir_correccion(publicacion_id: int) -> Response:
    """Lleva al sitio la versión nueva que ya aprobó otra persona."""
    with servicios().sesiones.begin() as sesion:
        enmendar.pedir_correccion(
            sesion,
            publicacion_id,
            motivo=request.form.get("motivo", ""),
            sello=servicios().sello,
            por=persona().id,
            ahora=servicios().ahora(),
        )
    flash("La corrección va de salida: la entrada conserva su dirección.", "bien")
    return _de_vuelta(publicacion_id)


@pantalla.post("/enmiendas/<int:enmienda_id>/confirmar")
@requiere(CONFIRMAN)
def confirmar(enmienda_id: int) -> Response:
    """La segunda persona."""
    with servicios().sesiones.begin() as sesion:
        fila = enmendar.confirmar_retiro(
            sesion, enmienda_id, por=persona().id, ahora=servicios().ahora()
        )
        publicacion_id = fila.publicacion_id
    flash("Confirmado: se está retirando de la red.", "bien")
    return _de_vuelta(publicacion_id)


@pantalla.post("/enmiendas/<int:enmienda_id>/reintentar")
@requiere(GESTION)
def reintentar(enmienda_id: int) -> Response:
    """Otra vez lo que falló."""
    with servicios().sesiones.begin() as sesion:
        fila = enmendar.reintentar(sesion, enmienda_id, por=persona().id, ahora=servicios().ahora())
        publicacion_id = fila.publicacion_id
    flash("Se intentará de nuevo; si pudo haberse hecho ya, primero se mira.", "bien")
    return _de_vuelta(publicacion_id)


@pantalla.post("/enmiendas/<int:enmienda_id>/descartar")
@requiere(GESTION)
def descartar(enmienda_id: int) -> Response:
    """Ya no se hace."""
    with servicios().sesiones.begin() as sesion:
        fila = enmendar.descartar(sesion, enmienda_id, por=persona().id, ahora=servicios().ahora())
        publicacion_id = fila.publicacion_id
    flash("Quedó descartada: la publicación sigue como estaba.", "bien")
    return _de_vuelta(publicacion_id)


@pantalla.get("/enmiendas/<int:enmienda_id>/archivo")
@requiere(GESTION)
def archivo(enmienda_id: int) -> Response:
    """La captura que se adjuntó, siempre como descarga."""
    with servicios().leer() as sesion:
        fila = sesion.get(Enmienda, enmienda_id)
        if fila is None or fila.archivo_huella is None or fila.archivo_tipo is None:
            abort(404)
        huella, tipo = fila.archivo_huella, fila.archivo_tipo
    respuesta = send_file(
        servicios().almacen.camino(huella),
        mimetype=tipo,
        as_attachment=True,
        download_name=f"evidencia-{enmienda_id}.{EXTENSIONES.get(tipo, 'bin')}",
    )
    respuesta.headers["Content-Security-Policy"] = POLITICA_DE_ARCHIVOS
    return respuesta


def _de_vuelta(publicacion_id: int) -> Response:
    return redirect(
        url_for("publicaciones.ver", publicacion_id=publicacion_id) + "#enmienda", code=303
    )
