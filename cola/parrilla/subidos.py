"""Los archivos que llegan con una parrilla subida: se revisan una vez y se nombran después.

Una parrilla subida nunca nombra archivos del servidor: solo los que vinieron con ella.
"""

import io
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import Any

from cola.errores import NoSePuede
from cola.parrilla.archivos import ArchivoMalo, Archivos
from conectores.contrato import Clase
from piezas.almacen import Almacen
from piezas.errores import ImagenNoSirve
from piezas.ingreso import (
    FINALES_DE_VIDEO,
    MedioListo,
    guardar_subtitulos,
    preparar_imagen,
    preparar_video,
)

ARCHIVOS_MAXIMOS = 300
INFLADO_MAXIMO = 400 * 1024 * 1024
_SUBTITULOS = frozenset({".srt", ".vtt"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subido:
    """Un archivo recibido: el medio listo, la huella de unos subtítulos, o por qué no sirve."""

    medio: MedioListo | None = None
    subtitulos: str | None = None
    falla: str | None = None

    def a_datos(self) -> dict[str, Any]:
        """Para guardarlo en la mesa."""
        return asdict(self)


def de_datos(datos: Mapping[str, Any]) -> dict[str, Subido]:
    """Lo guardado en la mesa, de vuelta."""
    return {
        nombre: Subido(medio=_medio(uno["medio"]), subtitulos=uno["subtitulos"], falla=uno["falla"])
        for nombre, uno in datos.items()
    }


def _medio(datos: Mapping[str, Any] | None) -> MedioListo | None:
    return None if datos is None else MedioListo(**{**datos, "clase": Clase(datos["clase"])})


def recibir(archivos: Iterable[tuple[str, bytes]], almacen: Almacen) -> dict[str, Subido]:
    """Revisa y guarda cada archivo; un ZIP se abre y cuenta por lo que trae."""
    recibidos: dict[str, Subido] = {}
    for nombre, datos in _abiertos(archivos):
        if len(recibidos) >= ARCHIVOS_MAXIMOS:
            raise NoSePuede(f"Suba hasta {ARCHIVOS_MAXIMOS} archivos con cada parrilla.")
        recibidos[llave_de(nombre)] = _recibir(nombre, datos, almacen)
    return recibidos


def llave_de(nombre: str) -> str:
    """El nombre sin carpetas, igual en macOS, Windows y Linux."""
    solo = PurePath(nombre.replace("\\", "/")).name
    return unicodedata.normalize("NFC", solo).casefold()


class ArchivosSubidos(Archivos):
    """Lo que una parrilla subida puede nombrar."""

    def __init__(self, subidos: Mapping[str, Subido]) -> None:
        self._subidos = subidos

    def imagen(self, nombre: str) -> MedioListo:
        """La imagen lista; lanza `ArchivoMalo`."""
        return self._medio(nombre, es_video=False)

    def video(self, nombre: str) -> MedioListo:
        """El video listo; lanza `ArchivoMalo`."""
        return self._medio(nombre, es_video=True)

    def subtitulos(self, nombre: str) -> str:
        """La huella de los subtítulos; lanza `ArchivoMalo`."""
        huella = self._hallado(nombre).subtitulos
        if huella is None:
            raise ArchivoMalo(f"«{nombre}» no es un archivo de subtítulos (.srt o .vtt).")
        return huella

    def _medio(self, nombre: str, *, es_video: bool) -> MedioListo:
        medio = self._hallado(nombre).medio
        if medio is None or (medio.clase is Clase.VIDEO) != es_video:
            raise ArchivoMalo(f"«{nombre}» no es {'un video' if es_video else 'una imagen'}.")
        return medio

    def _hallado(self, nombre: str) -> Subido:
        subido = self._subidos.get(llave_de(nombre))
        if subido is None:
            raise ArchivoMalo(f"falta el archivo «{nombre}»: súbalo aquí abajo.")
        if subido.falla is not None:
            raise ArchivoMalo(f"«{nombre}»: {subido.falla}")
        return subido


def _abiertos(archivos: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    for nombre, datos in archivos:
        if nombre.lower().endswith(".zip"):
            yield from _del_zip(nombre, datos)
        else:
            yield nombre, datos


def _del_zip(nombre: str, datos: bytes) -> Iterator[tuple[str, bytes]]:
    """Los archivos de un ZIP, sin dejarse inflar y sin escribir nada donde diga su nombre."""
    try:
        with zipfile.ZipFile(io.BytesIO(datos)) as paquete:
            miembros = [m for m in paquete.infolist() if not m.is_dir() and _cuenta(m.filename)]
            if len(miembros) > ARCHIVOS_MAXIMOS:
                raise NoSePuede(f"«{nombre}» trae más de {ARCHIVOS_MAXIMOS} archivos. Divídalo.")
            if sum(m.file_size for m in miembros) > INFLADO_MAXIMO:
                raise NoSePuede(f"«{nombre}» ocupa demasiado al abrirlo. Divídalo.")
            for miembro in miembros:
                with paquete.open(miembro) as archivo:
                    yield miembro.filename, archivo.read(miembro.file_size)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise NoSePuede(f"«{nombre}» no es un ZIP que se pueda abrir.") from error


def _cuenta(nombre: str) -> bool:
    # macOS guarda junto a cada archivo una sombra que no es nada.
    return "__MACOSX" not in nombre and not PurePath(nombre).name.startswith(".")


def _recibir(nombre: str, datos: bytes, almacen: Almacen) -> Subido:
    final = PurePath(nombre).suffix.lower()
    solo = PurePath(nombre.replace("\\", "/")).name
    try:
        if final in _SUBTITULOS:
            return Subido(subtitulos=guardar_subtitulos(almacen, datos))
        if final in FINALES_DE_VIDEO:
            return Subido(medio=_video(solo, datos, final, almacen))
        return Subido(medio=preparar_imagen(almacen, datos, nombre=solo))
    except ImagenNoSirve as error:
        return Subido(falla=error.mensaje)


def _video(nombre: str, datos: bytes, final: str, almacen: Almacen) -> MedioListo:
    with tempfile.TemporaryDirectory() as carpeta:
        ruta = Path(carpeta) / f"video{final}"
        ruta.write_bytes(datos)
        return preparar_video(almacen, ruta, nombre=nombre)
