"""Leer una hoja XLSX como tabla de textos, sin dejarse inflar por un archivo hostil."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from cola.parrilla.fallas import Falla, ParrillaConFallas

INFLADO_MAXIMO = 200 * 1024 * 1024
RAZON_MAXIMA = 200
MIEMBROS_MAXIMOS = 2_000
COLUMNAS_MAXIMAS = 100


def leer_hoja(datos: bytes, *, filas_maximas: int) -> list[list[str]]:
    """La primera hoja, celda por celda en texto; lanza `ParrillaConFallas` si no es un XLSX."""
    _exigir_sano(datos)
    try:
        with warnings.catch_warnings():
            # openpyxl avisa de adornos que no entiende (validaciones, estilos): no importan aquí.
            warnings.simplefilter("ignore")
            return list(_filas(datos, filas_maximas))
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
    ) as error:
        raise _no_sirve("El archivo no es un XLSX que se pueda leer, o está dañado.") from error


def _filas(datos: bytes, filas_maximas: int) -> Iterator[list[str]]:
    libro = load_workbook(io.BytesIO(datos), read_only=True, data_only=True)
    try:
        hoja = libro.worksheets[0]
        # Las medidas que dice el archivo pueden ser falsas: se lee lo que hay.
        hoja.reset_dimensions()
        filas = hoja.iter_rows(max_col=COLUMNAS_MAXIMAS, values_only=True)
        vacias: list[list[str]] = []
        for numero, celdas in enumerate(filas, start=1):
            textos = [_texto(celda) for celda in celdas]
            if not any(texto.strip() for texto in textos):
                vacias.append(textos)  # las del final no cuentan; las del medio sí numeran
                if len(vacias) > filas_maximas:
                    return
                continue
            if numero > filas_maximas + 1:
                raise _no_sirve(f"La parrilla tiene más de {filas_maximas} filas. Divídala.")
            yield from vacias
            vacias.clear()
            yield textos
    finally:
        libro.close()


def _texto(celda: object) -> str:
    """Una celda como la escribiría una persona en el CSV."""
    if celda is None:
        return ""
    if isinstance(celda, datetime):
        entera = celda.time() == time()
        return celda.date().isoformat() if entera else celda.isoformat(sep=" ", timespec="minutes")
    if isinstance(celda, date):
        return celda.isoformat()
    if isinstance(celda, time):
        return celda.isoformat(timespec="minutes")
    if isinstance(celda, float) and celda.is_integer():
        return str(int(celda))
    return str(celda)


def _exigir_sano(datos: bytes) -> None:
    """Mide lo que ocuparía descomprimido, y no admite XML con entidades."""
    try:
        with zipfile.ZipFile(io.BytesIO(datos)) as paquete:
            miembros = paquete.infolist()
            _exigir_medidas(miembros)
            for miembro in miembros:
                if miembro.filename.endswith((".xml", ".rels")):
                    with paquete.open(miembro) as archivo:
                        _exigir_sin_entidades(archivo.read(4096))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _no_sirve("El archivo no es un XLSX, aunque su nombre lo diga.") from error


def _exigir_medidas(miembros: list[zipfile.ZipInfo]) -> None:
    total = sum(miembro.file_size for miembro in miembros)
    hinchado = any(
        m.file_size > 1024 * 1024 and m.file_size > RAZON_MAXIMA * max(1, m.compress_size)
        for m in miembros
    )
    if total > INFLADO_MAXIMO or hinchado or len(miembros) > MIEMBROS_MAXIMOS:
        raise _no_sirve("El XLSX ocupa demasiado al abrirlo. Copie la parrilla a un libro nuevo.")


def _exigir_sin_entidades(inicio: bytes) -> None:
    if b"<!DOCTYPE" in inicio or b"<!ENTITY" in inicio:
        raise _no_sirve("El XLSX trae definiciones que no se admiten. Cópielo a un libro nuevo.")


def _no_sirve(mensaje: str) -> ParrillaConFallas:
    return ParrillaConFallas([Falla(None, None, mensaje)])
