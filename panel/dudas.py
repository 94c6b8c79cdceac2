"""Lo que solo una persona puede decir: si una entrega en duda salió, y lo que se entregó a mano."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from cola import dudas, manuales
from cola.errores import NoSePuede
from panel.acceso import GESTION, persona, requiere
from panel.filtros import ZONA
from panel.servicios import servicios

pantalla = Blueprint("dudas", __name__)

RESPUESTAS = {
    "salio": "Quedó como publicada.",
    "no_salio": "Quedó como fallida: no saldrá de nuevo si usted no la reintenta.",
    "reenviar": "Va de salida otra vez: en un momento verá aquí su resultado.",
}


@pantalla.post("/cola/<int:publicacion_id>/resolver")
@requiere(GESTION)
def resolver(publicacion_id: int) -> Response:
    """Una persona miró la red y dice qué pasó."""
    respuesta = request.form.get("respuesta", "")
    if respuesta not in RESPUESTAS:
        raise NoSePuede("Elija si la publicación salió o no salió.")
    with servicios().sesiones.begin() as sesion:
        dudas.resolver(
            sesion,
            publicacion_id,
            salio=respuesta == "salio",
            url=request.form.get("url", "").strip() or None,
            reenviar=respuesta == "reenviar",
            quien=persona().correo,
            persona_id=persona().id,
            ahora=servicios().ahora(),
        )
    servicios().despertar()
    flash(RESPUESTAS[respuesta], "bien")
    return redirect(url_for("publicaciones.ver", publicacion_id=publicacion_id), code=303)


@pantalla.post("/cola/<int:publicacion_id>/confirmar")
@requiere(GESTION)
def confirmar(publicacion_id: int) -> Response:
    """Una persona la entregó a mano y deja constancia."""
    with servicios().sesiones.begin() as sesion:
        manuales.confirmar(
            sesion,
            publicacion_id,
            evidencia=request.form.get("evidencia", ""),
            entregada_en=_leer_momento(request.form.get("entregada_en", "")),
            quien=persona().correo,
            persona_id=persona().id,
            ahora=servicios().ahora(),
        )
    flash("Quedó confirmada.", "bien")
    return redirect(url_for("publicaciones.ver", publicacion_id=publicacion_id), code=303)


def _leer_momento(valor: str) -> datetime:
    """Lo que escribe un campo de fecha y hora, que es hora de Bogotá."""
    try:
        leido = datetime.fromisoformat(valor)
    except ValueError:
        raise NoSePuede("Escriba la fecha y la hora en que la entregó.") from None
    con_zona = leido if leido.tzinfo else leido.replace(tzinfo=ZONA)
    return con_zona.astimezone(UTC)
