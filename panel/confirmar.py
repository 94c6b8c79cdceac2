"""Confirmar que es la misma persona antes de algo delicado: contraseña, y código si lo usa."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from panel import freno, sesiones
from panel.acceso import TODOS, persona, requiere
from panel.caminos import camino_propio
from panel.codigo import codigo_bueno
from panel.entrada import con_cookie, frase_de_espera
from panel.servicios import servicios
from piezas.bitacora import anotar
from piezas.claves_de_entrada import CLAVE_MAXIMA, comparar
from piezas.personas import Persona
from piezas.segundo_factor import NO_ES

pantalla = Blueprint("confirmar", __name__)


@pantalla.get("/confirmar")
@requiere(TODOS)
def pedir() -> str:
    """La pregunta."""
    return render_template(
        "confirmar.html", siguiente=camino_propio(request.args.get("next")), aviso=""
    )


@pantalla.post("/confirmar")
@requiere(TODOS)
def comprobar() -> Response | tuple[str, int]:
    """Con la contraseña buena sigue, con otro identificador de sesión."""
    siguiente, ahora = camino_propio(request.form.get("next")), servicios().ahora()
    llave, direccion = f"confirmar:{persona().correo}", request.remote_addr or ""
    with servicios().sesiones.begin() as sesion:
        espera = freno.apartar(sesion, llave, direccion, ahora=ahora)
    if espera is not None:
        return _otra_vez(siguiente, frase_de_espera(espera), 429)
    with servicios().leer() as sesion:
        clave = request.form.get("clave", "")[: CLAVE_MAXIMA + 1]
        acierta = comparar(sesion.get_one(Persona, persona().id).clave, clave)
    with servicios().sesiones.begin() as sesion:
        quien = sesion.get_one(Persona, persona().id)
        falla = "" if acierta else "La contraseña no es esa."
        if acierta and quien.factor is not None and not codigo_bueno(sesion, quien):
            falla = NO_ES
        if falla:
            anotar(
                sesion, "confirmación negada", quien=quien.correo, persona_id=quien.id,
                ahora=ahora, objeto="sesion",
            )  # fmt: skip
            return _otra_vez(siguiente, falla, 401)
        freno.olvidar(sesion, llave, direccion)
        identificador = sesiones.confirmar(sesion, persona().sesion_id, ahora=ahora)
    return con_cookie(redirect(siguiente, code=303), identificador)


def _otra_vez(siguiente: str, aviso: str, codigo: int) -> tuple[str, int]:
    return render_template("confirmar.html", siguiente=siguiente, aviso=aviso), codigo
