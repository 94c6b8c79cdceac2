from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cola.desenlaces import Avanza, Detenida, Duda, Espera, Publicada, Rendida
from cola.estados import MotivoPausa
from cola.reintentos import (
    MAX_FALLOS,
    Momento,
    decidir,
    es_tardia,
    espera_tras,
    puede_llamar,
    tras_mirada_fallida,
    tras_mirar,
)
from conectores import errores as e
from conectores.contrato import Recibo, Red

AHORA = datetime(2026, 12, 1, 12, tzinfo=UTC)
ESPERAS = (90.0, 600.0)
RECIBO = Recibo(id_remoto="1_2", url="https://red.example/1_2")


def momento(**cambios):
    campos = {
        "red": Red.FACEBOOK,
        "paso": "publicar",
        "salida_en": AHORA,
        "fallos": 0,
        "reenvios": 0,
        "miradas": 0,
        "avance": {},
    }
    return Momento(**{**campos, **cambios})


def decide(error, *, salio, **cambios):
    return decidir(
        error, momento(**cambios), salio=salio, ahora=AHORA, esperas=ESPERAS, azar=Random(7)
    )


@given(st.integers(min_value=0, max_value=10**6), st.integers())
def test_la_espera_crece_pero_nunca_pasa_de_doce_minutos_y_medio(fallos, semilla):
    espera = espera_tras(fallos, Random(semilla))
    assert timedelta(seconds=3) < espera <= timedelta(seconds=750)


def test_la_espera_se_duplica_entre_fallos_seguidos():
    minima = [5 * 2**n * 0.75 for n in range(6)]
    maxima = [5 * 2**n * 1.25 for n in range(6)]
    for n, (abajo, arriba) in enumerate(zip(minima, maxima, strict=True), start=1):
        assert abajo <= espera_tras(n, Random(n)).total_seconds() <= arriba


@pytest.mark.parametrize("error", [e.SinRespuesta(), e.PosibleDuplicado()])
def test_una_salida_sin_respuesta_clara_es_duda_y_se_mira_despues(error):
    desenlace = decide(error, salio=True)
    assert isinstance(desenlace, Duda)
    assert desenlace.mirar_en == AHORA + timedelta(seconds=90)
    assert desenlace.duplicado == isinstance(error, e.PosibleDuplicado)


@pytest.mark.parametrize("error", [e.SinRespuesta(), e.NoSalio(), e.Pasajero()])
def test_lo_mismo_antes_de_salir_solo_espera(error):
    desenlace = decide(error, salio=False)
    assert isinstance(desenlace, Espera)
    assert AHORA < desenlace.hasta < AHORA + timedelta(seconds=10)


def test_si_no_hubo_conexion_no_hay_duda_aunque_la_salida_estuviera_anotada():
    assert isinstance(decide(e.NoSalio(), salio=True), Espera)


def test_el_limite_frena_la_cuenta_hasta_la_hora_que_dijo_la_red():
    hasta = AHORA + timedelta(hours=3)
    desenlace = decide(e.LimiteAlcanzado(hasta=hasta), salio=True)
    assert desenlace == Espera(hasta, e.LimiteAlcanzado.mensaje, frena_cuenta=True)


def test_el_limite_sin_hora_espera_un_cuarto_de_hora():
    desenlace = decide(e.LimiteAlcanzado(), salio=True)
    assert desenlace.hasta >= AHORA + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("error", "pausa", "toda"),
    [
        (e.SinPermiso(), MotivoPausa.CREDENCIAL, False),
        (e.SinSaldo(), MotivoPausa.SALDO, True),
        (e.CuentaBloqueada(), MotivoPausa.BLOQUEO, False),
        (e.MalConfigurada(), MotivoPausa.CONFIGURACION, False),
    ],
)
def test_lo_que_es_de_la_cuenta_detiene_la_cuenta(error, pausa, toda):
    desenlace = decide(error, salio=True)
    assert isinstance(desenlace, Detenida)
    assert (desenlace.pausa, desenlace.toda_la_red) == (pausa, toda)


def test_un_contenido_rechazado_se_rinde_con_su_frase():
    error = e.ContenidoRechazado("La imagen no sirve.")
    assert decide(error, salio=True) == Rendida("La imagen no sirve.")


def test_tras_el_maximo_de_fallos_se_rinde():
    assert isinstance(decide(e.NoSalio(), salio=False, fallos=MAX_FALLOS - 1), Rendida)
    assert isinstance(decide(e.NoSalio(), salio=False, fallos=MAX_FALLOS - 2), Espera)


def test_el_video_en_proceso_no_cuenta_como_fallo():
    desenlace = decide(e.AunNo(espera=timedelta(seconds=30)), salio=False)
    assert desenlace == Espera(AHORA + timedelta(seconds=30), e.AunNo.mensaje, es_fallo=False)


def test_un_hilo_a_medias_que_no_puede_seguir_pasa_a_una_persona_no_a_fallida():
    avance = {"segmento-0": "1", "segmento-0.url": "https://x.example/1"}
    desenlace = decide(
        e.ContenidoRechazado("Muy largo."), salio=True, red=Red.X, paso="segmento-1", avance=avance
    )
    assert isinstance(desenlace, Duda)
    assert desenlace.mirar_en is None
    assert "Muy largo." in desenlace.motivo


def test_un_comentario_rechazado_deja_la_publicacion_publicada_con_aviso():
    avance = {"publicar": "1_2", "publicar.url": "https://red.example/1_2"}
    desenlace = decide(
        e.ContenidoRechazado("No se admite."), salio=True, paso="comentar", avance=avance
    )
    assert isinstance(desenlace, Publicada)
    assert desenlace.recibo.id_remoto == "1_2"
    assert "No se admite." in desenlace.recibo.aviso


def mira(hallado=None, **cambios):
    return tras_mirar(hallado, momento(**cambios), ahora=AHORA, esperas=ESPERAS)


def test_lo_hallado_se_adopta():
    assert mira(RECIBO) == Publicada(RECIBO)


def test_un_segmento_hallado_deja_seguir_el_hilo():
    parcial = Recibo(id_remoto="9", url="https://x.example/9", completo=False)
    assert mira(parcial, red=Red.X, paso="segmento-1") == Avanza("segmento-1", parcial)


@pytest.mark.parametrize("red", list(Red))
def test_la_primera_ausencia_nunca_decide(red):
    desenlace = mira(red=red)
    assert isinstance(desenlace, Duda)
    assert desenlace.mirar_en == AHORA + timedelta(seconds=600)
    assert desenlace.ausente


@pytest.mark.parametrize(
    ("red", "reenvios", "propia", "repite"),
    [
        (Red.X, 0, False, True),
        (Red.X, 1, False, False),
        (Red.WORDPRESS, 0, False, True),
        (Red.FACEBOOK, 0, False, False),
        (Red.FACEBOOK, 0, True, True),
        (Red.FACEBOOK, 1, True, False),
    ],
)
def test_tras_la_ultima_mirada_cada_red_tiene_su_politica(red, reenvios, propia, repite):
    desenlace = mira(red=red, miradas=1, reenvios=reenvios, reenvia_en_duda=propia)
    if repite:
        assert isinstance(desenlace, Espera)
        assert desenlace.reenvia
    else:
        assert isinstance(desenlace, Duda)
        assert desenlace.mirar_en is None


def test_un_duplicado_que_no_aparece_no_se_repite_solo():
    desenlace = mira(red=Red.X, miradas=1, era_duplicado=True)
    assert isinstance(desenlace, Duda)
    assert desenlace.mirar_en is None


def test_no_poder_mirar_no_cuenta_como_ausencia():
    desenlace = tras_mirada_fallida(e.NoSalio(), fallos=0, ahora=AHORA, azar=Random(1))
    assert not desenlace.ausente
    assert desenlace.mirar_en is not None
    assert desenlace.mirar_en > AHORA


def test_pasado_el_plazo_no_se_llama():
    assert puede_llamar(timedelta(seconds=2))
    assert not puede_llamar(timedelta(seconds=2, milliseconds=1))


def test_tardia_se_cuenta_desde_la_hora_o_desde_que_el_carril_quedo_libre():
    media_hora = timedelta(minutes=30)
    hace_una_hora = AHORA - timedelta(hours=1)
    assert es_tardia(hace_una_hora, carril_libre_desde=None, tolerancia=media_hora, ahora=AHORA)
    assert not es_tardia(
        hace_una_hora,
        carril_libre_desde=AHORA - timedelta(minutes=2),
        tolerancia=media_hora,
        ahora=AHORA,
    )
    assert not es_tardia(
        AHORA - media_hora, carril_libre_desde=None, tolerancia=media_hora, ahora=AHORA
    )
