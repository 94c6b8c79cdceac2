"""Por qué una persona no puede aprobar una pieza: la misma regla que la aprobación, en palabras."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from piezas.juridica import ExigenciaJuridica, exigencia_de, quien_firmo
from piezas.personas import Papel, Persona
from piezas.versiones import EstadoPieza, Pieza

_SE_DECIDEN = frozenset({EstadoPieza.EN_REVISION, EstadoPieza.REVISADA})


def impedimentos(sesion: Session, pieza: Pieza, persona: Persona) -> tuple[str, ...]:
    """Las razones, en orden de lo que primero hay que resolver; vacío = puede."""
    marca = exigencia_de(sesion, pieza.id)
    firmo = None
    if marca is not None and pieza.version is not None:
        firmo = quien_firmo(sesion, pieza.version)
    return impedimentos_con(pieza, persona, marca, firmo)


def impedimentos_con(
    pieza: Pieza, persona: Persona, marca: ExigenciaJuridica | None, firmo: int | None
) -> tuple[str, ...]:
    """Lo mismo, con la marca de jurídica y quien la firmó ya en la mano."""
    return tuple(_razones(pieza, persona, marca, firmo))


def _razones(
    pieza: Pieza, persona: Persona, marca: ExigenciaJuridica | None, firmo: int | None
) -> Iterator[str]:
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
    if marca is None:
        return
    if firmo is None:
        yield f"Falta el visto bueno de jurídica: {marca.motivo}."
    elif firmo == persona.id:
        yield "Usted ya dio el visto bueno jurídico: la aprueba otra persona."
