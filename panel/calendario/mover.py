"""Mover de hora desde el calendario: arrastrando, en bloque, o con el formulario de una pieza."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, abort, flash, g, jsonify, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Respuesta

from cola.cuentas import Cuenta
from cola.errores import ErrorDeCola
from cola.franjas import Ocupacion, choques, espaciado_de, ocupaciones, proxima_libre
from cola.mudanzas import Mudanza, Resultado, Tanda, mover_varias
from panel.acceso import EQUIPO, REDACTORES, requiere
from panel.calendario.base import pantalla
from panel.calendario.consulta import Salida, salidas_entre
from panel.filtros import comienzo_del_dia, cuando, dia_de, en_bogota, fecha_hora
from panel.servicios import servicios
from piezas.efemerides import festivo
from piezas.errores import ErrorDePiezas, NoEncontrada
from piezas.versiones import Pieza
from piezas.zona import desde_bogota

SIEMPRE = (comienzo_del_dia(date(2000, 1, 1)), comienzo_del_dia(date(2101, 1, 1)))


@pantalla.post("/calendario/mover")
@requiere(REDACTORES)
def mover() -> tuple[Response, int]:
    """Mueve un lote entero o nada; la respuesta trae cómo deshacerlo, o por qué no se pudo."""
    pedidos = list(_leer(request.get_json(silent=True)))
    if not pedidos:
        abort(400)
    try:
        with servicios().sesiones.begin() as sesion:
            tanda = mover_varias(sesion, pedidos, por=g.persona.id, ahora=servicios().ahora())
            avisos = list(_avisos(sesion, pedidos)) if tanda.movida else []
    except (ErrorDePiezas, ErrorDeCola) as error:
        return jsonify(movida=False, frase=error.mensaje, resultados=[]), 409
    if not tanda.movida:
        return jsonify(
            movida=False,
            frase=_por_que_no(tanda),
            resultados=[_como_dato(r) for r in tanda.resultados if not r.cabe],
        ), 409
    servicios().despertar()
    return jsonify(
        movida=True,
        frase=_frase(tanda),
        avisos=avisos,
        deshacer=[_al_reves(r) for r in tanda.resultados],
    ), 200


@pantalla.get("/calendario/mover/<int:pieza_id>")
@requiere(REDACTORES)
def elegir_hora(pieza_id: int) -> str | tuple[str, int]:
    """El formulario «Mover a…» de una pieza: lo mismo que arrastrar, sin arrastrar."""
    with servicios().leer() as sesion:
        pieza = sesion.get(Pieza, pieza_id)
        if pieza is None:
            raise NoEncontrada("No existe esa pieza.")
        suyas = _de_la_pieza(sesion, pieza_id)
        primera = min((s.en for s in suyas), default=None)
        libre = _libre(sesion, suyas)
        return render_template(
            "mover.html", pieza=pieza, salidas=suyas, primera=primera, libre=libre
        )


@pantalla.post("/calendario/mover/<int:pieza_id>")
@requiere(REDACTORES)
def mover_pieza(pieza_id: int) -> Respuesta:
    """Mueve las cuentas elegidas de una pieza a un día y una hora."""
    aqui = url_for(".elegir_hora", pieza_id=pieza_id)
    para = leer_momento(request.form.get("dia", ""), request.form.get("hora", ""))
    cuentas = {int(c) for c in request.form.getlist("cuentas") if c.isdigit() and len(c) < 10}
    if para is None or not cuentas:
        flash("Elija un día y una hora." if para is None else "Elija al menos una cuenta.", "mal")
        return redirect(aqui, code=303)
    pedidos = [Mudanza(pieza_id=pieza_id, cuenta_id=c, para=para) for c in sorted(cuentas)]
    with servicios().sesiones.begin() as sesion:
        tanda = mover_varias(sesion, pedidos, por=g.persona.id, ahora=servicios().ahora())
    if not tanda.movida:
        flash(_por_que_no(tanda), "mal")
        return redirect(aqui, code=303)
    servicios().despertar()
    flash(_frase(tanda), "bien")
    return redirect(url_for(".ver", mes=f"{dia_de(para):%Y-%m}"), code=303)


@pantalla.get("/calendario/proxima-libre/<int:cuenta_id>")
@requiere(EQUIPO)
def libre(cuenta_id: int) -> Response:
    """La próxima franja libre de una cuenta, para el editor y para «Mover a…»."""
    with servicios().leer() as sesion:
        if sesion.get(Cuenta, cuenta_id) is None:
            raise NoEncontrada("No existe esa cuenta.")
        momento = proxima_libre(sesion, cuenta_id, servicios().ahora())
    if momento is None:
        return jsonify(momento=None, frase="No hay franjas libres en los próximos dos meses.")
    local = en_bogota(momento)
    return jsonify(
        momento=local.isoformat(timespec="minutes"),
        dia=local.date().isoformat(),
        hora=local.strftime("%H:%M"),
        frase=f"La próxima franja libre es {cuando(momento)}",
    )


def leer_momento(dia: str, hora: str) -> datetime | None:
    """Un día y una hora de Bogotá escritos en un formulario, o `None` si no se entienden."""
    try:
        return desde_bogota(datetime.combine(date.fromisoformat(dia), time.fromisoformat(hora)))
    except ValueError:
        return None


def _leer(datos: Any) -> Iterator[Mudanza]:
    movidas = datos.get("movidas") if isinstance(datos, dict) else None
    if not isinstance(movidas, list):
        abort(400)
    for una in movidas:
        try:
            yield Mudanza(
                pieza_id=int(una["pieza"]),
                cuenta_id=int(una["cuenta"]),
                para=_instante(una["para"]),
                de=_instante(una["de"]) if una.get("de") else None,
            )
        except (KeyError, TypeError, ValueError, OverflowError):
            abort(400)


def _instante(escrito: object) -> datetime:
    momento = datetime.fromisoformat(str(escrito))
    return desde_bogota(momento) if momento.tzinfo is None else momento


def _de_la_pieza(sesion: Session, pieza_id: int) -> list[Salida]:
    return [
        s for s in salidas_entre(sesion, *SIEMPRE, quien=g.persona, pieza_id=pieza_id) if s.mueve
    ]


def _libre(sesion: Session, suyas: list[Salida]) -> datetime | None:
    return proxima_libre(sesion, suyas[0].cuenta_id, servicios().ahora()) if suyas else None


def _frase(tanda: Tanda) -> str:
    piezas = {r.pedido.pieza_id for r in tanda.resultados}
    if len(piezas) > 1:
        return f"{len(piezas)} piezas cambiaron de fecha."
    return f"Quedó para {cuando(tanda.resultados[0].pedido.para)}"


def _por_que_no(tanda: Tanda) -> str:
    malas = [r for r in tanda.resultados if not r.cabe]
    piezas = {r.pedido.pieza_id for r in tanda.resultados}
    if len(piezas) == 1:
        return str(malas[0].frase)
    cuantas = len({r.pedido.pieza_id for r in malas})
    cabeza = "Una no se puede mover" if cuantas == 1 else f"{cuantas} no se pueden mover"
    return f"{cabeza}, así que no se movió ninguna. {malas[0].frase}"


def _como_dato(resultado: Resultado) -> dict[str, object]:
    return {
        "pieza": resultado.pedido.pieza_id,
        "cuenta": resultado.pedido.cuenta_id,
        "frase": resultado.frase,
    }


def _al_reves(resultado: Resultado) -> dict[str, object]:
    pedido = resultado.pedido
    return {
        "pieza": pedido.pieza_id,
        "cuenta": pedido.cuenta_id,
        "de": pedido.para.isoformat(),
        "para": (resultado.de or pedido.para).isoformat(),
    }


def _avisos(sesion: Session, pedidos: list[Mudanza]) -> Iterator[str]:
    """Lo que conviene saber del sitio nuevo: un festivo, o algo demasiado cerca."""
    dias = sorted({dia_de(pedido.para) for pedido in pedidos})
    yield from (f"Ese día es festivo: {nombre}." for dia in dias if (nombre := festivo(dia)))
    cuentas = {c.id: c for c in _cuentas(sesion, pedidos)}
    aparte = {i: espaciado_de(c) for i, c in cuentas.items()}
    margen = max((*aparte.values(), timedelta(minutes=1)))
    desde, hasta = min(p.para for p in pedidos), max(p.para for p in pedidos)
    cerca = ocupaciones(sesion, desde - margen, hasta + margen, cuentas=sorted(cuentas))
    movidas = {(p.pieza_id, p.cuenta_id) for p in pedidos}
    for una, otra in choques(cerca, aparte):
        if movidas & {(una.pieza_id, una.cuenta_id), (otra.pieza_id, otra.cuenta_id)}:
            yield _choque(cuentas[una.cuenta_id], una, otra)
            return


def _cuentas(sesion: Session, pedidos: list[Mudanza]) -> Iterator[Cuenta]:
    for cuenta_id in sorted({p.cuenta_id for p in pedidos}):
        if (cuenta := sesion.get(Cuenta, cuenta_id)) is not None:
            yield cuenta


def _choque(cuenta: Cuenta, una: Ocupacion, otra: Ocupacion) -> str:
    return f"En {cuenta.nombre} quedan dos muy juntas: {fecha_hora(una.en)}"
