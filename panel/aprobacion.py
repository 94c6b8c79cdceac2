"""Aprobar o devolver: cada pieza como la recibirá cada red, pensada para un teléfono."""

from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cola.errores import ErrorDeCola
from cola.programacion import aprobar_y_programar
from cola.publicaciones import Publicacion
from panel.acceso import REVISORES, persona, requiere
from panel.filtros import plural
from panel.marco import POR_APROBAR
from panel.servicios import servicios
from panel.vistas import Vista, costo_total, vistas_de_pieza
from piezas.aprobacion import MOTIVO_MINIMO, marcar_revisada
from piezas.aprobacion import devolver as devolver_pieza
from piezas.composicion import adelantar_copias
from piezas.errores import ErrorDePiezas, EstadoNoPermite
from piezas.personas import Papel
from piezas.versiones import EstadoPieza, Pieza

pantalla = Blueprint("aprobacion", __name__)

APRUEBAN = frozenset({Papel.JEFATURA})
REVISAN = frozenset({Papel.REVISION})
POR_PAGINA = 20
CAMBIO = "La pieza cambió mientras usted la miraba. Véala de nuevo antes de decidir."


@dataclass(frozen=True, slots=True, kw_only=True)
class PorAprobar:
    """Una pieza en espera, como la ve quien decide."""

    id: int
    version_id: int
    titulo: str
    autor: str
    editor: str
    numero: int
    campania: str | None
    vistas: tuple[Vista, ...]
    costo: Decimal
    es_propia: bool
    """La escribió o editó quien mira: la decide otra persona."""
    falta_revisar: bool

    @property
    def cabe(self) -> bool:
        """Si todas sus redes la aceptarían."""
        return bool(self.vistas) and not any(vista.fallas for vista in self.vistas)


@dataclass(frozen=True, slots=True, kw_only=True)
class Devolucion:
    """Lo que alguien escribió al devolver, para no perderlo si faltó algo."""

    pieza_id: int
    motivo: str
    falla: str


@pantalla.get("/aprobacion")
@requiere(REVISORES)
def listar() -> str:
    """Las piezas que esperan."""
    return _mostrar(None)


def _mostrar(devolucion: Devolucion | None) -> str:
    with servicios().leer() as sesion:
        filas = _por_aprobar(sesion)
        return render_template(
            "aprobacion.html",
            piezas=filas,
            devolucion=devolucion,
            aprueba=persona().puede(APRUEBAN),
            revisa=persona().puede(REVISAN),
            minimo=MOTIVO_MINIMO,
        )


def _por_aprobar(sesion: Session) -> list[PorAprobar]:
    consulta = (
        select(Pieza)
        .where(Pieza.estado.in_(POR_APROBAR), Pieza.version_vigente_id.is_not(None))
        .order_by(Pieza.id)
    )
    piezas = sorted(sesion.scalars(consulta), key=_sale_primero)
    return [_presentar(sesion, pieza) for pieza in piezas[:POR_PAGINA]]


def _sale_primero(pieza: Pieza) -> tuple[bool, float]:
    momentos = [m.programada_para.timestamp() for m in pieza.momentos]
    return (not momentos, min(momentos, default=0.0))


def _presentar(sesion: Session, pieza: Pieza) -> PorAprobar:
    version = pieza.version
    if version is None:
        raise EstadoNoPermite(CAMBIO)
    vistas = vistas_de_pieza(sesion, pieza)
    return PorAprobar(
        id=pieza.id,
        version_id=version.id,
        titulo=pieza.titulo,
        autor=pieza.autor.nombre,
        editor=version.editor.nombre,
        numero=version.numero,
        campania=pieza.campania.nombre if pieza.campania else None,
        vistas=vistas,
        costo=costo_total(vistas),
        es_propia=persona().id in {pieza.autor_id, version.editor_id},
        falta_revisar=pieza.estado is EstadoPieza.EN_REVISION,
    )


@pantalla.post("/aprobacion/<int:pieza_id>/aprobar")
@requiere(APRUEBAN)
def aprobar(pieza_id: int) -> Response:
    """Aprueba lo que se vio, y lo pone en la cola."""
    entregas = _aprobar_una(pieza_id, request.form.get("version_id", type=int))
    servicios().despertar()
    flash(f"Aprobada. {_en_cola(len(entregas))}", "bien")
    return redirect(url_for(".listar"), code=303)


@pantalla.post("/aprobacion/varias")
@requiere(APRUEBAN)
def aprobar_varias() -> Response:
    """Aprueba las marcadas, cada una por su cuenta: una que no pueda no detiene a las demás."""
    bien = entregas = 0
    for marca in request.form.getlist("elegidas")[:POR_PAGINA]:
        pieza_id, _, version_id = marca.partition(":")
        if not (pieza_id.isdecimal() and version_id.isdecimal()):
            continue
        try:
            entregas += len(_aprobar_una(int(pieza_id), int(version_id)))
            bien += 1
        except (ErrorDePiezas, ErrorDeCola) as error:
            flash(f"«{_titulo(int(pieza_id))}» no se aprobó. {error.mensaje}", "mal")
    if bien:
        servicios().despertar()
        aprobadas = plural(bien, "pieza aprobada", "piezas aprobadas")
        flash(f"{aprobadas}. {_en_cola(entregas)}", "bien")
    else:
        flash("No se aprobó ninguna pieza.", "mal")
    return redirect(url_for(".listar"), code=303)


def _aprobar_una(pieza_id: int, version_id: int | None) -> list[Publicacion]:
    adelantar_copias(servicios().sesiones, servicios().almacen, pieza_id)
    with servicios().sesiones.begin() as sesion:
        _exigir_la_vista(sesion, pieza_id, version_id)
        return aprobar_y_programar(
            sesion,
            pieza_id,
            por=persona().id,
            ahora=servicios().ahora(),
            sello=servicios().sello,
            almacen=servicios().almacen,
            tolerancia=servicios().tolerancia,
        )


def _exigir_la_vista(sesion: Session, pieza_id: int, version_id: int | None) -> None:
    """Se decide sobre lo que se tuvo a la vista, no sobre lo que alguien cambió después."""
    vigente = sesion.scalar(
        select(Pieza.version_vigente_id).where(Pieza.id == pieza_id).with_for_update()
    )
    if version_id is None or vigente != version_id:
        raise EstadoNoPermite(CAMBIO)


def _titulo(pieza_id: int) -> str:
    with servicios().leer() as sesion:
        return sesion.scalar(select(Pieza.titulo).where(Pieza.id == pieza_id)) or str(pieza_id)


def _en_cola(cuantas: int) -> str:
    if not cuantas:
        return "No hay entregas nuevas."
    return f"{plural(cuantas, 'entrega', 'entregas')} en la cola."


@pantalla.post("/aprobacion/<int:pieza_id>/revisar")
@requiere(REVISAN)
def revisar(pieza_id: int) -> Response:
    """Deja constancia de la revisión; aprobar sigue siendo de la jefatura."""
    with servicios().sesiones.begin() as sesion:
        _exigir_la_vista(sesion, pieza_id, request.form.get("version_id", type=int))
        marcar_revisada(sesion, pieza_id, por=persona().id, ahora=servicios().ahora())
    flash("Quedó revisada: falta que la jefatura la apruebe.", "bien")
    return redirect(url_for(".listar"), code=303)


@pantalla.post("/aprobacion/<int:pieza_id>/devolver")
@requiere(REVISORES)
def devolver(pieza_id: int) -> Response | tuple[str, int]:
    """Devuelve con observaciones; si falta algo, lo escrito no se pierde."""
    motivo = request.form.get("motivo", "")
    try:
        with servicios().sesiones.begin() as sesion:
            _exigir_la_vista(sesion, pieza_id, request.form.get("version_id", type=int))
            devolver_pieza(
                sesion, pieza_id, motivo=motivo, por=persona().id, ahora=servicios().ahora()
            )
    except ErrorDePiezas as error:
        return _mostrar(Devolucion(pieza_id=pieza_id, motivo=motivo, falla=error.mensaje)), 422
    flash("Devuelta con sus observaciones.", "bien")
    return redirect(url_for(".listar"), code=303)
