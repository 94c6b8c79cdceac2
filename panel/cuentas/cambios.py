"""Lo delicado: confirmar que una cuenta apunte a otra, y olvidar todos los permisos."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cola.adopciones import confirmar as aceptar
from cola.adopciones import descartar as negar
from cola.fichas import olvidar_permisos
from panel import freno
from panel.acceso import persona, requiere, requiere_reciente
from panel.cuentas.base import CONECTAN, caja, pantalla
from panel.cuentas.manejo import preguntar
from panel.filtros import plural
from panel.servicios import servicios
from piezas.usuarios import autenticar


@pantalla.post("/cuentas/cambios/<int:conexion_id>/confirmar")
@requiere(CONECTAN)
@requiere_reciente
def confirmar(conexion_id: int) -> Response:
    """La segunda persona acepta el cambio."""
    with servicios().sesiones.begin() as sesion:
        cuenta = aceptar(
            sesion, conexion_id, por=persona().id, caja=caja(), ahora=servicios().ahora()
        )
        cuenta_id, alias = cuenta.id, cuenta.alias
    preguntar(cuenta_id)
    flash("La cuenta cambió y quedó en pausa: revise lo programado y reanúdela.", "duda")
    return redirect(url_for("cuentas.ver", alias=alias), code=303)


@pantalla.post("/cuentas/cambios/<int:conexion_id>/descartar")
@requiere(CONECTAN)
def descartar(conexion_id: int) -> Response:
    """El cambio no se hace."""
    with servicios().sesiones.begin() as sesion:
        negar(sesion, conexion_id, por=persona().id, ahora=servicios().ahora())
    flash("El cambio se descartó: la cuenta sigue como estaba.", "bien")
    return redirect(url_for("cuentas.listar"), code=303)


@pantalla.get("/cuentas/olvidar")
@requiere(CONECTAN)
def preguntar_olvido() -> str:
    """Qué pasa si se olvidan todos los permisos."""
    return render_template("cuentas_olvidar.html", falla="")


@pantalla.post("/cuentas/olvidar")
@requiere(CONECTAN)
def olvidar() -> Response | tuple[str, int]:
    """Borra todas las credenciales, después de comprobar quién lo pide."""
    falla = _no_es_quien_dice(request.form.get("clave", "")[:1024])
    if falla:
        return render_template("cuentas_olvidar.html", falla=falla), 422
    with servicios().sesiones.begin() as sesion:
        cuantas = olvidar_permisos(sesion, por=persona().id, ahora=servicios().ahora())
    servicios().despertar()
    cuentas = plural(cuantas, "cuenta quedó", "cuentas quedaron")
    flash(f"{cuentas} sin permiso y en pausa. Quite también el acceso en cada red.", "duda")
    return redirect(url_for("cuentas.listar"), code=303)


def _no_es_quien_dice(clave: str) -> str:
    """Vacío si la contraseña es la suya; con el mismo freno que la puerta de entrada."""
    direccion, ahora = request.remote_addr or "", servicios().ahora()
    with servicios().sesiones.begin() as sesion:
        espera = freno.apartar(sesion, persona().correo, direccion, ahora=ahora)
    if espera is not None:
        minutos = max(1, -(-espera // timedelta(minutes=1)))
        return f"Hubo demasiados intentos. Espere {plural(minutos, 'minuto', 'minutos')}."
    with servicios().leer() as sesion, sesion.no_autoflush:
        quien = autenticar(sesion, persona().correo, clave)
        es_suya = quien is not None and quien.id == persona().id
    if not es_suya:
        return "Esa no es su contraseña. No se olvidó nada."
    with servicios().sesiones.begin() as sesion:
        freno.olvidar(sesion, persona().correo, direccion)
    return ""
