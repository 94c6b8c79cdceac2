"""Cuánto de su límite lleva usado la página, y hasta cuándo hay que esperar (funciones puras)."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

ESPERA_MINIMA = timedelta(minutes=15)
"""Llamar mientras Graph frena alarga el freno; menos de esto no sirve."""
ESPERA_MAXIMA = timedelta(hours=24)
"""Más que esto en una cabecera es un dato absurdo."""
UMBRAL = 95.0
"""Por ciento desde el que se dejan las lecturas que pueden esperar."""

_POR_CIENTO = ("call_count", "total_time", "total_cputime")


def espera_pedida(cabeceras: Mapping[str, str], ahora: datetime) -> datetime:
    """Hasta cuándo pide esperar la red.

    Un `Retry-After` manda, porque es la palabra exacta de quien frena; si no, el tiempo estimado
    de `X-Business-Use-Case-Usage`, que viene en minutos; si no hay nada, lo mínimo.
    """
    pedida = _retry_after(cabeceras.get("retry-after", ""), ahora)
    if pedida is not None:
        return ahora + min(pedida, ESPERA_MAXIMA)
    minutos = max(
        (_numero(fila.get("estimated_time_to_regain_access")) for fila in _por_negocio(cabeceras)),
        default=0.0,
    )
    estimada = timedelta(minutes=min(minutos, 100_000))
    return ahora + min(max(estimada, ESPERA_MINIMA), ESPERA_MAXIMA)


def uso_maximo(cabeceras: Mapping[str, str]) -> float | None:
    """El mayor porcentaje de uso que dicen las cabeceras; `None` si no dicen nada."""
    filas = list(_por_negocio(cabeceras))
    for nombre in ("x-app-usage", "x-page-usage"):
        datos = _json(cabeceras.get(nombre, ""))
        if isinstance(datos, dict):
            filas.append(datos)
    cifras = [_numero(fila[campo]) for fila in filas for campo in _POR_CIENTO if campo in fila]
    return max(cifras, default=None)


def _por_negocio(cabeceras: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    datos = _json(cabeceras.get("x-business-use-case-usage", ""))
    for filas in datos.values() if isinstance(datos, dict) else ():
        yield from (f for f in filas if isinstance(f, dict)) if isinstance(filas, list) else ()


def _retry_after(texto: str, ahora: datetime) -> timedelta | None:
    """Segundos o fecha HTTP; `None` si falta, es absurdo o ya pasó."""
    texto = texto.strip()
    if texto.isascii() and texto.isdigit():
        espera = timedelta(seconds=min(int(texto), 10_000_000))
    else:
        try:
            fecha = parsedate_to_datetime(texto)
        except (TypeError, ValueError):
            return None
        espera = (fecha if fecha.tzinfo else fecha.replace(tzinfo=UTC)) - ahora
    return espera if espera > timedelta(0) else None


def _json(texto: str) -> Any:
    try:
        return json.loads(texto)
    except ValueError:
        return None


def _numero(valor: Any) -> float:
    return float(valor) if isinstance(valor, int | float) else 0.0
