"""La dirección secreta del calendario: una por persona, revocable, y no se guarda."""

from sqlalchemy import inspect

from piezas.personas import Papel
from piezas.suscripciones import desuscribir, suscribir, suscripcion_de, suscriptor
from tests.fabricas import AHORA, una_persona


def test_la_llave_abre_y_en_la_base_solo_queda_su_resumen(sesion):
    quien = una_persona(sesion, Papel.CONSULTA)
    llave = suscribir(sesion, por=quien.id, ahora=AHORA)
    assert suscriptor(sesion, llave) is quien
    fila = suscripcion_de(sesion, quien.id)
    guardado = [str(getattr(fila, c.key)) for c in inspect(fila).mapper.column_attrs]
    assert llave not in " ".join(guardado)
    assert len(llave) >= 43


def test_pedir_otra_mata_la_anterior_y_revocar_las_mata_todas(sesion):
    quien = una_persona(sesion, Papel.CONSULTA)
    vieja = suscribir(sesion, por=quien.id, ahora=AHORA)
    nueva = suscribir(sesion, por=quien.id, ahora=AHORA)
    assert suscriptor(sesion, vieja) is None
    assert suscriptor(sesion, nueva) is quien
    assert desuscribir(sesion, por=quien.id, ahora=AHORA)
    assert suscriptor(sesion, nueva) is None
    assert not desuscribir(sesion, por=quien.id, ahora=AHORA)


def test_la_llave_de_quien_se_fue_no_abre(sesion):
    quien = una_persona(sesion, Papel.CONSULTA)
    llave = suscribir(sesion, por=quien.id, ahora=AHORA)
    quien.activa = False
    sesion.flush()
    assert suscriptor(sesion, llave) is None
    assert suscriptor(sesion, "\ud800") is None
