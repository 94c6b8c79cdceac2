"""El calendario: la página, y lo que pide su guion para dibujar cada periodo."""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import Response, abort, current_app, g, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from cola.cuentas import Cuenta
from cola.franjas import DE_LA_RED, Ocupacion, choques, dias_vacios
from conectores.contrato import Red
from panel.acceso import EQUIPO, REDACTORES, requiere
from panel.calendario.base import pantalla
from panel.calendario.consulta import (
    Salida,
    campanias_y_dependencias,
    juntar,
    salidas_entre,
)
from panel.calendario.filtros import ESTADOS_QUE_SE_VEN, Filtros
from panel.calendario.mes import DIAS, SE_VEN, Cita, armar, dias_de, leer_mes, limites
from panel.filtros import comienzo_del_dia, dia_de, en_bogota, hora
from panel.palabras import REDES
from panel.servicios import servicios
from piezas.efemerides import efemerides
from piezas.personas import Persona
from piezas.suscripciones import suscripcion_de

PERIODO_MAXIMO = timedelta(days=100)


@pantalla.get("/calendario")
@requiere(EQUIPO)
def ver() -> str:
    """El mes pedido, o el que corre; con `tabla=si`, el que se lee sin guion."""
    hoy = dia_de(servicios().ahora())
    primero = leer_mes(request.args.get("mes", "")) or hoy.replace(day=1)
    filtros = Filtros.de(request.args)
    en_tabla = request.args.get("tabla") == "si"
    with servicios().leer() as sesion:
        # El guion pide lo suyo aparte: aquí solo lo necesita la tabla.
        salidas = (
            salidas_entre(sesion, *limites(dias_de(primero)), quien=g.persona) if en_tabla else []
        )
        campanias, dependencias = campanias_y_dependencias(sesion)
        return render_template(
            "calendario.html",
            mes=armar(primero, filtros.dejar(salidas)),
            en_tabla=en_tabla,
            hoy=hoy,
            dias=DIAS,
            se_ven=SE_VEN,
            filtros=filtros,
            redes_con_nombre=[(red.value, REDES[red].palabra) for red in _redes(sesion)],
            estados_con_nombre=[(e, r.palabra) for e, r in ESTADOS_QUE_SE_VEN.items()],
            campanias=campanias,
            dependencias=dependencias,
            personas=_personas(sesion),
            puede_mover=g.persona.puede(REDACTORES),
            ruta_nueva=_ruta_nueva(),
            suscrito=suscripcion_de(sesion, g.persona.id) is not None,
        )


@pantalla.get("/calendario/eventos")
@requiere(EQUIPO)
def eventos() -> Response:
    """Lo de un periodo, en JSON; con `ETag`, volver a preguntar no cuesta nada."""
    desde, hasta = _dia("desde"), _dia("hasta")
    if not timedelta(0) < hasta - desde <= PERIODO_MAXIMO:
        abort(400)
    filtros = Filtros.de(request.args)
    with servicios().leer() as sesion:
        todas = salidas_entre(
            sesion, comienzo_del_dia(desde), comienzo_del_dia(hasta), quien=g.persona
        )
    chocan = _chocan(todas)
    datos = {
        "eventos": [_evento(grupo, chocan) for grupo in juntar(filtros.dejar(todas))],
        "vacios": [dia.isoformat() for dia in _vacios(todas, desde, hasta)],
        "efemerides": [
            {"dia": una.dia.isoformat(), "nombre": una.nombre, "festivo": una.es_festivo}
            for una in efemerides(desde, hasta)
        ],
    }
    respuesta = Response(
        json.dumps(datos, ensure_ascii=False, separators=(",", ":")), mimetype="application/json"
    )
    respuesta.headers["Cache-Control"] = "private, no-cache"
    respuesta.add_etag()
    respuesta.make_conditional(request)
    return respuesta


def _evento(grupo: tuple[Salida, ...], chocan: frozenset[tuple[int, int]]) -> dict[str, Any]:
    cita = Cita(salidas=grupo)
    return {
        "pieza": cita.pieza_id,
        "titulo": cita.titulo,
        "en": en_bogota(cita.en).strftime("%Y-%m-%dT%H:%M:%S"),
        "hora": "Al aprobarse" if grupo[0].al_aprobarse else hora(cita.en),
        "tono": cita.rotulo.tono,
        "signo": cita.rotulo.signo,
        "palabra": cita.rotulo.palabra,
        "mueve": cita.mueve,
        "choca": any((s.pieza_id, s.cuenta_id) in chocan for s in grupo),
        "redes": [
            {
                "cuenta": s.cuenta_id,
                "red": s.red.value,
                "marca": REDES[s.red].signo,
                "nombre": s.cuenta,
                "palabra": s.rotulo.palabra,
            }
            for s in grupo
        ],
    }


def _chocan(salidas: Iterable[Salida]) -> frozenset[tuple[int, int]]:
    """Las que caen más cerca de otra de su cuenta que lo que su espaciado deja."""
    por_salir = [s for s in salidas if s.por_salir and not s.al_aprobarse]
    aparte = {
        s.cuenta_id: DE_LA_RED.get(s.red, timedelta(0))
        if s.espaciado_s is None
        else timedelta(seconds=s.espaciado_s)
        for s in por_salir
    }
    pares = choques(
        (Ocupacion(pieza_id=s.pieza_id, cuenta_id=s.cuenta_id, en=s.en) for s in por_salir), aparte
    )
    return frozenset((una.pieza_id, una.cuenta_id) for par in pares for una in par)


def _vacios(salidas: Iterable[Salida], desde: date, hasta: date) -> tuple[date, ...]:
    """De hoy en adelante, los días en que no sale nada."""
    hoy = dia_de(servicios().ahora())
    return dias_vacios((dia_de(s.en) for s in salidas), max(desde, hoy), hasta)


def _dia(nombre: str) -> date:
    try:
        return date.fromisoformat(request.args.get(nombre, "")[:10])
    except ValueError:
        abort(400)


def _redes(sesion: Session) -> list[Red]:
    return sorted(set(sesion.scalars(select(Cuenta.red).distinct())))


def _personas(sesion: Session) -> list[tuple[int, str]]:
    filas = sesion.execute(
        select(Persona.id, Persona.nombre).where(Persona.activa).order_by(Persona.nombre)
    )
    return [(i, n) for i, n in filas]


def _ruta_nueva() -> str | None:
    """La pantalla de redactar, si esta persona puede; el día se agrega como `?fecha=`."""
    if "redaccion.nueva" not in current_app.view_functions or not g.persona.puede(REDACTORES):
        return None
    return url_for("redaccion.nueva")
