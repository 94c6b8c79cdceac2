"""El mes a la vista: qué pieza sale cada día, por dónde y en qué va."""

import calendar
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from babel.dates import format_date
from flask import Blueprint, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from cola.cuentas import Cuenta
from cola.estados import Estado
from cola.publicaciones import Publicacion
from conectores.contrato import Red
from panel.acceso import EQUIPO, requiere
from panel.filtros import LOCAL, comienzo_del_dia, dia_de
from panel.palabras import ESTADOS_PIEZA, Rotulo, rotulo_de_entrega
from panel.servicios import servicios
from piezas.versiones import EstadoPieza, Momento, Pieza

pantalla = Blueprint("calendario", __name__)

SE_VEN = 4
"""Cuántas piezas caben en un día antes de plegar el resto."""
GRAVEDAD = ("mal", "duda", "curso", "calma", "apagado", "bien")
DIAS = ("Lunes", "Martes", "Miércoles", "Jueves", "Viernes", "Sábado", "Domingo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Salida:
    """Una pieza en una cuenta, a una hora."""

    pieza_id: int
    titulo: str
    en: datetime
    red: Red
    cuenta: str
    rotulo: Rotulo


@dataclass(frozen=True, slots=True, kw_only=True)
class Cita:
    """Una pieza en un día, con todas sus redes."""

    pieza_id: int
    titulo: str
    en: datetime
    salidas: tuple[Salida, ...]

    @property
    def tono(self) -> str:
        """El de su red más necesitada."""
        return min((s.rotulo.tono for s in self.salidas), key=GRAVEDAD.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mes:
    """Un mes de lunes a domingo."""

    primero: date
    semanas: tuple[tuple[date, ...], ...]
    citas: dict[date, tuple[Cita, ...]]
    totales: tuple[tuple[Rotulo, int], ...]

    @property
    def nombre(self) -> str:
        """`diciembre de 2026`"""
        return format_date(self.primero, "MMMM 'de' y", locale=LOCAL)

    @property
    def anterior(self) -> str:
        """Para el enlace: `2026-11`."""
        return f"{self.primero - timedelta(days=1):%Y-%m}"

    @property
    def siguiente(self) -> str:
        """Para el enlace: `2027-01`."""
        return f"{self.primero + timedelta(days=31):%Y-%m}"

    @property
    def piezas(self) -> int:
        """Cuántas piezas distintas tiene."""
        return len({cita.pieza_id for citas in self.citas.values() for cita in citas})

    def es_de_otro_mes(self, dia: date) -> bool:
        """Si ese día solo completa la semana."""
        return (dia.year, dia.month) != (self.primero.year, self.primero.month)


@pantalla.get("/calendario")
@requiere(EQUIPO)
def ver() -> str:
    """El mes pedido, o el que corre."""
    hoy = dia_de(servicios().ahora())
    primero = leer_mes(request.args.get("mes", "")) or hoy.replace(day=1)
    with servicios().leer() as sesion:
        return render_template(
            "calendario.html", mes=_armar(sesion, primero), hoy=hoy, dias=DIAS, se_ven=SE_VEN
        )


def leer_mes(valor: str) -> date | None:
    """El primer día de `2026-12`, o `None` si no es un mes que se pueda mostrar."""
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", valor, re.ASCII):
        return None
    return date.fromisoformat(f"{valor}-01")


def _armar(sesion: Session, primero: date) -> Mes:
    dias = list(calendar.Calendar(calendar.MONDAY).itermonthdates(primero.year, primero.month))
    salidas = sorted(
        (*_entregas(sesion, dias), *_deseos(sesion, dias)), key=lambda s: (s.en, s.pieza_id)
    )
    por_dia: dict[date, list[Salida]] = defaultdict(list)
    for salida in salidas:
        por_dia[dia_de(salida.en)].append(salida)
    del_mes = [s for s in salidas if dia_de(s.en).month == primero.month]
    return Mes(
        primero=primero,
        semanas=tuple(tuple(dias[i : i + 7]) for i in range(0, len(dias), 7)),
        citas={dia: tuple(_juntar(lista)) for dia, lista in por_dia.items()},
        totales=tuple(Counter(_sin_matiz(s.rotulo) for s in del_mes).most_common()),
    )


def _sin_matiz(rotulo: Rotulo) -> Rotulo:
    """`En duda, se está mirando` cuenta junto a las demás en duda."""
    return replace(rotulo, palabra=rotulo.palabra.split(",")[0])


def _juntar(salidas: list[Salida]) -> Iterator[Cita]:
    """Las salidas de un día, una cita por pieza, en orden de hora."""
    ordenadas = sorted(salidas, key=lambda s: s.pieza_id)
    citas = []
    for pieza_id, grupo in groupby(ordenadas, key=lambda s: s.pieza_id):
        suyas = tuple(sorted(grupo, key=lambda s: (s.en, s.red)))
        citas.append(Cita(pieza_id=pieza_id, titulo=suyas[0].titulo, en=suyas[0].en, salidas=suyas))
    yield from sorted(citas, key=lambda cita: cita.en)


def _limites(dias: list[date]) -> tuple[datetime, datetime]:
    return comienzo_del_dia(dias[0]), comienzo_del_dia(dias[-1] + timedelta(days=1))


def _entregas(sesion: Session, dias: list[date]) -> Iterator[Salida]:
    """Lo que ya está en la cola: su momento y su estado de verdad."""
    desde, hasta = _limites(dias)
    consulta = (
        select(Publicacion, Pieza.titulo, Cuenta)
        .join(Pieza, Pieza.id == Publicacion.pieza_id)
        .join(Cuenta, Cuenta.id == Publicacion.cuenta_id)
        .where(
            Publicacion.programada_para >= desde,
            Publicacion.programada_para < hasta,
            Publicacion.estado != Estado.CANCELADA,
        )
    )
    for publicacion, titulo, cuenta in sesion.execute(consulta):
        yield Salida(
            pieza_id=publicacion.pieza_id,
            titulo=titulo,
            en=publicacion.programada_para,
            red=cuenta.red,
            cuenta=cuenta.nombre,
            rotulo=rotulo_de_entrega(publicacion),
        )


def _deseos(sesion: Session, dias: list[date]) -> Iterator[Salida]:
    """Lo que todavía no se aprueba: el momento que alguien pidió."""
    desde, hasta = _limites(dias)
    en_cola = select(Publicacion.id).where(
        Publicacion.pieza_id == Momento.pieza_id, Publicacion.cuenta_id == Momento.cuenta_id
    )
    consulta = (
        select(Momento, Pieza, Cuenta)
        .join(Pieza, Pieza.id == Momento.pieza_id)
        .join(Cuenta, Cuenta.id == Momento.cuenta_id)
        .where(
            Momento.programada_para >= desde,
            Momento.programada_para < hasta,
            Pieza.estado.not_in((EstadoPieza.CANCELADA, EstadoPieza.ARCHIVADA)),
            ~en_cola.exists(),
        )
    )
    for momento, pieza, cuenta in sesion.execute(consulta):
        yield Salida(
            pieza_id=pieza.id,
            titulo=pieza.titulo,
            en=momento.programada_para,
            red=cuenta.red,
            cuenta=cuenta.nombre,
            rotulo=ESTADOS_PIEZA[pieza.estado],
        )
