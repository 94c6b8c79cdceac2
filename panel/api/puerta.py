"""La puerta de la API: solo se entra con una ficha, nunca con la sesión del navegador."""

from datetime import timedelta
from typing import cast

from flask import Response, current_app, g, request

from panel.acceso import Presente, papeles_de
from panel.api.base import ALCANCE, pantalla
from panel.cuentagotas import Cuentagotas
from panel.problemas import problema
from panel.servicios import servicios
from piezas import fichas_api
from piezas.fichas_api import FichaApi
from piezas.segundo_factor import lo_necesita

GOTAS = "publicador-api"
POR_MINUTO = 300
"""Lo que una ficha puede pedir en un minuto."""
SIN_FICHA = (
    "Mande Authorization: Bearer con una ficha que valga. Se crean en Mi cuenta, Fichas para "
    "programas; valen hasta su vencimiento."
)


@pantalla.before_request
def reconocer() -> Response | None:
    """Quién pide, si puede y si no está pidiendo demasiado."""
    vista = current_app.view_functions[cast(str, request.endpoint)]
    papeles = papeles_de(vista)
    if papeles is None:
        return None
    quien = _presente()
    if quien is None:
        return problema(401, SIN_FICHA, cabeceras={"WWW-Authenticate": 'Bearer realm="api"'})
    if not _deja(g.ficha_id):
        return problema(
            429,
            "Esta ficha pidió demasiado en un minuto. Espere uno y siga más despacio.",
            cabeceras={"Retry-After": "60"},
        )
    g.persona = quien
    if frase := _por_que_no(quien, getattr(vista, ALCANCE)):
        return problema(403, frase)
    if not quien.puede(papeles):
        nombres = ", ".join(f"«{papel}»" for papel in sorted(papeles))
        return problema(403, f"Eso lo hace quien tiene alguno de estos papeles: {nombres}.")
    return None


def _por_que_no(quien: Presente, alcance: str | None) -> str | None:
    if quien.falta_factor:
        return "A su dueña le falta poner el segundo factor: hasta entonces la ficha no abre nada."
    if alcance is not None and alcance not in g.alcances:
        return f"Esta ficha no tiene el alcance «{alcance}». Cree otra que lo tenga."
    return None


def _presente() -> Presente | None:
    dado = request.authorization
    if dado is None or dado.type != "bearer" or not dado.token:
        return None
    ahora = servicios().ahora()
    with servicios().leer() as sesion:
        ficha = fichas_api.vigente(sesion, dado.token, ahora=ahora)
        if ficha is None:
            return None
        g.ficha_id, g.alcances, g.ficha = ficha.id, ficha.deja, ficha.nombre
        quien = _de_la_ficha(ficha)
        usada = ficha.usada_en
    if usada is None or ahora - usada >= fichas_api.ENTRE_TOQUES:
        with servicios().sesiones.begin() as sesion:
            fichas_api.tocar(sesion, g.ficha_id, ahora=ahora)
    return quien


def _de_la_ficha(ficha: FichaApi) -> Presente:
    """Su dueña, con los papeles que tiene en este momento."""
    duena = ficha.persona
    obliga = servicios().segundo_factor_obligatorio and lo_necesita(duena.papeles)
    return Presente(
        id=duena.id,
        correo=duena.correo,
        nombre=duena.nombre,
        papeles=duena.papeles,
        sesion_id=0,
        # Una ficha nunca vale como haber dado la contraseña.
        reciente_en=servicios().ahora() - timedelta(days=1),
        tiene_factor=duena.factor is not None,
        falta_factor=obliga and duena.factor is None,
    )


def _deja(ficha_id: int) -> bool:
    gotas = current_app.extensions.setdefault(GOTAS, Cuentagotas(POR_MINUTO))
    return bool(gotas.deja(str(ficha_id), servicios().ahora()))
