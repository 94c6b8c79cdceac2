"""Los borradores con fecha cercana que todavía no pueden ir a revisión, y lo que les falta."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from panel.vistas import PARA_VERLAS
from piezas.composicion import frases_de
from piezas.versiones import EstadoPieza, Momento, Pieza

ANTICIPACION: Final = timedelta(days=7)
VISIBLES: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Incompleta:
    """Una pieza que se quedaría sin salir si nadie la completa."""

    pieza_id: int
    titulo: str
    para: datetime
    faltas: tuple[str, ...]


def incompletas(sesion: Session, ahora: datetime) -> tuple[Incompleta, ...]:
    """Las que salen pronto, primero la más próxima; también las que ya se pasaron de hora."""
    para = func.min(Momento.programada_para)
    consulta = (
        select(Pieza, para)
        .options(*PARA_VERLAS)
        .join(Momento, Momento.pieza_id == Pieza.id)
        .where(Pieza.estado == EstadoPieza.BORRADOR)
        .group_by(Pieza.id)
        .having(para < ahora + ANTICIPACION, para > ahora - ANTICIPACION)
        .order_by(para)
        .limit(VISIBLES)
    )
    halladas = []
    for pieza, momento in sesion.execute(consulta):
        faltas = frases_de(pieza.version) if pieza.version is not None else ()
        if faltas:
            halladas.append(
                Incompleta(pieza_id=pieza.id, titulo=pieza.titulo, para=momento, faltas=faltas)
            )
    return tuple(halladas)
