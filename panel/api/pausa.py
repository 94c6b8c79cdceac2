"""La pausa general desde un programa."""

from sqlalchemy.orm import Session

from cola import pausas
from panel.acceso import EQUIPO, GESTION, persona
from panel.api.base import Pedido, operacion
from panel.api.formas import Cuando, Entrada, Motivo, Salida
from panel.servicios import servicios

TEMA = "cola"


class PausaSalida(Salida):
    """En qué está la pausa general."""

    en_pausa: bool
    motivo: str | None
    quien: str | None
    desde: Cuando | None


class PausarEntrada(Entrada):
    """Por qué se detiene todo."""

    motivo: Motivo


class ReanudadaSalida(Salida):
    """Lo que quedó tras reanudar."""

    esperan_decision: int


def _como_esta(sesion: Session) -> PausaSalida:
    pausa = pausas.pausa_vigente(sesion)
    if pausa is None:
        return PausaSalida(en_pausa=False, motivo=None, quien=None, desde=None)
    return PausaSalida(en_pausa=True, motivo=pausa.motivo, quien=pausa.quien, desde=pausa.desde)


@operacion("GET", "/pausa", papeles=EQUIPO, alcance="cola:leer", tema=TEMA, respuesta=PausaSalida)
def leer_pausa(sesion: Session, pedido: Pedido) -> PausaSalida:
    """Si todo está detenido, por qué y desde cuándo."""
    return _como_esta(sesion)


@operacion(
    "POST", "/pausa", papeles=GESTION, alcance="cola:decidir", tema=TEMA, cuerpo=PausarEntrada,
    respuesta=PausaSalida, despierta=True,
)  # fmt: skip
def pausar_todo(sesion: Session, pedido: Pedido) -> PausaSalida:
    """Detiene todas las entregas."""
    pausas.pausar(
        sesion,
        motivo=pedido.cuerpo.motivo,
        quien=persona().correo,
        persona_id=persona().id,
        ahora=servicios().ahora(),
    )
    sesion.flush()
    return _como_esta(sesion)


@operacion(
    "POST", "/pausa/reanudar", papeles=GESTION, alcance="cola:decidir", tema=TEMA,
    respuesta=ReanudadaSalida, despierta=True,
)  # fmt: skip
def reanudar_todo(sesion: Session, pedido: Pedido) -> ReanudadaSalida:
    """Levanta la pausa; lo que venció mientras tanto espera que alguien decida."""
    esperan = pausas.reanudar(
        sesion, quien=persona().correo, persona_id=persona().id, ahora=servicios().ahora()
    )
    return ReanudadaSalida(esperan_decision=esperan)
