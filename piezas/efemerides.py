"""Los días que una oficina tiene presentes: festivos de Colombia y conmemoraciones."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

import holidays

_ARCHIVO = Path(__file__).parent / "conmemoraciones.csv"


class Origen(StrEnum):
    """De dónde viene un día: si no se trabaja, o quién lo instituyó."""

    FESTIVO = "festivo"
    LEY = "ley"
    NACIONES_UNIDAS = "naciones_unidas"
    RELIGIOSA = "religiosa"
    TRADICION = "tradicion"
    LOCAL = "local"


@dataclass(frozen=True, slots=True, order=True)
class Efemeride:
    """Un día con nombre."""

    dia: date
    nombre: str
    origen: Origen

    @property
    def es_festivo(self) -> bool:
        """Si ese día no se trabaja."""
        return self.origen is Origen.FESTIVO


def efemerides(desde: date, hasta: date) -> tuple[Efemeride, ...]:
    """Las de [`desde`, `hasta`), por fecha; los festivos primero en su día."""
    anios = range(desde.year, (hasta - timedelta(days=1)).year + 1)
    todas = (una for anio in anios for una in (*_festivos(anio), *_conmemoraciones(anio)))
    return tuple(
        sorted(
            (una for una in todas if desde <= una.dia < hasta),
            key=lambda una: (una.dia, not una.es_festivo, una.nombre),
        )
    )


def festivo(dia: date) -> str | None:
    """El nombre del festivo que cae ese día, o `None`."""
    return next((una.nombre for una in _festivos(dia.year) if una.dia == dia), None)


@cache
def _festivos(anio: int) -> tuple[Efemeride, ...]:
    # «(observado)» solo dice que la ley lo pasó al lunes: a quien lee no le sirve.
    return tuple(
        Efemeride(dia, nombre.replace(" (observado)", ""), Origen.FESTIVO)
        for dia, nombre in holidays.country_holidays("CO", years=anio, language="es").items()
    )


@cache
def _conmemoraciones(anio: int) -> tuple[Efemeride, ...]:
    with _ARCHIVO.open(encoding="utf-8", newline="") as archivo:
        filas = list(csv.DictReader(archivo))
    return tuple(
        Efemeride(
            date.fromisoformat(f"{anio}-{fila['dia']}"), fila["nombre"], Origen(fila["origen"])
        )
        for fila in filas
    )
