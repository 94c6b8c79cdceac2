"""Recortar una imagen para cada red: el navegador dice dónde y el servidor corta."""

from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from conectores.contrato import Clase
from panel.acceso import REDACTORES, persona, requiere
from panel.mediateca.base import en_json, pantalla
from panel.mediateca.subir import QUIERE_JSON
from panel.servicios import servicios
from piezas.errores import DatosInvalidos, ErrorDePiezas, NoEncontrada
from piezas.fichas import poner_foco
from piezas.medios import Medio
from piezas.recortes import (
    LIBRE,
    PROPORCIONES,
    Caja,
    caja_con_foco,
    preparar_recorte,
    proporcion_de,
    registrar_recorte,
)


@pantalla.get("/<int:medio_id>/recortar")
@requiere(REDACTORES)
def ver_recorte(medio_id: int) -> str:
    """La mesa de recorte; sin guiones, los mismos números en campos."""
    pedida = request.args.get("proporcion", PROPORCIONES[0].clave)
    with servicios().leer() as sesion:
        medio = sesion.get(Medio, medio_id)
        if medio is None or medio.clase is not Clase.IMAGEN:
            abort(404)
        elegida = proporcion_de(pedida) or PROPORCIONES[0]
        foco = (medio.foco_x, medio.foco_y)
        return render_template(
            "mediateca/recortar.html",
            medio=medio,
            proporciones=PROPORCIONES,
            elegida=elegida,
            libre=LIBRE,
            cajas={
                una.clave: caja_con_foco(medio.ancho_px, medio.alto_px, una, foco)
                for una in PROPORCIONES
            },
        )


@pantalla.post("/<int:medio_id>/recortar")
@requiere(REDACTORES)
def recortar(medio_id: int) -> Response | tuple[Response, int]:
    """Corta un pedazo, o todos los de las redes alrededor del punto de interés."""
    quiere_json = request.accept_mimetypes.best_match([QUIERE_JSON, "text/html"]) == QUIERE_JSON
    try:
        hechos = _recortar(medio_id)
    except NoEncontrada:
        abort(404)
    except ErrorDePiezas as error:
        if quiere_json:
            return jsonify({"falla": error.mensaje}), 422
        flash(error.mensaje, "mal")
        return redirect(url_for(".ver_recorte", medio_id=medio_id), code=303)
    if quiere_json:
        return jsonify(hechos)
    flash(
        "El recorte quedó en la mediateca." if len(hechos) == 1 else "Quedaron los recortes.",
        "bien",
    )
    destino = hechos[0]["id"] if len(hechos) == 1 else medio_id
    return redirect(url_for(".ver", medio_id=destino), code=303)


def _recortar(medio_id: int) -> list[dict[str, Any]]:
    foco = _foco()
    with servicios().leer() as sesion:
        medio = sesion.get(Medio, medio_id)
        if medio is None:
            raise NoEncontrada("Ese archivo no está en la mediateca.")
        sesion.expunge(medio)
    punto = foco or (medio.foco_x, medio.foco_y)
    if "todas" in request.form:
        pedidos = [
            (una.clave, caja_con_foco(medio.ancho_px, medio.alto_px, una, punto))
            for una in PROPORCIONES
        ]
    else:
        pedidos = [(request.form.get("proporcion", ""), _caja())]
    # Cortar tarda: se hace antes de pedir el turno de escribir.
    listos = [
        (clave, caja, preparar_recorte(servicios().almacen, medio, caja, clave))
        for clave, caja in pedidos
    ]
    quien, ahora = persona().id, servicios().ahora()
    with servicios().sesiones.begin() as sesion:
        if foco is not None:
            poner_foco(sesion, medio_id, *foco, por=quien, ahora=ahora)
        return [
            en_json(
                registrar_recorte(sesion, medio_id, listo, caja, clave, por=quien, ahora=ahora),
                es_nuevo=True,
            )
            for clave, caja, listo in listos
        ]


def _caja() -> Caja:
    x, y, ancho, alto = (request.form.get(n, type=int) for n in ("x", "y", "ancho", "alto"))
    if x is None or y is None or ancho is None or alto is None:
        raise DatosInvalidos("Faltan las medidas del recorte.")
    return Caja(x=x, y=y, ancho=ancho, alto=alto)


def _foco() -> tuple[float, float] | None:
    x, y = (request.form.get(n, type=float) for n in ("foco_x", "foco_y"))
    if x is None or y is None:
        return None
    if not (0 <= x <= 100 and 0 <= y <= 100):
        raise DatosInvalidos("El punto de interés va de 0 a 100 por ciento.")
    return x / 100, y / 100
