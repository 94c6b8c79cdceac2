"""Una fila con la libreta dañada espera a una persona y las demás siguen saliendo."""

import pytest

from cola.publicaciones import Publicacion


@pytest.mark.parametrize("danado", ["{", "[]", '{"publicar": 3}', "nada"])
def test_una_libreta_danada_no_frena_a_las_otras_cuentas(escena, danado):
    (mala,) = escena.aprobada(escena.cuenta())
    (buena,) = escena.aprobada(escena.cuenta())
    with escena.sesiones.begin() as sesion:
        sesion.get_one(Publicacion, mala).avance = danado
    assert [toma.id for toma in escena.tomar()] == [buena]
    assert escena.estado(mala) == "detenida"
    assert "dañado" in escena.fila(mala).motivo
    assert any("dañado" in texto for _, texto in escena.avisos())
    assert escena.tomar() == []
