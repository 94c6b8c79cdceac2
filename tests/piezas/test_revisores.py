"""El enlace de alguien de fuera: vence, se retira, se usa una vez y no guarda su secreto."""

from dataclasses import replace
from datetime import timedelta

import pytest

from piezas.errores import DatosInvalidos, EnlaceNoSirve
from piezas.redaccion import guardar_version
from piezas.revisores import Opinion, abrir, invitar, opinar, revocar
from tests.fabricas import un_borrador, una_cuenta, una_pieza

UN_DIA = timedelta(days=1)


@pytest.fixture
def pieza(sesion):
    return una_pieza(sesion, una_cuenta(sesion))


@pytest.fixture
def dado(sesion, pieza, ahora):
    return invitar(
        sesion, pieza.id, para="Ana, Secretaría", plazo=UN_DIA, por=pieza.autor_id, ahora=ahora
    )


def test_el_secreto_no_queda_en_la_base(sesion, dado):
    _, secreto = dado
    filas = sesion.connection().exec_driver_sql("SELECT * FROM enlace_revision").all()
    assert filas
    assert secreto not in repr(filas)


def test_abre_hasta_que_vence(sesion, dado, ahora):
    enlace, secreto = dado
    assert abrir(sesion, secreto, ahora=ahora + timedelta(hours=23)).id == enlace.id
    with pytest.raises(EnlaceNoSirve):
        abrir(sesion, secreto, ahora=ahora + UN_DIA)


def test_un_secreto_inventado_y_uno_retirado_dicen_lo_mismo(sesion, dado, pieza, ahora):
    enlace, secreto = dado
    revocar(sesion, enlace.id, por=pieza.autor_id, ahora=ahora)
    frases = []
    for cual in (secreto, "inventado"):
        with pytest.raises(EnlaceNoSirve) as fallo:
            abrir(sesion, cual, ahora=ahora)
        frases.append(fallo.value.mensaje)
    assert frases[0] == frases[1]


def test_se_responde_una_vez(sesion, dado, ahora):
    enlace, secreto = dado
    opinar(sesion, secreto, opinion="visto_bueno", comentario="", ahora=ahora)
    with pytest.raises(EnlaceNoSirve, match="ya se usó"):
        opinar(sesion, secreto, opinion="observaciones", comentario="Otra cosa", ahora=ahora)
    assert enlace.opinion is Opinion.VISTO_BUENO


def test_observar_pide_decir_que(sesion, dado, ahora):
    with pytest.raises(DatosInvalidos, match="observaciones"):
        opinar(sesion, dado[1], opinion="observaciones", comentario=" ", ahora=ahora)


def test_si_el_texto_cambia_el_enlace_ya_no_muestra_nada(sesion, dado, pieza, ahora):
    destino = un_borrador(*[])
    nuevo = replace(destino, texto="Otro texto.", destinos=())
    guardar_version(sesion, pieza.id, nuevo, por=pieza.autor_id, ahora=ahora)
    with pytest.raises(EnlaceNoSirve, match="cambió"):
        abrir(sesion, dado[1], ahora=ahora)
