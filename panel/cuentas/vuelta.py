"""La vuelta de cada red: se comprueba, se canjea y se sigue en una dirección sin secretos."""

from flask import flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from cola.enlaces import Negada, Vuelta, descartar_en_curso, guardar_candidatas, recibir_vuelta
from conectores.contrato import Red
from conectores.enlace import Candidata
from conectores.errores import ErrorDeConector
from panel.acceso import EQUIPO, persona, publica
from panel.cuentas.base import (
    CONECTAN,
    caja,
    direccion_de_vuelta,
    enlazador_de,
    esta_sesion,
    pantalla,
    red_de,
)
from panel.servicios import servicios

_SIN_ESTADO = (
    "A esta dirección solo se llega de vuelta de una red, al conectar una cuenta. Empiece la "
    "conexión desde Cuentas."
)
_SE_NEGO = "No se dio el permiso en la red, así que nada cambió. Puede intentarlo de nuevo."
_OTRO_EMISOR = (
    "La respuesta no viene de la red a la que se pidió el permiso. No se guardó nada: empiece de "
    "nuevo y, si se repite, avise a quien administra el servicio."
)


@pantalla.get("/cuentas/vuelta/<red>")
@publica
def recibir(red: str) -> Response:
    """Recibe a la persona que vuelve.

    Es pública para que la puerta de entrada no copie en su dirección lo que trajo la vuelta: sin
    sesión no se mira nada de eso y hay que empezar de nuevo.
    """
    cual = red_de(red)
    estado = request.args.get("state", "")
    if g.persona is None:
        flash("Su sesión terminó mientras daba el permiso. Entre y conecte de nuevo.", "mal")
        return redirect(url_for("acceso.entrar", next=url_for("cuentas.listar")), code=303)
    if not persona().puede(CONECTAN):
        return _negar("Conectar cuentas es de la jefatura o de quien administra el servicio.")
    if not estado or len(estado) > 500:
        return _negar(_SIN_ESTADO)
    with servicios().sesiones.begin() as sesion:
        vuelta = recibir_vuelta(
            sesion,
            cual,
            estado,
            sesion_panel=esta_sesion(),
            por=persona().id,
            quien=persona().correo,
            caja=caja(),
            ahora=servicios().ahora(),
        )
    if isinstance(vuelta, Negada):
        return _negar(vuelta.frase)
    return _seguir(cual, vuelta)


def _negar(frase: str) -> Response:
    """Dice que no en otra dirección: en esta viene lo que trajo la red.

    Una página pintada aquí dejaría el código (o la contraseña, en WordPress) en la barra, en el
    historial y en los formularios que recuerdan dónde estaba la persona.
    """
    flash(frase, "mal")
    a_donde = "cuentas.listar" if persona().puede(EQUIPO) else "tablero.ver"
    return redirect(url_for(a_donde), code=303)


def _seguir(red: Red, vuelta: Vuelta) -> Response:
    frase = _negativa_de_la_red(red)
    if not frase:
        try:
            candidatas = _canjear(red, vuelta)
        except ErrorDeConector as error:
            frase = error.mensaje
    if frase:
        with servicios().sesiones.begin() as sesion:
            alias = descartar_en_curso(sesion, vuelta.conexion_id)
        flash(frase, "mal")
        return redirect(url_for("cuentas.preparar", red=red.value, cuenta=alias), code=303)
    with servicios().sesiones.begin() as sesion:
        guardar_candidatas(sesion, vuelta.conexion_id, candidatas, caja=caja())
    return redirect(url_for("cuentas.escoger", conexion_id=vuelta.conexion_id), code=303)


def _negativa_de_la_red(red: Red) -> str:
    emisor = request.args.get("iss")
    if emisor is not None and emisor != enlazador_de(red).emisor:
        return _OTRO_EMISOR
    if "error" in request.args or request.args.get("success") == "false":
        return _SE_NEGO
    return ""


def _canjear(red: Red, vuelta: Vuelta) -> tuple[Candidata, ...]:
    return enlazador_de(red).recibir(
        request.args.to_dict(),
        vuelta=direccion_de_vuelta(red),
        verificador=vuelta.verificador,
        datos=vuelta.datos,
    )
