"""Momentos: cuándo se desea que salga una pieza en cada cuenta, con hora fija o al aprobarse."""

from datetime import datetime

from sqlalchemy.orm import Session

from piezas.bitacora import anotar
from piezas.borradores import Destino
from piezas.personas import Papel, Persona
from piezas.usuarios import exigir
from piezas.versiones import EstadoPieza, Momento, Pieza


def colocar(pieza: Pieza, destinos: tuple[Destino, ...]) -> None:
    """Deja un momento por destino, conservando las filas que ya estaban."""
    por_cuenta = {fila.cuenta_id: fila for fila in pieza.momentos}
    deseados = {destino.cuenta_id: destino for destino in destinos}
    for cuenta_id, fila in por_cuenta.items():
        if cuenta_id not in deseados:
            pieza.momentos.remove(fila)
    for cuenta_id, destino in deseados.items():
        fila = por_cuenta.get(cuenta_id) or Momento(cuenta_id=cuenta_id)
        if cuenta_id not in por_cuenta:
            pieza.momentos.append(fila)
        fila.programada_para = destino.programada_para
        fila.al_aprobarse = destino.al_aprobarse


def reprogramar(
    sesion: Session,
    pieza: Pieza,
    destinos: tuple[Destino, ...],
    persona: Persona,
    ahora: datetime,
) -> None:
    """Cambia solo las horas que son otras, y deja constancia de cada una."""
    deseados = {destino.cuenta_id: destino for destino in destinos}
    cambian = [f for f in pieza.momentos if _es_otro(f, deseados[f.cuenta_id])]
    if cambian:
        exigir_permiso(pieza, persona)
    for fila in cambian:
        destino = deseados[fila.cuenta_id]
        fijar(sesion, pieza, fila, destino.programada_para, persona, ahora)
        fila.al_aprobarse = destino.al_aprobarse


def _es_otro(fila: Momento, destino: Destino) -> bool:
    if fila.al_aprobarse and destino.al_aprobarse:
        return False
    return (fila.programada_para, fila.al_aprobarse) != (
        destino.programada_para,
        destino.al_aprobarse,
    )


def exigir_permiso(pieza: Pieza, persona: Persona) -> None:
    """Lo aprobado lo mueve quien maneja las redes o la jefatura."""
    if pieza.estado is EstadoPieza.APROBADA:
        exigir(persona, Papel.COMMUNITY, Papel.JEFATURA)


def fijar(
    sesion: Session,
    pieza: Pieza,
    fila: Momento,
    momento: datetime,
    persona: Persona,
    ahora: datetime,
) -> None:
    """Le da una hora a la pieza en una cuenta."""
    de, fila.programada_para = fila.programada_para, momento
    anotar(
        sesion,
        "cambiar momento",
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="pieza",
        objeto_id=pieza.id,
        de=de.isoformat(),
        a=momento.isoformat(),
        motivo=f"cuenta {fila.cuenta_id}",
    )
