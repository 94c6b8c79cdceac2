"""Lo que cada quien prefiere en su navegador: claro u oscuro, y si quiere atajos de teclado."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from flask import Blueprint, abort, current_app, redirect, request
from werkzeug.wrappers import Response

from panel.acceso import publica
from panel.caminos import camino_propio

pantalla = Blueprint("apariencia", __name__)

UN_ANIO = timedelta(days=365)


class Tema(StrEnum):
    """Cómo se ve el panel."""

    EQUIPO = "equipo"
    CLARO = "claro"
    OSCURO = "oscuro"


TEMAS = {Tema.CLARO: "Claro", Tema.OSCURO: "Oscuro", Tema.EQUIPO: "Según el equipo"}
CUANDO_OSCURO = {
    Tema.EQUIPO: "screen and (prefers-color-scheme: dark)",
    Tema.OSCURO: "screen",
    Tema.CLARO: "",
}
"""La condición con que se enlaza la hoja oscura; vacía, no se enlaza. El papel es siempre claro."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Apariencia:
    """Las preferencias de este navegador."""

    tema: Tema
    con_atajos: bool

    @property
    def cuando_oscuro(self) -> str:
        """Para el atributo `media` de la hoja oscura."""
        return CUANDO_OSCURO[self.tema]


def preferida() -> Apariencia:
    """Lo que dicen las cookies de esta petición; lo que no se entiende es lo de siempre."""
    tema = request.cookies.get("tema", "")
    return Apariencia(
        tema=Tema(tema) if tema in set(Tema) else Tema.EQUIPO,
        con_atajos=request.cookies.get("atajos") != "no",
    )


@pantalla.post("/apariencia")
@publica
def cambiar() -> Response:
    """Guarda una preferencia y vuelve a donde estaba."""
    respuesta = redirect(camino_propio(request.form.get("next")), code=303)
    tema, atajos = request.form.get("tema"), request.form.get("atajos")
    if (tema is not None and tema not in set(Tema)) or atajos not in {None, "si", "no"}:
        abort(400)
    for nombre, valor in (("tema", tema), ("atajos", atajos)):
        if valor is not None:
            _recordar(respuesta, nombre, valor)
    return respuesta


def _recordar(respuesta: Response, nombre: str, valor: str) -> None:
    respuesta.set_cookie(
        nombre,
        valor,
        max_age=UN_ANIO,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )
