"""Qué cambió desde la última versión que alguien decidió."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from piezas.diferencias import Cambio, comparar
from piezas.versiones import Aprobacion, Decision, Pieza, Version

_DECIDEN = (Decision.APROBADA, Decision.DEVUELTA, Decision.ANULADA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cambios:
    """Frente a qué versión se compara y qué es distinto."""

    numero: int
    decision: Decision
    motivo: str | None
    campos: tuple[Cambio, ...]


def cambios_desde_la_decidida(sesion: Session, pieza: Pieza) -> Cambios | None:
    """`None` si nadie ha decidido otra versión de la pieza."""
    version = pieza.version
    if version is None:
        return None
    fila = sesion.execute(
        select(Version, Aprobacion.decision, Aprobacion.motivo)
        .join(Aprobacion, Aprobacion.version_id == Version.id)
        .where(
            Version.pieza_id == pieza.id,
            Version.numero < version.numero,
            Aprobacion.decision.in_(_DECIDEN),
        )
        .order_by(Version.numero.desc(), Aprobacion.id.desc())
        .limit(1)
    ).first()
    if fila is None:
        return None
    anterior, decision, motivo = fila
    return Cambios(
        numero=anterior.numero,
        decision=decision,
        motivo=motivo,
        campos=comparar(anterior, version),
    )
