"""Un ensayo en un puerto libre."""

from collections.abc import Iterator

import pytest

from publicador.ensayo.mundo import Mundo
from publicador.ensayo.servidor import Ensayo
from tests.publicador.ensayo.apoyo import Grafo, Reloj


@pytest.fixture
def reloj() -> Reloj:
    return Reloj()


@pytest.fixture
def mundo(reloj: Reloj) -> Mundo:
    return Mundo(ahora=reloj)


@pytest.fixture
def ensayo(mundo: Mundo) -> Iterator[Ensayo]:
    with Ensayo(mundo) as vivo:
        yield vivo


@pytest.fixture
def grafo(ensayo: Ensayo) -> Iterator[Grafo]:
    uno = Grafo(ensayo.url_de("facebook"))
    yield uno
    uno.sesion.close()
