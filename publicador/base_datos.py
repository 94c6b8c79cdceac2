"""La conexión con la base de datos: SQLite para una máquina, PostgreSQL para varias."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

from publicador.fallos_de_base import ErrorDeBase

ESPERA_CANDADO_MS = 15_000
SOLO_LECTURA = "solo_lectura"


def crear_motor_sql(url: str) -> Engine:
    """El `Engine` de la casa. No abre conexiones todavía.

    Lanza `ErrorDeBase` si la dirección no es de SQLite ni de PostgreSQL.
    """
    direccion = leer_direccion(url)
    if direccion.get_backend_name() == "sqlite":
        return _motor_sqlite(direccion)
    return _motor_postgresql(direccion)


def leer_direccion(url: str) -> URL:
    """La dirección entendida, o `ErrorDeBase` sin repetirla: puede llevar la contraseña."""
    try:
        direccion = make_url(url)
        direccion.get_dialect()
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
        direccion = None
    if direccion is None or direccion.drivername not in {
        "sqlite",
        "sqlite+pysqlite",
        "postgresql",
        "postgresql+psycopg",
    }:
        raise ErrorDeBase(
            "PUBLICADOR_BASE_DATOS no es una dirección que se entienda: use "
            "sqlite:////ruta/publicador.db o postgresql+psycopg://usuario@servidor/base."
        )
    return direccion


def archivo_sqlite(url: str) -> Path | None:
    """El archivo de una dirección de SQLite; `None` si es en memoria o es de otro motor."""
    direccion = leer_direccion(url)
    if direccion.get_backend_name() != "sqlite" or _es_memoria(direccion):
        return None
    return Path(str(direccion.database))


def _es_memoria(direccion: URL) -> bool:
    return direccion.database in (None, "", ":memory:")


def _motor_sqlite(direccion: URL) -> Engine:
    if _es_memoria(direccion):
        # Una sola conexión para todo el proceso: solo sirve en pruebas de un hilo.
        base = create_engine(
            direccion,
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
            hide_parameters=True,
        )
    else:
        base = create_engine(
            direccion, pool_size=10, max_overflow=20, pool_timeout=30, hide_parameters=True
        )
    event.listen(base, "connect", _al_conectar_sqlite)
    event.listen(base, "begin", _al_empezar_sqlite)
    return base


def _al_conectar_sqlite(conexion: sqlite3.Connection, _registro: object) -> None:
    # El módulo sqlite3 abre transacciones por su cuenta, y diferidas: aquí las abre la casa.
    conexion.isolation_level = None
    for orden in (
        f"PRAGMA busy_timeout = {ESPERA_CANDADO_MS}",
        "PRAGMA journal_mode = WAL",
        # Con NORMAL un apagón puede perder los últimos intentos anotados, y con ellos la certeza.
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        # Sin esto, un REPLACE borra filas sin despertar a los guardias que lo impiden.
        "PRAGMA recursive_triggers = ON",
    ):
        conexion.execute(orden)


def _al_empezar_sqlite(conexion: Connection) -> None:
    """Escribir reserva el turno desde el principio; leer no espera a nadie.

    Una transacción diferida que lee y después escribe falla con «locked» sin esperar siquiera.
    """
    lectora = bool(conexion.get_execution_options().get(SOLO_LECTURA))
    ficha = conexion.info
    if ficha.get(SOLO_LECTURA, False) != lectora:
        conexion.exec_driver_sql(f"PRAGMA query_only = {'ON' if lectora else 'OFF'}")
        ficha[SOLO_LECTURA] = lectora
    conexion.exec_driver_sql("BEGIN" if lectora else "BEGIN IMMEDIATE")


def _motor_postgresql(direccion: URL) -> Engine:
    base = create_engine(
        direccion.set(drivername="postgresql+psycopg"),
        pool_size=10,
        max_overflow=20,
        pool_timeout=30,
        pool_pre_ping=True,
        # Los valores de una orden que falla pueden ser privados: no van al registro.
        hide_parameters=True,
        connect_args={"connect_timeout": 10, "application_name": "publicador"},
    )
    event.listen(base, "connect", _al_conectar_postgresql)
    return base


def _al_conectar_postgresql(conexion: Any, _registro: object) -> None:
    with conexion.cursor() as cursor:
        # Lo anotado antes de publicar debe estar en disco, diga lo que diga el servidor.
        cursor.execute("SET synchronous_commit = on")
        cursor.execute("SET timezone = 'UTC'")
        # Un proceso detenido no puede quedarse con el turno de todos.
        cursor.execute("SET idle_in_transaction_session_timeout = '60s'")
        cursor.execute(f"SET lock_timeout = '{ESPERA_CANDADO_MS}ms'")
    conexion.commit()


def sesiones(base: Engine) -> sessionmaker[Session]:
    """Sesiones que escriben: `with sesiones.begin() as sesion`. Nunca durante una llamada HTTP."""
    return sessionmaker(base, expire_on_commit=False)


def lecturas(base: Engine) -> sessionmaker[Session]:
    """Sesiones que solo leen: no esperan a quien escribe, y escribir con ellas falla."""
    lectora = base.execution_options(**{SOLO_LECTURA: True, "postgresql_readonly": True})
    return sessionmaker(lectora, expire_on_commit=False)
