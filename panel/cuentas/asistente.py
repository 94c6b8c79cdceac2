"""Los asistentes: escoger la red, prepararse y salir hacia ella, o escribir las llaves."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cola.adopciones import DatosDeCuenta, registrar
from cola.carriles import cuenta_por_alias
from cola.cuentas import Cuenta
from cola.enlaces import Salida, abrir, guardar_candidatas, salida_de
from cola.errores import ErrorDeCola, NoSePuede
from cola.fichas import SIN_RED
from conectores.contrato import Red
from conectores.enlace import Candidata
from conectores.errores import ErrorDeConector
from panel.acceso import persona, requiere, requiere_reciente
from panel.cuentas.base import (
    COMO,
    CONECTAN,
    caja,
    direccion_de_vuelta,
    enlazador_de,
    esta_sesion,
    pantalla,
    red_de,
)
from panel.palabras import REDES
from panel.servicios import servicios
from piezas.errores import ErrorDePiezas
from piezas.usuarios import persona_de

CAMPOS_A_MANO: Mapping[Red, tuple[str, ...]] = {
    Red.X: ("api_key", "api_secret", "access_token", "access_secret"),
    Red.WORDPRESS: ("url", "usuario", "contrasena_aplicacion"),
}
"""Lo que se puede escribir en vez de ir a la red."""
A_LA_VISTA = frozenset({"url", "usuario"})
"""Lo único de eso que puede volver a una página."""


@pantalla.get("/cuentas/nueva")
@requiere(CONECTAN)
def nueva() -> str:
    """Escoger qué se conecta."""
    disponibles = servicios().redes
    return render_template(
        "cuenta_nueva.html",
        redes=[(red, COMO[red], red in disponibles) for red in Red],
        sin_red=SIN_RED,
    )


@pantalla.get("/cuentas/conectar/<red>")
@requiere(CONECTAN)
@requiere_reciente
def preparar(red: str) -> str:
    """Qué va a pasar y qué hay que tener a la mano. `?cuenta=alias` reconecta una registrada."""
    cual = red_de(red)
    return _pagina(cual, request.args.get("cuenta", ""))


def _pagina(red: Red, alias: str, **mas: str) -> str:
    a_mano = red in SIN_RED
    falta = "" if a_mano else enlazador_de(red).falta
    with servicios().leer() as sesion:
        cuenta = _cuenta(sesion, red, alias)
        return render_template(
            "cuenta_conectar.html",
            red=red,
            cuenta=cuenta,
            falta=falta,
            disponible=red in servicios().redes,
            vuelta=direccion_de_vuelta(red),
            campos=CAMPOS_A_MANO.get(red, ()),
            escrito={**request.form.to_dict(), **mas} if request.method == "POST" else mas,
            visibles=A_LA_VISTA,
        )


def _cuenta(sesion: Session, red: Red, alias: str) -> Cuenta | None:
    if not alias:
        return None
    cuenta = cuenta_por_alias(sesion, alias)
    if cuenta.red is not red:
        raise NoSePuede(f"La cuenta «{alias}» es de {REDES[cuenta.red].palabra}.")
    return cuenta


@pantalla.post("/cuentas/conectar/<red>")
@requiere(CONECTAN)
@requiere_reciente
def conectar(red: str) -> Response | tuple[str, int]:
    """Deja lista la salida: el enlace a la red se abre desde la página que sigue."""
    cual = red_de(red)
    alias = request.form.get("cuenta", "")
    enlazador = enlazador_de(cual)
    if enlazador.falta:
        return _otra_vez(cual, alias, enlazador.falta)
    try:
        datos = enlazador.preparar({"url": request.form.get("url", "")[:500]})
    except ErrorDeConector as error:
        return _otra_vez(cual, alias, error.mensaje)
    conexion_id = _abrir(cual, alias, datos)
    return redirect(url_for("cuentas.salida", conexion_id=conexion_id), code=303)


def _abrir(red: Red, alias: str, datos: Mapping[str, str]) -> int:
    with servicios().sesiones.begin() as sesion:
        cuenta = _cuenta(sesion, red, alias)
        return abrir(
            sesion,
            red,
            cuenta_id=None if cuenta is None else cuenta.id,
            datos=datos,
            sesion_panel=esta_sesion(),
            por=persona().id,
            caja=caja(),
            ahora=servicios().ahora(),
        )


def _otra_vez(red: Red, alias: str, frase: str) -> tuple[str, int]:
    """La misma página con lo escrito, menos los secretos, y la frase arriba."""
    return _pagina(red, alias, falla=frase), 422


def _la_salida(sesion: Session, conexion_id: int) -> Salida:
    """La conexión que esta persona abrió en este navegador; la de otra no existe para ella."""
    return salida_de(
        sesion,
        conexion_id,
        sesion_panel=esta_sesion(),
        por=persona().id,
        caja=caja(),
        ahora=servicios().ahora(),
    )


@pantalla.get("/cuentas/conexion/<int:conexion_id>/salida")
@requiere(CONECTAN)
def salida(conexion_id: int) -> str:
    """La puerta de salida: un enlace, porque un formulario no puede terminar en otro sitio."""
    with servicios().leer() as sesion:
        quien = _la_salida(sesion, conexion_id)
        return render_template("cuenta_salida.html", red=quien.red, conexion_id=conexion_id)


@pantalla.get("/cuentas/conexion/<int:conexion_id>/ida")
@requiere(CONECTAN)
def ida(conexion_id: int) -> Response:
    """Lleva a la red con el estado y el reto; lo secreto se queda aquí."""
    with servicios().leer() as sesion:
        quien = _la_salida(sesion, conexion_id)
    destino = enlazador_de(quien.red).ida(
        vuelta=direccion_de_vuelta(quien.red),
        estado=quien.estado,
        reto=quien.reto,
        datos=quien.datos,
    )
    return redirect(destino, code=302)


@pantalla.post("/cuentas/conectar/<red>/llaves")
@requiere(CONECTAN)
@requiere_reciente
def llaves(red: str) -> Response | tuple[str, int]:
    """Prueba en la red las llaves escritas a mano, y sigue como si se hubiera vuelto de ella."""
    cual = red_de(red)
    alias = request.form.get("cuenta", "")
    campos = CAMPOS_A_MANO.get(cual, ())
    enlazador = enlazador_de(cual)
    try:
        candidata = enlazador.probar({c: request.form.get(c, "")[:500] for c in campos})
    except ErrorDeConector as error:
        return _otra_vez(cual, alias, error.mensaje)
    conexion_id = _abrir(cual, alias, {})
    with servicios().sesiones.begin() as sesion:
        guardar_candidatas(sesion, conexion_id, [candidata], caja=caja())
    return redirect(url_for("cuentas.escoger", conexion_id=conexion_id), code=303)


@pantalla.post("/cuentas/conectar/<red>/canal")
@requiere(CONECTAN)
def canal(red: str) -> Response | tuple[str, int]:
    """Registra un canal sin red: una lista de correo o uno que entrega una persona."""
    cual = red_de(red)
    if cual not in SIN_RED or cual not in servicios().redes:
        return _otra_vez(cual, "", "Esta versión todavía no publica por esa red.")
    formulario = request.form
    candidata = Candidata(
        red=cual,
        identificador=formulario.get("identificador", "").strip()[:120],
        nombre=formulario.get("nombre", "").strip()[:120],
        credencial={},
    )
    try:
        with servicios().sesiones.begin() as sesion:
            cuenta = registrar(
                sesion,
                candidata,
                datos_del_formulario(),
                por=persona_de(sesion, persona().id, *CONECTAN),
                caja=caja(),
                ahora=servicios().ahora(),
            )
            alias = cuenta.alias
    except (ErrorDeCola, ErrorDePiezas) as error:
        return _otra_vez(cual, "", error.mensaje)
    flash("El canal quedó registrado.", "bien")
    return redirect(url_for("cuentas.ver", alias=alias), code=303)


def datos_del_formulario() -> DatosDeCuenta:
    """Lo que se escribe de una cuenta al registrarla."""
    formulario = request.form
    return DatosDeCuenta(
        alias=formulario.get("alias", "")[:60],
        nombre=formulario.get("nombre", "")[:120],
        custodio=formulario.get("custodio", "")[:120],
        correo_institucional=formulario.get("correo_institucional", "")[:254],
        declara="declara" in formulario,
    )
