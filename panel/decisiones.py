"""Decidir varias entregas a la vez, o mover una: cada una con su resultado."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cola.decisiones import Accion, Orden, cumplir, manana_a_la_misma_hora
from cola.errores import ErrorDeCola, NoSePuede
from cola.publicaciones import Publicacion
from panel.acceso import GESTION, persona, requiere
from panel.caminos import de_donde_vino
from panel.filtros import ZONA, plural
from panel.servicios import servicios
from piezas.errores import ErrorDePiezas

pantalla = Blueprint("decisiones", __name__)

TOPE = 100
HECHO = {
    "enviar": ("va de salida", "van de salida"),
    "una_hora": ("se movió una hora", "se movieron una hora"),
    "manana": ("se movió a mañana", "se movieron a mañana"),
    "elegir": ("se movió", "se movieron"),
    "cancelar": ("quedó cancelada", "quedaron canceladas"),
}


@pantalla.post("/cola/varias")
@requiere(GESTION)
def varias() -> Response:
    """Lo mismo para todas las marcadas: una que no pueda no detiene a las demás."""
    que = request.form.get("que", "")
    if que not in HECHO:
        raise NoSePuede("Elija qué hacer con las marcadas.")
    ids = [int(uno) for uno in request.form.getlist("elegidas") if uno.isdecimal()][:TOPE]
    if not ids:
        flash("No marcó ninguna entrega.", "mal")
    decir(que, aplicar((numero, que) for numero in ids))
    return redirect(de_donde_vino(si_no=url_for("publicaciones.listar")), code=303)


@pantalla.post("/cola/<int:publicacion_id>/mover")
@requiere(GESTION)
def mover(publicacion_id: int) -> Response:
    """Otra hora para una entrega: en una hora, mañana o la que se elija."""
    que = request.form.get("que", "elegir")
    decir(que, aplicar([(publicacion_id, que)]))
    return redirect(
        de_donde_vino(si_no=url_for("publicaciones.ver", publicacion_id=publicacion_id)), code=303
    )


def aplicar(pedidos: Iterable[tuple[int, str]]) -> int:
    """Cada una en su transacción; dice por qué no pudo la que no pudo. Devuelve cuántas sí."""
    bien = 0
    for numero, que in pedidos:
        try:
            with servicios().sesiones.begin() as sesion:
                cumplir(
                    sesion,
                    numero,
                    _orden(sesion, numero, que),
                    por=persona().id,
                    quien=persona().correo,
                    ahora=servicios().ahora(),
                )
            bien += 1
        except (ErrorDeCola, ErrorDePiezas) as error:
            flash(f"{_nombre(numero)}: {error.mensaje}", "mal")
    if bien:
        servicios().despertar()
    return bien


def decir(que: str, bien: int) -> None:
    """La frase de lo que sí se hizo."""
    if bien:
        una, muchas = HECHO[que]
        frase = f"1 entrega {una}." if bien == 1 else f"{plural(bien, '', 'entregas')} {muchas}."
        flash(frase, "bien")


def _orden(sesion: Session, numero: int, que: str) -> Orden:
    ahora = servicios().ahora()
    match que:
        case "enviar":
            return Orden(accion=Accion.ENVIAR)
        case "cancelar":
            return Orden(accion=Accion.CANCELAR, motivo=request.form.get("motivo", "")[:500])
        case "una_hora":
            return Orden(accion=Accion.MOVER, para=ahora + timedelta(hours=1))
        case "manana":
            para = manana_a_la_misma_hora(sesion, numero, ahora=ahora)
            return Orden(accion=Accion.MOVER, para=para)
        case "elegir":
            propia = request.form.get(f"para-{numero}") or request.form.get("para", "")
            return Orden(accion=Accion.MOVER, para=leer_hora(propia))
    raise NoSePuede("Elija qué hacer.")


def leer_hora(valor: str) -> datetime:
    """Lo que escribe un campo de fecha y hora, que es hora de Bogotá."""
    try:
        leida = datetime.fromisoformat(valor)
    except ValueError:
        raise NoSePuede("Escriba la fecha y la hora nuevas.") from None
    return leida if leida.tzinfo else leida.replace(tzinfo=ZONA)


def _nombre(numero: int) -> str:
    with servicios().leer() as sesion:
        publicacion = sesion.get(Publicacion, numero)
        if publicacion is None:
            return f"La entrega {numero}"
        return f"«{publicacion.pieza.titulo}» en {publicacion.cuenta.nombre}"
