"""De una fila de texto a una pieza por crear: se entiende celda por celda y se junta toda falla."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypeVar

from cola.parrilla.archivos import ArchivoMalo, Archivos
from cola.parrilla.columnas import TEXTOS
from cola.parrilla.fallas import Falla
from cola.parrilla.leer import Fila
from piezas.borradores import (
    ACTIVIDADES,
    TITULO_MAXIMO,
    falla_de_enlace,
    falla_de_etiqueta,
    falla_de_texto,
)
from piezas.ingreso import MedioListo
from piezas.zona import desde_bogota

_T = TypeVar("_T")
_HORA = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_SI, _NO = frozenset({"si", "sí", "x", "1", "true"}), frozenset({"", "no", "0", "false"})


@dataclass(frozen=True, slots=True)
class Elegido:
    """Un archivo de la fila, ya revisado, con su texto alternativo."""

    medio: MedioListo
    texto_alternativo: str
    subtitulos_huella: str | None = None


@dataclass(slots=True)
class Renglon:
    """Lo que se entendió de una fila, y las fallas de lo que no."""

    fila: Fila
    cuentas: tuple[str, ...] = ()
    etiquetas: tuple[str, ...] = ()
    momento: datetime | None = None
    elegidos: tuple[Elegido, ...] = ()
    en_hilo: bool = False
    fallas: list[Falla] = field(default_factory=list)

    @property
    def titulo(self) -> str:
        """El título como quedará en la pieza."""
        return " ".join(self.fila["pieza"].split("\n")).strip()

    def fallar(self, columna: str, mensaje: str) -> None:
        """Anota una falla de la fila."""
        self.fallas.append(Falla(self.fila.numero, columna, mensaje))


def entender(fila: Fila, archivos: Archivos) -> Renglon:
    """El renglón de una fila; revisa y guarda sus archivos, sin tocar la base."""
    renglon = Renglon(fila)
    for revisar in (_textos, _enlace_y_etiquetas, _cuentas, _momento, _varios):
        revisar(renglon)
    renglon.elegidos = (*_imagenes(renglon, archivos), *_video(renglon, archivos))
    return renglon


def _textos(renglon: Renglon) -> None:
    fila = renglon.fila
    if not fila["pieza"]:
        renglon.fallar("pieza", "falta el título.")
    elif len(fila["pieza"]) > TITULO_MAXIMO:
        renglon.fallar("pieza", f"el título pasa de {TITULO_MAXIMO} caracteres.")
    for columna in ("pieza", *TEXTOS, "textos_alternativos", "campania", "dependencia"):
        if falla := falla_de_texto("La celda", fila[columna]):
            renglon.fallar(columna, falla)


def _enlace_y_etiquetas(renglon: Renglon) -> None:
    if (enlace := renglon.fila["enlace"]) and (falla := falla_de_enlace(enlace)):
        renglon.fallar("enlace", falla)
    renglon.etiquetas = tuple(renglon.fila["etiquetas"].split())
    for etiqueta in renglon.etiquetas:
        if falla := falla_de_etiqueta(etiqueta):
            renglon.fallar("etiquetas", falla)


def _cuentas(renglon: Renglon) -> None:
    renglon.cuentas = _lista(renglon.fila["cuentas"])
    if not renglon.cuentas:
        renglon.fallar("cuentas", "falta al menos una cuenta.")
    for alias in sorted({a for a in renglon.cuentas if renglon.cuentas.count(a) > 1}):
        renglon.fallar("cuentas", f"la cuenta «{alias}» está repetida.")


def _momento(renglon: Renglon) -> None:
    dia = _entender_dia(renglon)
    hora = _entender_hora(renglon)
    if dia is not None and hora is not None:
        renglon.momento = desde_bogota(datetime.combine(dia, hora))


def _entender_dia(renglon: Renglon) -> date | None:
    escrita = renglon.fila["fecha"]
    if not escrita:
        renglon.fallar("fecha", "falta la fecha.")
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", escrita, re.ASCII):
            raise ValueError(escrita)
        dia = date.fromisoformat(escrita)
    except ValueError:
        renglon.fallar("fecha", f"«{escrita}» no es una fecha: escriba AAAA-MM-DD.")
        return None
    if not 2000 <= dia.year <= 2100:
        renglon.fallar("fecha", f"el año de «{escrita}» no puede ser.")
        return None
    return dia


def _entender_hora(renglon: Renglon) -> time | None:
    escrita = renglon.fila["hora"]
    if not escrita:
        renglon.fallar("hora", "falta la hora.")
        return None
    partes = _HORA.fullmatch(escrita)
    if partes is None or int(partes[1]) > 23 or int(partes[2]) > 59:
        renglon.fallar("hora", f"«{escrita}» no es una hora: escriba HH:MM, de 00:00 a 23:59.")
        return None
    return time(int(partes[1]), int(partes[2]))


def _varios(renglon: Renglon) -> None:
    actividad = renglon.fila["actividad"].upper()
    if actividad and actividad not in ACTIVIDADES:
        renglon.fallar("actividad", f"«{actividad}» no existe: van de A1 a A16.")
    hilo = renglon.fila["hilo"].casefold()
    renglon.en_hilo = hilo in _SI
    if hilo not in _SI | _NO:
        renglon.fallar("hilo", f"«{renglon.fila['hilo']}» no se entiende: escriba sí o no.")


def _imagenes(renglon: Renglon, archivos: Archivos) -> Iterator[Elegido]:
    nombres = _lista(renglon.fila["imagenes"])
    alternativos = _lista(renglon.fila["textos_alternativos"], con_vacias=True)
    _contar_alternativos(renglon, len(nombres), alternativos)
    for numero, nombre in enumerate(nombres):
        medio = _abrir(renglon, "imagenes", nombre, archivos.imagen)
        if medio is not None:
            texto = alternativos[numero] if numero < len(alternativos) else ""
            yield Elegido(medio, texto)


def _contar_alternativos(renglon: Renglon, imagenes: int, alternativos: tuple[str, ...]) -> None:
    columna = "textos_alternativos"
    if imagenes and not alternativos:
        renglon.fallar(columna, "falta el texto alternativo de las imágenes.")
    elif len(alternativos) != imagenes:
        renglon.fallar(
            columna,
            f"hay {len(alternativos)} y las imágenes son {imagenes}: va uno por imagen, "
            "separados por «|».",
        )
    else:
        for numero, texto in enumerate(alternativos, start=1):
            if not texto:
                renglon.fallar(columna, f"falta el de la imagen {numero}.")


def _video(renglon: Renglon, archivos: Archivos) -> Iterator[Elegido]:
    nombre, subtitulos = renglon.fila["video"], renglon.fila["subtitulos"]
    if not nombre:
        if subtitulos:
            renglon.fallar("subtitulos", "hay subtítulos y no hay video.")
        return
    huella = None
    if subtitulos:
        huella = _abrir(renglon, "subtitulos", subtitulos, archivos.subtitulos)
    medio = _abrir(renglon, "video", nombre, archivos.video)
    if medio is not None:
        yield Elegido(medio, "", huella)


def _abrir(renglon: Renglon, columna: str, nombre: str, como: Callable[[str], _T]) -> _T | None:
    try:
        return como(nombre)
    except ArchivoMalo as error:
        renglon.fallar(columna, str(error))
        return None


def _lista(celda: str, *, con_vacias: bool = False) -> tuple[str, ...]:
    if not celda:
        return ()
    partes = (parte.strip() for parte in celda.split("|"))
    return tuple(parte for parte in partes if parte or con_vacias)
