"""Trescientas entregas con fallas al azar y el motor muerto cada segundo."""

import pytest

from tests.caidas.estres import estresar

pytestmark = [pytest.mark.lenta, pytest.mark.timeout(1500)]
SEMILLA = 20_261


def test_trescientas_entregas_en_la_tormenta_ni_dos_veces_ni_perdidas(tmp_path):
    informe = estresar(tmp_path, entregas=300, semilla=SEMILLA)
    assert informe.faltas == [], "\n".join(informe.renglones)
    assert informe.publicadas == informe.entregas == 300
    assert informe.muertes > 5
    assert informe.solas > 250
