"""Lo que un obrero recibe y lo que pide: datos planos que cruzan la frontera de la base."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cola.reintentos import Momento
from conectores.contrato import Red


def leer_avance(avance: str) -> dict[str, str] | None:
    """La libreta guardada, o `None` si no se puede leer: esa entrega la mira una persona."""
    try:
        notas = json.loads(avance)
    except ValueError:
        return None
    vale = isinstance(notas, dict) and all(isinstance(valor, str) for valor in notas.values())
    return notas if vale else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credencial:
    """Lo que hace falta para armar el conector de una cuenta; `sellada` sigue sellada."""

    cuenta_id: int
    alias: str
    red: Red
    identificador: str
    sellada: str
    serie: int
    base_url: str | None

    def __repr__(self) -> str:
        return f"Credencial({self.alias!r}, serie={self.serie})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Toma:
    """Una publicación arrendada por este obrero."""

    id: int
    ficha: int
    version_id: int
    credencial: Credencial
    clave: str
    sobre: str
    huella_sobre: str
    avance: Mapping[str, str]
    intentos: int
    fallos: int
    reenvios: int
    miradas: int
    paso: str | None
    salida_en: datetime | None
    primera_salida_en: datetime | None = None
    """Solo en una mirada: la primera salida de este paso, desde donde se busca."""
    es_mirada: bool = False
    reenvia_en_duda: bool = False

    def momento(self, paso: str, avance: Mapping[str, str], salida_en: datetime | None) -> Momento:
        """Lo que las reglas puras necesitan saber."""
        return Momento(
            red=self.credencial.red,
            paso=paso,
            salida_en=salida_en,
            fallos=self.fallos,
            reenvios=self.reenvios,
            miradas=self.miradas,
            avance=avance,
            reenvia_en_duda=self.reenvia_en_duda,
            era_duplicado="duplicado" in avance,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reglas:
    """Los tiempos de la cola, leídos una vez de los ajustes."""

    arriendo: timedelta
    tolerancia: timedelta
    espaciados: Mapping[Red, timedelta]
    esperas_duda: tuple[float, ...]

    def espaciado(self, red: Red, propio_s: int | None) -> timedelta:
        """El de la cuenta si lo tiene; si no, el de su red."""
        if propio_s is not None:
            return timedelta(seconds=propio_s)
        return self.espaciados.get(red, timedelta(0))
