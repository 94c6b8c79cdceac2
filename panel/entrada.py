"""Entrar y salir del panel."""

from datetime import timedelta

from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from panel import freno, sesiones
from panel.acceso import nombre_de_cookie, pantalla, publica
from panel.caminos import camino_propio
from panel.cartas import avisar_entrada
from panel.servicios import servicios
from piezas.bitacora import anotar
from piezas.personas import Persona
from piezas.usuarios import autenticar


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
        return _otra_vez(correo, siguiente, frase_de_espera(espera), 429)
    quien = _autenticar(correo, request.form.get("clave", "")[:1024])
    if quien is None:
        with servicios().sesiones.begin() as sesion:
            anotar(sesion, "entrada_negada", quien=correo or "—", ahora=ahora, objeto="sesion")
        return _otra_vez(correo, siguiente, "El correo o la contraseña no coinciden.", 401)
    con_factor = quien.factor is not None
    with servicios().sesiones.begin() as sesion:
        freno.olvidar(sesion, correo, direccion)
    if con_factor:
        # La contraseña sola no abre nada: la sesión nace a medias y muere a los diez minutos.
        destino = url_for("codigo.pedir", next=None if siguiente == "/" else siguiente)
        return abrir(quien, destino, completa=False)
    return abrir(quien, siguiente)


def _autenticar(correo: str, clave: str) -> Persona | None:
    # Comparar una clave tarda: se hace sin el turno de escribir, que es de todos.
    with servicios().leer() as sesion, sesion.no_autoflush:
        return autenticar(sesion, correo, clave)


def abrir(quien: Persona, siguiente: str, *, completa: bool = True) -> Response:
    """Una sesión nueva para esa persona, y el navegador camino de `siguiente`."""
    ahora = servicios().ahora()
    cookie = nombre_de_cookie(current_app)
    navegador = request.user_agent.string
    with servicios().sesiones.begin() as sesion:
        # Lo que el navegador traía antes de entrar muere: nadie hereda una sesión fijada.
        if anterior := request.cookies.get(cookie):
            sesiones.cerrar(sesion, anterior)
        identificador = sesiones.abrir(
            sesion, quien.id, navegador=navegador, ahora=ahora, completa=completa
        )
        if completa:
            anotar(
                sesion,
                "entrar",
                quien=quien.correo,
                persona_id=quien.id,
                ahora=ahora,
                objeto="sesion",
            )
    if completa:
        avisar_entrada(quien, navegador)
    session.clear()
    return con_cookie(redirect(siguiente, code=303), identificador)


def con_cookie(respuesta: Response, identificador: str) -> Response:
    """La respuesta, con la sesión en su cookie."""
    respuesta.set_cookie(
        nombre_de_cookie(current_app),
        identificador,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return respuesta


def frase_de_espera(espera: timedelta) -> str:
    """Cuánto falta para volver a intentarlo."""
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
