"""Retirar y corregir de verdad en las redes de ensayo: una vez y con dos personas."""

from datetime import timedelta

import pytest

from cola import enmendar
from cola.cuentas import Cuenta
from cola.enmiendas import EstadoEnmienda
from cola.errores import NoSePuede
from cola.publicaciones import Publicacion, Suceso
from piezas.errores import CuatroOjos
from piezas.redaccion import guardar_version
from tests.escenario_publicado import MOTIVO, Escenario
from tests.fabricas import un_borrador


@pytest.fixture
def escenario(oficina, monkeypatch):
    hechos: list[Escenario] = []

    def armar(alias: str) -> Escenario:
        hechos.append(Escenario(oficina, monkeypatch, alias))
        return hechos[-1]

    yield armar
    for uno in hechos:
        uno.casa.cerrar()


@pytest.mark.parametrize("alias", ["fb", "x", "web"])
def test_dos_personas_retiran_y_deja_de_estar_en_la_red(escenario, alias):
    e = escenario(alias)
    assert len(e.en_la_red()) == 1
    e.retirar()
    assert e.motor.enmendar() == 1
    assert e.fila.estado == "retirada"
    assert e.fila.motivo == MOTIVO
    assert "Texto de antes" in e.enmienda().evidencia
    e.adelanto = timedelta(seconds=30)  # lo visto se recuerda unos segundos
    assert e.en_la_red() == []
    assert e.sucesos() == [Suceso.SALIDA, Suceso.ACEPTADO]
    assert e.motor.enmendar() == 0


def test_quien_lo_pide_no_lo_confirma(escenario):
    e = escenario("fb")
    with e.casa.sesiones.begin() as sesion:
        pedida = enmendar.pedir_retiro(
            sesion, e.id, motivo=MOTIVO, archivo=None, por=e.jefe, ahora=e.casa.ahora()
        ).id
    with pytest.raises(CuatroOjos), e.casa.sesiones.begin() as sesion:
        enmendar.confirmar_retiro(sesion, pedida, por=e.jefe, ahora=e.casa.ahora())
    assert e.motor.enmendar() == 0
    assert e.fila.estado == "publicada"


@pytest.mark.parametrize("alias", ["x", "web"])
def test_sin_respuesta_se_mira_antes_de_repetir_y_no_se_llama_dos_veces(escenario, redes, alias):
    e = escenario(alias)
    red = {"x": "x", "web": "wordpress"}[alias]
    e.retirar()
    redes.mundo.armar(red, "corta_despues", 1, llamada="borrar")
    e.motor.enmendar()
    assert e.enmienda().estado is EstadoEnmienda.EN_DUDA
    assert e.fila.estado == "publicada"
    e.adelanto = timedelta(minutes=10)
    e.motor.enmendar()
    assert e.fila.estado == "retirada"
    assert e.sucesos() == [
        Suceso.SALIDA,
        Suceso.SIN_RESPUESTA,
        Suceso.AUSENTE,
        Suceso.ACEPTADO,
    ]


def test_corregir_conserva_la_direccion_y_deja_una_sola_entrada_con_su_nota(escenario):
    e = escenario("web")
    antes = e.fila
    e.nueva_version("Texto de ahora, con el dato bueno.")
    e.corregir()
    assert e.motor.enmendar() == 1
    e.adelanto = timedelta(seconds=30)
    (entrada,) = e.en_la_red()
    assert entrada.url == antes.url
    assert "el dato bueno" in entrada.texto
    assert "Texto de antes" not in entrada.texto
    assert "Corregida el " in entrada.texto
    assert e.fila.estado == "publicada"
    with pytest.raises(NoSePuede, match="versión nueva aprobada"):
        e.corregir()


def test_una_correccion_que_pierde_su_aprobacion_no_sale(escenario):
    e = escenario("web")
    e.nueva_version("Texto de ahora, con el dato bueno.")
    e.corregir()
    with e.casa.sesiones.begin() as sesion:
        pieza_id = sesion.get_one(Publicacion, e.id).pieza_id
        cuenta = sesion.get_one(Cuenta, e.cuenta_id)
        otro = un_borrador(cuenta, texto="Otra más.", programada_para=e.fila.programada_para)
        guardar_version(sesion, pieza_id, otro, por=e.autor, ahora=e.casa.ahora())
    e.motor.enmendar()
    assert e.enmienda().estado is EstadoEnmienda.FALLIDA
    assert "Texto de antes" in e.en_la_red()[0].texto


def test_un_motor_muerto_tras_anotar_la_salida_deja_la_duda_y_no_otra_llamada(escenario):
    e = escenario("fb")
    e.retirar()
    enmendador = e.motor._enmendador
    encargo = enmendador._tomar()
    assert enmendador._marcar_salida(encargo)
    # El proceso muere aquí: otro lo rescata cuando vence el arriendo.
    e.adelanto = timedelta(minutes=11)
    e.motor.enmendar()
    assert e.enmienda().estado is EstadoEnmienda.EN_DUDA
    e.adelanto = timedelta(minutes=30)
    e.motor.enmendar()
    assert e.fila.estado == "retirada"
    assert e.sucesos()[:2] == [Suceso.SALIDA, Suceso.HALLADO]
