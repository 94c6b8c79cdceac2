"""Lo que solo una persona puede decir: si una entrega en duda salió, y lo que se entregó a mano."""

from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cola import dudas, manuales
from cola.errores import NoEncontrada, NoSePuede
from cola.estados import Estado
from cola.publicaciones import Publicacion
from conectores.contrato import Red
from panel.acceso import GESTION, persona, requiere
from panel.filtros import ZONA
from panel.renglones import entregas
from panel.servicios import Recientes, servicios
from panel.vistas import vista_de_sobre

pantalla = Blueprint("dudas", __name__)

ANTES = timedelta(minutes=30)
RESPUESTAS = {
    "salio": "Quedó como publicada.",
    "no_salio": "Quedó como fallida: no saldrá de nuevo si usted no la reintenta.",
    "reenviar": "Va de salida otra vez: en un momento verá aquí su resultado.",
}


@pantalla.get("/cola/<int:publicacion_id>/duda")
@requiere(GESTION)
def mirar(publicacion_id: int) -> str | Response:
    """Lo nuestro y lo que la red muestra, lado a lado."""
    with servicios().leer() as sesion:
        publicacion = sesion.scalar(entregas().where(Publicacion.id == publicacion_id))
        if publicacion is None:
            raise NoEncontrada
        if publicacion.estado is not Estado.EN_DUDA:
            return redirect(url_for("publicaciones.ver", publicacion_id=publicacion_id))
        vista = vista_de_sobre(publicacion)
        texto = "" if vista.envio is None else vista.envio.texto
        visto, cuenta = _visto(publicacion), publicacion.cuenta_id
        ocupados = dudas.ids_ocupados(
            sesion, cuenta, [una.id_remoto for una in visto.vistas], menos=publicacion_id
        )
        return render_template(
            "duda.html",
            p=publicacion,
            vista=vista,
            visto=visto,
            filas=[
                (una, parecido(texto, una.texto), una.id_remoto in ocupados) for una in visto.vistas
            ],
            cuesta=publicacion.cuenta.red is Red.X,
        )


def _visto(publicacion: Publicacion) -> Recientes:
    recientes = servicios().recientes
    if recientes is None or publicacion.cuenta.red in (Red.MANUAL, Red.CORREO):
        return Recientes(fallo="Este canal no se puede mirar desde aquí: ábralo usted.")
    return recientes(publicacion.cuenta_id, desde_cuando(publicacion))


def desde_cuando(publicacion: Publicacion) -> datetime:
    """Un rato antes de la primera vez que pudo salir."""
    return (publicacion.salida_en or publicacion.programada_para) - ANTES


def parecido(nuestro: str, otro: str) -> int:
    """De 0 a 100: cuánto de lo nuestro se lee en lo otro."""
    unas, otras = nuestro.split(), otro.split()
    if not unas:
        return 0
    return round(100 * SequenceMatcher(None, unas, otras, autojunk=False).ratio())


@pantalla.post("/cola/<int:publicacion_id>/adoptar")
@requiere(GESTION)
def adoptar(publicacion_id: int) -> Response:
    """«Es esta»: una de las que la red mostró. Se vuelve a mirar, no se cree en el formulario."""
    elegida = request.form.get("id_remoto", "")
    with servicios().leer() as sesion:
        publicacion = sesion.scalar(entregas().where(Publicacion.id == publicacion_id))
        if publicacion is None:
            raise NoEncontrada
        visto = _visto(publicacion)
    hallada = next((una for una in visto.vistas if una.id_remoto == elegida), None)
    if hallada is None:
        raise NoSePuede(visto.fallo or "Esa publicación ya no se ve en la cuenta. Mire otra vez.")
    with servicios().sesiones.begin() as sesion:
        dudas.adoptar_vista(
            sesion,
            publicacion_id,
            id_remoto=hallada.id_remoto,
            url=hallada.url,
            momento=hallada.en,
            quien=persona().correo,
            persona_id=persona().id,
            ahora=servicios().ahora(),
        )
    servicios().despertar()
    flash(RESPUESTAS["salio"], "bien")
    return redirect(url_for("publicaciones.ver", publicacion_id=publicacion_id), code=303)


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
