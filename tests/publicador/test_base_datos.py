"""La conexión: quien escribe reserva turno, quien lee no espera y los fallos se explican."""

import os
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from publicador.base_datos import archivo_sqlite, crear_motor_sql, lecturas, sesiones
from publicador.fallos_de_base import ErrorDeBase, explicar


@pytest.fixture
def base(tmp_path: Path):
    motor = crear_motor_sql(f"sqlite:///{tmp_path}/prueba.db")
    with motor.begin() as conexion:
        conexion.execute(text("CREATE TABLE cuenta (valor INTEGER)"))
        conexion.execute(text("INSERT INTO cuenta VALUES (0)"))
    yield motor
    motor.dispose()


def _pragma(base: Engine, nombre: str) -> object:
    with base.connect() as conexion:
        return conexion.execute(text(f"PRAGMA {nombre}")).scalar_one()


@pytest.mark.parametrize(
    ("nombre", "esperado"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 15_000),
        ("recursive_triggers", 1),
    ],
)
def test_cada_conexion_de_sqlite_lleva_lo_que_la_casa_exige(base, nombre, esperado):
    assert _pragma(base, nombre) == esperado


def test_dos_hilos_que_leen_y_escriben_no_pierden_ninguna_suma(base):
    fallos: list[Exception] = []

    def sumar() -> None:
        try:
            for _ in range(25):
                with sesiones(base).begin() as sesion:
                    valor = sesion.execute(text("SELECT valor FROM cuenta")).scalar_one()
                    sesion.execute(text("UPDATE cuenta SET valor = :v"), {"v": valor + 1})
        except DBAPIError as error:
            fallos.append(error)

    hilos = [threading.Thread(target=sumar) for _ in range(2)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    assert fallos == []
    with lecturas(base)() as sesion:
        assert sesion.execute(text("SELECT valor FROM cuenta")).scalar_one() == 50


def test_leer_no_espera_a_quien_escribe(base):
    with sesiones(base).begin() as escritora:
        escritora.execute(text("UPDATE cuenta SET valor = 7"))
        with lecturas(base)() as lectora:
            assert lectora.execute(text("SELECT valor FROM cuenta")).scalar_one() == 0


def test_una_sesion_de_lectura_no_puede_escribir(base):
    with (
        pytest.raises(OperationalError, match="readonly"),
        lecturas(base).begin() as sesion,
    ):
        sesion.execute(text("UPDATE cuenta SET valor = 7"))


def test_la_conexion_que_leyo_vuelve_a_poder_escribir(base):
    for _ in range(3):
        with lecturas(base)() as sesion:
            sesion.execute(text("SELECT valor FROM cuenta"))
    with sesiones(base).begin() as sesion:
        sesion.execute(text("UPDATE cuenta SET valor = 9"))
    with lecturas(base)() as sesion:
        assert sesion.execute(text("SELECT valor FROM cuenta")).scalar_one() == 9


def test_lo_que_falla_a_mitad_no_deja_nada(base):
    def fallar() -> None:
        with sesiones(base).begin() as sesion:
            sesion.execute(text("UPDATE cuenta SET valor = 5"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fallar()
    with lecturas(base)() as sesion:
        assert sesion.execute(text("SELECT valor FROM cuenta")).scalar_one() == 0


def test_el_archivo_se_conoce_por_su_direccion(tmp_path):
    assert archivo_sqlite(f"sqlite:///{tmp_path}/a.db") == tmp_path / "a.db"
    assert archivo_sqlite("sqlite://") is None
    assert archivo_sqlite("postgresql+psycopg://u@h/b") is None


@pytest.mark.parametrize(
    "url", ["", "mysql://u:secreto@h/b", "cualquier cosa", "postgresql+psycopg2://u:secreto@h/b"]
)
def test_una_direccion_que_no_sirve_se_dice_sin_repetirla(url):
    with pytest.raises(ErrorDeBase) as fallo:
        crear_motor_sql(url)
    assert "PUBLICADOR_BASE_DATOS" in fallo.value.mensaje
    assert "secreto" not in fallo.value.mensaje


def test_postgresql_a_secas_usa_el_conductor_de_la_casa():
    motor = crear_motor_sql("postgresql://u@127.0.0.1:1/b")
    assert motor.driver == "psycopg"
    motor.dispose()


def test_un_servidor_apagado_se_explica_en_una_frase():
    motor = crear_motor_sql("postgresql+psycopg://u:secreto@127.0.0.1:1/b")
    with pytest.raises(OperationalError) as fallo:
        motor.connect()
    motor.dispose()
    assert explicar(fallo.value).startswith("No se pudo conectar con el servidor")
    assert "secreto" not in explicar(fallo.value)


def test_una_base_ocupada_se_explica_en_una_frase(tmp_path):
    archivo = tmp_path / "ocupada.db"
    motor = crear_motor_sql(f"sqlite:///{archivo}")
    with motor.connect() as conexion:
        conexion.connection.execute("PRAGMA busy_timeout = 1")
        ajena = sqlite3.connect(archivo, isolation_level=None)
        ajena.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError) as fallo:
            conexion.execute(text("SELECT 1"))
        ajena.close()
    motor.dispose()
    assert "ocupada por otro proceso" in explicar(fallo.value)


@pytest.mark.parametrize("contenido", [b"esto no es una base" * 100])
def test_un_archivo_que_no_es_base_se_explica_en_una_frase(tmp_path, contenido):
    (tmp_path / "falsa.db").write_bytes(contenido)
    motor = crear_motor_sql(f"sqlite:///{tmp_path}/falsa.db")
    with pytest.raises(DBAPIError) as fallo:
        motor.connect()
    motor.dispose()
    assert "no es una base SQLite" in explicar(fallo.value)


def test_los_motivos_del_disco_se_dicen_en_espaniol():
    for codigo, parte in (
        (28, "espacio"),
        (30, "solo lectura"),
        (13, "permisos"),
        (2, "no existe"),
    ):
        assert parte in explicar(OSError(codigo, os.strerror(codigo), "/datos"))


@pytest.mark.postgres
def test_postgresql_confirma_en_disco_y_habla_en_utc(url_postgres):
    motor = crear_motor_sql(url_postgres)
    with motor.connect() as conexion:
        assert conexion.execute(text("SHOW synchronous_commit")).scalar_one() == "on"
        assert conexion.execute(text("SHOW timezone")).scalar_one() == "UTC"
    motor.dispose()


@pytest.mark.postgres
def test_en_postgresql_una_sesion_de_lectura_tampoco_escribe(url_postgres):
    motor = crear_motor_sql(url_postgres)
    with pytest.raises(DBAPIError), lecturas(motor).begin() as sesion:
        sesion.execute(text("CREATE TABLE nueva (valor INTEGER)"))
    with sesiones(motor).begin() as sesion:
        sesion.execute(text("CREATE TABLE nueva (valor INTEGER)"))
    motor.dispose()


@pytest.mark.postgres
def test_sin_preparar_se_dice_igual_en_los_dos_motores(url_postgres, tmp_path):
    for url in (url_postgres, f"sqlite:///{tmp_path}/vacia.db"):
        motor = crear_motor_sql(url)
        with pytest.raises(DBAPIError) as fallo, motor.connect() as conexion:
            conexion.execute(text("SELECT * FROM publicacion"))
        motor.dispose()
        assert "publicador preparar" in explicar(fallo.value)
