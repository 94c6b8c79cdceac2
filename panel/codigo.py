"""El segundo paso de la entrada: el código del teléfono, o uno de recuperación."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from panel import freno, sesiones
from panel.acceso import nombre_de_cookie, publica
from panel.caminos import camino_propio
from panel.entrada import abrir, frase_de_espera
from panel.servicios import servicios
from piezas.bitacora import anotar
from piezas.personas import Persona
from piezas.segundo_factor import NO_ES, acepta

pantalla = Blueprint("codigo", __name__)


@pantalla.get("/entrar/codigo")
@publica
def pedir() -> Response | str:
    """Pide el código a quien ya dio su contraseña."""
    siguiente = camino_propio(request.args.get("next"))
    with servicios().leer() as sesion:
        if _a_medias(sesion) is None:
            return redirect(url_for("acceso.entrar", next=siguiente))
    return render_template("entrar_codigo.html", siguiente=siguiente)


@pantalla.post("/entrar/codigo")
@publica
def comprobar() -> Response | tuple[str, int]:
    """Con el código bueno, la sesión queda completa y con otro identificador."""
    ahora, siguiente = servicios().ahora(), camino_propio(request.form.get("next"))
    direccion = request.remote_addr or ""
    with servicios().sesiones.begin() as sesion:
        quien = _a_medias(sesion)
        if quien is None:
            return redirect(url_for("acceso.entrar", next=siguiente), code=303)
        espera = freno.apartar(sesion, _llave(quien), direccion, ahora=ahora)
    if espera is not None:
        return _otra_vez(siguiente, frase_de_espera(espera), 429)
    with servicios().sesiones.begin() as sesion:
        quien = sesion.get_one(Persona, quien.id)
        if not codigo_bueno(sesion, quien):
            anotar(
                sesion, "código negado", quien=quien.correo, persona_id=quien.id, ahora=ahora,
                objeto="sesion",
            )  # fmt: skip
            return _otra_vez(siguiente, NO_ES, 401)
        freno.olvidar(sesion, _llave(quien), direccion)
    return abrir(quien, siguiente)


def codigo_bueno(sesion: Session, quien: Persona) -> bool:
    """Si el código del formulario es de esa persona; lo gasta."""
    caja = servicios().caja
    codigo = request.form.get("codigo", "")[:40]
    return caja is not None and acepta(sesion, quien, codigo, cofre=caja, ahora=servicios().ahora())


def _a_medias(sesion: Session) -> Persona | None:
    identificador = request.cookies.get(nombre_de_cookie(current_app), "")
    fila = sesiones.a_medias(sesion, identificador, ahora=servicios().ahora())
    return None if fila is None else fila.persona


def _llave(quien: Persona) -> str:
    return f"codigo:{quien.correo}"


def _otra_vez(siguiente: str, aviso: str, codigo: int) -> tuple[str, int]:
    return render_template("entrar_codigo.html", siguiente=siguiente, aviso=aviso), codigo
