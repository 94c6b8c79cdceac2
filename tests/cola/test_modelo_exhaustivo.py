"""El modelo entero con las reglas de verdad, y cuatro mutantes que deben caer."""

from dataclasses import replace

import pytest

from cola import transiciones
from cola.desenlaces import Espera
from cola.estados import Estado
from conectores.contrato import Red
from tests.modelo_cola import Reglas, recorrer

pytestmark = pytest.mark.lenta


def test_las_reglas_de_verdad_no_rompen_ningun_invariante():
    resultado = recorrer(Reglas())
    assert resultado.falla is None, resultado.camino
    assert resultado.estados > 10_000


def test_facebook_tampoco_y_acaba_ante_una_persona():
    resultado = recorrer(Reglas(red=Red.FACEBOOK))
    assert resultado.falla is None, resultado.camino


def _reintento_ingenuo(error, momento, *, ahora, **resto):
    return Espera(ahora, "otra vez")


def _rescate_que_reenvia(fila, *, ahora, esperas):
    if fila.estado is Estado.ENVIANDO:
        suelta = transiciones.soltar(fila, ficha=fila.ficha, ahora=ahora)
        return replace(suelta, ficha=fila.ficha + 1)
    return transiciones.rescatar(fila, ahora=ahora, esperas=esperas)


MUTANTES = {
    "reintento ingenuo": Reglas(tras_llamada_muda=_reintento_ingenuo),
    "rescate que reenvía": Reglas(rescatar=_rescate_que_reenvia),
    "sin plazo de envío": Reglas(puede_llamar=lambda pasado, plazo: True),
    "ventana corta": Reglas(esperas=(1.0, 2.0)),
}


@pytest.mark.parametrize("nombre", MUTANTES)
def test_cada_mutante_es_atrapado(nombre):
    resultado = recorrer(MUTANTES[nombre])
    assert resultado.falla == "dos publicaciones en la red", (nombre, resultado)
