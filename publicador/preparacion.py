"""Poner la base de datos al día: crearla, migrarla y guardar una copia antes de tocarla."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import SQLAlchemyError

from publicador.base_datos import archivo_sqlite, crear_motor_sql
from publicador.carpetas import crear_carpeta
from publicador.fallos_de_base import ErrorDeBase, explicar

MIGRACIONES = Path(__file__).parent / "migraciones"
TURNO_PG = 4_812_735_061
"""Número propio del cerrojo con que dos procesos no preparan la misma base a la vez."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparada:
    """Lo que se hizo: de qué versión a cuál, y dónde quedó la copia si hubo que hacerla."""

    desde: str | None
    hasta: str
    copia: Path | None = None

    @property
    def frase(self) -> str:
        """Para quien corrió la orden."""
        if self.desde == self.hasta:
            return "La base de datos ya estaba al día."
        if self.desde is None:
            return "Base de datos creada."
        dicho = f"Base de datos migrada de la versión {self.desde} a la {self.hasta}."
        return dicho if self.copia is None else f"{dicho} Copia anterior: {self.copia}"


def configuracion() -> Config:
    """La configuración de Alembic, hecha en memoria: no hay alembic.ini que se desvíe."""
    config = Config()
    config.set_main_option("script_location", str(MIGRACIONES).replace("%", "%%"))
    config.set_main_option("version_locations", str(MIGRACIONES / "versiones").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def preparar(url: str, carpeta: Path) -> Preparada:
    """Crea o migra la base de `url` y la carpeta de datos. Repetirlo no hace daño.

    Antes de migrar un archivo de SQLite deja una copia a su lado, `….antes-de-<versión>`.
    Lanza `ErrorDeBase` con una frase si no se puede; entonces la base queda como estaba.
    """
    try:
        crear_carpeta(carpeta)
        archivo = archivo_sqlite(url)
        if archivo is not None:
            crear_carpeta(archivo.parent)
        return _migrar(url, archivo)
    except (OSError, SQLAlchemyError) as error:
        raise ErrorDeBase(explicar(error)) from error
    except sqlite3.Error as error:
        raise ErrorDeBase(f"No se pudo copiar la base antes de migrarla: {error}.") from error


def _migrar(url: str, archivo: Path | None) -> Preparada:
    guion = ScriptDirectory.from_config(configuracion())
    ultima = guion.get_current_head()
    if ultima is None:
        raise ErrorDeBase("El programa no trae sus migraciones: instálelo de nuevo.")
    base = crear_motor_sql(url)
    try:
        with base.connect() as conexion:
            if archivo is not None:
                # Rehacer una tabla con las foráneas puestas borraría a sus dependientes.
                conexion.connection.execute("PRAGMA foreign_keys = OFF")
            with conexion.begin():
                return _migrar_con(conexion, guion, ultima, archivo)
    finally:
        base.dispose()


def _migrar_con(
    conexion: Connection, guion: ScriptDirectory, ultima: str, archivo: Path | None
) -> Preparada:
    """Con el turno de escritura tomado: nadie más prepara ni escribe mientras tanto."""
    if conexion.dialect.name == "postgresql":
        conexion.exec_driver_sql(f"SELECT pg_advisory_xact_lock({TURNO_PG})")
    desde = MigrationContext.configure(conexion).get_current_revision()
    if desde == ultima:
        return Preparada(desde=desde, hasta=ultima)
    copia = None
    if desde is None:
        _exigir_vacia(conexion)
    else:
        _exigir_conocida(guion, desde)
        if archivo is not None:
            copia = copiar_sqlite(archivo, archivo.with_name(f"{archivo.name}.antes-de-{ultima}"))
    config = configuracion()
    config.attributes["conexion"] = conexion
    command.upgrade(config, "head")
    if archivo is not None:
        _exigir_foraneas(conexion)
    return Preparada(desde=desde, hasta=ultima, copia=copia)


def _exigir_vacia(conexion: Connection) -> None:
    ajenas = set(inspect(conexion).get_table_names()) - {"alembic_version"}
    if ajenas:
        raise ErrorDeBase(
            "La base de datos tiene tablas que no creó publicador "
            f"({', '.join(sorted(ajenas)[:3])}). Use otra base en PUBLICADOR_BASE_DATOS."
        )


def _exigir_conocida(guion: ScriptDirectory, desde: str) -> None:
    conocidas = {revision.revision for revision in guion.walk_revisions()}
    if desde not in conocidas:
        raise ErrorDeBase(
            f"La base de datos es más nueva que este programa (versión {desde}). "
            "Actualice publicador; no se tocó nada."
        )


def _exigir_foraneas(conexion: Connection) -> None:
    rotas = conexion.exec_driver_sql("PRAGMA foreign_key_check").first()
    if rotas is not None:
        raise ErrorDeBase(
            f"La migración dejaría filas sueltas en la tabla {rotas[0]}; se deshizo. "
            "Restaure un respaldo o pida ayuda."
        )


def copiar_sqlite(archivo: Path, destino: Path) -> Path:
    """Copia coherente aunque haya quien lea; nunca pisa una anterior. Devuelve dónde quedó."""
    libre, numero = destino, 1
    while libre.exists():
        numero += 1
        libre = destino.with_name(f"{destino.name}-{numero}")
    libre.touch(mode=0o600)
    try:
        with (
            closing(sqlite3.connect(f"{archivo.absolute().as_uri()}?mode=ro", uri=True)) as origen,
            closing(sqlite3.connect(libre)) as copia,
        ):
            origen.backup(copia)
    except BaseException:
        libre.unlink()  # una copia a medias es peor que ninguna
        raise
    return libre
