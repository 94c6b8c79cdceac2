"""Qué versión del esquema tiene la base, y si es la de este programa; sin cargar Alembic."""

from pathlib import Path

from sqlalchemy import inspect, text

from publicador.base_datos import SOLO_LECTURA, archivo_sqlite, crear_motor_sql
from publicador.fallos_de_base import ErrorDeBase

VERSIONES = Path(__file__).parent / "migraciones" / "versiones"


def version_vigente(url: str) -> str | None:
    """La versión del esquema de la base; `None` si está vacía."""
    base = crear_motor_sql(url)
    try:
        # Solo mira: no espera su turno detrás de quien escribe.
        with base.connect().execution_options(**{SOLO_LECTURA: True}) as conexion:
            if not inspect(conexion).has_table("alembic_version"):
                return None
            version = conexion.scalar(text("SELECT version_num FROM alembic_version"))
            return None if version is None else str(version)
    finally:
        base.dispose()


def versiones_conocidas() -> tuple[str, ...]:
    """Las que trae este programa, de la primera a la última: cada archivo empieza por la suya."""
    return tuple(sorted(uno.name.partition("_")[0] for uno in VERSIONES.glob("[0-9]*_*.py")))


def exigir_al_dia(url: str) -> None:
    """Lanza `ErrorDeBase` si la base no está creada o no es de la versión de este programa."""
    archivo = archivo_sqlite(url)
    vigente = None if archivo is not None and not archivo.exists() else version_vigente(url)
    if vigente is None:
        raise ErrorDeBase("La base de datos no está creada. Corra «publicador preparar».")
    conocidas = versiones_conocidas()
    if vigente not in conocidas:
        raise ErrorDeBase(
            f"La base de datos es más nueva que este programa (versión {vigente}). "
            "Actualice publicador; no se tocó nada."
        )
    if vigente != conocidas[-1]:
        raise ErrorDeBase(
            f"La base de datos es de una versión anterior ({vigente}). Corra «publicador preparar»."
        )
