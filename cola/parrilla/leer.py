"""Leer el archivo de la parrilla, CSV o XLSX, hasta tener filas de texto por columna."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cola.parrilla.columnas import (
    DE_FORMULA,
    DE_SALIDA,
    cuantas_conocidas,
    fallas_del_encabezado,
    nombre_de,
)
from cola.parrilla.fallas import Falla, ParrillaConFallas
from cola.parrilla.hoja import leer_hoja

PESO_MAXIMO = 20 * 1024 * 1024
FILAS_MAXIMAS = 5_000


@dataclass(frozen=True, slots=True)
class Fila:
    """Una fila con algo escrito. `numero` es el del archivo, con el encabezado en la 1."""

    numero: int
    celdas: dict[str, str]

    def __getitem__(self, columna: str) -> str:
        """Lo escrito en la columna, sin blancos a los lados; vacío si no está."""
        return self.celdas.get(columna, "").strip()


def leer(ruta: Path) -> tuple[Fila, ...]:
    """Las filas de la parrilla; lanza `ParrillaConFallas` si el archivo no se deja leer."""
    datos = _bytes_de(ruta)
    if ruta.suffix.lower() in (".xlsx", ".xlsm"):
        tabla = leer_hoja(datos, filas_maximas=FILAS_MAXIMAS)
    elif ruta.suffix.lower() in (".csv", ".txt"):
        tabla = _sin_apostrofos(_leer_csv(datos))
    else:
        raise _no_se_puede("La parrilla debe ser un archivo .csv (UTF-8) o .xlsx.")
    return _ordenar(tabla)


def _bytes_de(ruta: Path) -> bytes:
    try:
        if ruta.stat().st_size > PESO_MAXIMO:
            raise _no_se_puede("La parrilla pesa más de 20 MB: eso no es una parrilla.")
        return ruta.read_bytes()
    except FileNotFoundError as error:
        raise _no_se_puede(f"No existe el archivo «{ruta}».") from error
    except OSError as error:
        raise _no_se_puede(f"No se pudo leer el archivo «{ruta}»: {error.strerror}.") from error


def _leer_csv(datos: bytes) -> list[list[str]]:
    texto = _decodificar(datos)
    separador = max(",;", key=lambda s: cuantas_conocidas(_primera(texto, s)))
    tabla: list[list[str]] = []
    lector = csv.reader(io.StringIO(texto, newline=""), delimiter=separador, strict=True)
    try:
        for celdas in lector:
            tabla.append(celdas)
            if len(tabla) > FILAS_MAXIMAS + 1:
                raise _no_se_puede(f"La parrilla tiene más de {FILAS_MAXIMAS} filas. Divídala.")
    except csv.Error as error:
        raise ParrillaConFallas(
            [
                Falla(
                    len(tabla) + 1,
                    None,
                    "las comillas no cuadran o una celda es desmedida. Guarde de nuevo el CSV.",
                )
            ]
        ) from error
    return tabla


def _sin_apostrofos(tabla: list[list[str]]) -> list[list[str]]:
    """Quita el apóstrofo con que la exportación deja inertes las celdas; solo si el CSV es suyo."""
    if not tabla or not {nombre_de(celda) for celda in tabla[0]}.issuperset(DE_SALIDA):
        return tabla
    inertes = tuple(f"'{signo}" for signo in DE_FORMULA)
    return [[c[1:] if c.startswith(inertes) else c for c in celdas] for celdas in tabla]


def _decodificar(datos: bytes) -> str:
    try:
        texto = datos.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fila = datos.count(b"\n", 0, error.start) + 1
        raise ParrillaConFallas(
            [
                Falla(
                    fila,
                    None,
                    "el archivo no está en UTF-8. En Excel: Guardar como «CSV UTF-8».",
                )
            ]
        ) from error
    if "\0" in texto:
        raise _no_se_puede("El archivo no es un CSV de texto en UTF-8.")
    return texto


def _primera(texto: str, separador: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(texto, newline=""), delimiter=separador), [])
    except csv.Error:
        return []


def _ordenar(tabla: Sequence[Sequence[str]]) -> tuple[Fila, ...]:
    if not tabla or not any(celda.strip() for celda in tabla[0]):
        raise _no_se_puede("La parrilla está vacía: la primera fila lleva los nombres de columna.")
    nombres = [nombre_de(celda) for celda in tabla[0]]
    while nombres and not nombres[-1]:
        nombres.pop()
    fallas = [*fallas_del_encabezado(nombres), *_fallas_de_forma(tabla, nombres)]
    if fallas:
        raise ParrillaConFallas(fallas)
    filas = tuple(
        Fila(numero, {n: celda for n, celda in zip(nombres, celdas, strict=False) if n})
        for numero, celdas in enumerate(tabla[1:], start=2)
        if any(celda.strip() for celda in celdas)
    )
    if not filas:
        raise _no_se_puede("La parrilla no tiene filas: solo está el encabezado.")
    return filas


def _fallas_de_forma(tabla: Sequence[Sequence[str]], nombres: Sequence[str]) -> Iterator[Falla]:
    for numero, celdas in enumerate(tabla[1:], start=2):
        if not any(celda.strip() for celda in celdas):
            continue
        if len(celdas) < len(nombres):
            yield Falla(
                numero, None, f"faltan celdas: tiene {len(celdas)} y el encabezado {len(nombres)}."
            )
        elif any(celda.strip() for celda in celdas[len(nombres) :]):
            yield Falla(
                numero,
                None,
                f"sobran celdas: tiene {len(celdas)} y el encabezado {len(nombres)}. "
                "Si un texto lleva el separador, debe ir entre comillas.",
            )
        sueltas = [
            columna
            for columna, (nombre, celda) in enumerate(zip(nombres, celdas, strict=False), start=1)
            if not nombre and celda.strip()
        ]
        if sueltas:
            yield Falla(numero, None, f"la columna número {sueltas[0]} no tiene nombre.")


def _no_se_puede(mensaje: str) -> ParrillaConFallas:
    return ParrillaConFallas([Falla(None, None, mensaje)])
