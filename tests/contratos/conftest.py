"""Las tres redes de ensayo, vacías antes de cada prueba, y un banco por red."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conectores.contrato import Red
from conectores.texto import urls_en
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.servidor import Ensayo
from tests.contratos.banco import REDES, Banco


@pytest.fixture(scope="module")
def _ensayo() -> Iterator[Ensayo]:
    # La primera vez, reconocer enlaces cuesta décimas de segundo: con la máquina cargada, la red de
    # ensayo pasaría del segundo que aquí se le da para contestar.
    urls_en("https://www.prensa.example")
    with Ensayo(Mundo(), puertos_propios=True, puerto_correo=None) as ensayo:
        yield ensayo


@pytest.fixture
def ensayo(_ensayo: Ensayo) -> Ensayo:
    """Las redes de ensayo, vacías y sin fallas pendientes."""
    _ensayo.mundo.reiniciar()
    for red in REDES:
        _ensayo.abrir_puerta(red)
    return _ensayo


@pytest.fixture
def poner(ensayo: Ensayo, tmp_path: Path) -> Callable[[str], Banco]:
    def _poner(red: str) -> Banco:
        return Banco(red=Red(red), ensayo=ensayo, carpeta=tmp_path)

    return _poner


@pytest.fixture(params=REDES)
def banco(request: pytest.FixtureRequest, poner: Callable[[str], Banco]) -> Banco:
    """Un banco por cada red."""
    return poner(str(request.param))
