"""Los desenlaces de un paso: lo único que un obrero le devuelve a la cola."""

from dataclasses import dataclass
from datetime import datetime

from cola.estados import Causa, MotivoPausa
from conectores.contrato import Recibo


@dataclass(frozen=True, slots=True)
class Publicada:
    """La entrega terminó y la red la tiene."""

    recibo: Recibo


@dataclass(frozen=True, slots=True)
class Avanza:
    """Un paso quedó hecho y faltan más; `sigue_en=None` = el mismo obrero continúa."""

    paso: str
    recibo: Recibo


@dataclass(frozen=True, slots=True)
class Espera:
    """Vuelve a `programada` para más tarde; nada quedó a medias."""

    hasta: datetime
    motivo: str
    es_fallo: bool = True
    olvida_medios: bool = False
    frena_cuenta: bool = False
    """La red pidió esperar a toda la cuenta, no solo a esta entrega."""
    reenvia: bool = False
    """Se comprobó que no estaba y se repite sola: cuenta para el tope de reenvíos."""


@dataclass(frozen=True, slots=True)
class Duda:
    """Salió y no se sabe: primera mirada en `mirar_en`, o una persona si es `None`."""

    motivo: str
    mirar_en: datetime | None
    duplicado: bool = False
    """La red dijo «repetido»: si no aparece, repetir no sirve."""
    ausente: bool = False
    """Esta mirada respondió que no está (las demás no pudieron mirar)."""


@dataclass(frozen=True, slots=True)
class Rendida:
    """Terminó en `fallida`: nada salió y no vale repetir sin una persona."""

    motivo: str


@dataclass(frozen=True, slots=True)
class Detenida:
    """Espera a una persona sin haber salido."""

    motivo: str
    causa: Causa
    pausa: MotivoPausa | None = None
    """Si además hay que pausar la cuenta."""
    toda_la_red: bool = False


Desenlace = Publicada | Avanza | Espera | Duda | Rendida | Detenida
