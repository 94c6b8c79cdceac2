"""El libro de intentos: líneas que solo se agregan, en lotes."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from cola.publicaciones import Intento, Suceso

_AGREGAR = insert(Intento.__table__)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linea:
    """Una línea del libro, con los nombres de sus columnas."""

    publicacion_id: int
    ficha: int
    paso: str
    suceso: Suceso
    en: datetime
    huella: str | None = None
    id_remoto: str | None = None
    detalle: str | None = None


def anotar_lineas(sesion: Session, lineas: Sequence[Linea]) -> None:
    """Agrega las líneas en la transacción en curso."""
    if lineas:
        sesion.connection().execute(_AGREGAR, [_como_dato(linea) for linea in lineas])


_CAMPOS = tuple(campo.name for campo in fields(Linea))


def _como_dato(linea: Linea) -> dict[str, object]:
    return {campo: getattr(linea, campo) for campo in _CAMPOS}
