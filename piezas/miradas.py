"""Qué piezas puede mirar una persona: el equipo, todas; un solicitante, solo las suyas."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from piezas.errores import NoEncontrada
from piezas.personas import Papel
from piezas.versiones import Pieza, Version


def pieza_a_la_vista(
    sesion: Session, pieza_id: int, *, quien: int, papeles: Collection[Papel]
) -> Pieza:
    """La pieza; lanza `NoEncontrada` igual si no existe que si no le toca verla."""
    consulta = select(Pieza).where(Pieza.id == pieza_id)
    if set(papeles) <= {Papel.SOLICITANTE}:
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
