"""La base que se migra es la que describen los modelos, y sus tablas de memoria no se tocan."""

import ast
import re
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Table, inspect, text
from sqlalchemy.exc import DBAPIError

import publicador
from piezas.base import Base, Instante
from publicador.base_datos import crear_motor_sql
from publicador.preparacion import preparar
from publicador.tablas import METADATOS, SOLO_SE_AGREGA

RAIZ = Path(publicador.__file__).parent.parent


def _url(carpeta: Path) -> str:
    return f"sqlite:///{carpeta}/publicador.db"


def _esquema(archivo: Path) -> dict[str, list[str]]:
    """Cada tabla e índice con las partes de su definición, sin importar el orden."""
    with closing(sqlite3.connect(archivo)) as conexion:
        filas = conexion.execute(
            "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') "
            "AND name <> 'alembic_version' AND sql IS NOT NULL"
        ).fetchall()
    return {nombre: _partes(sql) for nombre, sql in filas}


EN_CIRCULO = [
    str(foranea.name)
    for tabla in METADATOS.tables.values()
    for foranea in tabla.foreign_key_constraints
    if foranea.use_alter
]
"""Las foráneas que `create_all` deja por fuera en SQLite; la migración sí las pone."""


def _partes(sql: str) -> list[str]:
    lineas = (re.sub(r"\s+", " ", linea).strip(" ,)") for linea in sql.splitlines())
    return sorted(
        linea for linea in lineas if linea and not any(nombre in linea for nombre in EN_CIRCULO)
    )


def test_migrar_desde_cero_da_lo_mismo_que_los_modelos(tmp_path):
    preparar(_url(tmp_path), tmp_path)
    modelos = crear_motor_sql(f"sqlite:///{tmp_path}/modelos.db")
    METADATOS.create_all(modelos)
    modelos.dispose()
    assert _esquema(tmp_path / "publicador.db") == _esquema(tmp_path / "modelos.db")


@pytest.mark.filterwarnings("ignore:autogenerate skipping:UserWarning")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_alembic_no_encuentra_nada_por_migrar(tmp_path):
    preparar(_url(tmp_path), tmp_path)
    base = crear_motor_sql(_url(tmp_path))
    with base.connect() as conexion:
        assert _diferencias(conexion) == []
    base.dispose()


def _diferencias(conexion: Connection) -> list[object]:
    contexto = MigrationContext.configure(conexion, opts={"compare_type": True})
    return list(compare_metadata(contexto, METADATOS))


def _restricciones(conexion: Connection, esquema: str) -> dict[str, object]:
    visto = inspect(conexion)
    return {
        tabla: {
            "comprobaciones": sorted(
                (str(c["name"]), c["sqltext"])
                for c in visto.get_check_constraints(tabla, schema=esquema)
            ),
            "foraneas": sorted(str(f["name"]) for f in visto.get_foreign_keys(tabla, esquema)),
            "indices": sorted(
                (str(i["name"]), i["unique"], str(i.get("dialect_options")))
                for i in visto.get_indexes(tabla, schema=esquema)
            ),
            "columnas": [
                (c["name"], str(c["type"]), c["nullable"])
                for c in sorted(visto.get_columns(tabla, esquema), key=lambda c: c["name"])
            ],
        }
        for tabla in METADATOS.tables
    }


@pytest.mark.postgres
@pytest.mark.filterwarnings("ignore:autogenerate skipping:UserWarning")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_en_postgresql_migrar_tambien_da_lo_mismo_que_los_modelos(url_postgres, tmp_path):
    preparar(url_postgres, tmp_path)
    base = crear_motor_sql(url_postgres)
    with base.begin() as conexion:
        assert _diferencias(conexion) == []
        conexion.execute(text("CREATE SCHEMA modelos"))
        conexion.execute(text("SET LOCAL search_path TO modelos"))
        METADATOS.create_all(conexion, checkfirst=False)
        conexion.execute(text("SET LOCAL search_path TO public"))
        migrado = _restricciones(conexion, "public")
        assert migrado == _restricciones(conexion, "modelos")
        assert migrado["publicacion"]["comprobaciones"]
    base.dispose()


def test_todo_modulo_con_tablas_esta_en_la_lista():
    """Se leen los archivos: un modelo que nadie importa no aparecería en la metadata."""
    definidas = {
        nodo.value.value
        for piso in ("piezas", "cola", "panel", "publicador")
        for archivo in (RAIZ / piso).rglob("*.py")
        if "versiones" not in archivo.parent.name
        for nodo in ast.walk(ast.parse(archivo.read_text(encoding="utf-8")))
        if isinstance(nodo, ast.Assign)
        and isinstance(nodo.targets[0], ast.Name)
        and nodo.targets[0].id == "__tablename__"
        and isinstance(nodo.value, ast.Constant)
    }
    assert definidas == set(METADATOS.tables)


def _valor(tabla: Table, columna: str) -> object:
    if isinstance(tabla.c[columna].type, Instante):
        return datetime(2026, 12, 1, tzinfo=UTC)
    tipo = tabla.c[columna].type.python_type
    valores: dict[type, object] = {
        int: 1,
        bool: False,
        float: 1.0,
        date: date(2026, 12, 1),
    }
    if issubclass(tipo, Enum):
        return next(iter(tipo))
    return valores.get(tipo, "a" * 64)


def _poner_fila(conexion: Connection, nombre: str) -> None:
    """Una fila cualquiera que cumpla los CHECK; sin las que apunta."""
    tabla = Base.metadata.tables[nombre]
    valores = {c.name: _valor(tabla, c.name) for c in tabla.columns if not c.nullable}
    conexion.execute(tabla.insert().values(valores))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def migrada(request: pytest.FixtureRequest, tmp_path: Path):
    sqlite = request.param == "sqlite"
    url = _url(tmp_path) if sqlite else request.getfixturevalue("url_postgres")
    preparar(url, tmp_path)
    base = crear_motor_sql(url)
    yield base
    base.dispose()


@pytest.mark.parametrize("tabla", SOLO_SE_AGREGA)
@pytest.mark.parametrize("orden", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_la_memoria_no_se_cambia_ni_se_borra(migrada, tabla, orden):
    with migrada.connect() as conexion:
        if conexion.dialect.name == "sqlite":
            conexion.connection.execute("PRAGMA foreign_keys = OFF")
        else:
            conexion.execute(text("SET session_replication_role = replica"))
        _poner_fila(conexion, tabla)
        if conexion.dialect.name == "postgresql":
            conexion.execute(text("SET session_replication_role = origin"))
        with pytest.raises(DBAPIError, match="solo se agrega"):
            conexion.execute(text(orden.format(tabla)))


def test_reemplazar_una_fila_de_la_memoria_tampoco_se_puede(tmp_path):
    preparar(_url(tmp_path), tmp_path)
    base = crear_motor_sql(_url(tmp_path))
    with base.connect() as conexion:
        conexion.connection.execute("PRAGMA foreign_keys = OFF")
        _poner_fila(conexion, "anotacion")
        with pytest.raises(DBAPIError, match="solo se agrega"):
            conexion.execute(text("REPLACE INTO anotacion SELECT * FROM anotacion"))
    base.dispose()


@pytest.mark.postgres
def test_en_postgresql_la_memoria_tampoco_se_vacia(url_postgres, tmp_path):
    preparar(url_postgres, tmp_path)
    base = crear_motor_sql(url_postgres)
    with base.connect() as conexion, pytest.raises(DBAPIError, match="solo se agrega"):
        conexion.execute(text("TRUNCATE intento"))
    base.dispose()
