"""Un panel sobre una base de verdad: lecturas que no pueden escribir, reloj en la mano."""

import base64
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session, sessionmaker

import publicador.tablas
from cola.credenciales import Caja
from cola.latidos import latir
from panel import crear_app, sesiones
from panel.acceso import nombre_de_cookie
from panel.servicios import Servicios
from piezas.almacen import Almacen
from piezas.firmas import Sello
from piezas.personas import Persona
from publicador import base_datos
from tests.panel.sembrado import TOLERANCIA, Oficina


class Navegador(FlaskClient):
    """Lee cada respuesta entera, para que los archivos servidos queden cerrados."""

    def open(self, *args, buffered=True, **kwargs):
        return super().open(*args, buffered=buffered, **kwargs)


@dataclass
class Panel:
    """El panel y lo que las pruebas mueven desde fuera."""

    app: Flask
    servicios: Servicios
    reloj: list[datetime]
    timbrazos: list[int] = field(default_factory=list)

    @property
    def ahora(self) -> datetime:
        return self.reloj[0]

    def pasan(self, cuanto: timedelta) -> None:
        self.reloj[0] += cuanto

    @contextmanager
    def oficina(self) -> Iterator[Oficina]:
        with self.servicios.sesiones.begin() as sesion:
            yield Oficina(sesion, self.ahora, self.servicios.sello, self.servicios.almacen)

    def leer(self) -> Session:
        return self.servicios.sesiones()

    def visitante(self) -> FlaskClient:
        return self.app.test_client()

    def como(self, papel: str) -> FlaskClient:
        """Un navegador donde ya entró `papel@alcaldia.example`."""
        with self.servicios.sesiones.begin() as sesion:
            quien = sesion.query(Persona).filter_by(correo=f"{papel}@alcaldia.example").one()
            identificador = sesiones.abrir(sesion, quien.id, navegador="prueba", ahora=self.ahora)
        cliente = self.app.test_client()
        cliente.set_cookie(nombre_de_cookie(self.app), identificador)
        return cliente


ArmarPanel = Callable[..., Panel]


AHORA = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
"""Martes 1 de diciembre de 2026, 7:00 a. m. en Bogotá."""


@pytest.fixture(scope="session")
def molde(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Una base con su oficina fundada y un motor que respira; cada prueba trabaja en una copia."""
    carpeta = tmp_path_factory.mktemp("molde")
    archivo = carpeta / "panel.db"
    base = base_datos.crear_motor_sql(f"sqlite:///{archivo}")
    publicador.tablas.METADATOS.create_all(base)
    with base_datos.sesiones(base).begin() as sesion:
        Oficina(sesion, AHORA, Sello((b"x" * 32,)), Almacen(carpeta)).fundar()
        latir(sesion, "motor-1", version="0.1.0", ahora=AHORA)
    base.dispose()
    return archivo


@pytest.fixture
def armar_panel(molde: Path, tmp_path: Path, sello: Sello) -> Iterator[ArmarPanel]:
    shutil.copy(molde, tmp_path / "panel.db")
    base = base_datos.crear_motor_sql(f"sqlite:///{tmp_path}/panel.db")
    fabrica: sessionmaker[Session] = base_datos.sesiones(base)

    def armar(**cambios) -> Panel:
        con_csrf = cambios.pop("con_csrf", False)
        reloj = [AHORA]
        timbrazos: list[int] = []
        servicios = Servicios(
            sesiones=fabrica,
            lecturas=base_datos.lecturas(base),
            ahora=lambda: reloj[0],
            sello=sello,
            almacen=Almacen(tmp_path / "medios"),
            despertar=lambda: timbrazos.append(1),
            tolerancia=TOLERANCIA,
            url_publica="http://127.0.0.1:8000",
            version="0.1.0",
            clave_sesion="clave-de-prueba-larga-y-secreta",
            caja=Caja((base64.urlsafe_b64encode(b"k" * 32),)),
        )
        app = crear_app(replace(servicios, **cambios))
        app.config["WTF_CSRF_ENABLED"] = con_csrf
        # Quien recorre todas las rutas no puede quedarse oyendo la que no termina.
        app.config["VIVO_VIDA_S"] = 0
        app.test_client_class = Navegador
        # Compilar las plantillas en cada prueba sería la mitad del tiempo.
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(molde.parent))
        return Panel(app, replace(servicios, **cambios), reloj, timbrazos)

    yield armar
    base.dispose()


@pytest.fixture
def panel(armar_panel: ArmarPanel) -> Panel:
    """Un panel con su oficina fundada y un motor que respira."""
    return armar_panel()
