"""Mis fichas para programas: crearlas, ver para qué sirven y revocarlas."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from panel.acceso import TODOS, persona, requiere, requiere_reciente
from panel.servicios import servicios
from piezas import fichas_api
from piezas.errores import DatosInvalidos
from piezas.fichas_api import ALCANCES, NOMBRE_MAXIMO, PLAZOS

pantalla = Blueprint("fichas", __name__)

RECIEN = "ficha-nueva"
"""Donde espera, hasta la página siguiente, el secreto que se muestra una sola vez."""


@pantalla.get("/perfil/fichas")
@requiere(TODOS)
def listar() -> str:
    """Las mías, y cómo crear otra."""
    return _hoja()


def _hoja(fallas: tuple[str, ...] = ()) -> str:
    ahora = servicios().ahora()
    with servicios().leer() as sesion:
        suyas = fichas_api.de_persona(sesion, persona().id)
        return render_template(
            "fichas.html",
            vivas=[f for f in suyas if fichas_api.esta_viva(f, ahora)],
            muertas=[f for f in suyas if not fichas_api.esta_viva(f, ahora)][:10],
            nueva=session.pop(RECIEN, None),
            alcances=ALCANCES,
            puestos=set(request.form.getlist("alcance")),
            nombre=request.form.get("nombre", ""),
            dias=request.form.get("dias", type=int) or 90,
            plazos=[plazo.days for plazo in PLAZOS],
            maximo=NOMBRE_MAXIMO,
            fallas=fallas,
        )


@pantalla.post("/perfil/fichas")
@requiere(TODOS)
@requiere_reciente
def crear() -> Response | tuple[str, int]:
    """Crea una y muestra su secreto una vez."""
    dias = request.form.get("dias", 0, type=int)
    try:
        with servicios().sesiones.begin() as sesion:
            ficha, secreto = fichas_api.crear(
                sesion,
                nombre=request.form.get("nombre", "")[: NOMBRE_MAXIMO + 1],
                alcances=request.form.getlist("alcance"),
                plazo=timedelta(days=min(max(dias, 0), 10_000)),
                por=persona().id,
                ahora=servicios().ahora(),
            )
            session[RECIEN] = {"nombre": ficha.nombre, "secreto": secreto}
    except DatosInvalidos as error:
        return _hoja(error.fallas), 422
    return redirect(url_for(".listar"), code=303)


@pantalla.post("/perfil/fichas/<int:ficha_id>/revocar")
@requiere(TODOS)
def revocar(ficha_id: int) -> Response:
    """Deja de valer."""
    with servicios().sesiones.begin() as sesion:
        ficha = fichas_api.revocar(sesion, ficha_id, por=persona().id, ahora=servicios().ahora())
        nombre = ficha.nombre
    flash(f"La ficha «{nombre}» ya no abre nada.", "bien")
    return redirect(url_for(".listar"), code=303)
