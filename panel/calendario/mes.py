"""El mes como tabla: lo que se ve sin guion y lo que se imprime."""

import calendar
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from babel.dates import format_date

from panel.calendario.consulta import Salida, juntar
from panel.filtros import LOCAL, comienzo_del_dia, dia_de
from panel.palabras import Rotulo
from piezas.efemerides import Efemeride, efemerides

SE_VEN = 4
"""Cuántas piezas caben en un día antes de plegar el resto."""
GRAVEDAD = ("mal", "duda", "curso", "calma", "apagado", "bien")
DIAS = ("Lunes", "Martes", "Miércoles", "Jueves", "Viernes", "Sábado", "Domingo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cita:
    """Una pieza a una hora, con todas sus redes."""

    salidas: tuple[Salida, ...]

    @property
    def pieza_id(self) -> int:
        """La pieza."""
        return self.salidas[0].pieza_id

    @property
    def titulo(self) -> str:
        """El de la pieza."""
        return self.salidas[0].titulo

    @property
    def en(self) -> datetime:
        """A qué hora."""
        return self.salidas[0].en

    @property
    def mueve(self) -> bool:
        """Si quien mira puede darle otra hora."""
        return self.salidas[0].mueve

    @property
    def rotulo(self) -> Rotulo:
        """El de su red más necesitada."""
        return min((s.rotulo for s in self.salidas), key=lambda r: GRAVEDAD.index(r.tono))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mes:
    """Un mes de lunes a domingo."""

    primero: date
    semanas: tuple[tuple[date, ...], ...]
    citas: dict[date, tuple[Cita, ...]]
    totales: tuple[tuple[Rotulo, int], ...]
    efemerides: dict[date, tuple[Efemeride, ...]]

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
        return len(
            {
                cita.pieza_id
                for dia, citas in self.citas.items()
                for cita in citas
                if not self.es_de_otro_mes(dia)
            }
        )

    @property
    def ultimo(self) -> date:
        """El último día."""
        return (self.primero + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    def es_de_otro_mes(self, dia: date) -> bool:
        """Si ese día solo completa la semana."""
        return (dia.year, dia.month) != (self.primero.year, self.primero.month)


def leer_mes(valor: str) -> date | None:
    """El primer día de `2026-12`, o `None` si no es un mes que se pueda mostrar."""
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", valor, re.ASCII):
        return None
    return date.fromisoformat(f"{valor}-01")


def dias_de(primero: date) -> list[date]:
    """Los días que se ven de ese mes, de lunes a domingo."""
    return list(calendar.Calendar(calendar.MONDAY).itermonthdates(primero.year, primero.month))


def limites(dias: Sequence[date]) -> tuple[datetime, datetime]:
    """Los instantes en que empiezan y terminan esos días."""
    return comienzo_del_dia(dias[0]), comienzo_del_dia(dias[-1] + timedelta(days=1))


def armar(primero: date, salidas: list[Salida]) -> Mes:
    """El mes con esas salidas."""
    dias = dias_de(primero)
    por_dia: dict[date, list[Cita]] = defaultdict(list)
    for grupo in juntar(salidas):
        por_dia[dia_de(grupo[0].en)].append(Cita(salidas=grupo))
    del_mes = [s for s in salidas if dia_de(s.en).month == primero.month]
    con_nombre: dict[date, tuple[Efemeride, ...]] = {}
    for una in efemerides(dias[0], dias[-1] + timedelta(days=1)):
        con_nombre[una.dia] = (*con_nombre.get(una.dia, ()), una)
    return Mes(
        primero=primero,
        semanas=tuple(tuple(dias[i : i + 7]) for i in range(0, len(dias), 7)),
        citas={dia: tuple(lista) for dia, lista in por_dia.items()},
        totales=tuple(Counter(_sin_matiz(s.rotulo) for s in del_mes).most_common()),
        efemerides=con_nombre,
    )


def _sin_matiz(rotulo: Rotulo) -> Rotulo:
    """`En duda, se está mirando` cuenta junto a las demás en duda."""
    return replace(rotulo, palabra=rotulo.palabra.split(",")[0])
