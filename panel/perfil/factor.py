"""Mi cuenta: poner, renovar y quitar el segundo factor."""

import segno
from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from cola.credenciales import Caja, CredencialIlegible
from panel import sesiones
from panel.acceso import TODOS, persona, requiere, requiere_reciente
from panel.cartas import mandar_aparte
from panel.entrada import con_cookie
from panel.perfil.base import pantalla
from panel.servicios import servicios
from piezas import segundo_factor
from piezas.errores import DatosInvalidos, EstadoNoPermite, SinPermisoPara
from piezas.personas import Persona

RECIEN = "codigos-nuevos"
"""Donde esperan, hasta la página siguiente, los códigos que se muestran una sola vez."""


@pantalla.get("/perfil/segundo-factor")
@requiere(TODOS)
@requiere_reciente
def factor() -> str:
    """El QR para ponerlo, o lo que se puede hacer con el que hay."""
    return _hoja(segundo_factor.nuevo_secreto())


def _hoja(secreto: str, *, falla: str = "") -> str:
    caja, yo = _caja(), persona()
    direccion = segundo_factor.direccion_de(secreto, correo=yo.correo, emisor="Publicador")
    dibujo = segno.make(direccion, error="m").svg_data_uri(scale=5, border=2, light="white")
    with servicios().leer() as sesion:
        return render_template(
            "segundo_factor.html",
            activo=yo.tiene_factor,
            obliga=yo.falta_factor,
            puede_quitar=not _es_de_rigor(),
            dibujo=dibujo,
            secreto=" ".join(secreto[i : i + 4] for i in range(0, len(secreto), 4)),
            sellado=caja.sellar(_contexto(), {"secreto": secreto}),
            quedan=segundo_factor.cuantos_quedan(sesion, yo.id),
            codigos=session.pop(RECIEN, ()),
            falla=falla,
        )


def _caja() -> Caja:
    caja = servicios().caja
    if caja is None:
        raise EstadoNoPermite("Esta instalación no tiene con qué sellar el segundo factor.")
    return caja


def _contexto() -> str:
    return f"factor_nuevo:{persona().id}"


def _es_de_rigor() -> bool:
    return servicios().segundo_factor_obligatorio and segundo_factor.lo_necesita(persona().papeles)


@pantalla.post("/perfil/segundo-factor")
@requiere(TODOS)
@requiere_reciente
def activar_factor() -> Response | tuple[str, int]:
    """Lo activa con un código suyo y cierra las demás sesiones."""
    ahora, caja, mia = servicios().ahora(), _caja(), persona().sesion_id
    try:
        secreto = caja.abrir(_contexto(), request.form.get("sellado", "")[:2000])["secreto"]
    except CredencialIlegible:
        return redirect(url_for(".factor"), code=303)
    try:
        with servicios().sesiones.begin() as sesion:
            quien = sesion.get_one(Persona, persona().id)
            codigos = segundo_factor.activar(
                sesion,
                quien,
                secreto,
                request.form.get("codigo", "")[:20],
                cofre=caja,
                ahora=ahora,
            )
            sesiones.cerrar_otras(sesion, quien.id, menos=mia)
            identificador = sesiones.confirmar(sesion, mia, ahora=ahora)
    except DatosInvalidos as error:
        return _hoja(secreto, falla=error.mensaje), 422
    _avisar("Se activó el segundo factor de su usuario.")
    session[RECIEN] = codigos
    flash("El segundo factor quedó activo.", "bien")
    return con_cookie(redirect(url_for(".factor"), code=303), identificador)


@pantalla.post("/perfil/segundo-factor/codigos")
@requiere(TODOS)
@requiere_reciente
def renovar_codigos() -> Response:
    """Diez códigos de recuperación nuevos."""
    with servicios().sesiones.begin() as sesion:
        quien = sesion.get_one(Persona, persona().id)
        if quien.factor is None:
            raise EstadoNoPermite("Active primero el segundo factor.")
        session[RECIEN] = segundo_factor.renovar_recuperacion(
            sesion, quien, ahora=servicios().ahora()
        )
    return redirect(url_for(".factor"), code=303)


@pantalla.post("/perfil/segundo-factor/quitar")
@requiere(TODOS)
@requiere_reciente
def quitar_factor() -> Response:
    """Deja de pedirlo, salvo a quien debe usarlo."""
    if _es_de_rigor():
        raise SinPermisoPara("Con su papel, el segundo factor no se quita. Puede reemplazarlo.")
    with servicios().sesiones.begin() as sesion:
        quien = sesion.get_one(Persona, persona().id)
        segundo_factor.quitar(
            sesion, quien, ahora=servicios().ahora(), quien=quien.correo, por=quien.id
        )
        sesiones.cerrar_otras(sesion, quien.id, menos=persona().sesion_id)
    _avisar("Se quitó el segundo factor de su usuario.")
    flash("El segundo factor quedó quitado.", "bien")
    return redirect(url_for(".ver"), code=303)


def _avisar(frase: str) -> None:
    mandar_aparte(
        persona().correo,
        "cambió su segundo factor",
        f"{frase} Si no fue usted, avise a quien administra el servicio.",
    )
