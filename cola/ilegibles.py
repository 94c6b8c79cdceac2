"""Una entrega cuya libreta está dañada: la mira una persona y no frena a las demás."""

from dataclasses import replace

from cola.estados import Causa, Estado
from cola.transiciones import Fila, detener

ILEGIBLE = (
    "Lo que se anotó de esta entrega está dañado y no se sabe qué alcanzó a salir. Mire la cuenta "
    "en la red y avise a quien administra el servicio antes de decidir."
)


def apartar(fila: Fila) -> Fila:
    """La libreta no se puede leer: ni se envía ni se mira sola; decide una persona."""
    if fila.estado is Estado.EN_DUDA:
        return replace(fila, mirar_en=None, requiere_persona=True, motivo=ILEGIBLE)
    return detener(fila, causa=Causa.RESPALDO, motivo=ILEGIBLE)
