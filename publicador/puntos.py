"""Puntos con nombre en el camino de una entrega, donde una prueba puede matar el proceso.

Sin prueba, `punto` no hace nada: es una llamada vacía.
"""

from collections.abc import Callable

_vigilante: Callable[[str], None] | None = None


def punto(nombre: str) -> None:
    """Dice por dónde va la entrega."""
    if _vigilante is not None:
        _vigilante(nombre)


def vigilar(vigilante: Callable[[str], None] | None) -> None:
    """Instala quien mira los puntos; solo lo usan las pruebas de caídas."""
    global _vigilante
    _vigilante = vigilante
