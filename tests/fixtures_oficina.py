"""Las oficinas de las pruebas: se funda una por sesión y cada prueba trabaja en su copia."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from publicador.ensayo.mundo import Mundo
from publicador.ensayo.servidor import Ensayo
from tests import oficina as oficinas
from tests.oficina import Oficina


@pytest.fixture(scope="session")
def _redes() -> Iterator[Ensayo]:
    with Ensayo(Mundo(), puerto_correo=None) as ensayo:
        yield ensayo


@pytest.fixture(scope="session")
def _oficina_madre(_redes: Ensayo, tmp_path_factory: pytest.TempPathFactory) -> Oficina:
    return oficinas.fundar(tmp_path_factory.mktemp("oficina"), _redes)


@pytest.fixture
def redes(_redes: Ensayo) -> Ensayo:
    """Las redes de ensayo, abiertas y vacías."""
    _redes.abrir_puerta()
    _redes.mundo.reiniciar()
    return _redes


@pytest.fixture
def oficina(_oficina_madre: Oficina, redes: Ensayo, tmp_path: Path) -> Oficina:
    """Una oficina con una persona por rol y las cuentas `fb`, `x` y `web` de ensayo."""
    return _oficina_madre.mudar(tmp_path / "datos")
