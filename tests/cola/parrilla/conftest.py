"""Tres cuentas donde publicar, y una parrilla CSV que se escribe y se importa."""

import csv
import io

import pytest

from cola.parrilla.importar import importar
from conectores.contrato import Red
from tests.cola.parrilla.filas import COLUMNAS
from tests.fabricas import AHORA, una_cuenta, una_persona


@pytest.fixture
def sesion(sesiones):
    with sesiones.begin() as abierta:
        una_cuenta(abierta, Red.FACEBOOK, alias="pagina")
        una_cuenta(abierta, Red.X, alias="trino")
        una_cuenta(abierta, Red.WORDPRESS, alias="sitio")
        yield abierta


@pytest.fixture
def traer(sesion, almacen, tmp_path):
    """Escribe una parrilla CSV con esas filas y la importa."""
    quien = una_persona(sesion)

    def _traer(*filas, columnas=COLUMNAS, separador=",", codificacion="utf-8", **opciones):
        salida = io.StringIO()
        escritor = csv.DictWriter(salida, columnas, delimiter=separador, restval="")
        escritor.writeheader()
        escritor.writerows(filas)
        ruta = tmp_path / "parrilla.csv"
        ruta.write_bytes(salida.getvalue().encode(codificacion))
        return importar(sesion, ruta, por=quien.id, almacen=almacen, ahora=AHORA, **opciones)

    return _traer
