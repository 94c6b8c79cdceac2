"""Cómo se escriben nuestros tipos en una migración: sin importar los modelos de hoy."""

from typing import Any, Literal

from alembic.autogenerate.api import AutogenContext

from piezas.base import Instante


def columna(tipo: str, objeto: Any, _contexto: AutogenContext) -> str | Literal[False]:
    """El texto de un tipo propio, o `False` para que lo escriba Alembic.

    Una migración no cambia nunca: si nombrara `Instante`, cambiaría con él.
    """
    if tipo == "type" and isinstance(objeto, Instante):
        return "sa.DateTime(timezone=True)"
    return False
