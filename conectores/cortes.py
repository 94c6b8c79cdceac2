"""Por dónde se puede partir un texto sin dañarlo; puro."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

Enlace = tuple[str, int, int]
_BLANCOS = re.compile(r"([ \t\n]+)")
_CIERRES = "\"'»”’)]"
_ABREVIATURAS = frozenset(
    [
        "dr.",
        "dra.",
        "sr.",
        "sra.",
        "no.",
        "núm.",
        "av.",
        "art.",
        "cra.",
        "cr.",
        "cl.",
        "ing.",
        "arq.",
        "lic.",
        "tel.",
        "ext.",
        "pág.",
    ]
)


class Corte(IntEnum):
    """Qué tan bueno es un corte: mientras más alto, más natural."""

    PALABRA = 0
    FRASE = 1
    LINEA = 2
    PARRAFO = 3


@dataclass(frozen=True, slots=True)
class _Unidad:
    texto: str
    peso: int
    blanco: str
    """Lo que la separa de la siguiente; vacío si es el pedazo de una palabra que no cabía."""


def cortar(
    texto: str,
    limite: int,
    *,
    largo: Callable[[str], int],
    enlaces: Callable[[str], Sequence[Enlace]],
) -> tuple[str, ...]:
    """Segmentos que caben en `limite`: se cortan en párrafo, frase o palabra, en ese orden.

    Un enlace nunca se parte, ni un carácter como se ve (bandera, familia, letra con tilde).
    """
    unidades = list(_unidades(texto, limite, largo, enlaces))
    segmentos: list[str] = []
    desde = 0
    while desde < len(unidades):
        hasta = _fin_del_segmento(unidades, desde, limite)
        propias = unidades[desde:hasta]
        armado = "".join(u.texto + u.blanco for u in propias[:-1]) + propias[-1].texto
        segmentos.append(armado.strip())
        desde = hasta
    return tuple(segmentos)


def _unidades(
    texto: str,
    limite: int,
    largo: Callable[[str], int],
    enlaces: Callable[[str], Sequence[Enlace]],
) -> Iterator[_Unidad]:
    partes = _BLANCOS.split(texto.strip(" \t\n"))
    for palabra, blanco in zip(partes[::2], [*partes[1::2], ""], strict=True):
        peso = largo(palabra)
        if peso <= limite:
            yield _Unidad(palabra, peso, blanco)
            continue
        pedazos = list(_partir_palabra(palabra, limite, largo, enlaces))
        for pedazo in pedazos[:-1]:
            yield _Unidad(pedazo, largo(pedazo), "")
        yield _Unidad(pedazos[-1], largo(pedazos[-1]), blanco)


def _fin_del_segmento(unidades: list[_Unidad], desde: int, limite: int) -> int:
    """El índice siguiente al último que entra: el corte más natural pasada la mitad."""
    peso = unidades[desde].peso
    mejor, fin = Corte.PALABRA, desde + 1
    while fin < len(unidades) and unidades[fin - 1].blanco:
        anterior = unidades[fin - 1]
        if peso * 2 >= limite and (corte := _corte(anterior)) >= mejor:
            mejor, ultimo = corte, fin
        siguiente = peso + len(anterior.blanco) + unidades[fin].peso
        if siguiente > limite:
            return ultimo if mejor > Corte.PALABRA else fin
        peso, fin = siguiente, fin + 1
    return fin


def _corte(unidad: _Unidad) -> Corte:
    saltos = unidad.blanco.count("\n")
    if saltos:
        return Corte.PARRAFO if saltos > 1 else Corte.LINEA
    palabra = unidad.texto.rstrip(_CIERRES)
    if palabra.endswith((".", "!", "?", "…")) and palabra.lower() not in _ABREVIATURAS:
        return Corte.FRASE
    return Corte.PALABRA


def _partir_palabra(
    palabra: str,
    limite: int,
    largo: Callable[[str], int],
    enlaces: Callable[[str], Sequence[Enlace]],
) -> Iterator[str]:
    atomos = [
        menor
        for atomo in _indivisibles(palabra, enlaces(palabra))
        for menor in ([atomo] if largo(atomo) <= limite else atomo)
    ]
    while atomos:
        cuantos = _caben(atomos, limite, largo)
        yield "".join(atomos[:cuantos])
        del atomos[:cuantos]


def _caben(atomos: list[str], limite: int, largo: Callable[[str], int]) -> int:
    peso = cuantos = 0
    while cuantos < len(atomos) and (peso := peso + largo(atomos[cuantos])) <= limite:
        cuantos += 1
    # Un corte puede dejar a la vista un enlace que antes no lo era, y pesar más.
    while cuantos > 1 and largo("".join(atomos[:cuantos])) > limite:
        cuantos -= 1
    return max(cuantos, 1)


def _indivisibles(palabra: str, enlaces: Sequence[Enlace]) -> Iterator[str]:
    fin_anterior = 0
    for _, inicio, fin in enlaces:
        yield from _caracteres(palabra[fin_anterior:inicio])
        yield palabra[inicio:fin]
        fin_anterior = fin
    yield from _caracteres(palabra[fin_anterior:])


def _caracteres(texto: str) -> Iterator[str]:
    """Caracteres como los ve quien lee: con sus tildes, tonos de piel, banderas y familias."""
    actual = ""
    for caracter in texto:
        if actual and not _se_pega(actual, caracter):
            yield actual
            actual = ""
        actual += caracter
    if actual:
        yield actual


def _se_pega(actual: str, caracter: str) -> bool:
    codigo = ord(caracter)
    if actual[-1] == "\u200d" or codigo == 0x200D:
        return True
    if unicodedata.category(caracter) in {"Mn", "Mc", "Me"}:
        return True
    if 0x1F3FB <= codigo <= 0x1F3FF or 0xE0020 <= codigo <= 0xE007F:
        return True
    es_bandera = 0x1F1E6 <= codigo <= 0x1F1FF
    return es_bandera and len(actual) == 1 and 0x1F1E6 <= ord(actual) <= 0x1F1FF
