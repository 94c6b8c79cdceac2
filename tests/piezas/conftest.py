"""Una sesión abierta sobre la base de la prueba, y quien aprueba."""

import pytest

from piezas.personas import Papel
from tests.fabricas import una_persona


@pytest.fixture
def sesion(sesiones):
    with sesiones.begin() as abierta:
        yield abierta


@pytest.fixture
def jefe(sesion):
    return una_persona(sesion, Papel.JEFATURA)
