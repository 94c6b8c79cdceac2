"""La historia de una pieza: sus versiones, en qué difieren y cuándo se movió su hora."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cola.cuentas import Cuenta
from panel.acceso import TODOS, persona, requiere
from panel.servicios import servicios
from piezas.bitacora import Anotacion
from piezas.diferencias import comparar
from piezas.errores import NoEncontrada
from piezas.miradas import pieza_a_la_vista, version_numero, versiones_de
from piezas.versiones import Pieza, Version

pantalla = Blueprint("versiones", __name__)

MOVIMIENTOS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Movimiento:
    """Un cambio de hora: no es una versión, porque no cambia lo que sale."""

    en: datetime
    quien: str
    cuenta: str
    de: datetime
    a: datetime


@pantalla.get("/piezas/<int:pieza_id>/versiones")
@requiere(TODOS)
def listar(pieza_id: int) -> str | Response:
    """Las versiones, de la más nueva a la primera; con `de` y `a`, lleva a compararlas."""
    de, a = request.args.get("de", type=int), request.args.get("a", type=int)
    if de and a:
        primera, segunda = sorted((de, a))
        return redirect(url_for(".ver", pieza_id=pieza_id, primera=primera, segunda=segunda))
    with servicios().leer() as sesion:
        pieza = _pieza(sesion, pieza_id)
        return render_template(
            "versiones.html",
            pieza=pieza,
            versiones=versiones_de(sesion, pieza_id),
            movimientos=_movimientos(sesion, pieza_id),
        )


@pantalla.get("/piezas/<int:pieza_id>/versiones/<int:primera>..<int:segunda>")
@requiere(TODOS)
def ver(pieza_id: int, primera: int, segunda: int) -> str:
    """En qué cambió entre dos versiones."""
    with servicios().leer() as sesion:
        pieza = _pieza(sesion, pieza_id)
        antes, despues = _version(sesion, pieza_id, primera), _version(sesion, pieza_id, segunda)
        return render_template(
            "version.html",
            pieza=pieza,
            antes=antes,
            despues=despues,
            cambios=comparar(antes, despues),
            ultima=pieza.version.numero if pieza.version else segunda,
        )


def _pieza(sesion: Session, pieza_id: int) -> Pieza:
    try:
        return pieza_a_la_vista(sesion, pieza_id, quien=persona().id, papeles=persona().papeles)
    except NoEncontrada:
        abort(404)


def _version(sesion: Session, pieza_id: int, numero: int) -> Version:
    try:
        return version_numero(sesion, pieza_id, numero)
    except NoEncontrada:
        abort(404)


def _movimientos(sesion: Session, pieza_id: int) -> list[Movimiento]:
    consulta = (
        select(Anotacion)
        .where(
            Anotacion.objeto == "pieza",
            Anotacion.objeto_id == pieza_id,
            Anotacion.accion == "cambiar momento",
        )
        .order_by(Anotacion.id.desc())
        .limit(MOVIMIENTOS)
    )
    nombres = {f"cuenta {c.id}": c.nombre for c in sesion.scalars(select(Cuenta))}
    return [
        Movimiento(
            en=hecho.en,
            quien=hecho.quien,
            cuenta=nombres.get(hecho.motivo or "", ""),
            de=datetime.fromisoformat(hecho.de),
            a=datetime.fromisoformat(hecho.a),
        )
        for hecho in sesion.scalars(consulta)
        if hecho.de and hecho.a
    ]
