"""El permiso que vence se avisa a los 15, 7 y 1 días, y al vencer: una vez cada uno."""

from datetime import timedelta

from cola.avisos import Aviso, ClaseAviso
from cola.vencimientos import avisar_vencimientos
from tests import fabricas


def test_cada_umbral_se_avisa_una_sola_vez(sesiones, ahora):
    with sesiones.begin() as sesion:
        cuenta = fabricas.una_cuenta(sesion)
        cuenta.permiso_vence_en = ahora + timedelta(days=20)
    dichos = []
    for hora in range(0, 22 * 24, 3):
        with sesiones.begin() as sesion:
            avisar_vencimientos(sesion, ahora=ahora + timedelta(hours=hora))
    with sesiones() as sesion:
        for aviso in sesion.query(Aviso).order_by(Aviso.id):
            assert aviso.clase is ClaseAviso.PERMISO
            dichos.append(((aviso.creado_en - ahora).days, aviso.texto.partition(": ")[2]))
    assert [dia for dia, _ in dichos] == [5, 13, 19, 20]
    assert [texto.split(".")[0] for _, texto in dichos] == [
        "su permiso vence en 15 días",
        "su permiso vence en 7 días",
        "su permiso vence en un día o menos",
        "su permiso venció",
    ]


def test_una_cuenta_reconectada_vuelve_a_avisar_a_su_tiempo(sesiones, ahora):
    with sesiones.begin() as sesion:
        cuenta = fabricas.una_cuenta(sesion)
        cuenta.permiso_vence_en = ahora + timedelta(days=2)
        assert avisar_vencimientos(sesion, ahora=ahora) == 1
        cuenta.permiso_vence_en = ahora + timedelta(days=60)
        assert avisar_vencimientos(sesion, ahora=ahora) == 0
        assert avisar_vencimientos(sesion, ahora=ahora + timedelta(days=46)) == 1


def test_una_cuenta_inactiva_o_sin_vencimiento_no_avisa(sesiones, ahora):
    with sesiones.begin() as sesion:
        fabricas.una_cuenta(sesion)
        apagada = fabricas.una_cuenta(sesion)
        apagada.activa, apagada.permiso_vence_en = False, ahora
        assert avisar_vencimientos(sesion, ahora=ahora) == 0
