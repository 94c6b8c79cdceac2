"""Una pieza en espera como la ve quien decide: qué sale, qué cambió y por qué puede o no."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from panel.acceso import Presente
from panel.aprobacion.cambios import Cambios, cambios_desde_la_decidida
from panel.marco import POR_APROBAR
from panel.vistas import Vista, costo_total, vistas_de_pieza
from piezas.errores import EstadoNoPermite
from piezas.impedimentos import impedimentos
from piezas.juridica import ExigenciaJuridica, exigencia_de, quien_firmo
from piezas.lista_control import puntos
from piezas.personas import Persona
from piezas.revisores import EnlaceRevision, enlaces_de
from piezas.versiones import EstadoPieza, Pieza

CAMBIO = "La pieza cambió mientras usted la miraba. Véala de nuevo antes de decidir."


@dataclass(frozen=True, slots=True, kw_only=True)
class EnFila:
    """Una pieza en la lista: lo justo para elegirla."""

    id: int
    version_id: int
    titulo: str
    autor: str
    editor: str
    numero: int
    campania: str | None
    sale_en: datetime | None
    redes: tuple[tuple[str, str], ...]
    revisada: bool
    juridica: str | None
    """El motivo por el que pide jurídica, si falta su visto bueno."""
    impedimentos: tuple[str, ...]
    cabe: bool
    costo: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PorAprobar:
    """Una pieza completa, para decidirla."""

    fila: EnFila
    hash_contenido: str
    vistas: tuple[Vista, ...]
    es_propia: bool
    exigencia: ExigenciaJuridica | None
    firma_juridica: str | None
    cambios: Cambios | None
    puntos: tuple[str, ...]
    opiniones: tuple[EnlaceRevision, ...]


def pendientes(sesion: Session) -> list[Pieza]:
    """Las que esperan, primero la que sale antes."""
    consulta = (
        select(Pieza)
        .options(joinedload(Pieza.autor), joinedload(Pieza.campania), joinedload(Pieza.version))
        .where(Pieza.estado.in_(POR_APROBAR), Pieza.version_vigente_id.is_not(None))
        .order_by(Pieza.id)
    )
    return sorted(sesion.scalars(consulta), key=_sale_primero)


def _sale_primero(pieza: Pieza) -> tuple[bool, float]:
    primera = _primera(pieza)
    return (primera is None, primera.timestamp() if primera else 0.0)


def _primera(pieza: Pieza) -> datetime | None:
    return min((m.programada_para for m in pieza.momentos), default=None)


def en_fila(sesion: Session, pieza: Pieza, quien: Presente, vistas: tuple[Vista, ...]) -> EnFila:
    """La pieza resumida."""
    version = pieza.version
    if version is None:
        raise EstadoNoPermite(CAMBIO)
    exigencia = exigencia_de(sesion, pieza.id)
    falta = exigencia is not None and quien_firmo(sesion, version) is None
    return EnFila(
        id=pieza.id,
        version_id=version.id,
        titulo=pieza.titulo,
        autor=pieza.autor.nombre,
        editor=version.editor.nombre,
        numero=version.numero,
        campania=pieza.campania.nombre if pieza.campania else None,
        sale_en=_primera(pieza),
        redes=tuple((vista.red.value, vista.cuenta) for vista in vistas),
        revisada=pieza.estado is EstadoPieza.REVISADA,
        juridica=exigencia.motivo if exigencia is not None and falta else None,
        impedimentos=impedimentos(sesion, pieza, sesion.get_one(Persona, quien.id)),
        cabe=bool(vistas) and not any(vista.fallas for vista in vistas),
        costo=costo_total(vistas),
    )


def filas(sesion: Session, quien: Presente, cuantas: int) -> list[EnFila]:
    """Las primeras de la fila."""
    return [
        en_fila(sesion, pieza, quien, vistas_de_pieza(sesion, pieza))
        for pieza in pendientes(sesion)[:cuantas]
    ]


def completa(sesion: Session, pieza: Pieza, quien: Presente) -> PorAprobar:
    """La pieza con todo lo que hace falta para decidirla."""
    version = pieza.version
    if version is None:
        raise EstadoNoPermite(CAMBIO)
    vistas = vistas_de_pieza(sesion, pieza)
    firmo = quien_firmo(sesion, version)
    return PorAprobar(
        fila=en_fila(sesion, pieza, quien, vistas),
        hash_contenido=version.hash_contenido,
        vistas=vistas,
        es_propia=quien.id in {pieza.autor_id, version.editor_id},
        exigencia=exigencia_de(sesion, pieza.id),
        firma_juridica=sesion.get_one(Persona, firmo).nombre if firmo else None,
        cambios=cambios_desde_la_decidida(sesion, pieza),
        puntos=puntos(sesion),
        opiniones=tuple(
            enlace
            for enlace in enlaces_de(sesion, pieza.id)
            if enlace.respondido_en is not None and enlace.version_id == version.id
        ),
    )
