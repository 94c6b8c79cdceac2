"""La lista de palabras de la oficina: qué conviene no decir, y por qué."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from panel.acceso import persona, requiere
from panel.servicios import servicios
from piezas.consejos import vigiladas
from piezas.errores import DatosInvalidos
from piezas.personas import Papel

pantalla = Blueprint("vigiladas", __name__)

VIGILAN = frozenset({Papel.JEFATURA, Papel.ADMINISTRACION})


@pantalla.get("/palabras")
@requiere(VIGILAN)
def listar() -> str:
    """La lista y el campo para agregar."""
    return _mostrar()


@pantalla.post("/palabras")
@requiere(VIGILAN)
def agregar() -> Response | tuple[str, int]:
    """Agrega una; si falta algo, lo escrito no se pierde."""
    palabra, motivo = request.form.get("palabra", ""), request.form.get("motivo", "")
    try:
        with servicios().sesiones.begin() as sesion:
            vigiladas.vigilar(sesion, palabra, motivo, por=persona().id, ahora=servicios().ahora())
    except DatosInvalidos as error:
        return _mostrar(palabra, motivo, error.fallas), 422
    flash(f"Desde ahora se avisa cuando alguien escriba «{palabra.strip()}».", "bien")
    return redirect(url_for(".listar"), code=303)


@pantalla.post("/palabras/<int:palabra_id>/quitar")
@requiere(VIGILAN)
def quitar(palabra_id: int) -> Response:
    """La saca de la lista."""
    with servicios().sesiones.begin() as sesion:
        cual = vigiladas.dejar_de_vigilar(
            sesion, palabra_id, por=persona().id, ahora=servicios().ahora()
        )
    flash(f"«{cual}» salió de la lista.", "bien")
    return redirect(url_for(".listar"), code=303)


def _mostrar(palabra: str = "", motivo: str = "", fallas: tuple[str, ...] = ()) -> str:
    with servicios().leer() as sesion:
        return render_template(
            "palabras.html",
            palabras=vigiladas.palabras_vigiladas(sesion),
            palabra=palabra,
            motivo=motivo,
            fallas=fallas,
        )
