"""Subidas por trozos: un video llega por partes y sigue donde iba después de un corte.

El archivo a medias vive en una carpeta propia y la base dice hasta dónde llegó de verdad: los
bytes se llevan al disco antes de anotarlo, así que matar el servidor solo pierde el trozo a
medias. Lo que nadie termina se borra a los dos días.
"""

import hashlib
import os
import re
import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path, PurePath

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from piezas.base import Base
from piezas.errores import DatosInvalidos, ErrorDePiezas, NoEncontrada
from piezas.ingreso import FINALES_DE_VIDEO
from piezas.usuarios import ESCRIBEN, persona_de

VIGENCIA = timedelta(days=2)
TROZO_BYTES = 4 << 20
ABIERTAS_MAXIMAS = 20
"""Por persona: nadie llena el disco con archivos a medias."""
_RESERVA_BYTES = 512 << 20
_LLAVE = re.compile(r"[0-9a-f]{32}")


class Subida(Base):
    """Un archivo que está llegando."""

    __tablename__ = "subida"
    __table_args__ = (
        CheckConstraint("van_bytes >= 0 AND van_bytes <= peso_bytes", name="van"),
        Index(None, "movida_en"),
    )

    llave: Mapped[str] = mapped_column(primary_key=True)
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    nombre: Mapped[str]
    peso_bytes: Mapped[int]
    van_bytes: Mapped[int] = mapped_column(default=0)
    movida_en: Mapped[datetime]


class TrozoNoSigue(ErrorDePiezas):
    """El trozo no empieza donde va el archivo; `van` dice desde dónde seguir."""

    def __init__(self, van: int) -> None:
        self.van = van
        super().__init__("Ese pedazo no es el que sigue. Se continúa desde donde iba.")


class TrozoDanado(ErrorDePiezas):
    """Los bytes no son los que el navegador dijo mandar."""

    mensaje = "Un pedazo del archivo llegó dañado. Se vuelve a mandar."


def empezar(
    sesion: Session,
    carpeta: Path,
    *,
    nombre: str,
    peso_bytes: int,
    peso_maximo: int,
    por: int,
    ahora: datetime,
) -> Subida:
    """Abre una subida; lanza `DatosInvalidos` si el archivo no se recibe."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    nombre = PurePath(nombre.replace("\\", "/")).name[:200]
    cuantas = select(func.count()).select_from(Subida).where(Subida.persona_id == persona.id)
    abiertas = sesion.scalar(cuantas) or 0
    if falla := _falla_al_empezar(nombre, peso_bytes, peso_maximo, abiertas):
        raise DatosInvalidos(falla)
    carpeta.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(carpeta).free < 2 * peso_bytes + _RESERVA_BYTES:
        raise DatosInvalidos(
            "En el servidor no queda espacio para ese video. Avise a quien administra el servicio."
        )
    fila = Subida(
        llave=secrets.token_hex(16),
        persona_id=persona.id,
        nombre=nombre,
        peso_bytes=peso_bytes,
        van_bytes=0,
        movida_en=ahora,
    )
    archivo_de(carpeta, fila.llave).touch(mode=0o600)
    sesion.add(fila)
    sesion.flush()
    return fila


def _falla_al_empezar(nombre: str, peso: int, maximo: int, abiertas: int) -> str | None:
    if PurePath(nombre).suffix.lower() not in FINALES_DE_VIDEO:
        return "Por trozos solo se reciben videos MP4, MOV o WebM."
    if peso <= 0:
        return "El archivo está vacío."
    if peso > maximo:
        return f"El video pesa más de {maximo >> 20} MB. Expórtelo más liviano y súbalo otra vez."
    if abiertas >= ABIERTAS_MAXIMAS:
        return "Usted tiene demasiadas subidas a medias. Termínelas o cancélelas."
    return None


def abierta(sesion: Session, llave: str, *, por: int) -> Subida:
    """La subida de esa persona; la de otra no existe para ella."""
    fila = sesion.get(Subida, llave) if _LLAVE.fullmatch(llave) else None
    if fila is None or fila.persona_id != por:
        raise NoEncontrada("Esa subida ya no está. Elija el archivo otra vez.")
    return fila


def archivo_de(carpeta: Path, llave: str) -> Path:
    """El archivo a medias de una subida."""
    if not _LLAVE.fullmatch(llave):
        raise NoEncontrada("Esa subida ya no está. Elija el archivo otra vez.")
    return carpeta / f"{llave}.parte"


def agregar_trozo(
    sesion: Session,
    carpeta: Path,
    llave: str,
    *,
    desde: int,
    datos: bytes,
    suma: str,
    por: int,
    ahora: datetime,
) -> int:
    """Escribe un trozo en su lugar y devuelve hasta dónde va; `suma` es su SHA-256."""
    fila = abierta(sesion, llave, por=por)
    # Otro trozo de la misma subida espera su turno: la fila queda bloqueada en PostgreSQL.
    sesion.refresh(fila, with_for_update=True)
    if desde != fila.van_bytes or desde + len(datos) > fila.peso_bytes:
        raise TrozoNoSigue(fila.van_bytes)
    if not datos or hashlib.sha256(datos).hexdigest() != suma.lower():
        raise TrozoDanado
    _escribir(archivo_de(carpeta, llave), desde, datos)
    fila.van_bytes = desde + len(datos)
    fila.movida_en = ahora
    sesion.flush()
    return fila.van_bytes


def _escribir(ruta: Path, desde: int, datos: bytes) -> None:
    if not ruta.is_file() or ruta.stat().st_size < desde:
        raise NoEncontrada("El archivo a medias se perdió. Súbalo otra vez.")
    with ruta.open("r+b") as archivo:
        # Lo que haya después quedó de un trozo que no alcanzó a anotarse.
        archivo.truncate(desde)
        archivo.seek(desde)
        archivo.write(datos)
        archivo.flush()
        os.fsync(archivo.fileno())


def completa(sesion: Session, carpeta: Path, llave: str, *, por: int) -> tuple[Path, str]:
    """El archivo y su nombre cuando ya llegó todo; lanza `TrozoNoSigue` si falta algo."""
    fila = abierta(sesion, llave, por=por)
    if fila.van_bytes != fila.peso_bytes:
        raise TrozoNoSigue(fila.van_bytes)
    return archivo_de(carpeta, llave), fila.nombre


def olvidar(sesion: Session, carpeta: Path, llave: str, *, por: int) -> None:
    """Cierra una subida, terminada o cancelada, y borra lo que había llegado."""
    fila = abierta(sesion, llave, por=por)
    sesion.delete(fila)
    sesion.flush()
    archivo_de(carpeta, llave).unlink(missing_ok=True)


def limpiar_vencidas(sesion: Session, carpeta: Path, *, ahora: datetime) -> int:
    """Borra las que nadie continúa y los archivos que ninguna fila nombra."""
    viejas = sesion.scalars(select(Subida).where(Subida.movida_en < ahora - VIGENCIA)).all()
    for fila in viejas:
        sesion.delete(fila)
    sesion.flush()
    vivas = set(sesion.scalars(select(Subida.llave)))
    limite = ahora.timestamp() - VIGENCIA.total_seconds()
    for ruta in carpeta.glob("*.parte"):
        # Uno recién creado puede ser de una subida que aún no se confirma en la base.
        if ruta.stem not in vivas and ruta.stat().st_mtime < limite:
            ruta.unlink(missing_ok=True)
    return len(viejas)
