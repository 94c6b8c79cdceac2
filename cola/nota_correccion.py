"""La nota que lleva una entrada corregida: quien la leyó antes sabe que cambió, y cuándo."""

from dataclasses import replace
from datetime import datetime

from conectores.contrato import Envio
from piezas.zona import en_bogota

_MESES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip


def nota(fecha: datetime) -> str:
    """«Corregida el 24 de noviembre de 2026.»"""
    dia = en_bogota(fecha)
    return f"Corregida el {dia.day} de {_MESES[dia.month - 1]} de {dia.year}."


def con_nota(envio: Envio, fecha: datetime) -> Envio:
    """El mensaje aprobado con su nota al final; la misma fecha da siempre lo mismo."""
    return replace(envio, segmentos=(f"{envio.texto}\n\n{nota(fecha)}",))
