"""Alguien de fuera mira una pieza y opina: sin usuario, una vez, y sin ver nada más."""

from datetime import timedelta

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    session,
    url_for,
)
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conectores.contrato import Adjunto
from panel.acceso import REDACTORES, REVISORES, persona, publica, requiere
from panel.cabeceras import POLITICA_DE_ARCHIVOS
from panel.cuentagotas import Cuentagotas
from panel.errores import pagina
from panel.medios import SE_VEN
from panel.servicios import servicios
from panel.vistas import Vista, vistas_de_pieza
from piezas import revisores
from piezas.errores import DatosInvalidos, EnlaceNoSirve, NoEncontrada
from piezas.revisores import PLAZOS, EnlaceRevision
from piezas.versiones import Pieza

pantalla = Blueprint("revisores", __name__)

INVITAN = REDACTORES | REVISORES
RECIEN = "enlace-nuevo"
"""Donde espera, hasta la página siguiente, el enlace que se muestra una sola vez."""
GOTAS = "publicador-revisiones"


@pantalla.get("/piezas/<int:pieza_id>/enlaces")
@requiere(INVITAN)
def listar(pieza_id: int) -> str:
    """Los enlaces de la pieza, lo que respondieron y uno nuevo si hace falta."""
    nuevo = session.pop(RECIEN, None)
    with servicios().leer() as sesion:
        pieza = sesion.get(Pieza, pieza_id)
        if pieza is None or pieza.version is None:
            raise NoEncontrada
        return render_template(
            "enlaces.html",
            pieza=pieza,
            enlaces=revisores.enlaces_de(sesion, pieza_id),
            nuevo=nuevo if isinstance(nuevo, dict) and nuevo.get("pieza") == pieza_id else None,
            plazos=[(plazo.days, _plazo(plazo)) for plazo in PLAZOS],
            ahora=servicios().ahora(),
        )


def _plazo(plazo: timedelta) -> str:
    return "1 día" if plazo.days == 1 else f"{plazo.days} días"


@pantalla.post("/piezas/<int:pieza_id>/enlaces")
@requiere(INVITAN)
def invitar(pieza_id: int) -> Response:
    """Un enlace para una persona; el secreto se ve una vez."""
    with servicios().sesiones.begin() as sesion:
        enlace, secreto = revisores.invitar(
            sesion,
            pieza_id,
            para=request.form.get("para", ""),
            plazo=timedelta(days=request.form.get("dias", 0, type=int)),
            por=persona().id,
            ahora=servicios().ahora(),
        )
        para = enlace.para
    direccion = servicios().url_publica.rstrip("/") + url_for("revisores.ver", secreto=secreto)
    session[RECIEN] = {"pieza": pieza_id, "para": para, "direccion": direccion}
    return redirect(url_for(".listar", pieza_id=pieza_id), code=303)


@pantalla.post("/enlaces/<int:enlace_id>/revocar")
@requiere(INVITAN)
def revocar(enlace_id: int) -> Response:
    """El enlace deja de abrir."""
    with servicios().sesiones.begin() as sesion:
        enlace = revisores.revocar(sesion, enlace_id, por=persona().id, ahora=servicios().ahora())
        pieza_id = enlace.pieza_id
    flash("El enlace ya no abre.", "bien")
    return redirect(url_for(".listar", pieza_id=pieza_id), code=303)


@pantalla.get("/revision/<secreto>")
@publica
def ver(secreto: str) -> str | Response:
    """Lo que ve quien recibió el enlace."""
    if (negada := _frenar()) is not None:
        return negada
    try:
        with servicios().leer() as sesion:
            enlace = revisores.abrir(sesion, secreto, ahora=servicios().ahora())
            enlace_id, sin_abrir = enlace.id, enlace.abierto_en is None
            hoja = _hoja(sesion, enlace, secreto)
    except EnlaceNoSirve as error:
        return _no_sirve(error)
    if sin_abrir:
        with servicios().sesiones.begin() as sesion:
            revisores.anotar_apertura(sesion, enlace_id, ahora=servicios().ahora())
    return hoja


def _hoja(
    sesion: Session,
    enlace: EnlaceRevision,
    secreto: str,
    *,
    opinion: str = "",
    comentario: str = "",
    falla: str = "",
) -> str:
    return render_template(
        "revision.html",
        titulo=enlace.version.titulo,
        para=enlace.para,
        de=enlace.persona.nombre,
        vence_en=enlace.vence_en,
        vistas=[_sin_lo_de_casa(vista) for vista in vistas_de_pieza(sesion, enlace.pieza)],
        secreto=secreto,
        opinion=opinion,
        comentario=comentario,
        falla=falla,
        maximo=revisores.COMENTARIO_MAXIMO,
    )


def _sin_lo_de_casa(vista: Vista) -> Vista:
    """Costos, estados y avisos son de la oficina: afuera se ve solo el mensaje."""
    return Vista(red=vista.red, cuenta=vista.cuenta, envio=vista.envio, momento=vista.momento)


@pantalla.post("/revision/<secreto>")
@publica
def opinar(secreto: str) -> str | Response | tuple[str, int]:
    """La única respuesta de ese enlace."""
    if (negada := _frenar()) is not None:
        return negada
    opinion = request.form.get("opinion", "")
    comentario = request.form.get("comentario", "")
    ahora = servicios().ahora()
    try:
        with servicios().sesiones.begin() as sesion:
            revisores.opinar(sesion, secreto, opinion=opinion, comentario=comentario, ahora=ahora)
    except EnlaceNoSirve as error:
        return _no_sirve(error)
    except DatosInvalidos as error:
        with servicios().leer() as sesion:
            enlace = revisores.abrir(sesion, secreto, ahora=ahora)
            hoja = _hoja(
                sesion,
                enlace,
                secreto,
                opinion=opinion,
                comentario=comentario,
                falla=error.mensaje,
            )
        return hoja, 422
    return render_template("revision_gracias.html")


@pantalla.get("/revision/<secreto>/medios/<huella>")
@publica
def medio(secreto: str, huella: str) -> Response:
    """Un archivo de esa versión y de ninguna otra."""
    if (negada := _frenar()) is not None:
        return negada
    try:
        with servicios().leer() as sesion:
            enlace = revisores.abrir(sesion, secreto, ahora=servicios().ahora())
            tipo = next((a.tipo for a in _adjuntos(sesion, enlace) if a.huella == huella), None)
    except EnlaceNoSirve:
        abort(404)
    if tipo is None or not servicios().almacen.hay(huella):
        abort(404)
    respuesta = send_file(
        servicios().almacen.camino(huella),
        mimetype=tipo if tipo in SE_VEN else "application/octet-stream",
        as_attachment=tipo not in SE_VEN,
        download_name=huella[:16],
    )
    respuesta.headers["Content-Security-Policy"] = POLITICA_DE_ARCHIVOS
    respuesta.headers["Cache-Control"] = "private, no-store"
    return respuesta


def _adjuntos(sesion: Session, enlace: EnlaceRevision) -> list[Adjunto]:
    vistas = vistas_de_pieza(sesion, enlace.pieza)
    return [adjunto for v in vistas if v.envio is not None for adjunto in v.envio.adjuntos]


def _frenar() -> Response | None:
    gotas = current_app.extensions.setdefault(GOTAS, Cuentagotas())
    if gotas.deja(request.remote_addr or "", servicios().ahora()):
        return None
    return pagina(429, "Demasiadas visitas seguidas", "Espere un minuto y vuelva a abrirlo.")


def _no_sirve(error: EnlaceNoSirve) -> Response:
    return pagina(404, "Este enlace no abre", error.mensaje)
