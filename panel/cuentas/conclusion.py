"""El último paso: escoger la cuenta, decir de quién es y dejarla conectada."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cola.adopciones import DECLARACION, Adopcion, concluir, es_la_misma
from cola.cuentas import Cuenta
from cola.enlaces import candidatas_de
from cola.errores import ErrorDeCola
from conectores.contrato import Red
from panel.acceso import persona, requiere
from panel.cuentas.asistente import datos_del_formulario
from panel.cuentas.base import CONECTAN, caja, esta_sesion, pantalla
from panel.cuentas.manejo import preguntar
from panel.servicios import servicios
from piezas.errores import ErrorDePiezas

_FALTA_EL_MODO = (
    "Confirme que la aplicación de Facebook está en modo activo: en modo de desarrollo, lo "
    "publicado solo lo ve su equipo."
)


@pantalla.get("/cuentas/conexion/<int:conexion_id>")
@requiere(CONECTAN)
def escoger(conexion_id: int) -> str:
    """Las cuentas que ofreció la red, con lo que cada permiso deja hacer."""
    return _pagina(conexion_id)


def _pagina(conexion_id: int, *, falla: str = "") -> str:
    with servicios().leer() as sesion:
        conexion, candidatas = candidatas_de(
            sesion,
            conexion_id,
            sesion_panel=esta_sesion(),
            por=persona().id,
            caja=caja(),
            ahora=servicios().ahora(),
        )
        registradas = {
            c.identificador: cuenta
            for cuenta in sesion.query(Cuenta).where(Cuenta.red == conexion.red)
            for c in candidatas
            if es_la_misma(cuenta, c)
        }
        cuenta = None if conexion.cuenta_id is None else sesion.get(Cuenta, conexion.cuenta_id)
        return render_template(
            "cuenta_escoger.html",
            conexion=conexion,
            candidatas=candidatas,
            registradas=registradas,
            cuenta=cuenta,
            declaracion=DECLARACION,
            con_modo=conexion.red is Red.FACEBOOK,
            escrito=request.form.to_dict(),
            falla=falla,
        )


@pantalla.post("/cuentas/conexion/<int:conexion_id>")
@requiere(CONECTAN)
def terminar(conexion_id: int) -> Response | tuple[str, int]:
    """Conecta lo escogido y lo verifica; si algo falta, la página vuelve con lo escrito."""
    if request.form.get("red") == Red.FACEBOOK.value and "activo" not in request.form:
        return _pagina(conexion_id, falla=_FALTA_EL_MODO), 422
    try:
        with servicios().sesiones.begin() as sesion:
            hecha = concluir(
                sesion,
                conexion_id,
                elegida=request.form.get("elegida", ""),
                datos=datos_del_formulario(),
                sesion_panel=esta_sesion(),
                por=persona().id,
                caja=caja(),
                ahora=servicios().ahora(),
            )
    except (ErrorDeCola, ErrorDePiezas) as error:
        return _pagina(conexion_id, falla=error.mensaje), 422
    if not hecha.por_confirmar:
        preguntar(hecha.cuenta_id)
        servicios().despertar()
    flash(*_frase(hecha))
    return redirect(url_for("cuentas.ver", alias=hecha.alias), code=303)


def _frase(hecha: Adopcion) -> tuple[str, str]:
    if hecha.por_confirmar:
        return (
            "Esa no es la cuenta registrada. El cambio espera a que lo confirme otra persona; "
            "mientras tanto la cuenta sigue como estaba.",
            "duda",
        )
    if hecha.sigue_en_pausa:
        return ("La cuenta quedó conectada. Sigue en pausa: revísela y reanúdela.", "duda")
    return ("La cuenta quedó conectada.", "bien")
