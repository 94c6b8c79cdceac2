"""Una pieza en espera como la ve quien decide: qué sale, qué cambió y por qué puede o no."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from panel.acceso import Presente
from panel.aprobacion.cambios import Cambios, cambios_desde_la_decidida
from panel.marco import POR_APROBAR
from panel.vistas import PARA_VERLAS, Vista, costo_total, vistas_de_pieza, vistas_de_piezas
from piezas.errores import EstadoNoPermite
from piezas.impedimentos import impedimentos_con
from piezas.juridica import (
    ExigenciaJuridica,
    exigencia_de,
    exigencias_de,
    quien_firmo,
    quienes_firmaron,
)
from piezas.lista_control import puntos
from piezas.personas import Persona
from piezas.revisores import EnlaceRevision, enlaces_de
from piezas.versiones import EstadoPieza, Momento, Pieza

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


def pendientes(sesion: Session) -> list[int]:
    """Los números de las que esperan, primero la que sale antes; una consulta y ninguna pieza."""
    primera = func.min(Momento.programada_para)
    consulta = (
        select(Pieza.id)
        .outerjoin(Momento, Momento.pieza_id == Pieza.id)
        .where(Pieza.estado.in_(POR_APROBAR), Pieza.version_vigente_id.is_not(None))
        .group_by(Pieza.id)
        .order_by(primera.is_(None), primera, Pieza.id)
    )
    return list(sesion.scalars(consulta))


def _primera(pieza: Pieza) -> datetime | None:
    return min((m.programada_para for m in pieza.momentos), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Juridica:
    """La marca de una pieza y quién la firmó."""

    marca: ExigenciaJuridica | None
    firmo: int | None


def _en_fila(
    pieza: Pieza, persona: Persona, vistas: tuple[Vista, ...], juridica: _Juridica
) -> EnFila:
    """La pieza resumida."""
    version = pieza.version
    if version is None:
        raise EstadoNoPermite(CAMBIO)
    marca, firmo = juridica.marca, juridica.firmo
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
        juridica=marca.motivo if marca is not None and firmo is None else None,
        impedimentos=impedimentos_con(pieza, persona, marca, firmo),
        cabe=bool(vistas) and not any(vista.fallas for vista in vistas),
        costo=costo_total(vistas),
    )


def filas(sesion: Session, quien: Presente, cuantas: int) -> tuple[list[EnFila], int]:
    """Las primeras de la fila, y cuántas hay en total."""
    orden = pendientes(sesion)
    piezas = sesion.scalars(
        select(Pieza)
        .where(Pieza.id.in_(orden[:cuantas]))
        .options(joinedload(Pieza.autor), joinedload(Pieza.campania), *PARA_VERLAS)
    ).all()
    vistas = vistas_de_piezas(sesion, piezas)
    marcas = exigencias_de(sesion, orden[:cuantas])
    firmas = quienes_firmaron(sesion, [p.version.id for p in piezas if p.version is not None])
    persona = sesion.get_one(Persona, quien.id)
    por_numero = {
        p.id: _en_fila(
            p,
            persona,
            vistas[p.id],
            _Juridica(marca=marcas.get(p.id), firmo=firmas.get(p.version_vigente_id or 0)),
        )
        for p in piezas
    }
    return [por_numero[numero] for numero in orden[:cuantas]], len(orden)


def completa(sesion: Session, pieza: Pieza, quien: Presente) -> PorAprobar:
    """La pieza con todo lo que hace falta para decidirla."""
    version = pieza.version
    if version is None:
        raise EstadoNoPermite(CAMBIO)
    vistas = vistas_de_pieza(sesion, pieza)
    marca, firmo = exigencia_de(sesion, pieza.id), quien_firmo(sesion, version)
    persona = sesion.get_one(Persona, quien.id)
    return PorAprobar(
        fila=_en_fila(pieza, persona, vistas, _Juridica(marca=marca, firmo=firmo)),
        hash_contenido=version.hash_contenido,
        vistas=vistas,
        es_propia=quien.id in {pieza.autor_id, version.editor_id},
        exigencia=marca,
        firma_juridica=sesion.get_one(Persona, firmo).nombre if firmo else None,
        cambios=cambios_desde_la_decidida(sesion, pieza),
        puntos=puntos(sesion),
        opiniones=tuple(
            enlace
            for enlace in enlaces_de(sesion, pieza.id)
            if enlace.respondido_en is not None and enlace.version_id == version.id
        ),
    )
