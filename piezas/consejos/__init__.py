"""Consejos sobre lo que se escribe: qué se vio y qué hacer. Nunca detienen nada ni se repiten."""

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import chain

from sqlalchemy.orm import Session

from piezas.consejos import enlaces, formas, lenguaje
from piezas.consejos.consejo import ClaseConsejo, Consejo, Escrito, escrito_de
from piezas.consejos.parecidas import pieza_parecida
from piezas.consejos.vigiladas import palabra_vigilada, palabras_vigiladas

__all__ = ["ClaseConsejo", "Consejo", "Escrito", "aconsejar", "del_texto", "escrito_de"]

_DEL_TEXTO = (
    enlaces.punto_sin_espacio,
    formas.solo_en_la_imagen,
    lenguaje.frase_larga,
    lenguaje.siglas,
    lenguaje.mayusculas,
    enlaces.acortador,
    formas.muchas_etiquetas,
    formas.etiqueta_llana,
)


def aconsejar(
    sesion: Session,
    escrito: Escrito,
    cuentas: Collection[int],
    *,
    pieza_id: int | None,
    ahora: datetime,
) -> tuple[Consejo, ...]:
    """Todo lo que conviene mirar antes de enviar, primero lo que más importa."""
    return tuple(
        chain(
            palabra_vigilada(escrito, palabras_vigiladas(sesion)),
            pieza_parecida(sesion, escrito, cuentas, pieza_id=pieza_id, ahora=ahora),
            del_texto(escrito),
        )
    )


def del_texto(escrito: Escrito) -> Iterator[Consejo]:
    """Lo que se ve en el texto solo, sin mirar la base."""
    return chain.from_iterable(mirar(escrito) for mirar in _DEL_TEXTO)
