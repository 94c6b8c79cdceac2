"""El calendario fuera del panel: una dirección secreta que otro programa puede seguir."""

from datetime import timedelta

from flask import Response, abort, flash, g, redirect, render_template, url_for
from icalendar import Calendar, Event
from werkzeug.wrappers import Response as Respuesta

from panel.acceso import EQUIPO, publica, requiere
from panel.calendario.base import pantalla
from panel.calendario.consulta import Salida, juntar, salidas_entre
from panel.servicios import servicios
from piezas.suscripciones import desuscribir, suscribir, suscripcion_de, suscriptor

ATRAS, ADELANTE = timedelta(days=31), timedelta(days=200)
DURA = timedelta(minutes=15)


@pantalla.get("/calendario/suscripcion")
@requiere(EQUIPO)
def suscripcion() -> str:
    """Explica la dirección, y la da o la retira."""
    with servicios().leer() as sesion:
        fila = suscripcion_de(sesion, g.persona.id)
        desde = None if fila is None else fila.creada_en
    return render_template("suscripcion.html", desde=desde, direccion=None)


@pantalla.post("/calendario/suscripcion")
@requiere(EQUIPO)
def pedir_suscripcion() -> str:
    """Crea la dirección y la muestra: es la única vez que se puede leer."""
    ahora = servicios().ahora()
    with servicios().sesiones.begin() as sesion:
        llave = suscribir(sesion, por=g.persona.id, ahora=ahora)
    camino = url_for(".seguir", llave=llave)
    return render_template(
        "suscripcion.html", desde=ahora, direccion=f"{servicios().url_publica}{camino}"
    )


@pantalla.post("/calendario/suscripcion/retirar")
@requiere(EQUIPO)
def retirar_suscripcion() -> Respuesta:
    """La dirección deja de abrir en ese momento."""
    with servicios().sesiones.begin() as sesion:
        habia = desuscribir(sesion, por=g.persona.id, ahora=servicios().ahora())
    flash(
        "La dirección ya no abre. Puede crear otra cuando quiera."
        if habia
        else "No tenía una dirección.",
        "bien",
    )
    return redirect(url_for(".suscripcion"), code=303)


@pantalla.get("/calendario/suscripcion/<llave>.ics")
@publica
def seguir(llave: str) -> Response:
    """El calendario de quien tiene la llave: títulos y horas, nada más."""
    ahora = servicios().ahora()
    with servicios().leer() as sesion:
        if suscriptor(sesion, llave) is None:
            abort(404)
        salidas = salidas_entre(sesion, ahora - ATRAS, ahora + ADELANTE)
    respuesta = Response(_ics(salidas), content_type="text/calendar; charset=utf-8")
    respuesta.headers["Cache-Control"] = "private, max-age=300"
    return respuesta


def _ics(salidas: list[Salida]) -> bytes:
    calendario = Calendar()
    calendario.add("prodid", "-//Publicador//Calendario//ES")
    calendario.add("version", "2.0")
    calendario.add("x-wr-calname", f"Parrilla · {servicios().entidad}")
    calendario.add("x-wr-timezone", "America/Bogota")
    for grupo in juntar(salidas):
        calendario.add_component(_cita(grupo))
    return bytes(calendario.to_ical())


def _cita(grupo: tuple[Salida, ...]) -> Event:
    primera = grupo[0]
    cita = Event()
    # El mismo identificador al moverla: el otro programa la corre en vez de duplicarla.
    cuentas = "-".join(str(s.cuenta_id) for s in sorted(grupo, key=lambda s: s.cuenta_id))
    cita.add("uid", f"pieza-{primera.pieza_id}-{cuentas}@publicador")
    cita.add("summary", primera.titulo)
    cita.add("dtstamp", servicios().ahora())
    cita.add("dtstart", primera.en)
    cita.add("dtend", primera.en + DURA)
    return cita
