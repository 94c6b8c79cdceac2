"""Lo dudoso se mira de verdad y, si no se puede saber, pasa a una persona."""

from datetime import timedelta
from functools import partial

import pytest

from cola.avisos import ClaseAviso
from cola.cuentas import Cuenta
from cola.estados import MotivoPausa
from cola.programacion import reintentar
from cola.reintentos import MAX_FALLOS
from conectores.contrato import Hallazgo, Listo, Paso, Red
from conectores.errores import ContenidoRechazado, Pasajero, SinPermiso, SinRespuesta
from tests.publicador.motor.apoyo import RedDeMano, correr, cuenta


def en_duda(escena, cuenta_id):
    """Una entrega de la que no se sabe si salió, con la primera mirada ya vencida."""
    (una,) = escena.aprobada(cuenta_id)
    red = RedDeMano()

    def se_corta(listo):
        raise SinRespuesta

    red.al_publicar = se_corta
    correr(escena, red)
    assert escena.estado(una) == "en_duda"
    escena.pasa(seconds=91)
    return una


def test_un_hilo_a_medias_que_ya_no_cabe_pasa_a_una_persona_y_el_motor_sigue(escena):
    (hilo,) = escena.aprobada(escena.cuenta(Red.X))
    red = RedDeMano()
    fallas = iter([Pasajero(), ContenidoRechazado()])

    def preparar(envio, libreta):
        if libreta.leer("segmento-0"):
            raise next(fallas)
        return Listo(envio=envio, paso=Paso(nombre="segmento-0", huella="h"))

    red.al_preparar = preparar
    red.al_publicar = partial(red.acepta, completo=False)
    correr(escena, red)
    assert escena.estado(hilo) == "programada"
    escena.pasa(minutes=1)
    correr(escena, red)
    assert (escena.estado(hilo), escena.fila(hilo).requiere_persona) == ("en_duda", True)
    assert "solo una parte" in escena.fila(hilo).motivo


def test_un_sobre_daniado_al_mirar_no_convierte_la_duda_en_fallida(escena):
    una = en_duda(escena, escena.cuenta())

    def no_abre(sobre, huella):
        raise ContenidoRechazado("Un archivo cambió. No salió.")

    correr(escena, RedDeMano(), abrir=no_abre)
    assert (escena.estado(una), escena.fila(una).requiere_persona) == ("en_duda", True)
    assert "No salió" not in escena.fila(una).motivo


@pytest.mark.parametrize("pausada", [None, MotivoPausa.PERSONA])
def test_si_al_mirar_el_permiso_ya_no_vale_la_cuenta_se_pausa_y_se_avisa_una_vez(escena, pausada):
    la_cuenta = escena.cuenta()
    una = en_duda(escena, la_cuenta)
    if pausada is not None:
        with escena.sesiones.begin() as sesion:
            fila = sesion.get_one(Cuenta, la_cuenta)
            fila.pausada_por, fila.pausada_motivo = pausada, "Vacaciones."
    red = RedDeMano()

    def sin_permiso(paso):
        raise SinPermiso

    red.al_buscar = sin_permiso
    for _ in range(3):
        correr(escena, red)
        escena.pasa(minutes=15)
    assert escena.estado(una) == "en_duda"
    assert cuenta(escena, la_cuenta).pausada_por is MotivoPausa.CREDENCIAL
    assert [clase for clase, _ in escena.avisos()] == [ClaseAviso.CUENTA]


def test_mirar_en_vano_se_hace_cada_vez_menos_y_al_fin_se_avisa(escena):
    una = en_duda(escena, escena.cuenta())
    red = RedDeMano()

    def caida(paso):
        raise SinRespuesta

    red.al_buscar = caida
    esperas = []
    for _ in range(MAX_FALLOS + 2):
        correr(escena, red)
        esperas.append(escena.fila(una).mirar_en - escena.ahora)
        escena.ahora = escena.fila(una).mirar_en
    assert esperas[0] < timedelta(seconds=7) < timedelta(minutes=5) < esperas[-1]
    assert [clase for clase, _ in escena.avisos()] == [ClaseAviso.DUDA]
    red.al_buscar = lambda paso: Hallazgo()
    correr(escena, red)
    assert escena.fila(una).fallos == 0


def test_una_entrega_a_mano_cuyo_motor_murio_espera_a_la_persona_sin_mirar_nada(escena):
    (una,) = escena.aprobada(escena.cuenta(Red.MANUAL))
    (toma,) = escena.tomar()
    escena.salir(toma)
    escena.pasa(seconds=121)
    escena.rescatar()
    escena.pasa(seconds=90)
    correr(escena, RedDeMano())
    assert escena.fila(una).requiere_persona
    assert "Entrega manual" in escena.fila(una).motivo


def test_lo_olvidado_por_la_red_no_se_toma_por_ya_anotado(escena):
    """Facebook desechó un video aceptado: el envío siguiente que muere se mira de verdad."""
    la_cuenta = escena.cuenta()
    (una,) = escena.aprobada(la_cuenta)
    red = RedDeMano()
    pasos = iter(["sale", "desecha", "sale"])

    def preparar(envio, libreta):
        if libreta.leer("publicar"):
            assert next(pasos) == "desecha"
            libreta.anotar("publicar", "")
            raise ContenidoRechazado("No se pudo procesar el video.")
        next(pasos)
        return Listo(envio=envio, paso=Paso(nombre="publicar", huella="h"))

    red.al_preparar = preparar
    red.al_publicar = partial(red.acepta, completo=False)
    correr(escena, red)
    assert escena.estado(una) == "fallida"
    with escena.sesiones.begin() as sesion:
        reintentar(sesion, una, quien="x", persona_id=None, ahora=escena.ahora)

    def se_corta(listo):
        raise SinRespuesta

    red.al_publicar = se_corta
    correr(escena, red)
    escena.pasa(seconds=91)
    miradas = []
    red.al_buscar = lambda paso: miradas.append(paso) or Hallazgo()
    correr(escena, red)
    assert (miradas, escena.estado(una)) == (["publicar"], "en_duda")
