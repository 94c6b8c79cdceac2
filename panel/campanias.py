"""Las campañas: su ficha, el tablero de sus piezas por estado, y las dependencias de la entidad."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from panel.acceso import EQUIPO, REDACTORES, persona, requiere
from panel.filtros import dia_de
from panel.servicios import servicios
from piezas.campanias import Campania, Dependencia
from piezas.gestion_campanias import (
    LARGOS,
    FallasDeCampo,
    FichaDeCampania,
    cambiar_campania,
    crear_campania,
    guardar_dependencia,
)
from piezas.personas import Papel
from piezas.versiones import EstadoPieza, Momento, Pieza

pantalla = Blueprint("campanias", __name__)

ORDENADORES = frozenset({Papel.JEFATURA, Papel.ADMINISTRACION})
COLUMNAS = (
    ("En borrador", (EstadoPieza.BORRADOR, EstadoPieza.DEVUELTA)),
    ("En revisión", (EstadoPieza.EN_REVISION, EstadoPieza.REVISADA)),
    ("Aprobadas", (EstadoPieza.APROBADA,)),
)
POR_COLUMNA = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Renglon:
    """Una campaña en la lista."""

    campania: Campania
    piezas: int
    aprobadas: int
    momento: str
    """`en curso`, `por empezar`, `terminada` o `sin fechas`."""


@pantalla.get("/campanias")
@requiere(EQUIPO)
def listar() -> str:
    """Las campañas: primero las que corren."""
    hoy = dia_de(servicios().ahora())
    with servicios().leer() as sesion:
        cuentas = _piezas_por_campania(sesion)
        renglones = [
            Renglon(
                campania=campania,
                piezas=sum(cuentas.get(campania.id, {}).values()),
                aprobadas=cuentas.get(campania.id, {}).get(EstadoPieza.APROBADA, 0),
                momento=_momento(campania, hoy),
            )
            for campania in sesion.scalars(select(Campania).order_by(Campania.nombre))
        ]
        orden = ("en curso", "por empezar", "sin fechas", "terminada")
        renglones.sort(key=lambda r: (orden.index(r.momento), r.campania.nombre.casefold()))
        return render_template(
            "campanias.html", renglones=renglones, escribe=persona().puede(REDACTORES)
        )


def _piezas_por_campania(sesion: Session) -> dict[int, dict[EstadoPieza, int]]:
    consulta = (
        select(Pieza.campania_id, Pieza.estado, func.count())
        .where(Pieza.campania_id.is_not(None))
        .group_by(Pieza.campania_id, Pieza.estado)
    )
    cuentas: dict[int, dict[EstadoPieza, int]] = defaultdict(dict)
    for campania_id, estado, cuantas in sesion.execute(consulta):
        if campania_id is not None:
            cuentas[campania_id][estado] = cuantas
    return cuentas


def _momento(campania: Campania, hoy: date) -> str:
    if campania.desde is None and campania.hasta is None:
        return "sin fechas"
    if campania.hasta is not None and campania.hasta < hoy:
        return "terminada"
    if campania.desde is not None and campania.desde > hoy:
        return "por empezar"
    return "en curso"


@pantalla.get("/campanias/<int:campania_id>")
@requiere(EQUIPO)
def ver(campania_id: int) -> str:
    """Su ficha y el tablero de sus piezas."""
    with servicios().leer() as sesion:
        campania = sesion.get(Campania, campania_id)
        if campania is None:
            abort(404)
        return render_template(
            "campania.html",
            campania=campania,
            momento=_momento(campania, dia_de(servicios().ahora())),
            columnas=[
                (nombre, *_columna(sesion, campania_id, estados)) for nombre, estados in COLUMNAS
            ],
            escribe=persona().puede(REDACTORES),
        )


def _columna(
    sesion: Session, campania_id: int, estados: tuple[EstadoPieza, ...]
) -> tuple[int, list[tuple[Pieza, object]]]:
    suyas = (Pieza.campania_id == campania_id, Pieza.estado.in_(estados))
    total = sesion.scalar(select(func.count()).select_from(Pieza).where(*suyas)) or 0
    primera = (
        select(Momento.pieza_id, func.min(Momento.programada_para).label("para"))
        .group_by(Momento.pieza_id)
        .subquery()
    )
    consulta = (
        select(Pieza, primera.c.para)
        .outerjoin(primera, primera.c.pieza_id == Pieza.id)
        .options(joinedload(Pieza.autor))
        .where(*suyas)
        .order_by(primera.c.para.is_(None), primera.c.para.desc(), Pieza.id.desc())
        .limit(POR_COLUMNA)
    )
    return total, [(pieza, para) for pieza, para in sesion.execute(consulta)]


@pantalla.get("/campanias/nueva")
@requiere(REDACTORES)
def nueva() -> str:
    """La ficha en blanco."""
    return _formulario(None, {}, {})


@pantalla.post("/campanias/nueva")
@requiere(REDACTORES)
def crear() -> Response | tuple[str, int]:
    """La crea; si algo falta, vuelve con todo lo escrito."""
    try:
        ficha = _leer()
        with servicios().sesiones.begin() as sesion:
            campania_id = crear_campania(
                sesion, ficha, por=persona().id, ahora=servicios().ahora()
            ).id
    except FallasDeCampo as error:
        return _formulario(None, request.form, error.por_campo), 422
    flash("La campaña quedó creada.", "bien")
    return redirect(url_for(".ver", campania_id=campania_id), code=303)


@pantalla.get("/campanias/<int:campania_id>/cambiar")
@requiere(REDACTORES)
def editar(campania_id: int) -> str:
    """La ficha para cambiarla."""
    with servicios().leer() as sesion:
        campania = sesion.get(Campania, campania_id)
        if campania is None:
            abort(404)
        ficha = FichaDeCampania.de(campania)
        valores = {campo: str(getattr(ficha, campo) or "") for campo in (*LARGOS, "desde", "hasta")}
        return _formulario(campania, valores, {})


@pantalla.post("/campanias/<int:campania_id>/cambiar")
@requiere(REDACTORES)
def cambiar(campania_id: int) -> Response | tuple[str, int]:
    """Guarda la ficha; si algo falta, vuelve con todo lo escrito."""
    try:
        ficha = _leer()
        with servicios().sesiones.begin() as sesion:
            cambiar_campania(
                sesion, campania_id, ficha, por=persona().id, ahora=servicios().ahora()
            )
    except FallasDeCampo as error:
        with servicios().leer() as sesion:
            campania = sesion.get(Campania, campania_id)
            return _formulario(campania, request.form, error.por_campo), 422
    flash("La ficha quedó guardada.", "bien")
    return redirect(url_for(".ver", campania_id=campania_id), code=303)


def _formulario(
    campania: Campania | None, valores: Mapping[str, str], fallas: Mapping[str, str]
) -> str:
    return render_template(
        "campania_ficha.html", campania=campania, valores=valores, fallas=fallas, largos=LARGOS
    )


def _leer() -> FichaDeCampania:
    fallas: dict[str, str] = {}
    fechas: dict[str, date | None] = {}
    for campo in ("desde", "hasta"):
        escrita = request.form.get(campo, "").strip()
        try:
            fechas[campo] = date.fromisoformat(escrita) if escrita else None
        except ValueError:
            fallas[campo] = f"«{escrita}» no es una fecha. Escríbala como 2026-12-01."
    if fallas:
        raise FallasDeCampo(fallas)
    textos = {campo: request.form.get(campo, "") for campo in LARGOS}
    return FichaDeCampania(**textos, desde=fechas["desde"], hasta=fechas["hasta"])


@pantalla.get("/dependencias")
@requiere(EQUIPO)
def dependencias() -> str:
    """Las dependencias y cuántas piezas tiene cada una."""
    return _dependencias({}, {})


@pantalla.post("/dependencias")
@requiere(ORDENADORES)
def guardar() -> Response | tuple[str, int]:
    """Crea una, o cambia la de ese número."""
    try:
        with servicios().sesiones.begin() as sesion:
            guardada = guardar_dependencia(
                sesion,
                request.form.get("nombre", ""),
                request.form.get("sigla", ""),
                dependencia_id=request.form.get("id", type=int),
                por=persona().id,
                ahora=servicios().ahora(),
            ).nombre
    except FallasDeCampo as error:
        return _dependencias(request.form, error.por_campo), 422
    flash(f"«{guardada}» quedó guardada.", "bien")
    return redirect(url_for(".dependencias"), code=303)


def _dependencias(valores: Mapping[str, str], fallas: Mapping[str, str]) -> str:
    consulta = (
        select(Dependencia, func.count(Pieza.id))
        .outerjoin(Pieza, Pieza.dependencia_id == Dependencia.id)
        .group_by(Dependencia.id)
        .order_by(Dependencia.nombre)
    )
    with servicios().leer() as sesion:
        return render_template(
            "dependencias.html",
            filas=[(d, cuantas) for d, cuantas in sesion.execute(consulta)],
            valores=valores,
            fallas=fallas,
            ordena=persona().puede(ORDENADORES),
        )
