"""Mover de hora: la pieza y su fila van juntas, sin pisar al motor y sin perder la aprobación."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from cola.cuentas import Cuenta
from cola.edicion import editar
from cola.errores import NoSePuede
from cola.estados import Causa, Estado
from cola.mudanzas import Mudanza, mover_varias
from cola.programacion import mover
from cola.publicaciones import Publicacion
from piezas.bitacora import Anotacion
from piezas.errores import SinPermisoPara
from piezas.personas import Papel
from piezas.versiones import EstadoPieza, Momento, Pieza
from tests import fabricas

DIA = timedelta(days=1)


def pedir(escena, publicacion_id: int, para, *, por=None, de=None):
    with escena.sesiones.begin() as sesion:
        fila = sesion.get_one(Publicacion, publicacion_id)
        pedido = Mudanza(pieza_id=fila.pieza_id, cuenta_id=fila.cuenta_id, para=para, de=de)
        return mover_varias(sesion, [pedido], por=por or escena.jefe_id, ahora=escena.ahora)


def momento_de(escena, publicacion_id: int):
    with escena.sesiones() as sesion:
        fila = sesion.get_one(Publicacion, publicacion_id)
        return sesion.scalar(
            select(Momento.programada_para).where(
                Momento.pieza_id == fila.pieza_id, Momento.cuenta_id == fila.cuenta_id
            )
        )


def test_mover_lo_aprobado_mueve_la_pieza_y_su_fila_y_conserva_la_aprobacion(escena):
    (una,) = escena.aprobada(escena.cuenta())
    manana = escena.ahora + DIA
    assert pedir(escena, una, manana).movida
    fila = escena.fila(una)
    assert (fila.estado, fila.programada_para, fila.vence) == ("programada", manana, manana)
    assert momento_de(escena, una) == manana
    assert escena.tomar() == []
    with escena.sesiones() as sesion:
        assert sesion.get_one(Pieza, fila.pieza_id).estado is EstadoPieza.APROBADA
        nota = sesion.scalars(select(Anotacion).where(Anotacion.accion == "mover")).one()
        assert nota.a == manana.isoformat()
    escena.ahora = manana
    assert [toma.id for toma in escena.tomar()] == [una]


def test_deshacer_es_mover_al_reves(escena):
    (una,) = escena.aprobada(escena.cuenta(), para=escena.ahora + DIA)
    antes = escena.fila(una)
    pedir(escena, una, escena.ahora + 2 * DIA)
    assert pedir(escena, una, antes.programada_para, de=escena.ahora + 2 * DIA).movida
    assert escena.fila(una).programada_para == antes.programada_para
    assert momento_de(escena, una) == antes.programada_para


@pytest.mark.parametrize("causa", [Causa.TARDIA, Causa.PAUSA, Causa.CUENTA])
def test_lo_detenido_por_su_hora_vuelve_a_la_fila(escena, causa):
    (una,) = escena.aprobada(escena.cuenta())
    with escena.sesiones.begin() as sesion:
        fila = sesion.get_one(Publicacion, una)
        fila.estado, fila.causa, fila.motivo = Estado.DETENIDA, causa, "Pasó su hora."
    assert pedir(escena, una, escena.ahora + DIA).movida
    fila = escena.fila(una)
    assert (fila.estado, fila.causa, fila.motivo) == ("programada", None, None)


def test_lo_que_ya_tomo_el_motor_no_se_mueve_y_se_dice(escena):
    (una,) = escena.aprobada(escena.cuenta())
    antes = escena.fila(una).programada_para
    escena.tomar()
    tanda = pedir(escena, una, escena.ahora + DIA)
    assert not tanda.movida
    assert "va de salida" in tanda.resultados[0].frase
    assert momento_de(escena, una) == antes
    assert escena.estado(una) == "tomada"


def test_un_lote_es_todo_o_nada_y_dice_cual_no_se_pudo(escena):
    (una,) = escena.aprobada(escena.cuenta(), para=escena.ahora + DIA)
    (otra,) = escena.aprobada(escena.cuenta())
    escena.tomar()
    with escena.sesiones.begin() as sesion:
        pedidos = [
            Mudanza(pieza_id=f.pieza_id, cuenta_id=f.cuenta_id, para=escena.ahora + 3 * DIA)
            for f in (sesion.get_one(Publicacion, una), sesion.get_one(Publicacion, otra))
        ]
        tanda = mover_varias(sesion, pedidos, por=escena.jefe_id, ahora=escena.ahora)
    assert [resultado.cabe for resultado in tanda.resultados] == [True, False]
    assert escena.fila(una).programada_para == escena.ahora + DIA


def test_si_alguien_la_movio_mientras_tanto_no_se_mueve_a_ciegas(escena):
    (una,) = escena.aprobada(escena.cuenta(), para=escena.ahora + DIA)
    tanda = pedir(escena, una, escena.ahora + 3 * DIA, de=escena.ahora + 2 * DIA)
    assert "mientras tanto" in tanda.resultados[0].frase


def test_a_una_hora_que_ya_paso_no_se_mueve(escena):
    (una,) = escena.aprobada(escena.cuenta(), para=escena.ahora + DIA)
    tanda = pedir(escena, una, escena.ahora - timedelta(minutes=1))
    assert "ya pasó" in tanda.resultados[0].frase


def test_quien_redacta_mueve_su_borrador_y_no_lo_ajeno_ni_lo_aprobado(escena):
    (aprobada,) = escena.aprobada(escena.cuenta(), para=escena.ahora + DIA)
    assert "aprobada" in pedir(
        escena, aprobada, escena.ahora + 2 * DIA, por=escena.autor_id
    ).resultados[0].frase  # fmt: skip
    with escena.sesiones.begin() as sesion:
        pieza = fabricas.una_pieza(sesion, programada_para=escena.ahora + DIA)
        (momento,) = pieza.momentos
        para = escena.ahora + 2 * DIA
        pedido = Mudanza(pieza_id=pieza.id, cuenta_id=momento.cuenta_id, para=para)
        ajena = fabricas.una_persona(sesion, Papel.DISENO)
        negada = mover_varias(sesion, [pedido], por=ajena.id, ahora=escena.ahora)
        assert "otra persona" in negada.resultados[0].frase
        assert mover_varias(sesion, [pedido], por=pieza.autor_id, ahora=escena.ahora).movida
        assert momento.programada_para == para
        consulta = fabricas.una_persona(sesion, Papel.CONSULTA)
        with pytest.raises(SinPermisoPara):
            mover_varias(sesion, [pedido], por=consulta.id, ahora=escena.ahora)


def test_cambiar_la_hora_al_editar_lo_aprobado_mueve_tambien_la_fila(escena):
    (una,) = escena.aprobada(escena.cuenta(), para=escena.ahora + DIA)
    para = escena.ahora + 2 * DIA
    with escena.sesiones.begin() as sesion:
        fila = sesion.get_one(Publicacion, una)
        cuenta = sesion.get_one(Cuenta, fila.cuenta_id)
        borrador = fabricas.un_borrador(cuenta, programada_para=para)
        editar(sesion, fila.pieza_id, borrador, por=escena.jefe_id, ahora=escena.ahora)
    fila = escena.fila(una)
    assert (fila.estado, fila.programada_para) == ("programada", para)


def test_mover_la_fila_mueve_tambien_la_hora_de_la_pieza(escena):
    (una,) = escena.aprobada(escena.cuenta(), para=escena.ahora + DIA)
    para = escena.ahora + 2 * DIA
    with escena.sesiones.begin() as sesion:
        mover(sesion, una, para=para, quien="x", persona_id=None, ahora=escena.ahora)
    assert momento_de(escena, una) == para
    assert escena.fila(una).programada_para == para


def test_lo_publicado_no_cambia_de_hora_aunque_se_edite_la_pieza(escena):
    (una,) = escena.aprobada(escena.cuenta())
    escena.tomar()
    with escena.sesiones() as sesion:
        fila = sesion.get_one(Publicacion, una)
        cuenta = sesion.get_one(Cuenta, fila.cuenta_id)
        borrador = fabricas.un_borrador(cuenta, programada_para=escena.ahora + DIA)
        with pytest.raises(NoSePuede):
            editar(sesion, fila.pieza_id, borrador, por=escena.jefe_id, ahora=escena.ahora)


def test_mover_y_tomar_a_la_vez_gana_uno_solo(escena):
    """O el motor la toma a su hora y la mudanza lo dice, o se mueve y el motor no la ve."""
    for _ in range(8):
        (una,) = escena.aprobada(escena.cuenta())
        salida = threading.Barrier(2)
        tandas, tomas = [], []

        def muda(una=una, salida=salida, tandas=tandas):
            salida.wait()
            tandas.append(pedir(escena, una, escena.ahora + DIA))

        def toma(salida=salida, tomas=tomas):
            salida.wait()
            tomas.extend(escena.tomar())

        hilos = [threading.Thread(target=muda), threading.Thread(target=toma)]
        for hilo in hilos:
            hilo.start()
        for hilo in hilos:
            hilo.join()
        (tanda,) = tandas
        fila = escena.fila(una)
        if tanda.movida:
            assert tomas == []
            assert (fila.estado, fila.programada_para) == ("programada", escena.ahora + DIA)
        else:
            assert [t.id for t in tomas] == [una]
            assert (fila.estado, fila.programada_para) == ("tomada", escena.ahora)
