"""Franjas: la próxima libre respeta lo que ya hay; los choques y los días vacíos se ven."""

from datetime import date, datetime, time, timedelta

import pytest

from cola.errores import NoSePuede
from cola.franjas import (
    Hueco,
    choques,
    dias_vacios,
    espaciado_de,
    fijar_franjas,
    franjas_de,
    ocupaciones,
    proxima_libre,
)
from conectores.contrato import Red
from piezas.errores import SinPermisoPara
from piezas.personas import Papel
from piezas.zona import desde_bogota
from tests.fabricas import AHORA, una_cuenta, una_persona, una_pieza

# AHORA es el martes 1 de diciembre de 2026 a las 7:00 de Bogotá.


def local(dia: int, hora: int, minuto: int = 0) -> datetime:
    return desde_bogota(datetime.combine(date(2026, 12, dia), time(hora, minuto)))


@pytest.fixture
def sesion(sesiones):
    with sesiones.begin() as abierta:
        yield abierta


@pytest.fixture
def gestora(sesion):
    return una_persona(sesion, Papel.COMMUNITY)


def con_franjas(sesion, gestora, *huecos, **cambios):
    cuenta = una_cuenta(sesion, **cambios)
    fijar_franjas(sesion, cuenta.alias, huecos, por=gestora.id, ahora=AHORA)
    return cuenta


def test_la_proxima_libre_es_la_primera_franja_que_nadie_ocupa(sesion, gestora):
    cuenta = con_franjas(sesion, gestora, Hueco(2, time(9)), Hueco(2, time(12)), Hueco(4, time(8)))
    assert proxima_libre(sesion, cuenta.id, AHORA) == local(1, 9)
    una_pieza(sesion, cuenta, programada_para=local(1, 9))
    assert proxima_libre(sesion, cuenta.id, AHORA) == local(1, 12)
    una_pieza(sesion, cuenta, programada_para=local(1, 12))
    assert proxima_libre(sesion, cuenta.id, AHORA) == local(3, 8)


def test_una_franja_pegada_a_otra_salida_no_esta_libre(sesion, gestora):
    cuenta = con_franjas(
        sesion, gestora, Hueco(2, time(9)), Hueco(2, time(10)), espaciado_s=15 * 60
    )
    una_pieza(sesion, cuenta, programada_para=local(1, 9, 10))
    assert proxima_libre(sesion, cuenta.id, AHORA) == local(1, 10)


def test_sin_franjas_propone_la_media_hora_que_sigue_en_horas_de_oficina(sesion):
    cuenta = una_cuenta(sesion)
    assert proxima_libre(sesion, cuenta.id, local(1, 7, 10)) == local(1, 7, 30)
    assert proxima_libre(sesion, cuenta.id, local(1, 9)) == local(1, 9)
    assert proxima_libre(sesion, cuenta.id, local(1, 19, 5)) == local(2, 7)


def test_si_todo_esta_ocupado_no_inventa(sesion, gestora):
    cuenta = con_franjas(sesion, gestora, Hueco(2, time(9)), espaciado_s=60)
    for semana in range(10):
        una_pieza(sesion, cuenta, programada_para=local(1, 9) + timedelta(weeks=semana))
    assert proxima_libre(sesion, cuenta.id, AHORA) is None


def test_las_franjas_se_cambian_de_una_vez_y_las_repetidas_cuentan_una(sesion, gestora):
    cuenta = con_franjas(sesion, gestora, Hueco(1, time(9)), Hueco(1, time(9)))
    assert franjas_de(sesion, cuenta.id) == (Hueco(1, time(9)),)
    fijar_franjas(sesion, cuenta.alias, [Hueco(5, time(18, 30))], por=gestora.id, ahora=AHORA)
    assert franjas_de(sesion, cuenta.id) == (Hueco(5, time(18, 30)),)
    muchas = [Hueco(1, time(n // 60, n % 60)) for n in range(101)]
    with pytest.raises(NoSePuede):
        fijar_franjas(sesion, cuenta.alias, muchas, por=gestora.id, ahora=AHORA)
    redacta = una_persona(sesion, Papel.REDACCION)
    with pytest.raises(SinPermisoPara):
        fijar_franjas(sesion, cuenta.alias, [], por=redacta.id, ahora=AHORA)


def test_dos_salidas_mas_cerca_que_el_espaciado_chocan_y_las_de_otra_cuenta_no(sesion):
    una, otra = una_cuenta(sesion), una_cuenta(sesion, Red.X)
    primera = una_pieza(sesion, una, programada_para=local(5, 8))
    segunda = una_pieza(sesion, una, otra, programada_para=local(5, 8, 1))
    una_pieza(sesion, una, programada_para=local(5, 8, 30))
    hay = ocupaciones(sesion, local(5, 0), local(6, 0))
    (par,) = choques(hay, {una.id: espaciado_de(una), otra.id: espaciado_de(otra)})
    assert [salida.pieza_id for salida in par] == [primera.id, segunda.id]


def test_los_dias_vacios_son_los_que_nadie_llena():
    vacios = dias_vacios(
        [date(2026, 12, 1), date(2026, 12, 3)], date(2026, 12, 1), date(2026, 12, 5)
    )
    assert vacios == (date(2026, 12, 2), date(2026, 12, 4))
