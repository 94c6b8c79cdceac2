"""Quién puede abrir cada pantalla: toda ruta declara sus papeles, y algunas piden confirmar."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from flask import Blueprint, Flask, abort, current_app, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from panel import sesiones
from panel.caminos import de_donde_vino
from panel.servicios import servicios
from panel.sesiones import RECIENTE, SesionPanel
from piezas.personas import Papel
from piezas.segundo_factor import lo_necesita

pantalla = Blueprint("acceso", __name__)

TODOS = frozenset(Papel)
EQUIPO = TODOS - {Papel.SOLICITANTE}
"""La oficina: ve la parrilla, las piezas y la cola. El solicitante ve solo lo suyo."""
GESTION = frozenset({Papel.COMMUNITY, Papel.JEFATURA})
"""Deciden sobre las entregas: dudas, reintentos, cancelaciones, pausas."""
REVISORES = frozenset({Papel.JEFATURA, Papel.REVISION, Papel.JURIDICA})
"""Devuelven piezas; aprobar es solo de la jefatura."""
REDACTORES = frozenset({Papel.REDACCION, Papel.DISENO, Papel.COMMUNITY, Papel.JEFATURA})

SIN_PERSONA = frozenset({"estaticos.ver", "estaticos.ver_armado", "salud.ver"})
"""Rutas que no miran quién pregunta: se ahorran la consulta."""

SIN_FACTOR = frozenset(
    {"perfil.factor", "perfil.activar_factor", "confirmar.pedir", "confirmar.comprobar"}
)
"""Lo que puede abrir quien todavía debe poner su segundo factor."""
_PAPELES, _RECIENTE = "_papeles", "_reciente"
_Vista = TypeVar("_Vista", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Presente:
    """La persona que hace esta petición."""

    id: int
    correo: str
    nombre: str
    papeles: frozenset[Papel]
    sesion_id: int
    reciente_en: datetime
    """La última vez que dio su contraseña en esta sesión."""
    tiene_factor: bool
    falta_factor: bool
    """Si debe poner el segundo factor antes de seguir."""

    def puede(self, papeles: frozenset[Papel]) -> bool:
        """Si tiene alguno de esos papeles."""
        return bool(self.papeles & papeles)


def requiere(papeles: frozenset[Papel]) -> Callable[[_Vista], _Vista]:
    """Marca una vista: solo entra quien tenga alguno de esos papeles."""

    def marcar(vista: _Vista) -> _Vista:
        setattr(vista, _PAPELES, papeles)
        return vista

    return marcar


def requiere_reciente(vista: _Vista) -> _Vista:
    """Marca una vista delicada: quien no dio su contraseña hace poco, la da de nuevo."""
    setattr(vista, _RECIENTE, True)
    return vista


def publica(vista: _Vista) -> _Vista:
    """Marca una vista que no pide entrar."""
    setattr(vista, _PAPELES, None)
    return vista


def papeles_de(vista: Callable[..., Any]) -> frozenset[Papel] | None:
    """Lo que declara una vista; `None` = pública. Lanza `LookupError` si no declara nada."""
    if not hasattr(vista, _PAPELES):
        raise LookupError(vista.__qualname__)
    return cast("frozenset[Papel] | None", getattr(vista, _PAPELES))


def persona() -> Presente:
    """Quien hace esta petición; las vistas con `requiere` siempre la tienen."""
    return cast(Presente, g.persona)


def nombre_de_cookie(app: Flask) -> str:
    """`__Host-sesion` cuando el panel se sirve por TLS; el prefijo no vale sin él."""
    return "__Host-sesion" if app.config["SESSION_COOKIE_SECURE"] else "sesion"


def instalar(app: Flask) -> None:
    """Pone la puerta delante de todas las rutas."""
    app.before_request(_rechazar_otros_sitios)
    app.before_request(_reconocer)
    app.before_request(_autorizar)


def _rechazar_otros_sitios() -> None:
    # Segunda defensa además de la ficha CSRF: el navegador mismo dice de dónde viene el envío.
    sitio = request.headers.get("Sec-Fetch-Site", "same-origin")
    if request.method not in {"GET", "HEAD"} and sitio not in {"same-origin", "none"}:
        abort(403)


def _es_de_la_api() -> bool:
    """Allá la puerta es otra: la ficha, y nunca la sesión del navegador."""
    return request.blueprint == "api"


def _reconocer() -> None:
    g.persona = None
    if _es_de_la_api():
        return
    identificador = request.cookies.get(nombre_de_cookie(current_app))
    if not identificador or request.endpoint in SIN_PERSONA:
        return
    ahora = servicios().ahora()
    with servicios().leer() as sesion:
        fila = sesiones.vigente(sesion, identificador, ahora=ahora)
        if fila is None:
            return
        g.persona = _presente(fila)
        fila_id, vista_en = fila.id, fila.vista_en
    # El refresco automático de una pantalla abierta no es una persona usando el panel.
    es_sola = "X-Refresco" in request.headers or request.endpoint == "vivo.seguir"
    if not es_sola and ahora - vista_en >= sesiones.ENTRE_TOQUES:
        with servicios().sesiones.begin() as sesion:
            sesiones.tocar(sesion, fila_id, ahora=ahora)


def _presente(fila: SesionPanel) -> Presente:
    quien = fila.persona
    obliga = servicios().segundo_factor_obligatorio and lo_necesita(quien.papeles)
    return Presente(
        id=quien.id,
        correo=quien.correo,
        nombre=quien.nombre,
        papeles=quien.papeles,
        sesion_id=fila.id,
        reciente_en=fila.reciente_en,
        tiene_factor=quien.factor is not None,
        falta_factor=obliga and quien.factor is None,
    )


def _autorizar() -> Response | None:
    if request.endpoint is None or _es_de_la_api():
        return None  # 404 o método ajeno: no hay vista que proteger
    vista = current_app.view_functions[request.endpoint]
    papeles = papeles_de(vista)
    if papeles is None:
        return None
    if g.persona is None:
        siguiente = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("acceso.entrar", next=siguiente))
    if not g.persona.puede(papeles):
        abort(403)
    if g.persona.falta_factor and request.endpoint not in SIN_FACTOR:
        return redirect(url_for("perfil.factor"), code=303)
    if hasattr(vista, _RECIENTE) and not es_reciente():
        return _pedir_de_nuevo()
    return None


def es_reciente() -> bool:
    """Si quien pide dio su contraseña hace menos de diez minutos."""
    return servicios().ahora() - persona().reciente_en < RECIENTE


def _pedir_de_nuevo() -> Response:
    if request.method == "GET":
        siguiente = request.full_path.rstrip("?")
    else:
        siguiente = de_donde_vino()
        flash("Nada cambió todavía: confirme que es usted y repita lo que iba a hacer.", "duda")
    return redirect(url_for("confirmar.pedir", next=siguiente), code=303)
