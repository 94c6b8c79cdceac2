"""Matar el motor en cada punto del camino y volver: nunca dos, nunca ninguna."""

import pytest

from tests.caidas import caidas, fallas, matriz
from tests.caidas.clases import CLASES

pytestmark = [pytest.mark.lenta, pytest.mark.timeout(1200)]


@pytest.fixture(autouse=True)
def _sin_registro():
    matriz.callar()


@pytest.mark.parametrize("red", matriz.REDES)
def test_matado_en_cualquier_punto_sale_una_vez_o_decide_una_persona(red, tmp_path):
    clases = [c for c in CLASES if c.red.value == red]
    with caidas.Matriz(tmp_path) as banco:
        hechas = banco.correr(banco.celdas(clases))
    malas = [f"{h.celda.nombre}: {h.faltas}" for h in hechas if h.faltas]
    assert not malas, "\n".join(malas)
    assert len(hechas) > 80


@pytest.mark.parametrize("red", matriz.REDES)
def test_cada_falla_de_la_red_acaba_en_su_final_declarado(red, tmp_path):
    with fallas.MatrizDeFallas(tmp_path) as banco:
        hechas = banco.correr([c for c in fallas.celdas() if c.red.value == red])
    malas = [f"{h.celda.falla} al {h.celda.llamada}: {h.faltas}" for h in hechas if h.faltas]
    assert not malas, "\n".join(malas)
