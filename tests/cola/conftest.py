"""La cola se prueba dos veces: en SQLite y, con la marca `postgres`, en PostgreSQL de verdad."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from cola.tomas import Reglas
from conectores.contrato import Red
from piezas.base import Base
from publicador import tablas
from publicador.base_datos import crear_motor_sql
from publicador.base_datos import sesiones as hacer_sesiones
from tests.cola.escena import Escena


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def motor_sql(request: pytest.FixtureRequest, tmp_path) -> Iterator[Engine]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/cola.db"
    else:
        url = request.getfixturevalue("url_postgres")
    motor = crear_motor_sql(url)
    assert tablas.METADATOS is Base.metadata
    Base.metadata.create_all(motor)
    yield motor
    motor.dispose()


@pytest.fixture
def sesiones(motor_sql: Engine) -> sessionmaker[Session]:
    return hacer_sesiones(motor_sql)


@pytest.fixture
def reglas() -> Reglas:
    return Reglas(
        arriendo=timedelta(seconds=120),
        tolerancia=timedelta(minutes=30),
        espaciados={Red.FACEBOOK: timedelta(seconds=120)},
        esperas_duda=(90.0, 600.0),
    )


@pytest.fixture
def escena(sesiones, reglas, sello, almacen, ahora):
    return Escena(sesiones, reglas, sello, almacen, ahora)
