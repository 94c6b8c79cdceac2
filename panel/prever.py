"""La vista previa mientras se escribe: lo mismo que se sellaría, con lo que conviene saber."""

from flask import Blueprint, render_template, request

from panel.acceso import REDACTORES, requiere
from panel.redaccion.formulario import cuentas_elegibles, leer
from panel.servicios import servicios
from panel.vistas import costo_total, vista_prevista
from piezas.consejos import aconsejar, escrito_de
from piezas.muestras import prever_borrador

pantalla = Blueprint("prever", __name__)


@pantalla.post("/redaccion/prever")
@requiere(REDACTORES)
def ver() -> str:
    """Un fragmento: cada red como se verá, lo que no cabe, lo que cuesta y los consejos."""
    ahora = servicios().ahora()
    cuentas = cuentas_elegibles()
    borrador = leer(request.form, cuentas, ahora=ahora).borrador
    momentos = {
        d.cuenta_id: None if d.al_aprobarse else d.programada_para for d in borrador.destinos
    }
    with servicios().leer() as sesion:
        previstos = prever_borrador(sesion, borrador)
        vistas = [
            vista_prevista(p, cuentas[p.cuenta_id].nombre, momentos[p.cuenta_id]) for p in previstos
        ]
        consejos = aconsejar(
            sesion,
            escrito_de(p.envio for p in previstos),
            tuple(momentos),
            pieza_id=request.form.get("pieza_id", type=int),
            ahora=ahora,
        )
        return render_template(
            "_previa.html",
            vistas=vistas,
            consejos=consejos,
            costo=costo_total(vistas),
            hay_texto=any(p.envio.texto.strip() or p.envio.adjuntos for p in previstos),
        )
