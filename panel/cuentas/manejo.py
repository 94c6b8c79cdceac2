"""Lo que se hace con una cuenta: guardar su ficha, verificarla, pausarla, desactivarla."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from cola.carriles import cuenta_por_alias, pausar_cuenta
from cola.credenciales import CredencialIlegible
from cola.cuentas import Cuenta
from cola.errores import NoSePuede
from cola.fichas import (
    SIN_RED,
    Ficha,
    Revision,
    anotar_verificacion,
    cambiar_actividad,
    editar_ficha,
)
from conectores.contrato import Permiso
from conectores.errores import ErrorDeConector
from panel.acceso import GESTION, persona, requiere
from panel.cuentas.base import CONECTAN, VERIFICAN, credencial_de, pantalla
from panel.cuentas.listado import mostrar
from panel.servicios import servicios


@pantalla.post("/cuentas/<alias>/ficha")
@requiere(CONECTAN)
def guardar(alias: str) -> Response | tuple[str, int]:
    """Guarda la ficha; si algo no sirve, la hoja vuelve con lo escrito."""
    try:
        _guardar(alias)
    except NoSePuede as error:
        campos = ("nombre", "custodio", "correo_institucional", "espaciado_min", "en_duda")
        escrito = {campo: request.form.get(campo, "") for campo in campos}
        return mostrar(alias, escrito=escrito, falla=error.mensaje), 422
    flash("La ficha quedó guardada.", "bien")
    return _a_la_hoja(alias)


def _guardar(alias: str) -> None:
    ficha = Ficha(
        nombre=request.form.get("nombre", "")[:120],
        custodio=request.form.get("custodio", "")[:120],
        correo_institucional=request.form.get("correo_institucional", "")[:254],
        espaciado_s=_minutos(request.form.get("espaciado_min", "")),
        reenvia_en_duda=request.form.get("en_duda") == "reenviar",
    )
    with servicios().sesiones.begin() as sesion:
        editar_ficha(sesion, alias, ficha, por=persona().id, ahora=servicios().ahora())


def _minutos(texto: str) -> int | None:
    if not texto.strip():
        return None
    try:
        return round(float(texto.replace(",", ".")) * 60)
    except (ValueError, OverflowError):
        raise NoSePuede("El espaciado se escribe en minutos, como 2 o 0,5.") from None


@pantalla.post("/cuentas/<alias>/verificar")
@requiere(VERIFICAN)
def verificar(alias: str) -> Response:
    """Pregunta a la red, sin tener la base ocupada mientras contesta."""
    with servicios().leer() as sesion:
        cuenta = cuenta_por_alias(sesion, alias)
        if cuenta.red in SIN_RED:
            raise NoSePuede("Esta cuenta la entrega una persona: no hay una red que preguntar.")
        cuenta_id = cuenta.id
    revision = preguntar(cuenta_id)
    if revision.vale:
        flash("La red confirmó el permiso.", "bien")
    else:
        flash("La verificación encontró problemas: mire abajo qué hacer con cada uno.", "mal")
    return _a_la_hoja(alias)


def preguntar(cuenta_id: int) -> Revision:
    """Verifica una cuenta y guarda lo que dijo la red."""
    a_la_red = servicios().verificar
    if a_la_red is None:
        raise NoSePuede("Esta instalación no puede preguntar a las redes desde el panel.")
    with servicios().leer() as sesion:
        credencial = credencial_de(sesion.get_one(Cuenta, cuenta_id))
    permiso: Permiso | None = None
    motivo: str | None = None
    try:
        permiso = a_la_red(credencial)
    except (ErrorDeConector, CredencialIlegible) as error:
        motivo = error.mensaje
    with servicios().sesiones.begin() as sesion:
        return anotar_verificacion(sesion, cuenta_id, permiso, motivo, ahora=servicios().ahora())


@pantalla.post("/cuentas/<alias>/pausar")
@requiere(GESTION)
def pausar(alias: str) -> Response:
    """Detiene el carril de una cuenta."""
    with servicios().sesiones.begin() as sesion:
        cuenta = pausar_cuenta(
            sesion,
            alias,
            motivo=request.form.get("motivo", "")[:300],
            quien=persona().correo,
            persona_id=persona().id,
            ahora=servicios().ahora(),
        )
        nombre = cuenta.nombre
    flash(f"{nombre} quedó en pausa: nada sale por ella hasta que alguien la reanude.", "duda")
    return _a_la_hoja(alias)


@pantalla.post("/cuentas/<alias>/desactivar")
@requiere(CONECTAN)
def desactivar(alias: str) -> Response:
    """La saca de uso sin borrar nada."""
    with servicios().sesiones.begin() as sesion:
        cambiar_actividad(sesion, alias, activa=False, por=persona().id, ahora=servicios().ahora())
    flash("La cuenta quedó desactivada. Su historia sigue completa.", "duda")
    return _a_la_hoja(alias)


@pantalla.post("/cuentas/<alias>/activar")
@requiere(CONECTAN)
def activar(alias: str) -> Response:
    """La vuelve a poner en uso."""
    with servicios().sesiones.begin() as sesion:
        cambiar_actividad(sesion, alias, activa=True, por=persona().id, ahora=servicios().ahora())
    servicios().despertar()
    flash("La cuenta está activa de nuevo.", "bien")
    return _a_la_hoja(alias)


def _a_la_hoja(alias: str) -> Response:
    return redirect(url_for("cuentas.ver", alias=alias), code=303)
