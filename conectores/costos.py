"""Lo que cobra X por una publicación, para mostrarlo antes de aprobarla; puro."""

from dataclasses import dataclass
from decimal import Decimal

from conectores.contrato import Clase, Envio, Red
from conectores.texto import urls_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Tarifas:
    """Precios de X en dólares por operación. Fuente: página de precios de X, consultado 2026-08."""

    publicar: Decimal = Decimal("0.015")
    publicar_con_enlace: Decimal = Decimal("0.200")
    texto_alternativo: Decimal = Decimal("0.005")
    lectura_propia: Decimal = Decimal("0.001")
    """Por publicación leída de la propia cuenta, si su dueño lo es también de la aplicación."""
    lectura: Decimal = Decimal("0.005")
    lectura_usuario: Decimal = Decimal("0.010")
    borrar: Decimal = Decimal("0.010")


def costo_x(envio: Envio, tarifas: Tarifas | None = None) -> Decimal:
    """Dólares que costará publicar el envío en X; cero si va a otra red.

    Cada segmento de un hilo se cobra aparte. X no dice qué cuenta como enlace: se toma lo que su
    propio contador convierte en uno, también un punto sin espacio («terminó.No»).
    """
    if envio.red is not Red.X:
        return Decimal(0)
    tarifas = tarifas or Tarifas()
    textos = sum(
        (
            tarifas.publicar_con_enlace if urls_en(segmento) else tarifas.publicar
            for segmento in envio.segmentos
        ),
        Decimal(0),
    )
    descritos = sum(
        a.clase is not Clase.VIDEO and bool(a.texto_alternativo) for a in envio.adjuntos
    )
    return textos + descritos * tarifas.texto_alternativo
