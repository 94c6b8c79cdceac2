"""Qué es un consejo y de qué se aconseja: datos, sin base."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from conectores.contrato import Envio, Red


class ClaseConsejo(StrEnum):
    """De qué trata; de cada una se da a lo sumo un consejo."""

    PUNTO = "punto"
    VIGILADA = "vigilada"
    PARECIDA = "parecida"
    FRASE_LARGA = "frase_larga"
    SIGLA = "sigla"
    SOLO_IMAGEN = "solo_imagen"
    MAYUSCULAS = "mayusculas"
    ETIQUETAS = "etiquetas"
    ETIQUETA_LLANA = "etiqueta_llana"
    ACORTADOR = "acortador"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consejo:
    """Una frase que dice qué se vio y qué hacer. Nunca detiene nada."""

    clase: ClaseConsejo
    frase: str
    pieza_id: int | None = None
    """La pieza que conviene mirar, si la hay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escrito:
    """Lo que se va a decir, sin repetir lo que va igual a varias redes."""

    textos: tuple[str, ...]
    alternos: tuple[str, ...] = ()
    """El texto alternativo de cada imagen."""
    redes: frozenset[Red] = frozenset()


def escrito_de(envios: Iterable[Envio]) -> Escrito:
    """Lo que dicen, entre todos, los mensajes que saldrían."""
    todos = tuple(envios)
    textos = [
        "\n".join(envio.segmentos) + (f"\n{envio.enlace}" if envio.enlace else "")
        for envio in todos
    ]
    sueltos = [t for envio in todos for t in (envio.primer_comentario, envio.web.extracto) if t]
    alternos = [a.texto_alternativo for envio in todos[:1] for a in envio.adjuntos]
    return Escrito(
        textos=tuple(dict.fromkeys([*textos, *sueltos])),
        alternos=tuple(alternos),
        redes=frozenset(envio.red for envio in todos),
    )
