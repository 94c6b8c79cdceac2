"""Hoy: qué sale y a qué hora, qué está detenido y por qué, qué le espera a usted y la salud."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, render_template
from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from cola.cuentas import Cuenta
from cola.estados import Estado
from cola.publicaciones import Publicacion
from conectores.contrato import Red
from panel.acceso import EQUIPO, REDACTORES, TODOS, Presente, persona, requiere
from panel.cuentas.salud import por_vencer, salud_de
from panel.filtros import comienzo_del_dia, dia_de
from panel.incompletas import Incompleta, incompletas
from panel.marco import POR_APROBAR, por_resolver
from panel.mes import Mes, mes_de
from panel.palabras import Rotulo
from panel.renglones import Renglon, en_renglones, entregas
from panel.salidas import Salida, agrupar
from panel.servicios import servicios
from piezas.comentarios import Comentario, menciones_sin_atender
from piezas.personas import Papel
from piezas.versiones import EstadoPieza, Pieza, Version

pantalla = Blueprint("tablero", __name__)

VISIBLES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CuentaDeHoy:
    """Una cuenta y lo que no puede esperar de ella."""

    alias: str
    nombre: str
    red: Red
    es_ensayo: bool
    pausada_motivo: str | None
    rotulo: Rotulo
    frases: tuple[str, ...]

    @property
    def esta_bien(self) -> bool:
        """Si hoy no pide nada."""
        return not self.frases


@dataclass(frozen=True, slots=True, kw_only=True)
class Tablero:
    """Lo que se ve en Hoy."""

    por_aprobar: int
    por_revisar: int
    devueltas: tuple[tuple[int, str, str | None], ...]
    menciones: tuple[Comentario, ...]
    """Comentarios en los que se le pidió mirar y no ha respondido."""
    a_mano: tuple[Renglon, ...]
    atascadas: tuple[Renglon, ...]
    en_duda: tuple[Renglon, ...]
    incompletas: tuple[Incompleta, ...]
    de_hoy: tuple[Salida, ...]
    proximas: tuple[Salida, ...]
    cuentas: tuple[CuentaDeHoy, ...]
    mes: Mes | None

    @property
    def le_esperan(self) -> bool:
        """Si hay algo que solo esta persona puede mover."""
        return bool(
            self.por_aprobar or self.por_revisar or self.devueltas or self.menciones or self.a_mano
        )

    @property
    def salieron(self) -> int:
        """Cuántas de las de hoy ya salieron por todas sus cuentas."""
        return sum(salida.ya_paso for salida in self.de_hoy)


@pantalla.get("/")
@requiere(TODOS)
def ver() -> str:
    """La primera pantalla del día."""
    ahora = servicios().ahora()
    with servicios().leer() as sesion:
        return render_template(
            "tablero.html",
            tablero=_reunir(sesion, persona(), ahora),
            hoy=dia_de(ahora),
            redacta=persona().puede(REDACTORES),
        )


def _reunir(sesion: Session, quien: Presente, ahora: datetime) -> Tablero:
    ve_la_cola = quien.puede(EQUIPO)
    return Tablero(
        por_aprobar=_cuantas_por_aprobar(sesion, quien),
        por_revisar=_cuantas_por_revisar(sesion, quien),
        devueltas=_devueltas(sesion, quien),
        menciones=tuple(menciones_sin_atender(sesion, quien.id)),
        a_mano=_a_mano(sesion, quien) if ve_la_cola else (),
        atascadas=_atascadas(sesion, quien) if ve_la_cola else (),
        en_duda=_en_duda(sesion, quien) if ve_la_cola else (),
        incompletas=incompletas(sesion, ahora) if ve_la_cola else (),
        de_hoy=agrupar(_de_hoy(sesion, quien, ahora)) if ve_la_cola else (),
        proximas=agrupar(_proximas(sesion, quien, ahora)) if ve_la_cola else (),
        cuentas=_cuentas(sesion, ahora) if ve_la_cola else (),
        mes=mes_de(sesion, dia_de(ahora)) if ve_la_cola else None,
    )


def _cuantas_por_aprobar(sesion: Session, quien: Presente) -> int:
    """Solo las que esta persona puede aprobar: ni escritas ni editadas por ella."""
    if not quien.puede(frozenset({Papel.JEFATURA})):
        return 0
    suyas = or_(Pieza.autor_id == quien.id, Version.editor_id == quien.id)
    consulta = (
        select(Pieza.id)
        .join(Version, Version.id == Pieza.version_vigente_id)
        .where(Pieza.estado.in_(POR_APROBAR), ~suyas)
    )
    return len(sesion.scalars(consulta).all())


def _cuantas_por_revisar(sesion: Session, quien: Presente) -> int:
    """Las que esperan la revisión de quien revisa y no aprueba."""
    if not quien.puede(frozenset({Papel.REVISION})) or quien.puede(frozenset({Papel.JEFATURA})):
        return 0
    consulta = select(func.count()).where(Pieza.estado == EstadoPieza.EN_REVISION)
    return sesion.scalar(consulta) or 0


def _devueltas(sesion: Session, quien: Presente) -> tuple[tuple[int, str, str | None], ...]:
    """Las que esta persona debe corregir."""
    if not quien.puede(REDACTORES | {Papel.SOLICITANTE}):
        return ()
    consulta = (
        select(Pieza.id, Pieza.titulo, Pieza.motivo)
        .outerjoin(Version, Version.id == Pieza.version_vigente_id)
        .where(
            Pieza.estado == EstadoPieza.DEVUELTA,
            or_(Pieza.autor_id == quien.id, Version.editor_id == quien.id),
        )
        .order_by(Pieza.id)
    )
    return tuple((fila.id, fila.titulo, fila.motivo) for fila in sesion.execute(consulta))


def _es_a_mano() -> ColumnElement[bool]:
    return exists().where(Cuenta.id == Publicacion.cuenta_id, Cuenta.red == Red.MANUAL)


def _a_mano(sesion: Session, quien: Presente) -> tuple[Renglon, ...]:
    consulta = entregas().where(
        Publicacion.estado == Estado.EN_DUDA, Publicacion.requiere_persona, _es_a_mano()
    )
    orden = consulta.order_by(Publicacion.programada_para).limit(VISIBLES)
    return en_renglones(sesion, orden, quien)


def _atascadas(sesion: Session, quien: Presente) -> tuple[Renglon, ...]:
    a_mano = and_(Publicacion.estado == Estado.EN_DUDA, _es_a_mano())
    consulta = entregas().where(*por_resolver(), ~a_mano)
    return en_renglones(
        sesion, consulta.order_by(Publicacion.programada_para).limit(VISIBLES), quien
    )


def _en_duda(sesion: Session, quien: Presente) -> tuple[Renglon, ...]:
    """Las que se están resolviendo solas: se dicen para que nadie se alarme."""
    consulta = entregas().where(Publicacion.estado == Estado.EN_DUDA, ~Publicacion.requiere_persona)
    return en_renglones(sesion, consulta.order_by(Publicacion.mirar_en).limit(VISIBLES), quien)


def _de_hoy(sesion: Session, quien: Presente, ahora: datetime) -> tuple[Renglon, ...]:
    hoy = comienzo_del_dia(dia_de(ahora))
    manana = comienzo_del_dia(dia_de(ahora) + timedelta(days=1))
    por_salir = and_(
        Publicacion.estado.in_((Estado.PROGRAMADA, Estado.TOMADA, Estado.ENVIANDO)),
        Publicacion.programada_para < manana,
    )
    salio_hoy = and_(
        Publicacion.estado == Estado.PUBLICADA,
        Publicacion.publicada_en >= hoy,
        Publicacion.publicada_en < manana,
    )
    consulta = entregas().where(or_(por_salir, salio_hoy)).order_by(Publicacion.programada_para)
    return en_renglones(sesion, consulta.limit(200), quien)


def _proximas(sesion: Session, quien: Presente, ahora: datetime) -> tuple[Renglon, ...]:
    desde = comienzo_del_dia(dia_de(ahora) + timedelta(days=1))
    consulta = (
        entregas()
        .where(Publicacion.estado == Estado.PROGRAMADA, Publicacion.programada_para >= desde)
        .order_by(Publicacion.programada_para)
        .limit(6)
    )
    return en_renglones(sesion, consulta, quien)


def _cuentas(sesion: Session, ahora: datetime) -> tuple[CuentaDeHoy, ...]:
    """Las cuentas activas; primero las que piden algo."""
    filas = sesion.scalars(select(Cuenta).where(Cuenta.activa).order_by(Cuenta.alias))
    cuentas = [
        CuentaDeHoy(
            alias=cuenta.alias,
            nombre=cuenta.nombre,
            red=cuenta.red,
            es_ensayo=cuenta.es_ensayo,
            pausada_motivo=cuenta.pausada_motivo,
            rotulo=salud_de(cuenta, ahora=ahora).rotulo,
            frases=tuple(_urgente(cuenta, ahora)),
        )
        for cuenta in filas
    ]
    return tuple(sorted(cuentas, key=lambda cuenta: cuenta.esta_bien))


def _urgente(cuenta: Cuenta, ahora: datetime) -> Iterator[str]:
    """Lo que no deja publicar o dejará pronto; los datos que faltan se ven en Cuentas."""
    if cuenta.pausada_motivo:
        yield cuenta.pausada_motivo
    yield from salud_de(cuenta, ahora=ahora).graves
    if frase := por_vencer(cuenta.permiso_vence_en, ahora):
        yield frase
