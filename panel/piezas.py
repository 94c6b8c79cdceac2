"""Las piezas: su texto como lo verá cada red, sus imágenes, sus decisiones y en qué van."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, defer, joinedload
from werkzeug.wrappers import Response

from cola.cuentas import Cuenta
from cola.estados import Estado
from cola.publicaciones import Publicacion
from cola.resumen import estado_de_pieza
from panel.acceso import EQUIPO, REDACTORES, TODOS, persona, requiere
from panel.comentarios import hilo_de
from panel.renglones import entregas, renglones
from panel.servicios import servicios
from panel.vistas import costo_total, vistas_de_pieza
from piezas.aprobacion import pedir_revision
from piezas.personas import Persona
from piezas.redaccion import CERRADAS
from piezas.versiones import Aprobacion, EstadoPieza, Pieza, Version, VersionDestino

pantalla = Blueprint("piezas", __name__)

POR_PAGINA = 60
SE_ENVIAN = (EstadoPieza.BORRADOR, EstadoPieza.DEVUELTA)


@pantalla.get("/piezas")
@requiere(TODOS)
def listar() -> str:
    """Las piezas, de la más nueva a la más vieja."""
    estado = request.args.get("estado", "")
    elegido = EstadoPieza(estado) if estado in set(EstadoPieza) else None
    with servicios().leer() as sesion:
        consulta = _pagina(elegido)
        piezas = list(sesion.scalars(consulta))
        sigue = piezas[POR_PAGINA - 1].id if len(piezas) > POR_PAGINA else None
        piezas = piezas[:POR_PAGINA]
        return render_template(
            "piezas.html",
            piezas=piezas,
            redes=_redes(sesion, piezas),
            elegido=elegido,
            estados=list(EstadoPieza),
            cuantas=_contar(sesion),
            sigue=sigue,
        )


def _visibles() -> tuple[ColumnElement[bool], ...]:
    """El solicitante ve solo lo suyo, también si adivina un número."""
    return () if persona().puede(EQUIPO) else (Pieza.autor_id == persona().id,)


def _pagina(elegido: EstadoPieza | None) -> Select[Pieza]:
    consulta = (
        select(Pieza)
        .options(joinedload(Pieza.autor), joinedload(Pieza.campania), joinedload(Pieza.version))
        .where(*_visibles())
        .order_by(Pieza.id.desc())
        .limit(POR_PAGINA + 1)
    )
    if elegido is not None:
        consulta = consulta.where(Pieza.estado == elegido)
    hasta = request.args.get("hasta", type=int)
    return consulta if hasta is None else consulta.where(Pieza.id < hasta)


def _contar(sesion: Session) -> dict[EstadoPieza, int]:
    consulta = select(Pieza.estado, func.count()).where(*_visibles()).group_by(Pieza.estado)
    return dict(sesion.execute(consulta).all())


def _redes(
    sesion: Session, piezas: list[Pieza]
) -> dict[int, list[tuple[Cuenta, Publicacion | None]]]:
    """Las cuentas de cada pieza y su entrega, si ya la tiene."""
    consulta = (
        select(Version.pieza_id, Cuenta, Publicacion)
        .join(VersionDestino, VersionDestino.version_id == Version.id)
        .join(Cuenta, Cuenta.id == VersionDestino.cuenta_id)
        .outerjoin(
            Publicacion,
            and_(
                Publicacion.pieza_id == Version.pieza_id,
                Publicacion.cuenta_id == VersionDestino.cuenta_id,
                Publicacion.estado != Estado.CANCELADA,
            ),
        )
        .options(defer(Publicacion.sobre))
        .where(Version.id.in_([p.version_vigente_id for p in piezas]))
        .order_by(Cuenta.alias)
    )
    redes: dict[int, list[tuple[Cuenta, Publicacion | None]]] = {}
    for pieza_id, cuenta, entrega in sesion.execute(consulta):
        redes.setdefault(pieza_id, []).append((cuenta, entrega))
    return redes


@pantalla.get("/piezas/<int:pieza_id>")
@requiere(TODOS)
def ver(pieza_id: int) -> str:
    """Una pieza completa."""
    with servicios().leer() as sesion:
        pieza = sesion.scalar(select(Pieza).where(Pieza.id == pieza_id, *_visibles()))
        if pieza is None:
            abort(404)
        suyas = sesion.scalars(
            entregas().where(Publicacion.pieza_id == pieza_id).order_by(Publicacion.id)
        ).all()
        vistas = vistas_de_pieza(sesion, pieza)
        return render_template(
            "pieza.html",
            pieza=pieza,
            vistas=vistas,
            costo=costo_total(vistas),
            entregas=tuple(renglones(suyas, persona())),
            en_redes=estado_de_pieza([p.estado for p in suyas]),
            historia=_historia(sesion, pieza_id),
            hilo=hilo_de(sesion, pieza),
            se_edita=persona().puede(REDACTORES) and pieza.estado not in CERRADAS,
            se_clona=persona().puede(REDACTORES),
            se_envia=pieza.estado in SE_ENVIAN and _es_de_quien_mira(pieza),
        )


def _es_de_quien_mira(pieza: Pieza) -> bool:
    editor = pieza.version.editor_id if pieza.version is not None else None
    return persona().puede(REDACTORES) or persona().id in {pieza.autor_id, editor}


def _historia(sesion: Session, pieza_id: int) -> list[tuple[Aprobacion, int, str]]:
    consulta = (
        select(Aprobacion, Version.numero, Persona.nombre)
        .join(Version, Version.id == Aprobacion.version_id)
        .join(Persona, Persona.id == Aprobacion.persona_id)
        .where(Version.pieza_id == pieza_id)
        .order_by(Aprobacion.id.desc())
    )
    return [(a, numero, nombre) for a, numero, nombre in sesion.execute(consulta)]


@pantalla.post("/piezas/<int:pieza_id>/enviar")
@requiere(REDACTORES)
def enviar(pieza_id: int) -> Response:
    """La manda a revisión."""
    with servicios().sesiones.begin() as sesion:
        pedir_revision(sesion, pieza_id, por=persona().id, ahora=servicios().ahora())
    flash("Quedó en revisión: otra persona la aprueba.", "bien")
    return redirect(url_for(".ver", pieza_id=pieza_id), code=303)
