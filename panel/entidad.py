"""El nombre y el escudo con que la oficina se presenta: en el marco y en la puerta."""

import re
from dataclasses import dataclass

from flask import Blueprint, abort, flash, g, redirect, render_template, request, send_file, url_for
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from panel.acceso import persona, publica, requiere
from panel.cabeceras import POLITICA_DE_ARCHIVOS
from panel.servicios import servicios
from piezas import entidad
from piezas.errores import ErrorDePiezas

pantalla = Blueprint("entidad", __name__)

_HUELLA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identidad:
    """Cómo se presenta la oficina; sin escudo, el panel pone su signo."""

    nombre: str
    escudo: str | None


def identidad() -> Identidad:
    """La de esta instalación; se consulta una vez por petición."""
    if "identidad" not in g:
        g.identidad = _leer()
    puesta: Identidad = g.identidad
    return puesta


def _leer() -> Identidad:
    try:
        with servicios().leer() as sesion:
            fila = entidad.entidad_de(sesion)
            if fila is None:
                return Identidad(nombre=servicios().entidad, escudo=None)
            escudo = fila.escudo and url_for("entidad.ver_escudo", huella=fila.escudo)
            return Identidad(nombre=fila.nombre, escudo=escudo)
    except OperationalError:
        # La pantalla que dice que la base no responde también lleva marco.
        return Identidad(nombre=servicios().entidad, escudo=None)


@pantalla.get("/entidad")
@requiere(entidad.LA_CAMBIAN)
def ver() -> str:
    """El nombre y el escudo de ahora."""
    return _pintar(identidad().nombre)


@pantalla.post("/entidad")
@requiere(entidad.LA_CAMBIAN)
def guardar() -> Response | tuple[str, int]:
    """Guarda el nombre y, si viene, el escudo."""
    nombre = request.form.get("nombre", "")
    datos = _recibido()
    quien, ahora = persona().id, servicios().ahora()
    try:
        with servicios().sesiones.begin() as sesion:
            entidad.cambiar_nombre(sesion, nombre, por=quien, ahora=ahora)
            if datos:
                entidad.poner_escudo(
                    sesion, datos, nombre, almacen=servicios().almacen, por=quien, ahora=ahora
                )
    except ErrorDePiezas as error:
        return _pintar(nombre, error.mensaje), 422
    flash("Así se ve desde ahora en todo el panel.", "bien")
    return redirect(url_for(".ver"), code=303)


@pantalla.post("/entidad/quitar-escudo")
@requiere(entidad.LA_CAMBIAN)
def quitar_escudo() -> Response:
    """Deja el signo propio del programa."""
    with servicios().sesiones.begin() as sesion:
        entidad.quitar_escudo(sesion, por=persona().id, ahora=servicios().ahora())
    flash("El escudo se quitó.", "bien")
    return redirect(url_for(".ver"), code=303)


@pantalla.get("/entidad/escudo/<huella>")
@publica
def ver_escudo(huella: str) -> Response:
    """El escudo vigente; también lo ve quien aún no entra. Ningún otro archivo sale por aquí."""
    if not _HUELLA.fullmatch(huella):
        abort(404)
    with servicios().leer() as sesion:
        fila = entidad.entidad_de(sesion)
        tipo = fila.escudo_tipo if fila is not None and fila.escudo == huella else None
    if tipo is None or not servicios().almacen.hay(huella):
        abort(404)
    respuesta = send_file(servicios().almacen.camino(huella), mimetype=tipo, etag=huella)
    respuesta.headers["Content-Security-Policy"] = POLITICA_DE_ARCHIVOS
    respuesta.headers["Cache-Control"] = "public, max-age=86400"
    return respuesta


def _recibido() -> bytes:
    archivo = request.files.get("escudo")
    if archivo is None:
        return b""
    with archivo.stream as bytes_:
        return bytes(bytes_.read(entidad.PESO_MAXIMO + 1))


def _pintar(nombre: str, falla: str = "") -> str:
    return render_template("entidad.html", nombre=nombre, falla=falla, maximo=entidad.NOMBRE_MAXIMO)
