"""Los festivos de Colombia y las conmemoraciones de una oficina."""

from datetime import date

from piezas.efemerides import Origen, efemerides, festivo


def test_los_festivos_de_diciembre_y_sus_conmemoraciones():
    del_mes = efemerides(date(2026, 12, 1), date(2027, 1, 1))
    festivos = [(una.dia.day, una.nombre) for una in del_mes if una.es_festivo]
    assert festivos == [(8, "La Inmaculada Concepción"), (25, "Navidad")]
    assert any(una.dia == date(2026, 12, 22) and una.origen is Origen.LOCAL for una in del_mes)


def test_los_lunes_trasladados_cuentan_y_se_dicen_sin_jerga():
    assert festivo(date(2026, 11, 2)) == "Día de Todos los Santos"
    assert festivo(date(2026, 11, 1)) is None
    assert festivo(date(2026, 7, 13)) is not None


def test_cruzar_el_anio_trae_los_dos_lados():
    dias = {una.dia for una in efemerides(date(2026, 12, 25), date(2027, 1, 12)) if una.es_festivo}
    assert dias == {date(2026, 12, 25), date(2027, 1, 1), date(2027, 1, 11)}
