"""Servidores de verdad para las pruebas: se encienden a la primera que los pida."""

from collections.abc import Iterator

import pytest

from tests.sistema import postgres, wordpress
from tests.sistema.postgres import PostgresReal
from tests.sistema.wordpress import WordPressReal


@pytest.fixture(scope="session")
def postgres_real() -> Iterator[PostgresReal]:
    """El servidor PostgreSQL de esta sesión de pruebas."""
    real = postgres.encender()
    try:
        yield real
    finally:
        real.apagar()


@pytest.fixture
def url_postgres(postgres_real: PostgresReal) -> Iterator[str]:
    """La dirección de SQLAlchemy de una base vacía, solo para esta prueba."""
    url = postgres_real.base_nueva()
    try:
        yield url
    finally:
        postgres_real.borrar_base(url)


@pytest.fixture(scope="session")
def servidor_wordpress() -> Iterator[WordPressReal]:
    """El WordPress de esta sesión de pruebas."""
    real = wordpress.encender()
    try:
        yield real
    finally:
        real.apagar()


@pytest.fixture
def wordpress_real(
    servidor_wordpress: WordPressReal,
) -> Iterator[WordPressReal]:
    """El WordPress de la sesión; al salir se quitan los complementos que puso la prueba."""
    try:
        yield servidor_wordpress
    finally:
        servidor_wordpress.restaurar()
