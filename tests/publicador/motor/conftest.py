"""Una escena con tolerancia larga y sin espaciado, y el registro de verdad."""

import io
from datetime import timedelta

import pytest

from cola.tomas import Reglas
from publicador.base_datos import crear_motor_sql
from publicador.base_datos import sesiones as hacer_sesiones
from publicador.registro_eventos import configurar_registro
from publicador.tablas import METADATOS
from tests.cola.escena import Escena


@pytest.fixture(autouse=True)
def registro():
    """El registro de verdad, para mirarlo; el de structlog sin configurar pinta trazas enormes."""
    salida = io.StringIO()
    configurar_registro(salida=salida)
    return salida


@pytest.fixture
def escena(tmp_path, sello, almacen, ahora):
    base = crear_motor_sql(f"sqlite:///{tmp_path}/cola.db")
    METADATOS.create_all(base)
    reglas = Reglas(
        arriendo=timedelta(seconds=120),
        tolerancia=timedelta(hours=12),
        espaciados={},
        esperas_duda=(90.0, 600.0),
    )
    yield Escena(hacer_sesiones(base), reglas, sello, almacen, ahora)
    base.dispose()
