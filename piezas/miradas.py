"""Qué piezas y archivos puede mirar una persona: el equipo, todos; un solicitante, los suyos."""

from collections.abc import Collection

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from piezas.errores import NoEncontrada
from piezas.medios import Copia, Medio
from piezas.personas import Papel
from piezas.versiones import Pieza, Version, VersionMedio


def pieza_a_la_vista(
    sesion: Session, pieza_id: int, *, quien: int, papeles: Collection[Papel]
) -> Pieza:
    """La pieza; lanza `NoEncontrada` igual si no existe que si no le toca verla."""
    consulta = select(Pieza).where(Pieza.id == pieza_id)
    if _solo_lo_suyo(papeles):
        consulta = consulta.where(Pieza.autor_id == quien)
    pieza = sesion.scalar(consulta)
    if pieza is None:
        raise NoEncontrada
    return pieza


def versiones_de(sesion: Session, pieza_id: int) -> list[Version]:
    """Sus versiones, de la más nueva a la primera."""
    consulta = select(Version).where(Version.pieza_id == pieza_id).order_by(Version.numero.desc())
    return list(sesion.scalars(consulta))


def version_numero(sesion: Session, pieza_id: int, numero: int) -> Version:
    """Una versión por su número; lanza `NoEncontrada`."""
    version = sesion.scalar(
        select(Version).where(Version.pieza_id == pieza_id, Version.numero == numero)
    )
    if version is None:
        raise NoEncontrada("Esa versión no existe.")
    return version


def archivo_a_la_vista(
    sesion: Session, huella: str, *, quien: int, papeles: Collection[Papel]
) -> bool:
    """Si puede ver ese archivo: el solicitante, los de sus piezas y ninguno más."""
    if not _solo_lo_suyo(papeles):
        return True
    copia = exists().where(Copia.medio_id == Medio.id, Copia.huella == huella)
    suyo = (
        exists()
        .where(Medio.id == VersionMedio.medio_id, Version.id == VersionMedio.version_id)
        .where(Pieza.id == Version.pieza_id, Pieza.autor_id == quien)
        .where(or_(Medio.huella == huella, copia))
    )
    return bool(sesion.scalar(select(suyo)))


def _solo_lo_suyo(papeles: Collection[Papel]) -> bool:
    return set(papeles) <= {Papel.SOLICITANTE}
