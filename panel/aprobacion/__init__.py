"""Aprobar o devolver: cada pieza como la recibirá cada red, pensada para un teléfono."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cola.errores import ErrorDeCola
from cola.programacion import aprobar_y_programar
from cola.publicaciones import Publicacion
from panel.acceso import REVISORES, persona, requiere
from panel.aprobacion.fichas import CAMBIO, completa, filas, pendientes
from panel.comentarios import hilo_de
from panel.filtros import plural
from panel.marco import POR_APROBAR
from panel.servicios import servicios
from piezas.aprobacion import MOTIVO_MINIMO, marcar_revisada
from piezas.aprobacion import devolver as devolver_pieza
from piezas.composicion import adelantar_copias
from piezas.errores import ErrorDePiezas, EstadoNoPermite
from piezas.juridica import MOTIVOS
from piezas.lista_control import guardar_marcas
from piezas.personas import Papel
from piezas.versiones import Pieza, Version

pantalla = Blueprint("aprobacion", __name__)

APRUEBAN = frozenset({Papel.JEFATURA})
REVISAN = frozenset({Papel.REVISION})
POR_PAGINA = 20
RAZONES = (
    "Falta un dato o su fuente.",
    "Corregir ortografía o redacción.",
    "La fecha o la hora no son.",
    "Cambiar la imagen.",
    "Falta el texto alternativo o no describe.",
    "El enlace no lleva a donde dice.",
)
"""Lo que más se dice al devolver: se tocan y se completan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Devolucion:
    """Lo que alguien escribió al devolver, para no perderlo si faltó algo."""

    motivo: str
    falla: str


@pantalla.get("/aprobacion")
@requiere(REVISORES)
def listar() -> str:
    """Las piezas que esperan, primero la que sale antes."""
    with servicios().leer() as sesion:
        piezas, total = filas(sesion, persona(), POR_PAGINA)
        return render_template(
            "aprobacion.html",
            piezas=piezas,
            total=total,
            aprueba=persona().puede(APRUEBAN),
        )


@pantalla.get("/aprobacion/<int:pieza_id>")
@requiere(REVISORES)
def ver(pieza_id: int) -> str | Response:
    """Una pieza, para decidirla; si ya se decidió, su página."""
    with servicios().leer() as sesion:
        pieza = sesion.get(Pieza, pieza_id)
        if pieza is None:
            abort(404)
        if pieza.estado not in POR_APROBAR:
            return redirect(url_for("piezas.ver", pieza_id=pieza_id))
        return _mostrar(sesion, pieza, None)


def _mostrar(sesion: Session, pieza: Pieza, devolucion: Devolucion | None) -> str:
    orden = pendientes(sesion)
    lugar = orden.index(pieza.id) if pieza.id in orden else 0
    siguiente = orden[lugar + 1] if lugar + 1 < len(orden) else None
    return render_template(
        "decidir.html",
        p=completa(sesion, pieza, persona()),
        hilo=hilo_de(sesion, pieza),
        devolucion=devolucion,
        aprueba=persona().puede(APRUEBAN),
        revisa=persona().puede(REVISAN),
        firma=persona().puede(frozenset({Papel.JURIDICA})),
        minimo=MOTIVO_MINIMO,
        razones=RAZONES,
        motivos_juridica=MOTIVOS,
        lugar=lugar + 1,
        total=len(orden),
        siguiente=siguiente if siguiente != pieza.id else None,
    )


def seguir(pieza_id: int) -> Response:
    """A la pieza que sigue en la fila; sin más, a la lista."""
    tras = request.form.get("siguiente", type=int)
    with servicios().leer() as sesion:
        orden = [numero for numero in pendientes(sesion) if numero != pieza_id]
    if tras in orden:
        return redirect(url_for("aprobacion.ver", pieza_id=tras), code=303)
    return redirect(url_for("aprobacion.listar"), code=303)


@pantalla.post("/aprobacion/<int:pieza_id>/aprobar")
@requiere(APRUEBAN)
def aprobar(pieza_id: int) -> Response:
    """Aprueba lo que se vio, y lo pone en la cola."""
    marcados = request.form.getlist("punto")
    entregas = _aprobar_una(pieza_id, request.form.get("version_id", type=int), marcados)
    servicios().despertar()
    flash(f"Aprobada. {_en_cola(len(entregas))}", "bien")
    return seguir(pieza_id)


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
            entregas += len(_aprobar_una(int(pieza_id), int(version_id), None))
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


def _aprobar_una(
    pieza_id: int, version_id: int | None, marcados: list[str] | None
) -> list[Publicacion]:
    """`marcados=None`: se aprobó con otras, sin la lista de control delante."""
    adelantar_copias(servicios().sesiones, servicios().almacen, pieza_id)
    with servicios().sesiones.begin() as sesion:
        vista = exigir_la_vista(sesion, pieza_id, version_id)
        entregas = aprobar_y_programar(
            sesion,
            pieza_id,
            por=persona().id,
            ahora=servicios().ahora(),
            sello=servicios().sello,
            almacen=servicios().almacen,
            tolerancia=servicios().tolerancia,
        )
        if marcados is not None:
            guardar_marcas(sesion, vista, persona().id, marcados)
        return entregas


def exigir_la_vista(sesion: Session, pieza_id: int, version_id: int | None) -> int:
    """Se decide sobre lo que se tuvo a la vista, no sobre lo que alguien cambió después.

    La versión es una foto inmutable; si el formulario trae además su hash, también se compara.
    """
    fila = sesion.execute(
        select(Version.id, Version.hash_contenido)
        .join(Pieza, Pieza.version_vigente_id == Version.id)
        .where(Pieza.id == pieza_id)
        .with_for_update()
    ).one_or_none()
    esperado = request.form.get("hash")
    if fila is None or fila.id != version_id or esperado not in (None, fila.hash_contenido):
        raise EstadoNoPermite(CAMBIO)
    return int(fila.id)


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
        vista = exigir_la_vista(sesion, pieza_id, request.form.get("version_id", type=int))
        marcar_revisada(sesion, pieza_id, por=persona().id, ahora=servicios().ahora())
        guardar_marcas(sesion, vista, persona().id, request.form.getlist("punto"))
    flash("Quedó revisada: falta que la jefatura la apruebe.", "bien")
    return seguir(pieza_id)


@pantalla.post("/aprobacion/<int:pieza_id>/devolver")
@requiere(REVISORES)
def devolver(pieza_id: int) -> Response | tuple[str, int]:
    """Devuelve con observaciones; si falta algo, lo escrito no se pierde."""
    motivo = _motivo_escrito()
    try:
        with servicios().sesiones.begin() as sesion:
            vista = exigir_la_vista(sesion, pieza_id, request.form.get("version_id", type=int))
            devolver_pieza(
                sesion, pieza_id, motivo=motivo, por=persona().id, ahora=servicios().ahora()
            )
            guardar_marcas(sesion, vista, persona().id, request.form.getlist("punto"))
    except ErrorDePiezas as error:
        return _repetir(pieza_id, Devolucion(motivo=motivo, falla=error.mensaje))
    flash("Devuelta con sus observaciones.", "bien")
    return seguir(pieza_id)


def _motivo_escrito() -> str:
    """Las razones tocadas y lo escrito, juntos: sin guion también llegan las dos cosas."""
    escrito = request.form.get("motivo", "")
    tocadas = [r for r in request.form.getlist("razon") if r in RAZONES and r not in escrito]
    return " ".join([*tocadas, escrito]).strip() if tocadas else escrito


def _repetir(pieza_id: int, devolucion: Devolucion) -> tuple[str, int]:
    with servicios().leer() as sesion:
        pieza = sesion.get(Pieza, pieza_id)
        if pieza is None:
            abort(404)
        if pieza.version is None or pieza.estado not in POR_APROBAR:
            raise EstadoNoPermite(devolucion.falla)
        return _mostrar(sesion, pieza, devolucion), 422
