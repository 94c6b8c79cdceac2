"""La mediateca a la vista: rejilla o lista, el selector de la redacción y las miniaturas."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conectores.contrato import Clase
from panel.acceso import EQUIPO, REDACTORES, TODOS, persona, requiere
from panel.cabeceras import POLITICA_DE_ARCHIVOS
from panel.caminos import de_donde_vino
from panel.mediateca.base import pantalla
from panel.mediateca.filtros import CLASES, DERECHOS, en_direccion, leer_filtro
from panel.medios import a_la_vista
from panel.servicios import servicios
from piezas.autorizaciones import dia_de
from piezas.busqueda import contar, pagina
from piezas.campanias import Campania
from piezas.derechos import derechos_de, falta_en
from piezas.errores import ErrorDePiezas
from piezas.fichas import editar_varias as poner_a_varias
from piezas.medios import Medio
from piezas.miniaturas import miniatura

_HUELLA = re.compile(r"[0-9a-f]{64}")


@pantalla.get("")
@requiere(EQUIPO)
def listar() -> str:
    """Todo lo que hay, de lo más nuevo a lo más viejo."""
    filtro = leer_filtro()
    hoy = dia_de(servicios().ahora())
    antes = request.args.get("antes", type=int)
    with servicios().leer() as sesion:
        medios, sigue = pagina(sesion, filtro, hoy=hoy, antes_de=antes)
        return render_template(
            "mediateca/lista.html",
            filtro=filtro,
            puestos=en_direccion(filtro),
            medios=medios,
            marcas=marcas_de(sesion, medios, hoy),
            sigue=sigue,
            total=contar(sesion, filtro, hoy=hoy),
            en_lista=request.args.get("vista") == "lista",
            clases=CLASES,
            derechos=DERECHOS,
            campanias=sesion.scalars(select(Campania).order_by(Campania.nombre)).all(),
            puede_subir=persona().puede(REDACTORES),
        )


@pantalla.get("/elegir")
@requiere(EQUIPO)
def elegir() -> str:
    """El selector que la redacción abre en un diálogo: un trozo de página, sin marco."""
    filtro = leer_filtro()
    if request.args.get("clase") == "imagen":
        # Para quien escribe, un GIF es una imagen más.
        filtro = replace(filtro, clase=None, sin=Clase.VIDEO)
    hoy = dia_de(servicios().ahora())
    with servicios().leer() as sesion:
        medios, sigue = pagina(
            sesion, filtro, hoy=hoy, antes_de=request.args.get("antes", type=int)
        )
        return render_template(
            "mediateca/elegir.html",
            filtro=filtro,
            medios=medios,
            marcas=marcas_de(sesion, medios, hoy),
            sigue=sigue,
            puede_subir=persona().puede(REDACTORES),
        )


def marcas_de(sesion: Session, medios: list[Medio], hoy: date) -> dict[int, dict[str, Any]]:
    """De los medios con alguien reconocible: si pueden salir y, si no, por qué."""
    return {
        medio_id: {"falta": falta_en(derechos, hoy), "hay_menores": derechos.hay_menores}
        for medio_id, derechos in derechos_de(sesion, [m.id for m in medios]).items()
    }


@pantalla.post("/varias")
@requiere(REDACTORES)
def editar_varias() -> Response:
    """El mismo evento o crédito para los marcados."""
    elegidas = [int(uno) for uno in request.form.getlist("elegidas") if uno.isdecimal()]
    try:
        with servicios().sesiones.begin() as sesion:
            cuantos = poner_a_varias(
                sesion,
                elegidas,
                evento=request.form.get("evento", ""),
                credito=request.form.get("credito", ""),
                por=persona().id,
                ahora=servicios().ahora(),
            )
    except ErrorDePiezas as error:
        flash(error.mensaje, "mal")
    else:
        flash("Cambió un archivo." if cuantos == 1 else f"Cambiaron {cuantos} archivos.", "bien")
    return redirect(de_donde_vino(), code=303)


@pantalla.get("/miniatura/<huella>")
@requiere(TODOS)
def ver_miniatura(huella: str) -> Response:
    """La versión pequeña, hecha por nosotros y guardada por su huella."""
    if not _HUELLA.fullmatch(huella):
        abort(404)
    with servicios().leer() as sesion:
        clase = sesion.scalar(select(Medio.clase).where(Medio.huella == huella))
        if not a_la_vista(sesion, huella):
            abort(404)
    if clase is None:
        abort(404)
    try:
        ruta = miniatura(servicios().almacen, huella, clase)
    except ErrorDePiezas:
        abort(404)
    respuesta = send_file(ruta, mimetype="image/webp", conditional=True, etag=huella)
    respuesta.headers["Content-Security-Policy"] = POLITICA_DE_ARCHIVOS
    respuesta.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return respuesta


def a_la_ficha(medio_id: int, ancla: str = "") -> Response:
    """De vuelta a la pantalla de un medio."""
    return redirect(url_for("mediateca.ver", medio_id=medio_id, _anchor=ancla or None), code=303)
