"""Sacar copia de la bitácora, renglón a renglón: CSV para una hoja de cálculo, o JSON."""

import csv
import io
import json
from collections.abc import Iterator

from piezas.bitacora import Anotacion
from piezas.consulta_bitacora import CAMPOS_DE_COPIA, como_dato

DE_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Con estos comienzos una hoja de cálculo toma la celda por fórmula: va con un apóstrofo."""


def en_csv(hechos: Iterator[Anotacion]) -> Iterator[str]:
    """Empieza por la marca de UTF-8: sin ella, Excel daña las tildes."""
    yield "\ufeff" + _renglon(CAMPOS_DE_COPIA)
    for hecho in hechos:
        valores = como_dato(hecho).values()
        yield _renglon([_inerte("" if valor is None else str(valor)) for valor in valores])


def en_json(hechos: Iterator[Anotacion]) -> Iterator[str]:
    """Una lista con un hecho por renglón."""
    separador = "[\n"
    for hecho in hechos:
        yield separador + json.dumps(como_dato(hecho), ensure_ascii=False)
        separador = ",\n"
    yield "[]\n" if separador == "[\n" else "\n]\n"


FORMAS = {"csv": en_csv, "json": en_json}


def _renglon(celdas: list[str] | tuple[str, ...]) -> str:
    salida = io.StringIO()
    csv.writer(salida, lineterminator="\r\n").writerow(celdas)
    return salida.getvalue()


def _inerte(celda: str) -> str:
    return f"'{celda}" if celda.startswith(DE_FORMULA) else celda
