"""Poner la contraseña con un enlace de un solo uso: al olvidarla, o al llegar a la oficina."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from panel import freno, sesiones
from panel.acceso import publica
from panel.cartas import hay_correo, mandar_aparte
from panel.entrada import frase_de_espera
from panel.servicios import servicios
from piezas.bitacora import anotar
from piezas.claves_de_entrada import CLAVE_MAXIMA, CLAVE_MINIMA
from piezas.enlaces_personales import ClaseEnlace, abrir, dar, poner_clave
from piezas.errores import DatosInvalidos, EnlaceNoSirve
from piezas.usuarios import hallar

pantalla = Blueprint("olvido", __name__)


@pantalla.get("/olvide")
@publica
def preguntar() -> str:
    """Pide el correo."""
    return render_template("olvide.html", hecho=False, aviso="", hay_correo=hay_correo())


@pantalla.post("/olvide")
@publica
def pedir() -> str | tuple[str, int]:
    """Contesta lo mismo exista o no la persona; el enlace sale aparte."""
    correo = request.form.get("correo", "").strip().lower()[:254]
    ahora, direccion = servicios().ahora(), request.remote_addr or ""
    with servicios().sesiones.begin() as sesion:
        espera = freno.apartar(sesion, f"olvido:{correo}", direccion, ahora=ahora)
    if espera is not None:
        aviso = frase_de_espera(espera)
        return render_template(
            "olvide.html", hecho=False, aviso=aviso, hay_correo=hay_correo()
        ), 429
    if hay_correo():
        _mandar_enlace(correo)
    return render_template("olvide.html", hecho=True, aviso="", hay_correo=hay_correo())


def _mandar_enlace(correo: str) -> None:
    ahora, secreto = servicios().ahora(), ""
    with servicios().sesiones.begin() as sesion:
        quien = hallar(sesion, correo)
        if quien is not None and quien.activa and not quien.esta_invitada:
            secreto = dar(sesion, quien, ClaseEnlace.OLVIDO, ahora=ahora)
        anotar(sesion, "pedir enlace de contraseña", quien=correo, ahora=ahora, objeto="sesion")
    if secreto:
        mandar_aparte(correo, "cambiar su contraseña", carta_de_olvido(secreto))


def carta_de_olvido(secreto: str) -> str:
    """El texto del correo con el enlace."""
    return (
        "Pidieron cambiar la contraseña de su usuario. Ábralo en los próximos 30 minutos; "
        f"sirve una sola vez:\n\n{direccion_de(ClaseEnlace.OLVIDO, secreto)}\n\n"
        "Si no fue usted, no haga nada: su contraseña sigue igual."
    )


def carta_de_invitacion(secreto: str, nombre: str, quien: str) -> str:
    """El texto del correo que invita."""
    return (
        f"Hola, {nombre}:\n\n{quien} creó su usuario en el publicador de {servicios().entidad}. "
        "Ponga su contraseña en los próximos tres días; el enlace sirve una sola vez:\n\n"
        f"{direccion_de(ClaseEnlace.INVITACION, secreto)}"
    )


def direccion_de(clase: ClaseEnlace, secreto: str) -> str:
    """La dirección completa que se le da a la persona."""
    camino = url_for("olvido.ver", clase=_NOMBRES[clase], secreto=secreto)
    return servicios().url_publica.rstrip("/") + camino


_NOMBRES = {ClaseEnlace.INVITACION: "invitacion", ClaseEnlace.OLVIDO: "contrasena"}
_CLASES = {nombre: clase for clase, nombre in _NOMBRES.items()}


@pantalla.get("/poner/<clase>/<secreto>")
@publica
def ver(clase: str, secreto: str) -> str | tuple[str, int]:
    """La pantalla donde se pone la contraseña."""
    if clase not in _CLASES:
        abort(404)
    return _hoja(clase, secreto)


@pantalla.post("/poner/<clase>/<secreto>")
@publica
def poner(clase: str, secreto: str) -> Response | str | tuple[str, int]:
    """La guarda, gasta el enlace y cierra todas las sesiones de la persona."""
    if clase not in _CLASES:
        abort(404)
    clave = request.form.get("clave", "")[: CLAVE_MAXIMA + 1]
    try:
        with servicios().sesiones.begin() as sesion:
            quien = poner_clave(sesion, secreto, _CLASES[clase], clave, ahora=servicios().ahora())
            sesiones.cerrar_todas(sesion, quien.id)
    except EnlaceNoSirve as error:
        return _no_sirve(error)
    except DatosInvalidos as error:
        return _hoja(clase, secreto, falla=error.mensaje)
    if clase == "contrasena":
        mandar_aparte(
            quien.correo,
            "su contraseña cambió",
            "Su contraseña acaba de cambiar con el enlace que se le mandó. Si no fue usted, "
            "avise a quien administra el servicio.",
        )
    flash("Su contraseña quedó guardada. Entre con ella.", "bien")
    return redirect(url_for("acceso.entrar"), code=303)


def _hoja(clase: str, secreto: str, *, falla: str = "") -> str | tuple[str, int]:
    try:
        with servicios().leer() as sesion:
            quien = abrir(sesion, secreto, _CLASES[clase], ahora=servicios().ahora())
    except EnlaceNoSirve as error:
        return _no_sirve(error)
    hoja = render_template(
        "poner_clave.html",
        clase=clase,
        secreto=secreto,
        nombre=quien.nombre,
        correo=quien.correo,
        falla=falla,
        minima=CLAVE_MINIMA,
        maxima=CLAVE_MAXIMA,
    )
    return (hoja, 422) if falla else hoja


def _no_sirve(error: EnlaceNoSirve) -> tuple[str, int]:
    return render_template(
        "fallo.html", titulo="Este enlace no abre", frase=error.mensaje, referencia=None
    ), 404
