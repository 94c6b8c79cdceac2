"""Bajar el calendario: parrilla en CSV o XLSX, y la hoja de la reunión semanal en PDF."""

from datetime import date, timedelta

from flask import Response, abort, g, request

from cola.parrilla.exportar import escribir
from panel.acceso import EQUIPO, requiere
from panel.calendario.base import pantalla
from panel.calendario.consulta import salidas_entre
from panel.calendario.filtros import Filtros
from panel.calendario.semana import hoja_semanal
from panel.filtros import comienzo_del_dia, dia_de
from panel.servicios import servicios

TIPOS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PERIODO_MAXIMO = timedelta(days=400)


@pantalla.get("/calendario/parrilla.<formato>")
@requiere(EQUIPO)
def bajar(formato: str) -> Response:
    """La parrilla de un periodo; se puede corregir y volver a importar."""
    if formato not in TIPOS:
        abort(404)
    desde, hasta = _periodo()
    with servicios().leer() as sesion:
        contenido, _ = escribir(
            sesion,
            f".{formato}",
            desde=comienzo_del_dia(desde),
            hasta=comienzo_del_dia(hasta + timedelta(days=1)),
        )
    return _archivo(contenido, TIPOS[formato], f"parrilla-{desde}-a-{hasta}.{formato}")


@pantalla.get("/calendario/semana.pdf")
@requiere(EQUIPO)
def bajar_semana() -> Response:
    """La semana de ese día, para la reunión."""
    dia = _dia("dia") or dia_de(servicios().ahora())
    lunes = dia - timedelta(days=dia.weekday())
    with servicios().leer() as sesion:
        salidas = salidas_entre(
            sesion,
            comienzo_del_dia(lunes),
            comienzo_del_dia(lunes + timedelta(days=7)),
            quien=g.persona,
        )
    contenido = hoja_semanal(
        lunes,
        Filtros.de(request.args).dejar(salidas),
        entidad=servicios().entidad,
        ahora=servicios().ahora(),
    )
    return _archivo(contenido, "application/pdf", f"semana-{lunes}.pdf")


def _archivo(contenido: bytes, tipo: str, nombre: str) -> Response:
    respuesta = Response(contenido, content_type=tipo)
    respuesta.headers["Content-Disposition"] = f'attachment; filename="{nombre}"'
    return respuesta


def _periodo() -> tuple[date, date]:
    """Del primer al último día, incluidos; sin pedirlo, el mes que corre."""
    hoy = dia_de(servicios().ahora())
    desde = _dia("desde") or hoy.replace(day=1)
    hasta = _dia("hasta") or (desde + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if not timedelta(0) <= hasta - desde <= PERIODO_MAXIMO:
        abort(400)
    return desde, hasta


def _dia(nombre: str) -> date | None:
    escrito = request.args.get(nombre)
    if not escrito:
        return None
    try:
        dia = date.fromisoformat(escrito)
    except ValueError:
        abort(400)
    if not 2000 <= dia.year <= 2100:
        abort(400)
    return dia
