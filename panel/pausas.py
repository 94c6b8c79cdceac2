"""Pausar y reanudar: toda la cola, o una cuenta que ya se arregló."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cola import pausas
from cola.carriles import reanudar_cuenta as reabrir
from panel.acceso import EQUIPO, GESTION, persona, requiere
from panel.caminos import de_donde_vino
from panel.filtros import plural
from panel.servicios import servicios

pantalla = Blueprint("pausas", __name__)


@pantalla.get("/pausa")
@requiere(EQUIPO)
def ver() -> str:
    """La pausa general: en qué está y cómo cambiarla."""
    return render_template("pausa.html", decide=persona().puede(GESTION))


@pantalla.post("/pausa")
@requiere(GESTION)
def pausar() -> Response:
    """Detiene todas las entregas."""
    with servicios().sesiones.begin() as sesion:
        pausas.pausar(
            sesion,
            motivo=request.form.get("motivo", ""),
            quien=persona().correo,
            persona_id=persona().id,
            ahora=servicios().ahora(),
        )
    servicios().despertar()
    flash("Todo quedó en pausa: nada sale hasta que alguien reanude.", "duda")
    return redirect(url_for(".ver"), code=303)


@pantalla.post("/pausa/reanudar")
@requiere(GESTION)
def reanudar() -> Response:
    """Levanta la pausa; lo vencido espera a una persona."""
    with servicios().sesiones.begin() as sesion:
        cuantas = pausas.reanudar(
            sesion,
            quien=persona().correo,
            persona_id=persona().id,
            ahora=servicios().ahora(),
        )
    servicios().despertar()
    flash(f"La cola sigue. {_vencidas(cuantas)}", "bien")
    return redirect(url_for("publicaciones.listar", estado="por_resolver"), code=303)


def _vencidas(cuantas: int) -> str:
    if not cuantas:
        return "Nada venció durante la pausa."
    una, varias = "entrega venció", "entregas vencieron"
    return f"{plural(cuantas, una, varias)} durante la pausa: decida cada una aquí."


@pantalla.post("/cuentas/<alias>/reanudar")
@requiere(GESTION)
def reanudar_cuenta(alias: str) -> Response:
    """Reabre una cuenta que ya se arregló."""
    with servicios().sesiones.begin() as sesion:
        siguen, esperan = reabrir(
            sesion,
            alias,
            tolerancia=servicios().tolerancia,
            quien=persona().correo,
            persona_id=persona().id,
            ahora=servicios().ahora(),
        )
    servicios().despertar()
    flash(f"La cuenta sigue. Salen solas: {siguen}. Esperan que alguien decida: {esperan}.", "bien")
    return redirect(de_donde_vino(), code=303)
