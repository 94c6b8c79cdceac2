"""Una oficina con su panel, y programas que le hablan con fichas."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from piezas import fichas_api
from piezas.fichas_api import ALCANCES
from piezas.personas import Persona
from tests.panel.conftest import Panel, armar_panel, molde, panel

__all__ = ["armar_panel", "molde", "panel"]


@dataclass
class Programa:
    """Un cliente que manda su ficha en cada petición."""

    cliente: FlaskClient
    secreto: str
    ficha_id: int

    def pedir(self, metodo: str, camino: str, **mas):
        cabeceras = {"Authorization": f"Bearer {self.secreto}"} | mas.pop("headers", {})
        return self.cliente.open(f"/api/v1{camino}", method=metodo, headers=cabeceras, **mas)

    def leer(self, camino: str, **mas):
        return self.pedir("GET", camino, **mas)

    def enviar(self, camino: str, cuerpo=None, **mas):
        return self.pedir("POST", camino, json=cuerpo, **mas)

    def guardar(self, camino: str, cuerpo=None, **mas):
        return self.pedir("PUT", camino, json=cuerpo, **mas)


Programar = Callable[..., Programa]


@pytest.fixture
def programa(panel: Panel) -> Programar:
    """`programa("community")`: con todos los alcances, o con los que se digan."""

    def programar(papel: str, *alcances: str, plazo=timedelta(days=30)) -> Programa:
        with panel.servicios.sesiones.begin() as sesion:
            quien = sesion.query(Persona).filter_by(correo=f"{papel}@alcaldia.example").one()
            ficha, secreto = fichas_api.crear(
                sesion,
                nombre="de prueba",
                alcances=alcances or tuple(ALCANCES),
                plazo=plazo,
                por=quien.id,
                ahora=panel.ahora,
            )
            return Programa(panel.visitante(), secreto, ficha.id)

    return programar
