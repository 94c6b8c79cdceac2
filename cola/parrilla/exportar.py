"""Exportar la parrilla de un periodo, con el estado y la dirección de lo publicado."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from cola.errores import NoSePuede
from cola.parrilla.columnas import COLUMNAS, DE_FORMULA, DE_SALIDA
from cola.publicaciones import Publicacion
from conectores.contrato import Clase
from piezas.versiones import Momento, Pieza, Version, VersionDestino, VersionMedio
from piezas.zona import en_bogota

ENCABEZADO = (*COLUMNAS, *DE_SALIDA)
_CELDA_MAXIMA = 32_767
_FECHA, _HORA = ENCABEZADO.index("fecha"), ENCABEZADO.index("hora")


def exportar(sesion: Session, ruta: Path, *, desde: datetime, hasta: datetime) -> int:
    """Escribe CSV o XLSX según el final del nombre; devuelve cuántas filas.

    Van las piezas con algún momento en [`desde`, `hasta`). Una pieza con cuentas a horas distintas
    ocupa una fila por hora, para que se pueda volver a importar.
    """
    contenido, cuantas = escribir(sesion, ruta.suffix.lower(), desde=desde, hasta=hasta)
    try:
        ruta.write_bytes(contenido)
    except OSError as error:
        raise NoSePuede(f"No se pudo escribir «{ruta}»: {error.strerror}.") from error
    return cuantas


def escribir(sesion: Session, final: str, *, desde: datetime, hasta: datetime) -> tuple[bytes, int]:
    """Lo mismo en memoria, para quien lo baja del panel: los bytes y cuántas filas."""
    if final not in _COMO:
        raise NoSePuede("El archivo de salida debe terminar en .csv o .xlsx.")
    filas = list(_filas(sesion, desde, hasta))
    return _COMO[final](filas), len(filas)


def _filas(sesion: Session, desde: datetime, hasta: datetime) -> Iterator[tuple[str, ...]]:
    consulta = (
        select(Momento, Pieza)
        .join(Pieza, Pieza.id == Momento.pieza_id)
        .where(Momento.programada_para >= desde, Momento.programada_para < hasta)
        .order_by(Momento.programada_para, Pieza.id, Momento.cuenta_id)
        .options(
            selectinload(Pieza.version).options(
                selectinload(Version.medios).selectinload(VersionMedio.medio),
                selectinload(Version.destinos),
            ),
            selectinload(Pieza.campania),
            selectinload(Pieza.dependencia),
        )
    )
    grupos: dict[tuple[datetime, int], tuple[Pieza, list[int]]] = {}
    for momento, pieza in sesion.execute(consulta):
        _, cuentas = grupos.setdefault((momento.programada_para, pieza.id), (pieza, []))
        cuentas.append(momento.cuenta_id)
    entregas = _entregas(sesion, {pieza_id for _, pieza_id in grupos})
    for (cuando, pieza_id), (pieza, cuentas) in grupos.items():
        if pieza.version is not None:
            suyas = {cuenta: entregas.get((pieza_id, cuenta)) for cuenta in cuentas}
            yield _fila(pieza, pieza.version, cuando, suyas)


def _entregas(sesion: Session, piezas: set[int]) -> dict[tuple[int, int], Publicacion]:
    pedido = select(Publicacion).where(Publicacion.pieza_id.in_(piezas)).order_by(Publicacion.id)
    return {(p.pieza_id, p.cuenta_id): p for p in sesion.scalars(pedido)}


def _fila(
    pieza: Pieza,
    version: Version,
    cuando: datetime,
    entregas: dict[int, Publicacion | None],
) -> tuple[str, ...]:
    local = en_bogota(cuando)
    destinos = [d for d in version.destinos if d.cuenta_id in entregas]
    imagenes = [m for m in version.medios if m.medio.clase is not Clase.VIDEO]
    videos = [m for m in version.medios if m.medio.clase is Clase.VIDEO]
    valores = {
        "pieza": version.titulo,
        "texto": version.texto,
        "texto_facebook": version.texto_facebook,
        "texto_x": version.texto_x,
        "texto_wordpress": version.texto_wordpress,
        "enlace": version.enlace,
        "imagenes": "|".join(m.medio.nombre_original for m in imagenes),
        "textos_alternativos": "|".join(m.texto_alternativo for m in imagenes),
        "video": "|".join(m.medio.nombre_original for m in videos),
        "campania": pieza.campania.nombre if pieza.campania else None,
        "etiquetas": version.etiquetas,
        "cuentas": "|".join(destino.alias for destino in destinos),
        "fecha": local.date().isoformat(),
        "hora": local.strftime("%H:%M"),
        "actividad": pieza.actividad,
        "dependencia": pieza.dependencia.nombre if pieza.dependencia else None,
        "primer_comentario": version.primer_comentario,
        "hilo": "sí" if version.en_hilo else None,
        "estado": _estados(pieza, destinos, entregas),
        "url": _direcciones(destinos, entregas),
    }
    return tuple(valores.get(columna) or "" for columna in ENCABEZADO)


def _estados(
    pieza: Pieza, destinos: Sequence[VersionDestino], entregas: dict[int, Publicacion | None]
) -> str:
    """El estado de la entrega de cada cuenta, en su orden; antes de la cola, el de la pieza."""
    estados = [
        entrega.estado.value if (entrega := entregas[d.cuenta_id]) else pieza.estado.value
        for d in destinos
    ]
    return estados[0] if len(set(estados)) == 1 else "|".join(estados)


def _direcciones(
    destinos: Sequence[VersionDestino], entregas: dict[int, Publicacion | None]
) -> str:
    urls = [(entrega.url or "") if (entrega := entregas[d.cuenta_id]) else "" for d in destinos]
    return "|".join(urls) if any(urls) else ""


def _csv(filas: Sequence[Sequence[str]]) -> bytes:
    salida = io.StringIO()
    escritor = csv.writer(salida, lineterminator="\r\n")
    escritor.writerow(ENCABEZADO)
    escritor.writerows([_inerte(celda) for celda in fila] for fila in filas)
    # Con la marca de UTF-8, Excel no daña las tildes.
    return salida.getvalue().encode("utf-8-sig", "replace")


def _inerte(celda: str) -> str:
    return f"'{celda}" if celda.startswith(DE_FORMULA) else celda


def _que_quepa(celda: str) -> str:
    marca = "… (texto cortado: no cabe en una celda)"
    return celda if len(celda) <= _CELDA_MAXIMA else celda[: _CELDA_MAXIMA - len(marca)] + marca


def _xlsx(filas: Sequence[Sequence[str]]) -> bytes:
    salida = io.BytesIO()
    opciones = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(salida, opciones) as libro:
        hoja = libro.add_worksheet("Parrilla")
        negrita = libro.add_format({"bold": True})
        formatos = {
            _FECHA: libro.add_format({"num_format": "yyyy-mm-dd"}),
            _HORA: libro.add_format({"num_format": "hh:mm"}),
        }
        for columna, nombre in enumerate(ENCABEZADO):
            hoja.write_string(0, columna, nombre, negrita)
        for numero, fila in enumerate(filas, start=1):
            for columna, celda in enumerate(fila):
                _poner(hoja, numero, columna, celda, formatos)
        hoja.freeze_panes(1, 1)
        hoja.set_column(ENCABEZADO.index("pieza"), ENCABEZADO.index("texto"), 40)
        hoja.set_column(_FECHA, _HORA, 12)
    return salida.getvalue()


def _poner(hoja: Any, fila: int, columna: int, celda: str, formatos: dict[int, Any]) -> None:
    """Fechas y horas de verdad, para ordenar y filtrar; lo demás siempre texto, nunca fórmula."""
    if columna == _FECHA:
        hoja.write_datetime(fila, columna, date.fromisoformat(celda), formatos[columna])
    elif columna == _HORA:
        hoja.write_datetime(fila, columna, time.fromisoformat(celda), formatos[columna])
    else:
        hoja.write_string(fila, columna, _que_quepa(celda))


_COMO: dict[str, Callable[[Sequence[Sequence[str]]], bytes]] = {".csv": _csv, ".xlsx": _xlsx}
