"""El WordPress de verdad y sus miradas, para estas pruebas."""

import pytest

from tests.conectores.wordpress.apoyo import LibretaEnMemoria, Mirada
from tests.sistema.wordpress import WordPressReal


@pytest.fixture
def libreta() -> LibretaEnMemoria:
    return LibretaEnMemoria()


@pytest.fixture
def mirada(wordpress_real: WordPressReal) -> Mirada:
    return Mirada(wordpress_real)
