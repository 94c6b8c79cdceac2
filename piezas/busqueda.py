"""Buscar en la mediateca: filtros, y páginas que cuestan lo mismo con diez mil archivos."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from conectores.contrato import Clase
from piezas.autorizaciones import Autorizacion
from piezas.llano import llano
from piezas.medios import Medio
from piezas.parecidos import CERCA, distancia

POR_PAGINA = 60


class EstadoDerechos(StrEnum):
    """Cómo van los permisos de quienes aparecen."""

    SIN_PERSONAS = "sin_personas"
    AL_DIA = "al_dia"
    FALTAN = "faltan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtro:
    """Lo que se busca; lo vacío no filtra."""

    texto: str = ""
    evento: str = ""
    responsable: str = ""
    desde: date | None = None
    hasta: date | None = None
    clase: Clase | None = None
    sin: Clase | None = None
    """La clase que no se quiere ver."""
    campania_id: int | None = None
    derechos: EstadoDerechos | None = None
    archivados: bool = False


def pagina(
    sesion: Session, filtro: Filtro, *, hoy: date, antes_de: int | None = None
) -> tuple[list[Medio], int | None]:
    """Una página, de lo más nuevo a lo más viejo, y desde qué id sigue la otra."""
    consulta = (
        select(Medio)
        .where(*_condiciones(filtro, hoy))
        .order_by(Medio.id.desc())
        .limit(POR_PAGINA + 1)
    )
    if antes_de is not None:
        consulta = consulta.where(Medio.id < antes_de)
    filas = list(sesion.scalars(consulta))
    sigue = filas[POR_PAGINA - 1].id if len(filas) > POR_PAGINA else None
    return filas[:POR_PAGINA], sigue


def contar(sesion: Session, filtro: Filtro, *, hoy: date) -> int:
    """Cuántos hay en total."""
    return sesion.scalar(select(func.count(Medio.id)).where(*_condiciones(filtro, hoy))) or 0


def _condiciones(filtro: Filtro, hoy: date) -> list[ColumnElement[bool]]:
    archivado = Medio.archivado_en.is_not(None)
    condiciones: list[ColumnElement[bool]] = [archivado if filtro.archivados else ~archivado]
    condiciones += [_tiene(palabra) for palabra in llano(filtro.texto).split()[:8]]
    # El evento y quien estuvo a cargo están en lo buscable: así tampoco importan las tildes.
    for texto in (filtro.evento, filtro.responsable):
        if limpio := llano(texto):
            condiciones.append(_tiene(limpio))
    condiciones += _exactas(filtro)
    if filtro.derechos is not None:
        condiciones.append(_derechos(filtro.derechos, hoy))
    return condiciones


def _exactas(filtro: Filtro) -> list[ColumnElement[bool]]:
    condiciones: list[ColumnElement[bool]] = []
    if filtro.desde is not None:
        condiciones.append(Medio.fecha >= filtro.desde)
    if filtro.hasta is not None:
        condiciones.append(Medio.fecha <= filtro.hasta)
    if filtro.clase is not None:
        condiciones.append(Medio.clase == filtro.clase)
    if filtro.sin is not None:
        condiciones.append(Medio.clase != filtro.sin)
    if filtro.campania_id is not None:
        condiciones.append(Medio.campania_id == filtro.campania_id)
    return condiciones


def _tiene(palabra: str) -> ColumnElement[bool]:
    return Medio.buscable.contains(palabra, autoescape=True)


def _derechos(estado: EstadoDerechos, hoy: date) -> ColumnElement[bool]:
    """La misma regla de `derechos.falta_en`, para filtrar en la base."""
    original = aliased(Medio)
    suyo = original.id == func.coalesce(Medio.derivado_de_id, Medio.id)
    adulto = and_(original.hay_personas, ~_vale(original.id, es_menor=False, hoy=hoy))
    menor = and_(original.hay_menores, ~_vale(original.id, es_menor=True, hoy=hoy))
    caida, relevo = aliased(Autorizacion), aliased(Autorizacion)
    releva = exists(
        select(relevo.id).where(
            relevo.medio_id == caida.medio_id,
            func.lower(relevo.quien) == func.lower(caida.quien),
            relevo.es_menor == caida.es_menor,
            _al_dia(relevo, hoy),
        )
    )
    hay_caida = exists(
        select(caida.id).where(caida.medio_id == original.id, ~_al_dia(caida, hoy), ~releva)
    )
    faltan = exists(select(original.id).where(suyo, or_(adulto, menor, hay_caida)))
    if estado is EstadoDerechos.FALTAN:
        return faltan
    marcado = exists(select(original.id).where(suyo, original.hay_personas | original.hay_menores))
    return ~marcado & ~faltan if estado is EstadoDerechos.SIN_PERSONAS else marcado & ~faltan


def _vale(medio_id: SQLColumnExpression[int], *, es_menor: bool, hoy: date) -> ColumnElement[bool]:
    una = aliased(Autorizacion)
    return exists(
        select(una.id).where(
            una.medio_id == medio_id, una.es_menor.is_(es_menor), _al_dia(una, hoy)
        )
    )


def _al_dia(una: type[Autorizacion], hoy: date) -> ColumnElement[bool]:
    vigente = or_(una.vence.is_(None), una.vence >= hoy)
    return and_(una.revocada_en.is_(None), una.fecha <= hoy, vigente)


def parecidos(sesion: Session, medio: Medio, *, cuantos: int = 6) -> list[Medio]:
    """Los que se ven casi igual, del más al menos parecido; sin sus propios recortes."""
    if medio.huella_visual is None:
        return []
    filas = sesion.execute(
        select(Medio.id, Medio.huella_visual, Medio.derivado_de_id).where(
            Medio.huella_visual.is_not(None), Medio.id != medio.id, Medio.archivado_en.is_(None)
        )
    )
    cerca = sorted(
        (distancia(medio.huella_visual, visual or "0"), numero)
        for numero, visual, derivado in filas
        if (derivado or numero) != medio.origen_id
    )
    ids = [numero for lejos, numero in cerca if lejos <= CERCA][:cuantos]
    hallados = {m.id: m for m in sesion.scalars(select(Medio).where(Medio.id.in_(ids)))}
    return [hallados[numero] for numero in ids]
