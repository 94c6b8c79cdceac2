"""La lista de control de la oficina: se escribe una línea por punto."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from panel.acceso import EQUIPO, persona, requiere
from panel.servicios import servicios
from piezas.errores import DatosInvalidos
from piezas.lista_control import DE_SIEMPRE, LARGO, MAXIMO, cambiar_puntos, puntos
from piezas.personas import Papel

pantalla = Blueprint("lista_control", __name__)

CAMBIAN = frozenset({Papel.JEFATURA, Papel.ADMINISTRACION})


@pantalla.get("/aprobacion/lista")
@requiere(EQUIPO)
def ver() -> str:
    """Lo que se revisa antes de aprobar."""
    with servicios().leer() as sesion:
        return _mostrar("\n".join(puntos(sesion)))


def _mostrar(texto: str, falla: str = "") -> str:
    return render_template(
        "lista_control.html",
        texto=texto,
        falla=falla,
        maximo=MAXIMO,
        largo=LARGO,
        de_siempre=DE_SIEMPRE,
        cambia=persona().puede(CAMBIAN),
    )


@pantalla.post("/aprobacion/lista")
@requiere(CAMBIAN)
def guardar() -> Response | tuple[str, int]:
    """La lista entera, como quedó escrita."""
    texto = request.form.get("puntos", "")[:5000]
    try:
        with servicios().sesiones.begin() as sesion:
            cambiar_puntos(sesion, texto.splitlines(), por=persona().id, ahora=servicios().ahora())
    except DatosInvalidos as error:
        return _mostrar(texto, error.mensaje), 422
    flash("La lista quedó guardada.", "bien")
    return redirect(url_for(".ver"), code=303)
