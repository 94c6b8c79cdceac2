"""Lo que cada lote del motor pregunta primero, en una sola consulta."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cola.arriendos import AHORA, SE_PUEDE_MIRAR, C, P
from cola.detenciones import CAIDA
from cola.pausas import Pausa

_T = Pausa.__table__
_SENALES = select(
    select(_T.c.id).where(_T.c.hasta.is_(None)).exists().label("en_pausa"),
    select(C.c.id).where(CAIDA).exists().label("hay_caidas"),
    select(P.c.id)
    .select_from(P.join(C))
    .where(SE_PUEDE_MIRAR, P.c.mirar_en <= AHORA)
    .exists()
    .label("hay_miradas"),
)


@dataclass(frozen=True, slots=True)
class Senales:
    """`en_pausa`: nada pasa. `hay_caidas`: alguna cuenta en pausa. `hay_miradas`: toca mirar."""

    en_pausa: bool
    hay_caidas: bool
    hay_miradas: bool


def leer_senales(sesion: Session, *, ahora: datetime) -> Senales:
    """Las señales de este momento."""
    fila = sesion.connection().execute(_SENALES, {"ahora": ahora}).one()
    return Senales(bool(fila.en_pausa), bool(fila.hay_caidas), bool(fila.hay_miradas))
