"""Qué aprobaciones siguen en pie: lo que el motor pregunta en la última puerta."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Select, select
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
    ultimas: dict[int, _Ultima] = {}
    for decision, hash_contenido, cuenta_id, huella in sesion.execute(_consulta(version_ids)):
        previa = ultimas.get(decision.version_id)
        # Vienen por id: la última decisión de cada versión es la que cuenta.
        if previa is None or previa.decision.id != decision.id:
            previa = _Ultima(decision, hash_contenido)
            ultimas[decision.version_id] = previa
        if cuenta_id is not None:
            previa.sobres[cuenta_id] = huella
    return {v: ultima.sobres for v, ultima in ultimas.items() if ultima.vale(sello)}


@dataclass(slots=True)
class _Ultima:
    decision: Aprobacion
    hash_contenido: str
    sobres: dict[int, str] = field(default_factory=dict)

    def vale(self, sello: Sello) -> bool:
        if self.decision.decision is not Decision.APROBADA:
            return False
        mensaje = mensaje_firmado(
            version_id=self.decision.version_id,
            hash_contenido=self.hash_contenido,
            persona_id=self.decision.persona_id,
            en=self.decision.en,
            sobres=self.sobres,
        )
        return sello.vale(mensaje, self.decision.firma)


def _consulta(version_ids: Iterable[int]) -> Select[Aprobacion, str, int, str]:
    return (
        select(Aprobacion, Version.hash_contenido, Sobre.cuenta_id, Sobre.huella)
        .join(Version, Version.id == Aprobacion.version_id)
        .join(Pieza, Pieza.version_vigente_id == Version.id)
        .outerjoin(Sobre, Sobre.version_id == Version.id)
        .where(
            Version.id.in_(set(version_ids)),
            Pieza.estado == EstadoPieza.APROBADA,
            Aprobacion.decision.in_(_CAMBIAN_LA_APROBACION),
        )
        .order_by(Aprobacion.id)
        # La sesión puede guardar filas viejas: la última puerta lee siempre la base.
        .execution_options(populate_existing=True)
    )
