"""Por qué una persona no puede aprobar una pieza: la misma regla que la aprobación, en palabras."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from piezas.juridica import exigencia_de, quien_firmo
from piezas.personas import Papel, Persona
from piezas.versiones import EstadoPieza, Pieza

_SE_DECIDEN = frozenset({EstadoPieza.EN_REVISION, EstadoPieza.REVISADA})


def impedimentos(sesion: Session, pieza: Pieza, persona: Persona) -> tuple[str, ...]:
    """Las razones, en orden de lo que primero hay que resolver; vacío = puede."""
    return tuple(_razones(sesion, pieza, persona))


def _razones(sesion: Session, pieza: Pieza, persona: Persona) -> Iterator[str]:
    version = pieza.version
    if version is None or pieza.estado not in _SE_DECIDEN:
        yield "La pieza no está en revisión."
        return
    if persona.id == pieza.autor_id:
        yield "Usted la escribió: la aprueba otra persona de jefatura."
    elif persona.id == version.editor_id:
        yield "Usted hizo el último cambio: la aprueba otra persona de jefatura."
    if Papel.JEFATURA not in persona.papeles:
        yield "Aprobar es de la jefatura."
    marca = exigencia_de(sesion, pieza.id)
    if marca is None:
        return
    firmo = quien_firmo(sesion, version)
    if firmo is None:
        yield f"Falta el visto bueno de jurídica: {marca.motivo}."
    elif firmo == persona.id:
        yield "Usted ya dio el visto bueno jurídico: la aprueba otra persona."
