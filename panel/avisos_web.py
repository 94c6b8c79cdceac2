"""Los avisos web: a qué direcciones se les cuenta lo que pasa, y si les está llegando."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from cola import avisos_web
from cola.avisos_web import Evento
from cola.credenciales import Caja
from cola.errores import ErrorDeCola, NoSePuede
from panel.acceso import persona, requiere, requiere_reciente
from panel.servicios import servicios
from piezas.personas import Papel

pantalla = Blueprint("avisos_web", __name__)

MANEJAN = frozenset({Papel.JEFATURA, Papel.ADMINISTRACION})
RECIEN = "secreto-de-aviso"
"""Donde espera, hasta la página siguiente, el secreto que se muestra una sola vez."""
EVENTOS = {
    Evento.PUBLICADA: "Algo se publicó",
    Evento.DETENIDA: "Algo quedó detenido",
    Evento.APROBACION_PEDIDA: "Alguien pidió una aprobación",
}


@pantalla.get("/avisos-web")
@requiere(MANEJAN)
def listar() -> str:
    """Las direcciones y lo último que se les mandó."""
    return _hoja("")


def _hoja(falla: str) -> str:
    with servicios().leer() as sesion:
        return render_template(
            "avisos_web.html",
            filas=[(a, avisos_web.ultimas(sesion, a.id)) for a in avisos_web.todos(sesion)],
            eventos=EVENTOS,
            nuevo=session.pop(RECIEN, None),
            falla=falla,
            nombre=request.form.get("nombre", ""),
            url=request.form.get("url", ""),
            puestos=set(request.form.getlist("evento")),
        )


@pantalla.post("/avisos-web")
@requiere(MANEJAN)
@requiere_reciente
def pedir() -> Response | tuple[str, int]:
    """Registra una dirección; otra persona la confirma."""
    url = request.form.get("url", "").strip()[:2000]
    try:
        _revisar(url)
        with servicios().sesiones.begin() as sesion:
            aviso, secreto = avisos_web.pedir(
                sesion,
                nombre=request.form.get("nombre", "")[:200],
                url=url,
                eventos=request.form.getlist("evento"),
                caja=_caja(),
                por=persona().id,
                ahora=servicios().ahora(),
            )
            session[RECIEN] = {"nombre": aviso.nombre, "secreto": secreto}
    except ErrorDeCola as error:
        return _hoja(error.mensaje), 422
    flash("Quedó registrada. Empieza a recibir cuando otra persona la confirme.", "bien")
    return redirect(url_for(".listar"), code=303)


def _revisar(url: str) -> None:
    revisar = servicios().revisar_aviso
    if revisar is None:
        raise NoSePuede("Este servicio no tiene por dónde mandar avisos web.")
    if falla := revisar(url):
        raise NoSePuede(falla)


def _caja() -> Caja:
    caja = servicios().caja
    if caja is None:
        raise NoSePuede("Este servicio no tiene cómo guardar secretos.")
    return caja


@pantalla.post("/avisos-web/<int:aviso_id>/confirmar")
@requiere(MANEJAN)
@requiere_reciente
def confirmar(aviso_id: int) -> Response:
    """Desde aquí recibe."""
    with servicios().sesiones.begin() as sesion:
        aviso = avisos_web.confirmar(sesion, aviso_id, por=persona().id, ahora=servicios().ahora())
        nombre = aviso.nombre
    return _volver(f"«{nombre}» ya recibe avisos.")


@pantalla.post("/avisos-web/<int:aviso_id>/secreto")
@requiere(MANEJAN)
@requiere_reciente
def rotar(aviso_id: int) -> Response:
    """Un secreto nuevo; el de antes vale un día más."""
    with servicios().sesiones.begin() as sesion:
        aviso, secreto = avisos_web.rotar(
            sesion, aviso_id, caja=_caja(), por=persona().id, ahora=servicios().ahora()
        )
        session[RECIEN] = {"nombre": aviso.nombre, "secreto": secreto}
    return _volver("El secreto cambió. El de antes también firma durante un día.")


@pantalla.post("/avisos-web/<int:aviso_id>/probar")
@requiere(MANEJAN)
def probar(aviso_id: int) -> Response:
    """Manda uno de prueba."""
    with servicios().sesiones.begin() as sesion:
        avisos_web.probar(sesion, aviso_id, por=persona().id, ahora=servicios().ahora())
    return _volver("Va un aviso de prueba: en unos segundos verá aquí si llegó.")


@pantalla.post("/avisos-web/<int:aviso_id>/quitar")
@requiere(MANEJAN)
@requiere_reciente
def quitar(aviso_id: int) -> Response:
    """Deja de recibir."""
    with servicios().sesiones.begin() as sesion:
        nombre = avisos_web.quitar(sesion, aviso_id, por=persona().id, ahora=servicios().ahora())
    return _volver(f"«{nombre}» ya no recibe avisos.")


def _volver(frase: str) -> Response:
    flash(frase, "bien")
    return redirect(url_for(".listar"), code=303)
