"""Las tablas de finales están completas, y la matriz descubre a los motores mal hechos."""

import pytest

from conectores.contrato import Red
from publicador.ensayo.averias import FALLAS
from tests.caidas import fallas
from tests.caidas.caidas import Matriz
from tests.caidas.celdas import Celda, Muerte
from tests.caidas.clases import CLASES
from tests.caidas.finales import AL_PUBLICAR
from tests.caidas.mutantes import MUTANTES
from tests.caidas.verdugo import Golpe

TEXTO = next(c for c in CLASES if (c.red, c.nombre) == (Red.FACEBOOK, "texto"))
MUERE_CON_LA_RED_ACEPTANDO = (Muerte(golpe=Golpe(llamada="publicar", modo="aceptada")),)
DELATA = {
    "rescate que reenvía": (
        Celda(clase=TEXTO, muertes=MUERE_CON_LA_RED_ACEPTANDO, mutante="rescate que reenvía"),
        "repetidas",
    ),
    "reintento ciego": (
        Celda(
            clase=TEXTO,
            muertes=(),
            falla=("publicar", "corta_despues"),
            mutante="reintento ciego",
        ),
        "repetidas",
    ),
    "adopta sin mirar": (
        Celda(
            clase=TEXTO,
            muertes=(),
            falla=("publicar", "corta_antes"),
            mutante="adopta sin mirar",
        ),
        "falsas",
    ),
}


def test_no_hay_falla_sin_final_declarado():
    assert all(celda.final for celda in fallas.celdas())
    assert set(AL_PUBLICAR) == set(FALLAS)


@pytest.mark.lenta
@pytest.mark.parametrize("mutante", MUTANTES)
def test_la_matriz_descubre_un_motor_mal_hecho(mutante, tmp_path):
    celda, falta = DELATA[mutante]
    with Matriz(tmp_path) as matriz:
        hecho = matriz.correr_una(celda)
    assert any(una.startswith(falta) for una in hecho.faltas), hecho.faltas
