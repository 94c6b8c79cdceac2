import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cola import transiciones as t
from cola.desenlaces import Avanza, Detenida, Duda, Espera, Publicada, Rendida
from cola.errores import ArriendoPerdido, NoSePuede, PasoProhibido
from cola.estados import Causa, Estado
from cola.transiciones import Fila
from conectores.contrato import Recibo

AHORA = datetime(2026, 12, 1, 12, tzinfo=UTC)
LUEGO = AHORA + timedelta(seconds=120)
RECIBO = Recibo(id_remoto="1_2", url="https://red.example/1_2")
NUEVA = Fila(id=1, estado=Estado.PROGRAMADA, programada_para=AHORA, vence=AHORA)
TOMADA = t.tomar(NUEVA, dueno="uno", hasta=LUEGO)
SALIENDO = t.marcar_salida(TOMADA, ficha=1, paso="publicar", ahora=AHORA, hasta=LUEGO)
EN_DUDA = t.cerrar(SALIENDO, Duda("no se sabe", LUEGO), ficha=1, ahora=AHORA)


def test_tomar_sube_la_ficha_y_arrienda():
    assert (TOMADA.estado, TOMADA.ficha, TOMADA.arriendo_de) == (Estado.TOMADA, 1, "uno")


def test_una_tomada_no_se_toma_otra_vez():
    with pytest.raises(PasoProhibido):
        t.tomar(TOMADA, dueno="dos", hasta=LUEGO)


def test_marcar_la_salida_cuenta_el_intento_y_guarda_el_momento():
    assert (SALIENDO.estado, SALIENDO.intentos, SALIENDO.salida_en) == (Estado.ENVIANDO, 1, AHORA)


def test_con_el_arriendo_vencido_no_se_puede_marcar():
    with pytest.raises(ArriendoPerdido):
        t.marcar_salida(TOMADA, ficha=1, paso="publicar", ahora=LUEGO, hasta=LUEGO)


@pytest.mark.parametrize("ficha", [0, 2])
def test_una_ficha_ajena_no_cambia_nada(ficha):
    with pytest.raises(ArriendoPerdido):
        t.marcar_salida(TOMADA, ficha=ficha, paso="publicar", ahora=AHORA, hasta=LUEGO)
    with pytest.raises(ArriendoPerdido):
        t.cerrar(SALIENDO, Publicada(RECIBO), ficha=ficha, ahora=AHORA)


def test_publicada_lleva_id_direccion_y_la_hora_en_que_salio():
    fila = t.cerrar(SALIENDO, Publicada(RECIBO), ficha=1, ahora=LUEGO)
    assert (fila.estado, fila.id_remoto, fila.url) == (Estado.PUBLICADA, "1_2", RECIBO.url)
    assert fila.publicada_en == AHORA
    assert fila.arriendo_hasta is None


def test_un_recibo_sin_id_no_es_un_exito():
    with pytest.raises(ValueError, match="sin id"):
        t.cerrar(SALIENDO, Publicada(Recibo(id_remoto="", url="x")), ficha=1, ahora=AHORA)


def test_rescatar_lo_tomado_lo_devuelve_y_rescatar_lo_que_salia_lo_pone_en_duda():
    assert t.rescatar(TOMADA, ahora=LUEGO, esperas=(90, 600)).estado is Estado.PROGRAMADA
    duda = t.rescatar(SALIENDO, ahora=AHORA, esperas=(90, 600))
    assert duda.estado is Estado.EN_DUDA
    assert duda.mirar_en == AHORA + timedelta(seconds=90)
    assert duda.ficha == 2


def test_rescatar_una_mirada_conserva_la_duda_y_su_cita():
    mirando = t.tomar_mirada(EN_DUDA, dueno="uno", hasta=LUEGO)
    fila = t.rescatar(mirando, ahora=LUEGO, esperas=(90, 600))
    assert (fila.estado, fila.mirar_en, fila.arriendo_hasta) == (Estado.EN_DUDA, LUEGO, None)
    assert fila.ficha == mirando.ficha + 1


def test_una_duda_sin_mirada_pendiente_requiere_persona():
    fila = t.cerrar(SALIENDO, Duda("mírela", None), ficha=1, ahora=AHORA)
    assert fila.requiere_persona
    assert fila.mirar_en is None


def test_cada_ausencia_suma_una_mirada_y_cada_salida_las_borra():
    mirando = t.tomar_mirada(EN_DUDA, dueno="uno", hasta=LUEGO)
    una = t.cerrar(mirando, Duda("no está", LUEGO, ausente=True), ficha=mirando.ficha, ahora=AHORA)
    assert una.miradas == 1
    ilegible = t.tomar_mirada(una, dueno="uno", hasta=LUEGO)
    igual = t.cerrar(ilegible, Duda("no se pudo", LUEGO), ficha=ilegible.ficha, ahora=AHORA)
    assert igual.miradas == 1


def test_avanzar_anota_el_paso_y_sigue_en_manos_del_obrero():
    fila = t.cerrar(SALIENDO, Avanza("segmento-0", RECIBO), ficha=1, ahora=AHORA)
    assert fila.estado is Estado.ENVIANDO
    assert json.loads(fila.avance) == {"segmento-0": "1_2", "segmento-0.url": RECIBO.url}
    assert fila.hay_algo_publico


def test_avanzar_desde_la_duda_vuelve_a_la_fila():
    mirando = t.tomar_mirada(EN_DUDA, dueno="uno", hasta=LUEGO)
    fila = t.cerrar(mirando, Avanza("segmento-0", RECIBO), ficha=mirando.ficha, ahora=AHORA)
    assert (fila.estado, fila.vence) == (Estado.PROGRAMADA, AHORA)


def test_olvidar_los_medios_conserva_los_segmentos():
    avance = json.dumps({"medio-0": "7", "segmento-0": "1", "segmento-0.url": "u"})
    fila = replace(SALIENDO, avance=avance)
    libre = t.cerrar(fila, Espera(LUEGO, "x", olvida_medios=True), ficha=1, ahora=AHORA)
    assert json.loads(libre.avance) == {"segmento-0": "1", "segmento-0.url": "u"}
    assert libre.fallos == 1


def test_lo_detenido_dice_su_causa():
    fila = t.cerrar(TOMADA, Detenida("sin permiso", Causa.CUENTA), ficha=1, ahora=AHORA)
    assert (fila.estado, fila.causa, fila.motivo) == (Estado.DETENIDA, Causa.CUENTA, "sin permiso")


def test_si_la_cuenta_cae_durante_una_mirada_la_duda_sigue_siendo_duda():
    mirando = t.tomar_mirada(EN_DUDA, dueno="uno", hasta=LUEGO)
    fila = t.cerrar(mirando, Detenida("x", Causa.CUENTA), ficha=mirando.ficha, ahora=AHORA)
    assert fila.estado is Estado.EN_DUDA
    assert fila.mirar_en is not None


def test_cancelar_gana_mientras_no_haya_salido():
    assert t.cancelar(NUEVA, motivo="no va", ahora=AHORA).estado is Estado.CANCELADA
    cancelada = t.cancelar(TOMADA, motivo="no va", ahora=AHORA)
    assert (cancelada.estado, cancelada.ficha) == (Estado.CANCELADA, TOMADA.ficha + 1)
    for fila in (SALIENDO, EN_DUDA):
        with pytest.raises(PasoProhibido):
            t.cancelar(fila, motivo="no va", ahora=AHORA)


def test_lo_que_ya_es_publico_en_parte_no_se_cancela():
    a_medias = replace(NUEVA, avance=json.dumps({"segmento-0": "1", "segmento-0.url": "u"}))
    with pytest.raises(NoSePuede, match="parte ya salió"):
        t.cancelar(a_medias, motivo="no va", ahora=AHORA)


def test_rendirse_y_volver_a_programar_conserva_la_aprobacion_y_borra_el_motivo():
    fallida = t.cerrar(SALIENDO, Rendida("no cabe"), ficha=1, ahora=AHORA)
    otra = t.reprogramar(fallida, para=LUEGO)
    assert (otra.estado, otra.vence, otra.motivo) == (Estado.PROGRAMADA, LUEGO, None)


@pytest.mark.parametrize("final", [Estado.CANCELADA, Estado.RETIRADA])
def test_de_un_final_no_se_sale(final):
    fila = replace(NUEVA, estado=final)
    for a in Estado:
        with pytest.raises(PasoProhibido):
            t._a(fila, a)


def test_el_paso_siguiente_no_paga_los_reenvios_del_anterior():
    repetida = replace(SALIENDO, reenvios=1, fallos=2)
    hecho = Avanza("segmento-0", Recibo(id_remoto="1", url=RECIBO.url, completo=False))
    sigue = t.cerrar(repetida, hecho, ficha=1, ahora=AHORA)
    assert (sigue.reenvios, sigue.fallos) == (0, 0)
    hallada = t.cerrar(
        replace(EN_DUDA, reenvios=1, arriendo_hasta=LUEGO), hecho, ficha=1, ahora=LUEGO
    )
    assert (hallada.estado, hallada.reenvios) == (Estado.PROGRAMADA, 0)
