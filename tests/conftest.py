"""Lo que comparten las pruebas: base de datos de verdad en memoria, reloj fijo, sello y carpeta."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

import cola.publicaciones  # noqa: F401 (sus tablas completan la metadata)
from piezas.almacen import Almacen
from piezas.base import Base
from piezas.firmas import Sello

pytest_plugins = ["tests.fixtures_navegador", "tests.fixtures_oficina", "tests.fixtures_sistema"]


@pytest.fixture
def sesiones() -> Iterator[sessionmaker[Session]]:
    """Sesiones sobre una SQLite en memoria, con claves foráneas de verdad."""
    base = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )

    @event.listens_for(base, "connect")
    def _exigir_foraneas(conexion, _registro):
        conexion.execute("PRAGMA foreign_keys=ON")

    Base.metadata.create_all(base)
    yield sessionmaker(base, expire_on_commit=False)
    base.dispose()


@pytest.fixture
def ahora() -> datetime:
    """Martes 1 de diciembre de 2026, 7:00 a. m. en Bogotá."""
    return datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def sello() -> Sello:
    """Un sello con dos claves, como después de rotar."""
    return Sello((b"clave-nueva-de-prueba-0123456789", b"clave-vieja-de-prueba-0123456789"))


@pytest.fixture
def almacen(tmp_path: Path) -> Almacen:
    """Una carpeta de medios vacía."""
    return Almacen(tmp_path / "medios")
