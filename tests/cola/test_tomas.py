"""Qué se toma y cuándo: a su hora, de a una por cuenta y sin pisar a nadie."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from cola.avisos import ClaseAviso
from cola.desenlaces import Publicada
from cola.estados import Causa, Estado
from cola.programacion import reintentar
from cola.publicaciones import Publicacion, Suceso
from cola.salidas import Puerta
from conectores.contrato import Recibo
from tests.cola.escena import RECIBO


def test_nada_se_toma_antes_de_su_hora(escena):
    escena.aprobada(escena.cuenta(), para=escena.ahora + timedelta(seconds=10))
    assert escena.tomar() == []
    escena.pasa(seconds=10)
    assert len(escena.tomar()) == 1


def test_una_cuenta_tiene_a_lo_sumo_una_entrega_en_vuelo(escena):
    cuenta = escena.cuenta(espaciado_s=0)
    escena.aprobada(cuenta)
    escena.aprobada(cuenta)
    assert len(escena.tomar()) == 1
    assert escena.tomar() == []


def test_la_base_misma_rechaza_dos_en_vuelo(escena):
    cuenta = escena.cuenta(espaciado_s=0)
    escena.aprobada(cuenta)
    (otra,) = escena.aprobada(cuenta)
    escena.tomar()
    with pytest.raises(IntegrityError), escena.sesiones.begin() as sesion:
        sesion.execute(
            update(Publicacion)
            .where(Publicacion.id == otra)
            .values(estado=Estado.TOMADA, arriendo_de="x", arriendo_hasta=escena.ahora)
        )


@pytest.mark.parametrize(
    "cambios",
    [
        {"estado": Estado.PUBLICADA},
        {"estado": Estado.ENVIANDO},
        {"estado": Estado.FALLIDA},
        {"estado": Estado.DETENIDA, "motivo": "sin causa"},
        {"id_remoto": "7"},
        {"vence": None},
        {"requiere_persona": True},
    ],
)
def test_la_base_rechaza_filas_imposibles(escena, cambios):
    (una,) = escena.aprobada(escena.cuenta())
    with pytest.raises(IntegrityError), escena.sesiones.begin() as sesion:
        sesion.execute(update(Publicacion).where(Publicacion.id == una).values(**cambios))


def test_entre_dos_de_una_pagina_pasan_dos_minutos(escena):
    cuenta = escena.cuenta()
    escena.aprobada(cuenta)
    escena.aprobada(cuenta)
    (toma,) = escena.tomar()
    escena.salir(toma)
    escena.cerrar(toma, Publicada(RECIBO), Suceso.ACEPTADO)
    escena.pasa(seconds=119)
    assert escena.tomar() == []
    escena.pasa(seconds=1)
    assert len(escena.tomar()) == 1


def test_veinte_a_la_misma_hora_salen_de_a_una_y_ninguna_es_tardia(escena):
    cuenta = escena.cuenta()
    ids = [escena.aprobada(cuenta)[0] for _ in range(20)]
    for n in range(20):
        (toma,) = escena.tomar()
        escena.salir(toma)
        recibo = Recibo(id_remoto=f"1001_{n}", url=f"https://www.facebook.com/1001_{n}")
        escena.cerrar(toma, Publicada(recibo), Suceso.ACEPTADO)
        escena.pasa(seconds=120)
    assert {escena.estado(i) for i in ids} == {"publicada"}


def test_lo_que_lleva_mas_de_la_tolerancia_espera_a_una_persona(escena):
    (una,) = escena.aprobada(escena.cuenta())
    escena.pasa(minutes=31)
    assert escena.tomar() == []
    fila = escena.fila(una)
    assert (fila.estado, fila.causa) == (Estado.DETENIDA, Causa.TARDIA)
    assert "cancélela" in fila.motivo


def test_reintentar_una_tardia_la_pone_para_ya(escena):
    (una,) = escena.aprobada(escena.cuenta())
    escena.pasa(hours=2)
    escena.tomar()
    with escena.sesiones.begin() as sesion:
        reintentar(sesion, una, quien="c@x", persona_id=None, ahora=escena.ahora)
    assert [toma.id for toma in escena.tomar()] == [una]


def test_el_obrero_dormido_no_pisa_al_que_lo_relevo(escena):
    (una,) = escena.aprobada(escena.cuenta())
    (dormida,) = escena.tomar(dueno="dormido")
    escena.pasa(seconds=121)
    assert escena.rescatar() == 1
    (fresca,) = escena.tomar(dueno="fresco")
    assert fresca.ficha > dormida.ficha
    assert escena.salir(dormida) is Puerta.PERDIDA
    assert escena.salir(fresca) is Puerta.ABIERTA
    assert not escena.cerrar(dormida, Publicada(RECIBO), Suceso.ACEPTADO)
    assert escena.estado(una) == "enviando"


def test_aprobar_pasada_la_hora_dentro_de_la_tolerancia_sale_y_despues_se_detiene(escena):
    (a_tiempo,) = escena.aprobada(escena.cuenta(), para=escena.ahora - timedelta(minutes=29))
    (tarde,) = escena.aprobada(escena.cuenta(), para=escena.ahora - timedelta(minutes=31))
    assert [escena.estado(i) for i in (a_tiempo, tarde)] == ["programada", "detenida"]


def test_lo_que_se_detiene_por_tarde_se_avisa_una_vez_por_cuenta(escena):
    una, otra = escena.cuenta(alias="una"), escena.cuenta(alias="otra")
    for cuenta in (una, una, otra):
        escena.aprobada(cuenta)
    escena.pasa(minutes=31)
    assert escena.tomar() == []
    assert escena.tomar() == []
    assert [clase for clase, _ in escena.avisos()] == [ClaseAviso.DETENIDA] * 2
    textos = sorted(texto for _, texto in escena.avisos())
    assert textos[0].startswith("otra: una entrega quedó detenida porque pasó su hora.")
    assert textos[1].startswith("una: 2 entregas quedaron detenidas porque pasó su hora.")
