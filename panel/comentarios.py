"""Comentar una pieza, avisar a alguien y dar por resuelto lo que se pidió."""

import re
from collections.abc import Iterable

from flask import Blueprint, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from panel.acceso import TODOS, persona, requiere
from panel.caminos import de_donde_vino
from panel.servicios import servicios
from piezas import comentarios
from piezas.comentarios import Comentario, comentarios_de, mencionables, nombre_de_mencion
from piezas.personas import Papel, Persona
from piezas.versiones import Pieza

pantalla = Blueprint("comentarios", __name__)

COMENTAN = TODOS - {Papel.CONSULTA}
_MENCION = re.compile(r"((?<![\w@.])@[\w.+-]*\w)")


@pantalla.post("/piezas/<int:pieza_id>/comentarios")
@requiere(COMENTAN)
def comentar(pieza_id: int) -> Response:
    """Deja un comentario en la versión vigente."""
    with servicios().sesiones.begin() as sesion:
        nuevo = comentarios.comentar(
            sesion,
            pieza_id,
            request.form.get("texto", ""),
            por=persona().id,
            ahora=servicios().ahora(),
            a=request.form.getlist("a", type=int),
        )
        avisados = [mencion.persona.nombre for mencion in nuevo.menciones]
    flash(f"Comentado. Le espera a {_juntar(avisados)}." if avisados else "Comentado.", "bien")
    return redirect(_vuelta(pieza_id), code=303)


@pantalla.post("/comentarios/<int:comentario_id>/resolver")
@requiere(COMENTAN)
def resolver(comentario_id: int) -> Response:
    """Ya se atendió."""
    with servicios().sesiones.begin() as sesion:
        resuelto = comentarios.resolver(
            sesion, comentario_id, por=persona().id, ahora=servicios().ahora()
        )
        pieza_id = resuelto.pieza_id
    flash("El comentario quedó resuelto.", "bien")
    return redirect(_vuelta(pieza_id), code=303)


def _vuelta(pieza_id: int) -> str:
    camino = de_donde_vino(si_no=url_for("piezas.ver", pieza_id=pieza_id))
    return f"{camino.partition('#')[0]}#comentarios"


def _juntar(nombres: list[str]) -> str:
    return nombres[0] if len(nombres) == 1 else f"{', '.join(nombres[:-1])} y {nombres[-1]}"


def hilo_de(sesion: Session, pieza: Pieza) -> dict[str, object]:
    """Lo que necesita `_comentarios.html`: los comentarios y a quién se puede avisar."""
    return {
        "pieza_id": pieza.id,
        "comentarios": comentarios_de(sesion, pieza.id),
        "personas": _con_nombre(mencionables(sesion, pieza)),
        "comenta": persona().puede(COMENTAN) and pieza.version_vigente_id is not None,
    }


def _con_nombre(personas: Iterable[Persona]) -> list[tuple[int, str, str]]:
    return [(p.id, p.nombre, nombre_de_mencion(p.correo)) for p in personas if p.id != persona().id]


def en_trozos(comentario: Comentario) -> list[tuple[str, bool]]:
    """El texto partido por sus menciones; solo se resaltan las que llegaron a alguien."""
    avisados = {f"@{nombre_de_mencion(m.persona.correo)}" for m in comentario.menciones}
    return [(t, t.lower() in avisados) for t in _MENCION.split(comentario.texto) if t]
