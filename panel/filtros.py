"""Filtros de las plantillas: fechas y horas de Bogotá, y números como se escriben en Colombia."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from flask import Flask

from panel.servicios import servicios

ZONA = ZoneInfo("America/Bogota")
LOCAL = "es_CO"


def en_bogota(instante: datetime) -> datetime:
    """El mismo instante, con la hora de la oficina."""
    return instante.astimezone(ZONA)


def dia_de(instante: datetime) -> date:
    """El día de Bogotá en que cae un instante."""
    return en_bogota(instante).date()


def comienzo_del_dia(dia: date) -> datetime:
    """La medianoche de Bogotá con que empieza ese día, en UTC."""
    return datetime(dia.year, dia.month, dia.day, tzinfo=ZONA).astimezone(UTC)


def hora(instante: datetime) -> str:
    """`6:00 p. m.`"""
    return _hora(en_bogota(instante).time().replace(second=0, microsecond=0))


@cache
def _hora(local: time) -> str:
    # Babel tarda en cada una lo que una consulta, y el día solo tiene 1.440. Separa «p.» y «m.»
    # con un espacio estrecho que muchas letras no dibujan.
    return format_time(local, "h:mm a", locale=LOCAL).replace("\u202f", " ")


def fecha_hora(instante: datetime) -> str:
    """`dom 31 oct 2027, 6:00 p. m.`"""
    return f"{_fecha(dia_de(instante), 'EEE d MMM y')}, {hora(instante)}"


@lru_cache(maxsize=4_096)
def _fecha(dia: date, patron: str) -> str:
    return format_date(dia, patron, locale=LOCAL)


def dia_largo(dia: date) -> str:
    """`domingo 31 de octubre de 2027`"""
    return _fecha(dia, "EEEE d 'de' MMMM 'de' y")


def dia_corto(dia: date) -> str:
    """`dom 31 oct`"""
    return _fecha(dia, "EEE d MMM")


def cuando(instante: datetime) -> str:
    """`hoy, 6:00 p. m.`, `mañana, …`, `ayer, …` o la fecha completa."""
    dias = (dia_de(instante) - dia_de(servicios().ahora())).days
    nombre = {-1: "ayer", 0: "hoy", 1: "mañana"}.get(dias)
    return fecha_hora(instante) if nombre is None else f"{nombre}, {hora(instante)}"


def hace(instante: datetime) -> str:
    """`hace 3 s`, `hace 2 min`, `hace 5 h`, o la fecha completa si pasó más de un día."""
    pasado = servicios().ahora() - instante
    if pasado < timedelta(seconds=1):
        return "ahora mismo"
    if pasado < timedelta(minutes=1):
        return f"hace {int(pasado.total_seconds())} s"
    if pasado < timedelta(hours=1):
        return f"hace {int(pasado.total_seconds() // 60)} min"
    if pasado < timedelta(days=1):
        return f"hace {int(pasado.total_seconds() // 3600)} h"
    return fecha_hora(instante)


def iso(instante: datetime) -> str:
    """Para el atributo `datetime` de `<time>`."""
    return en_bogota(instante).isoformat(timespec="seconds")


def numero(valor: int | float | Decimal) -> str:
    """`1.240`"""
    return format_decimal(valor, locale=LOCAL)


def dolares(valor: Decimal) -> str:
    """`US$ 0,015`: con los decimales que hagan falta, al menos dos."""
    return "US$ " + format_decimal(valor, format="#,##0.00###", locale=LOCAL)


def plural(cantidad: int, una: str, varias: str) -> str:
    """`1 pieza`, `3 piezas`."""
    return f"{numero(cantidad)} {una if cantidad == 1 else varias}"


def iniciales(nombre: str) -> str:
    """`Ana María Ruiz` → `AR`: la primera y la última, para un avatar."""
    palabras = [palabra for palabra in nombre.split() if palabra[0].isalnum()]
    if not palabras:
        return "?"
    return (palabras[0][0] + (palabras[-1][0] if len(palabras) > 1 else "")).upper()


def instalar(app: Flask) -> None:
    """Da los filtros a las plantillas."""
    for filtro in (
        hora, fecha_hora, dia_largo, dia_corto, dia_de, cuando, hace, iso, numero, dolares, plural,
        iniciales,
    ):  # fmt: skip
        app.jinja_env.filters[filtro.__name__] = filtro
