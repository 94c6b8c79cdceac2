"""Una lista por páginas: de lo más nuevo a lo más viejo, con el cursor de la que sigue."""

from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from panel.api.formas import Pagina, cursor_de

_Fila = TypeVar("_Fila")


def traer_pagina(
    sesion: Session, consulta: Select[_Fila], clave: InstrumentedAttribute[Any], pedida: Pagina
) -> tuple[list[_Fila], str | None]:
    """Las filas pedidas y el cursor de las siguientes; `clave` es la columna única que ordena."""
    if pedida.tras is not None:
        consulta = consulta.where(clave < pedida.tras)
    # Una fila de más dice si queda otra página, sin contar.
    filas = list(sesion.scalars(consulta.order_by(clave.desc()).limit(pedida.limite + 1)))
    if len(filas) <= pedida.limite:
        return filas, None
    filas.pop()
    return filas, cursor_de(getattr(filas[-1], clave.key))
