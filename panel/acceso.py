"""Entrar, salir y quién puede abrir cada pantalla: toda ruta declara sus papeles."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar, cast

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from panel import freno, sesiones
from panel.caminos import camino_propio
from panel.servicios import servicios
from piezas.bitacora import anotar
from piezas.personas import Papel
from piezas.usuarios import autenticar

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

_PAPELES = "_papeles"
_Vista = TypeVar("_Vista", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Presente:
    """La persona que hace esta petición."""

    id: int
    correo: str
    nombre: str
    papeles: frozenset[Papel]

    def puede(self, papeles: frozenset[Papel]) -> bool:
        """Si tiene alguno de esos papeles."""
        return bool(self.papeles & papeles)


def requiere(papeles: frozenset[Papel]) -> Callable[[_Vista], _Vista]:
    """Marca una vista: solo entra quien tenga alguno de esos papeles."""

    def marcar(vista: _Vista) -> _Vista:
        setattr(vista, _PAPELES, papeles)
        return vista

    return marcar


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


def _reconocer() -> None:
    g.persona = None
    identificador = request.cookies.get(nombre_de_cookie(current_app))
    if not identificador or request.endpoint in SIN_PERSONA:
        return
    ahora = servicios().ahora()
    with servicios().leer() as sesion:
        fila = sesiones.vigente(sesion, identificador, ahora=ahora)
        if fila is None:
            return
        quien = fila.persona
        g.persona = Presente(
            id=quien.id, correo=quien.correo, nombre=quien.nombre, papeles=quien.papeles
        )
        fila_id, vista_en = fila.id, fila.vista_en
    # El refresco automático de una pantalla abierta no es una persona usando el panel.
    es_sola = "X-Refresco" in request.headers or request.endpoint == "vivo.seguir"
    if not es_sola and ahora - vista_en >= sesiones.ENTRE_TOQUES:
        with servicios().sesiones.begin() as sesion:
            sesiones.tocar(sesion, fila_id, ahora=ahora)


def _autorizar() -> Response | None:
    if request.endpoint is None:
        return None  # 404 o método ajeno: no hay vista que proteger
    papeles = papeles_de(current_app.view_functions[request.endpoint])
    if papeles is None:
        return None
    if g.persona is None:
        siguiente = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("acceso.entrar", next=siguiente))
    if not g.persona.puede(papeles):
        abort(403)
    return None


@pantalla.get("/entrar")
@publica
def entrar() -> Response | str:
    """La puerta."""
    siguiente = camino_propio(request.args.get("next"))
    if g.persona is not None:
        return redirect(siguiente)
    return render_template("entrar.html", siguiente=siguiente, correo="")


@pantalla.post("/entrar")
@publica
def comprobar() -> Response | tuple[str, int]:
    """Comprueba correo y contraseña, y abre una sesión nueva."""
    correo = request.form.get("correo", "").strip().lower()[:254]
    siguiente = camino_propio(request.form.get("next"))
    direccion = request.remote_addr or ""
    ahora = servicios().ahora()
    with servicios().sesiones.begin() as sesion:
        espera = freno.apartar(sesion, correo, direccion, ahora=ahora)
    if espera is not None:
        return _otra_vez(correo, siguiente, _frase_de_espera(espera), 429)
    quien_id = _autenticar(correo, request.form.get("clave", "")[:1024])
    if quien_id is None:
        with servicios().sesiones.begin() as sesion:
            anotar(sesion, "entrada_negada", quien=correo or "—", ahora=ahora, objeto="sesion")
        return _otra_vez(correo, siguiente, "El correo o la contraseña no coinciden.", 401)
    return _abrir(quien_id, correo, direccion, siguiente)


def _autenticar(correo: str, clave: str) -> int | None:
    # Comparar una clave tarda: se hace sin el turno de escribir, que es de todos.
    with servicios().leer() as sesion, sesion.no_autoflush:
        quien = autenticar(sesion, correo, clave)
        return None if quien is None else quien.id


def _abrir(persona_id: int, correo: str, direccion: str, siguiente: str) -> Response:
    ahora = servicios().ahora()
    cookie = nombre_de_cookie(current_app)
    with servicios().sesiones.begin() as sesion:
        # Lo que el navegador traía antes de entrar muere: nadie hereda una sesión fijada.
        if anterior := request.cookies.get(cookie):
            sesiones.cerrar(sesion, anterior)
        identificador = sesiones.abrir(
            sesion, persona_id, navegador=request.user_agent.string, ahora=ahora
        )
        freno.olvidar(sesion, correo, direccion)
        anotar(sesion, "entrar", quien=correo, persona_id=persona_id, ahora=ahora, objeto="sesion")
    session.clear()
    respuesta = redirect(siguiente, code=303)
    respuesta.set_cookie(
        cookie,
        identificador,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return respuesta


def _frase_de_espera(espera: timedelta) -> str:
    minutos = max(1, -(-int(espera.total_seconds()) // 60))
    cuanto = "un minuto" if minutos == 1 else f"{minutos} minutos"
    return f"Hubo demasiados intentos seguidos. Espere {cuanto} y vuelva a intentarlo."


def _otra_vez(correo: str, siguiente: str, aviso: str, codigo: int) -> tuple[str, int]:
    return (
        render_template("entrar.html", siguiente=siguiente, correo=correo, aviso=aviso),
        codigo,
    )


@pantalla.get("/salir")
@publica
def preguntar_salida() -> Response | str:
    """Confirma: un enlace ajeno no debe poder cerrar la sesión."""
    if g.persona is None:
        return redirect(url_for("acceso.entrar"))
    return render_template("salir.html")


@pantalla.post("/salir")
@publica
def salir() -> Response:
    """Cierra la sesión en el servidor y olvida la cookie."""
    cookie = nombre_de_cookie(current_app)
    if identificador := request.cookies.get(cookie):
        with servicios().sesiones.begin() as sesion:
            sesiones.cerrar(sesion, identificador)
            if g.persona is not None:
                anotar(
                    sesion,
                    "salir",
                    quien=g.persona.correo,
                    persona_id=g.persona.id,
                    ahora=servicios().ahora(),
                    objeto="sesion",
                )
    session.clear()
    flash("Su sesión quedó cerrada.", "bien")
    respuesta = redirect(url_for("acceso.entrar"), code=303)
    respuesta.delete_cookie(
        cookie,
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return respuesta
