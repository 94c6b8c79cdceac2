"""Qué aprobaciones siguen en pie: lo que el motor pregunta en la última puerta."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from piezas.envios import canonico
from piezas.firmas import Sello
from piezas.versiones import Aprobacion, Decision, EstadoPieza, Pieza, Sobre, Version

_CAMBIAN_LA_APROBACION = (Decision.APROBADA, Decision.ANULADA, Decision.DEVUELTA)


def mensaje_firmado(
    *,
    version_id: int,
    hash_contenido: str,
    persona_id: int,
    en: datetime,
    sobres: Mapping[int, str],
) -> str:
    """Lo que firma una aprobación: qué contenido, qué sobres, quién y cuándo.

    `sobres`: huella por cuenta. Con ellas, un sobre cambiado en la base tampoco sale.
    """
    return canonico(
        {
            "version_id": version_id,
            "hash_contenido": hash_contenido,
            "persona_id": persona_id,
            "en": en.astimezone(UTC).isoformat(timespec="microseconds"),
            "sobres": sorted([cuenta, huella] for cuenta, huella in sobres.items()),
        }
    )


def aprobacion_vigente(sesion: Session, version_id: int, sello: Sello) -> bool:
    """Si la versión está aprobada, es la vigente de su pieza y la firma es nuestra."""
    return version_id in vigentes(sesion, (version_id,), sello)


def vigentes(sesion: Session, version_ids: Iterable[int], sello: Sello) -> set[int]:
    """De esas versiones, las que pueden salir; una sola consulta."""
    return set(sobres_vigentes(sesion, version_ids, sello))


def sobres_vigentes(
    sesion: Session, version_ids: Iterable[int], sello: Sello
) -> dict[int, dict[int, str]]:
    """De cada versión que puede salir, la huella aprobada del sobre de cada cuenta."""
    sesion.flush()
    filas = sesion.connection().execute(_CONSULTA, {"versiones": list(set(version_ids))})
    ultimas: dict[int, _Ultima] = {}
    for fila in filas:
        previa = ultimas.get(fila.version_id)
        # Vienen por id: la última decisión de cada versión es la que cuenta.
        if previa is None or previa.decision_id != fila.id:
            previa = _Ultima(
                decision_id=fila.id,
                decision=fila.decision,
                persona_id=fila.persona_id,
                en=fila.en,
                firma=fila.firma,
                hash_contenido=fila.hash_contenido,
            )
            ultimas[fila.version_id] = previa
        if fila.cuenta_id is not None:
            previa.sobres[fila.cuenta_id] = fila.huella
    return {v: ultima.sobres for v, ultima in ultimas.items() if ultima.vale(v, sello)}


@dataclass(slots=True, kw_only=True)
class _Ultima:
    decision_id: int
    decision: Decision
    persona_id: int
    en: datetime
    firma: str | None
    hash_contenido: str
    sobres: dict[int, str] = field(default_factory=dict)

    def vale(self, version_id: int, sello: Sello) -> bool:
        if self.decision is not Decision.APROBADA:
            return False
        mensaje = mensaje_firmado(
            version_id=version_id,
            hash_contenido=self.hash_contenido,
            persona_id=self.persona_id,
            en=self.en,
            sobres=self.sobres,
        )
        return sello.vale(mensaje, self.firma)


# Armada una vez y leída por columnas: la última puerta la corre en cada lote del motor.
_CONSULTA = (
    select(
        Aprobacion.id,
        Aprobacion.version_id,
        Aprobacion.decision,
        Aprobacion.persona_id,
        Aprobacion.en,
        Aprobacion.firma,
        Version.hash_contenido,
        Sobre.cuenta_id,
        Sobre.huella,
    )
    .join(Version, Version.id == Aprobacion.version_id)
    .join(Pieza, Pieza.version_vigente_id == Version.id)
    .outerjoin(Sobre, Sobre.version_id == Version.id)
    .where(
        Version.id.in_(bindparam("versiones", expanding=True)),
        Pieza.estado == EstadoPieza.APROBADA,
        Aprobacion.decision.in_(_CAMBIAN_LA_APROBACION),
    )
    .order_by(Aprobacion.id)
)
