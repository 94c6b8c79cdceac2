"""Pausar y reanudar: toda la cola, o una cuenta que ya se arregló."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import Select
from werkzeug.wrappers import Response

from cola import pausas
from cola.carriles import reanudar_cuenta as reabrir
from cola.estados import Estado
from cola.publicaciones import Publicacion
from panel.acceso import EQUIPO, GESTION, persona, requiere
from panel.caminos import de_donde_vino
from panel.decisiones import aplicar, decir
from panel.filtros import en_bogota, plural
from panel.renglones import en_renglones, entregas
from panel.servicios import servicios

pantalla = Blueprint("pausas", __name__)

TOPE = 200
DECISIONES = ("enviar", "elegir", "cancelar")


@pantalla.get("/pausa")
@requiere(EQUIPO)
def ver() -> str:
    """La pausa general: en qué está y cómo cambiarla."""
    with servicios().leer() as sesion:
        vencidas = en_renglones(sesion, _vencidas_en_pausa(), persona())
        manana = servicios().ahora() + timedelta(hours=1)
        return render_template(
            "pausa.html",
            decide=persona().puede(GESTION),
            vencidas=vencidas,
            en_una_hora=f"{en_bogota(manana):%Y-%m-%dT%H:%M}",
        )


def _vencidas_en_pausa() -> Select[Publicacion]:
    """Lo que habría salido: al reanudar, alguien decide cada una."""
    return (
        entregas()
        .where(Publicacion.estado == Estado.PROGRAMADA, Publicacion.vence <= servicios().ahora())
        .order_by(Publicacion.programada_para, Publicacion.id)
        .limit(TOPE)
    )


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
    hechas = _decidir_vencidas()
    servicios().despertar()
    flash(f"La cola sigue. {_vencidas(cuantas - hechas, hechas)}", "bien")
    return redirect(url_for("publicaciones.listar", estado="por_resolver"), code=303)


def _decidir_vencidas() -> int:
    """Lo elegido para cada una en la lista; lo que no se eligió espera detenido."""
    por_que: dict[str, list[int]] = {}
    for campo, que in request.form.items():
        _, _, numero = campo.partition("decision-")
        if numero.isdecimal() and que in DECISIONES:
            por_que.setdefault(que, []).append(int(numero))
    hechas = 0
    for que, numeros in por_que.items():
        bien = aplicar((numero, que) for numero in numeros)
        decir(que, bien)
        hechas += bien
    return hechas


def _vencidas(cuantas: int, decididas: int) -> str:
    if not cuantas:
        return "" if decididas else "Nada venció durante la pausa."
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
