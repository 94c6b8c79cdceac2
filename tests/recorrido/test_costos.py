"""El costo que ve quien aprueba es el de los ajustes de la instalación."""

from pathlib import Path

import pytest

from publicador.armado import abrir_casa
from tests.oficina import MANDA, REDACTA, Oficina
from tests.recorrido.parrilla_de_prueba import Fila, escribir
from tests.recorrido.test_canarios import entrar


def test_la_aprobacion_muestra_lo_que_cobra_x_segun_los_ajustes(
    oficina: Oficina, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parrilla = tmp_path / "p.csv"
    escribir(parrilla, [Fila("Una", "Texto", cuentas=("x",))], fecha="2030-01-02", hora="07:30")
    oficina.bien("parrilla", "importar", parrilla, "--como", REDACTA, "--en-revision")
    for nombre, valor in {**oficina.entorno, "PUBLICADOR_COSTO_X_PUBLICAR": "9.87"}.items():
        monkeypatch.setenv(nombre, valor)
    monkeypatch.chdir(oficina.datos.parent)
    casa = abrir_casa()
    try:
        assert "9,87" in entrar(casa, MANDA).get("/aprobacion").text
    finally:
        casa.cerrar()
