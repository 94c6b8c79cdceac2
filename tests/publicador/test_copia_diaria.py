"""La cabeza de la bitácora sale una vez al día hacia quienes la guardan."""

from datetime import timedelta

from piezas.bitacora import anotar
from piezas.personas import Papel
from piezas.verificacion import Cabeza, verificar
from publicador.copia_diaria import anunciar_cabeza
from tests.fabricas import una_persona


def test_la_cabeza_se_anuncia_una_vez_al_dia_y_sirve_para_comprobar(sesiones, ahora):
    cartas = []

    def enviar(*carta):
        cartas.append(carta)
        return True

    assert not anunciar_cabeza(sesiones, enviar, ahora=ahora)
    with sesiones.begin() as sesion:
        una_persona(sesion, Papel.CONSULTA, correo="control@prensa.example")
        una_persona(sesion, Papel.REDACCION)
        anotar(sesion, "probar", quien="x", objeto="pieza", ahora=ahora)
    assert anunciar_cabeza(sesiones, enviar, ahora=ahora)
    assert not anunciar_cabeza(sesiones, enviar, ahora=ahora + timedelta(hours=3))
    ((para, asunto, texto),) = cartas
    assert para == "control@prensa.example"
    assert "2026-12-01" in asunto
    cabeza = next(renglon for renglon in texto.splitlines() if renglon.startswith("1:"))
    with sesiones() as sesion:
        assert verificar(sesion, conocida=Cabeza.de_texto(cabeza)).esta_bien
    assert anunciar_cabeza(sesiones, None, ahora=ahora + timedelta(days=1))
