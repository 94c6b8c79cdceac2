"""La salud del mes: qué días tienen publicaciones, cuáles pasaron en blanco y el próximo hueco."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cola.estados import Estado
from cola.publicaciones import Publicacion
from panel.filtros import comienzo_del_dia, dia_de

CUENTAN = (
    Estado.PROGRAMADA,
    Estado.TOMADA,
    Estado.ENVIANDO,
    Estado.PUBLICADA,
    Estado.EN_DUDA,
)
"""Lo detenido, fallido o cancelado no llena el día de nadie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dia:
    """Un día del mes y cuántas entregas tiene."""

    fecha: date
    cuantas: int
    clase: str
    """`salio`, `saldra`, `hueco` (por venir, sin nada) o `blanco` (pasó sin nada)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mes:
    """El mes en curso, día por día."""

    dias: tuple[Dia, ...]

    @property
    def en_blanco(self) -> int:
        """Los días que pasaron sin publicar nada."""
        return sum(dia.clase == "blanco" for dia in self.dias)

    @property
    def huecos(self) -> int:
        """Los días que faltan y no tienen nada."""
        return sum(dia.clase == "hueco" for dia in self.dias)

    @property
    def proximo_hueco(self) -> date | None:
        """El primero de los que faltan sin nada."""
        return next((dia.fecha for dia in self.dias if dia.clase == "hueco"), None)


def mes_de(sesion: Session, hoy: date) -> Mes:
    """El mes de ese día."""
    primero = hoy.replace(day=1)
    siguiente = (primero + timedelta(days=31)).replace(day=1)
    momentos = sesion.scalars(
        select(Publicacion.programada_para).where(
            Publicacion.programada_para >= comienzo_del_dia(primero),
            Publicacion.programada_para < comienzo_del_dia(siguiente),
            Publicacion.estado.in_(CUENTAN),
        )
    )
    cuantas = Counter(dia_de(momento) for momento in momentos)
    fechas = [primero + timedelta(days=n) for n in range((siguiente - primero).days)]
    return Mes(
        dias=tuple(
            Dia(fecha=fecha, cuantas=cuantas[fecha], clase=_clase(fecha, hoy, cuantas[fecha]))
            for fecha in fechas
        )
    )


def _clase(fecha: date, hoy: date, cuantas: int) -> str:
    if fecha < hoy:
        return "salio" if cuantas else "blanco"
    return "saldra" if cuantas else "hueco"
