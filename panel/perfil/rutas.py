"""Mi cuenta: ver y cambiar nombre, contraseña, avisos y sesiones."""

from flask import current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from panel import freno, sesiones
from panel.acceso import TODOS, persona, requiere
from panel.cartas import hay_correo, mandar_aparte
from panel.entrada import con_cookie, frase_de_espera
from panel.perfil.base import pantalla
from panel.perfil.navegadores import nombre_de_navegador
from panel.servicios import servicios
from piezas import equipo
from piezas.claves_de_entrada import CLAVE_MAXIMA, CLAVE_MINIMA
from piezas.errores import DatosInvalidos
from piezas.personas import Persona
from piezas.segundo_factor import cuantos_quedan


@pantalla.get("/perfil")
@requiere(TODOS)
def ver() -> str:
    """Todo lo propio en una hoja."""
    return _hoja()


def _hoja(*, falla_clave: str = "", falla_nombre: str = "", nombre: str | None = None) -> str:
    ahora = servicios().ahora()
    with servicios().leer() as sesion:
        quien = _yo(sesion)
        return render_template(
            "perfil.html",
            quien=quien,
            nombre=quien.nombre if nombre is None else nombre,
            abiertas=sesiones.de_persona(sesion, quien.id, ahora=ahora),
            mia=persona().sesion_id,
            nombre_de_navegador=nombre_de_navegador,
            quedan=cuantos_quedan(sesion, quien.id),
            hay_correo=hay_correo(),
            falla_clave=falla_clave,
            falla_nombre=falla_nombre,
            minima=CLAVE_MINIMA,
            maxima=CLAVE_MAXIMA,
        )


def _yo(sesion: Session) -> Persona:
    return sesion.get_one(Persona, persona().id)


def _volver(frase: str, tono: str = "bien") -> Response:
    flash(frase, tono)
    return redirect(url_for(".ver"), code=303)


@pantalla.post("/perfil/nombre")
@requiere(TODOS)
def cambiar_nombre() -> Response | tuple[str, int]:
    """El nombre con que la ven los demás."""
    nombre = request.form.get("nombre", "")
    try:
        with servicios().sesiones.begin() as sesion:
            equipo.cambiar_nombre(sesion, _yo(sesion), nombre, ahora=servicios().ahora())
    except DatosInvalidos as error:
        return _hoja(falla_nombre=error.mensaje, nombre=nombre), 422
    return _volver("Su nombre quedó guardado.")


@pantalla.post("/perfil/clave")
@requiere(TODOS)
def cambiar_clave() -> Response | tuple[str, int]:
    """Pide la de ahora, pone la nueva y cierra las demás sesiones."""
    ahora, mia = servicios().ahora(), persona().sesion_id
    llave, direccion = f"clave:{persona().correo}", request.remote_addr or ""
    with servicios().sesiones.begin() as sesion:
        espera = freno.apartar(sesion, llave, direccion, ahora=ahora)
    if espera is not None:
        return _hoja(falla_clave=frase_de_espera(espera)), 429
    try:
        with servicios().sesiones.begin() as sesion:
            quien = _yo(sesion)
            equipo.cambiar_clave(
                sesion,
                quien,
                actual=request.form.get("actual", "")[: CLAVE_MAXIMA + 1],
                nueva=request.form.get("nueva", "")[: CLAVE_MAXIMA + 1],
                ahora=ahora,
            )
            freno.olvidar(sesion, llave, direccion)
            sesiones.cerrar_otras(sesion, quien.id, menos=mia)
            identificador = sesiones.confirmar(sesion, mia, ahora=ahora)
    except DatosInvalidos as error:
        return _hoja(falla_clave=error.mensaje), 422
    mandar_aparte(
        quien.correo,
        "su contraseña cambió",
        "Cambió la contraseña de su usuario. Si no fue usted, avise a quien administra.",
    )
    frase = "Su contraseña quedó cambiada y sus demás sesiones, cerradas."
    return con_cookie(_volver(frase), identificador)


@pantalla.post("/perfil/avisos")
@requiere(TODOS)
def cambiar_avisos() -> Response:
    """Qué le llega por correo."""
    with servicios().sesiones.begin() as sesion:
        quien = _yo(sesion)
        quien.avisos_por_correo = "avisos" in request.form
        quien.avisa_entradas = "entradas" in request.form
    return _volver("Sus avisos quedaron guardados.")


@pantalla.post("/perfil/sesiones/<int:sesion_id>/cerrar")
@requiere(TODOS)
def cerrar_sesion(sesion_id: int) -> Response:
    """Cierra una de sus sesiones."""
    with servicios().sesiones.begin() as sesion:
        cerrada = sesiones.cerrar_una(sesion, persona().id, sesion_id)
    if not cerrada:
        return _volver("Esa sesión ya estaba cerrada.", "duda")
    if sesion_id == persona().sesion_id:
        return redirect(url_for("acceso.entrar"), code=303)
    return _volver("La sesión quedó cerrada.")


@pantalla.post("/perfil/sesiones/cerrar-otras")
@requiere(TODOS)
def cerrar_otras() -> Response:
    """Cierra todas menos esta."""
    with servicios().sesiones.begin() as sesion:
        cuantas = sesiones.cerrar_otras(sesion, persona().id, menos=persona().sesion_id)
    plural = current_app.jinja_env.filters["plural"]
    return _volver(f"Se cerraron {plural(cuantas, 'sesión', 'sesiones')}; queda abierta esta.")
