"""Las personas de la oficina: quién entra, con qué papeles, y los enlaces para que entren."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from panel import sesiones
from panel.acceso import persona, requiere, requiere_reciente
from panel.cartas import hay_correo, mandar
from panel.olvido import carta_de_invitacion, carta_de_olvido, direccion_de
from panel.papeles import QUE_HACE
from panel.servicios import servicios
from panel.sesiones import SesionPanel
from piezas import equipo, segundo_factor
from piezas.enlaces_personales import ClaseEnlace
from piezas.errores import DatosInvalidos, NoEncontrada, SinPermisoPara
from piezas.personas import Papel, Persona

pantalla = Blueprint("usuarios", __name__)

MANEJAN = frozenset({Papel.ADMINISTRACION, Papel.JEFATURA})
RECIEN = "enlace-de-persona"
"""Donde espera, hasta la página siguiente, el enlace que se muestra una sola vez."""


@pantalla.get("/usuarios")
@requiere(MANEJAN)
def listar() -> str:
    """Quiénes hay y qué hace cada papel."""
    with servicios().leer() as sesion:
        personas = sesion.scalars(select(Persona).order_by(Persona.activa.desc(), Persona.nombre))
        return render_template(
            "usuarios/lista.html",
            personas=list(personas),
            vistas=_ultima_vez(sesion),
            que_hace=QUE_HACE,
            nuevo=session.pop(RECIEN, None),
        )


def _ultima_vez(sesion: Session) -> dict[int, Any]:
    uso = select(SesionPanel.persona_id, func.max(SesionPanel.vista_en))
    filas = sesion.execute(uso.where(SesionPanel.completa).group_by(SesionPanel.persona_id))
    return {fila[0]: fila[1] for fila in filas}


@pantalla.get("/usuarios/invitar")
@requiere(MANEJAN)
@requiere_reciente
def preparar() -> str:
    """El formulario para invitar."""
    return _formulario()


def _formulario(*, fallas: tuple[str, ...] = ()) -> str:
    return render_template(
        "usuarios/invitar.html",
        que_hace=QUE_HACE,
        puestos=set(request.form.getlist("papel")),
        nombre=request.form.get("nombre", ""),
        correo=request.form.get("correo", ""),
        fallas=fallas,
        hay_correo=hay_correo(),
        da_reservados=Papel.ADMINISTRACION in persona().papeles,
    )


@pantalla.post("/usuarios/invitar")
@requiere(MANEJAN)
@requiere_reciente
def invitar() -> Response | tuple[str, int]:
    """Crea la persona sin contraseña y le manda su enlace."""
    try:
        with servicios().sesiones.begin() as sesion:
            quien, secreto = equipo.invitar(
                sesion,
                correo=request.form.get("correo", ""),
                nombre=request.form.get("nombre", "")[:120],
                papeles=_papeles(),
                por=persona().id,
                ahora=servicios().ahora(),
            )
    except DatosInvalidos as error:
        return _formulario(fallas=error.fallas), 422
    except SinPermisoPara as error:
        return _formulario(fallas=(error.mensaje,)), 403
    _dar_enlace(quien, ClaseEnlace.INVITACION, secreto)
    return redirect(url_for(".listar"), code=303)


def _papeles() -> set[Papel]:
    return {Papel(valor) for valor in request.form.getlist("papel") if valor in set(Papel)}


def _dar_enlace(quien: Persona, clase: ClaseEnlace, secreto: str) -> None:
    """Por correo; si no hay o no salió, se muestra una vez para entregarlo en persona."""
    if clase is ClaseEnlace.INVITACION:
        texto = carta_de_invitacion(secreto, quien.nombre, persona().nombre)
        enviada = mandar(quien.correo, "su usuario", texto)
    else:
        enviada = mandar(quien.correo, "cambiar su contraseña", carta_de_olvido(secreto))
    if enviada:
        flash(f"El enlace va en un correo a {quien.correo}.", "bien")
        return
    if hay_correo():
        flash(f"El correo a {quien.correo} no salió. Entréguele el enlace usted.", "duda")
    session[RECIEN] = {
        "para": quien.nombre,
        "direccion": direccion_de(clase, secreto),
        "dura": "tres días" if clase is ClaseEnlace.INVITACION else "30 minutos",
    }


@pantalla.get("/usuarios/<int:persona_id>")
@requiere(MANEJAN)
@requiere_reciente
def ver(persona_id: int) -> str:
    """Una persona y lo que se le puede cambiar."""
    with servicios().leer() as sesion:
        quien = sesion.get(Persona, persona_id)
        if quien is None:
            raise NoEncontrada("No existe esa persona.")
        return render_template(
            "usuarios/persona.html",
            quien=quien,
            que_hace=QUE_HACE,
            es_ella=quien.id == persona().id,
            hay_correo=hay_correo(),
            da_reservados=Papel.ADMINISTRACION in persona().papeles,
            abiertas=len(sesiones.de_persona(sesion, quien.id, ahora=servicios().ahora())),
        )


@pantalla.post("/usuarios/<int:persona_id>/papeles")
@requiere(MANEJAN)
@requiere_reciente
def cambiar_papeles(persona_id: int) -> Response:
    """Los papeles nuevos valen al entrar de nuevo: sus sesiones se cierran."""
    with servicios().sesiones.begin() as sesion:
        cambio = equipo.cambiar_papeles(
            sesion, persona_id, _papeles(), por=persona().id, ahora=servicios().ahora()
        )
        if cambio:
            sesiones.cerrar_todas(sesion, persona_id)
    frase = "Los papeles quedaron guardados; la persona debe entrar de nuevo."
    return _volver(persona_id, frase if cambio else "Los papeles ya eran esos.")


@pantalla.post("/usuarios/<int:persona_id>/desactivar")
@requiere(MANEJAN)
@requiere_reciente
def desactivar(persona_id: int) -> Response:
    """No vuelve a entrar; lo que hizo se conserva."""
    with servicios().sesiones.begin() as sesion:
        quien = equipo.desactivar(sesion, persona_id, por=persona().id, ahora=servicios().ahora())
        sesiones.cerrar_todas(sesion, persona_id)
    return _volver(persona_id, f"{quien.nombre} ya no puede entrar. Lo que hizo se conserva.")


@pantalla.post("/usuarios/<int:persona_id>/activar")
@requiere(MANEJAN)
@requiere_reciente
def activar(persona_id: int) -> Response:
    """Vuelve a poder entrar."""
    with servicios().sesiones.begin() as sesion:
        quien = equipo.reactivar(sesion, persona_id, por=persona().id, ahora=servicios().ahora())
    return _volver(persona_id, f"{quien.nombre} puede entrar de nuevo.")


@pantalla.post("/usuarios/<int:persona_id>/enlace")
@requiere(MANEJAN)
@requiere_reciente
def dar_enlace(persona_id: int) -> Response:
    """Otro enlace: para aceptar la invitación o para cambiar la contraseña."""
    with servicios().sesiones.begin() as sesion:
        quien, clase, secreto = equipo.enlace_nuevo(
            sesion, persona_id, por=persona().id, ahora=servicios().ahora()
        )
    _dar_enlace(quien, clase, secreto)
    return redirect(url_for(".listar"), code=303)


@pantalla.post("/usuarios/<int:persona_id>/quitar-factor")
@requiere(MANEJAN)
@requiere_reciente
def quitar_factor(persona_id: int) -> Response:
    """Para quien perdió el teléfono y sus códigos: lo pone de nuevo al entrar."""
    with servicios().sesiones.begin() as sesion:
        quien = equipo.persona_a_cargo(sesion, persona_id, por=persona().id)
        segundo_factor.quitar(
            sesion, quien, ahora=servicios().ahora(), quien=persona().correo, por=persona().id
        )
        sesiones.cerrar_todas(sesion, persona_id)
    return _volver(persona_id, f"{quien.nombre} ya no tiene segundo factor.")


def _volver(persona_id: int, frase: str) -> Response:
    flash(frase, "bien")
    return redirect(url_for(".ver", persona_id=persona_id), code=303)
