"""Lo que se detiene: una cuenta sin permiso o sin saldo, un límite, la pausa general."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cola.carriles import pausar_cuenta, reanudar_cuenta
from cola.cuentas import Cuenta
from cola.desenlaces import Detenida, Espera
from cola.errores import NoSePuede
from cola.estados import Causa, MotivoPausa
from cola.pausas import pausar, reanudar
from cola.publicaciones import Suceso
from cola.salidas import Puerta
from conectores.contrato import Red


def test_sin_permiso_detiene_la_entrega_la_cuenta_y_lo_que_venza_despues(escena):
    cuenta = escena.cuenta(espaciado_s=0)
    (una,) = escena.aprobada(cuenta)
    (dos,) = escena.aprobada(cuenta)
    (toma,) = escena.tomar()
    escena.salir(toma)
    orden = Detenida("Venció el permiso.", Causa.CUENTA, MotivoPausa.CREDENCIAL)
    escena.cerrar(toma, orden, Suceso.RECHAZADO)
    assert escena.tomar() == []
    assert [escena.estado(i) for i in (una, dos)] == ["detenida", "detenida"]
    assert "Venció el permiso." in escena.fila(dos).motivo


def test_al_reanudar_la_cuenta_lo_reciente_sigue_solo_y_lo_viejo_espera(escena):
    cuenta = escena.cuenta(espaciado_s=0)
    (vieja,) = escena.aprobada(cuenta)
    with escena.sesiones.begin() as sesion:
        alias = sesion.get_one(Cuenta, cuenta).alias
        pausar_cuenta(sesion, alias, motivo="x", quien="y", persona_id=None, ahora=escena.ahora)
    escena.tomar()
    escena.pasa(minutes=40)
    (nueva,) = escena.aprobada(cuenta)
    escena.tomar()
    with escena.sesiones.begin() as sesion:
        conteo = reanudar_cuenta(
            sesion,
            alias,
            tolerancia=escena.reglas.tolerancia,
            quien="y",
            persona_id=None,
            ahora=escena.ahora,
        )
    assert conteo == (1, 1)
    assert [escena.estado(i) for i in (vieja, nueva)] == ["detenida", "programada"]


def test_sin_saldo_detiene_todas_las_cuentas_de_x_y_ninguna_otra(escena):
    uno, dos, otra = escena.cuenta(Red.X), escena.cuenta(Red.X), escena.cuenta(Red.FACEBOOK)
    escena.aprobada(uno)
    (toma,) = escena.tomar()
    escena.salir(toma)
    orden = Detenida("Sin saldo.", Causa.CUENTA, MotivoPausa.SALDO, toda_la_red=True)
    escena.cerrar(toma, orden, Suceso.RECHAZADO)
    with escena.sesiones() as sesion:
        pausadas = set(sesion.scalars(select(Cuenta.id).where(Cuenta.pausada_por.is_not(None))))
    assert pausadas == {uno, dos}
    assert otra not in pausadas


def test_el_limite_frena_la_cuenta_hasta_su_hora(escena):
    cuenta = escena.cuenta(Red.X)
    escena.aprobada(cuenta)
    escena.aprobada(cuenta)
    (toma,) = escena.tomar()
    escena.salir(toma)
    hasta = escena.ahora + timedelta(minutes=15)
    escena.cerrar(toma, Espera(hasta, "límite", frena_cuenta=True), Suceso.RECHAZADO)
    escena.pasa(minutes=14)
    assert escena.tomar() == []
    escena.pasa(minutes=1)
    assert len(escena.tomar()) == 1


def test_la_pausa_cierra_la_ultima_puerta_y_al_reanudar_nada_vencido_sale_solo(escena):
    (una,) = escena.aprobada(escena.cuenta())
    (toma,) = escena.tomar()
    with escena.sesiones.begin() as sesion:
        pausar(sesion, motivo="luto", quien="j@x", persona_id=None, ahora=escena.ahora)
    assert escena.salir(toma) is Puerta.CERRADA
    assert escena.estado(una) == "programada"
    assert escena.tomar() == []
    with escena.sesiones.begin() as sesion:
        assert reanudar(sesion, quien="j@x", persona_id=None, ahora=escena.ahora) == 1
    assert (escena.estado(una), escena.fila(una).causa) == ("detenida", Causa.PAUSA)


def test_dos_pausas_a_la_vez_no_caben(escena):
    with escena.sesiones.begin() as sesion:
        pausar(sesion, motivo="luto", quien="j", persona_id=None, ahora=escena.ahora)
    with escena.sesiones.begin() as sesion, pytest.raises(NoSePuede, match="ya está en pausa"):
        pausar(sesion, motivo="otra", quien="j", persona_id=None, ahora=escena.ahora)
