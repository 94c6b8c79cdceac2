"""Las tablas de finales están completas, y quien las vigila sabe fallar."""

from tests.caidas import fallas


def test_no_hay_falla_sin_final_declarado():
    assert all(celda.final for celda in fallas.celdas())
    assert set(fallas.AL_PUBLICAR) == set(fallas.FALLAS)
