"""Pedir, dar o levantar el visto bueno de jurídica."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from cola.edicion import pedir_juridica
from panel.acceso import EQUIPO, persona, requiere
from panel.aprobacion import exigir_la_vista, seguir
from panel.caminos import de_donde_vino
from panel.servicios import servicios
from piezas.juridica import MOTIVOS, dar_visto_bueno, levantar_exigencia
from piezas.personas import Papel

pantalla = Blueprint("juridica", __name__)

MARCAN = EQUIPO - {Papel.CONSULTA, Papel.ADMINISTRACION, Papel.DISENO}
JURIDICA = frozenset({Papel.JURIDICA})


@pantalla.post("/piezas/<int:pieza_id>/juridica")
@requiere(MARCAN)
def pedir(pieza_id: int) -> Response:
    """Desde ahora la pieza no se aprueba sin jurídica."""
    with servicios().sesiones.begin() as sesion:
        cayo = pedir_juridica(
            sesion, pieza_id, motivo=_motivo(), por=persona().id, ahora=servicios().ahora()
        )
    flash("La pieza pide el visto bueno de jurídica.", "bien")
    if cayo:
        flash("Ya estaba aprobada sin él: volvió a revisión y no saldrá hasta que firme.", "duda")
    return redirect(de_donde_vino(si_no=url_for("piezas.ver", pieza_id=pieza_id)), code=303)


def _motivo() -> str:
    elegido = request.form.get("motivo", "")
    detalle = request.form.get("detalle", "").strip()
    conocido = elegido if elegido in MOTIVOS else ""
    return ": ".join(parte for parte in (conocido, detalle) if parte)


@pantalla.post("/piezas/<int:pieza_id>/juridica/firmar")
@requiere(JURIDICA)
def firmar(pieza_id: int) -> Response:
    """Visto bueno a la versión que se tuvo a la vista."""
    with servicios().sesiones.begin() as sesion:
        exigir_la_vista(sesion, pieza_id, request.form.get("version_id", type=int))
        dar_visto_bueno(sesion, pieza_id, por=persona().id, ahora=servicios().ahora())
    flash("Quedó su visto bueno: ahora la decide la jefatura.", "bien")
    return seguir(pieza_id)


@pantalla.post("/piezas/<int:pieza_id>/juridica/levantar")
@requiere(JURIDICA)
def levantar(pieza_id: int) -> Response:
    """Jurídica dice que no hace falta."""
    with servicios().sesiones.begin() as sesion:
        levantar_exigencia(
            sesion,
            pieza_id,
            motivo=request.form.get("detalle", ""),
            por=persona().id,
            ahora=servicios().ahora(),
        )
    flash("La pieza ya no pide jurídica.", "bien")
    return redirect(de_donde_vino(si_no=url_for("piezas.ver", pieza_id=pieza_id)), code=303)
