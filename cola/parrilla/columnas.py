"""Las columnas de la parrilla: cuáles hay, cuáles hacen falta y cómo se reconocen."""

import difflib
import unicodedata
from collections.abc import Iterator, Sequence

from cola.parrilla.fallas import Falla

TEXTOS = ("texto", "texto_facebook", "texto_x", "texto_wordpress")
COLUMNAS = (
    "pieza",
    *TEXTOS,
    "enlace",
    "imagenes",
    "textos_alternativos",
    "video",
    "subtitulos",
    "campania",
    "etiquetas",
    "cuentas",
    "fecha",
    "hora",
    "actividad",
    "dependencia",
    "primer_comentario",
    "hilo",
)
"""Las dos últimas son de más: el primer comentario de Facebook, y si el texto de X va en hilo."""
DE_SALIDA = ("estado", "url")
"""Las agrega la exportación; al importar no dicen nada."""
DE_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Con estos comienzos una hoja de cálculo toma la celda por fórmula: el CSV lleva un apóstrofo."""
OBLIGATORIAS = ("pieza", "cuentas", "fecha", "hora")

_CONOCIDAS = frozenset((*COLUMNAS, *DE_SALIDA))


def nombre_de(celda: str) -> str:
    """El nombre de una columna como se escribió, sin tildes ni mayúsculas; ñ vale por ni."""
    con_ni = celda.strip().casefold().replace("ñ", "ni").replace(" ", "_")
    partes = unicodedata.normalize("NFKD", con_ni)
    return "".join(letra for letra in partes if not unicodedata.combining(letra))


def cuantas_conocidas(celdas: Sequence[str]) -> int:
    """Cuántas celdas de un encabezado son columnas nuestras."""
    return sum(nombre_de(celda) in _CONOCIDAS for celda in celdas)


def fallas_del_encabezado(nombres: Sequence[str]) -> Iterator[Falla]:
    """Columnas que faltan, que sobran o que están dos veces."""
    presentes = set(nombres)
    for nombre in OBLIGATORIAS:
        if nombre not in presentes:
            yield Falla(1, nombre, "falta esta columna.")
    if presentes.isdisjoint(TEXTOS):
        yield Falla(1, "texto", "falta esta columna.")
    for nombre in sorted(presentes - _CONOCIDAS - {""}):
        parecida = difflib.get_close_matches(nombre, COLUMNAS, n=1)
        duda = f" ¿Quiso decir «{parecida[0]}»?" if parecida else ""
        yield Falla(1, nombre, f"esta columna no existe.{duda}")
    for nombre in sorted(n for n in presentes if n and nombres.count(n) > 1):
        yield Falla(1, nombre, "esta columna está repetida.")
