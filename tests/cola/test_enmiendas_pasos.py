"""Los pasos de una enmienda, recorridos todos: nunca se repite a ciegas ni se pierde una duda."""

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cola import enmiendas_pasos as pasos
from cola.enmiendas import EstadoEnmienda as E
from cola.enmiendas_pasos import Tramite
from cola.errores import ArriendoPerdido, NoSePuede

T0 = datetime(2026, 12, 1, 12, tzinfo=UTC)
LUEGO = T0 + timedelta(minutes=5)


def acciones(t: Tramite):
    comunes = {"ficha": t.ficha}
    return {
        "tomar": lambda: pasos.tomar(t, dueno="uno", ahora=T0),
        "salir": lambda: pasos.salir(t, ahora=T0, **comunes),
        "una_parte": lambda: pasos.una_parte(t, **comunes),
        "hecha": lambda: pasos.hecha(t, **comunes),
        "esperar": lambda: pasos.esperar(t, hasta=LUEGO, frase="f", **comunes),
        "aplazar": lambda: pasos.aplazar(t, hasta=LUEGO, frase="f", **comunes),
        "dudar": lambda: pasos.dudar(t, mirar_en=LUEGO, frase="f", **comunes),
        "rendirse": lambda: pasos.rendirse(t, frase="f", **comunes),
        "rescatar": lambda: pasos.rescatar(t, ahora=T0, mirar_en=LUEGO),
        "poner_lista": lambda: pasos.poner_lista(t, ahora=T0),
        "descartar": lambda: pasos.descartar(t, frase="f"),
    }


def recorrido():
    """Cada trámite alcanzable desde uno recién pedido, con la acción que lleva de uno a otro."""
    raiz = Tramite(estado=E.PEDIDA)
    vistos, cola = {raiz}, deque([raiz])
    while cola:
        antes = cola.popleft()
        for nombre, accion in acciones(antes).items():
            try:
                despues = accion()
            except (NoSePuede, ArriendoPerdido):
                continue
            # La ficha y las partes no tienen fin; lo demás sí.
            corto = replace(despues, ficha=min(despues.ficha, 3), hechos=min(despues.hechos, 1))
            yield antes, nombre, despues
            if corto not in vistos:
                vistos.add(corto)
                cola.append(corto)


def test_lo_que_pudo_salir_solo_deja_de_serlo_con_una_respuesta_o_una_mirada():
    for antes, nombre, despues in recorrido():
        if antes.pudo_salir and not despues.pudo_salir:
            assert nombre in {"una_parte", "hecha", "esperar", "rendirse"}, (antes, nombre)


def test_lo_que_pudo_salir_no_se_descarta_ni_vuelve_a_la_fila_sin_mirarse():
    for antes, nombre, despues in recorrido():
        if antes.pudo_salir and antes.estado in (E.FALLIDA, E.EN_DUDA):
            assert despues.estado in (E.EN_DUDA, E.EN_CURSO), (antes, nombre, despues)
            assert despues.pudo_salir


def test_toda_fila_cumple_lo_que_exige_la_base():
    cuantas = 0
    for _, nombre, t in recorrido():
        cuantas += 1
        assert (t.estado is E.EN_CURSO) == (t.arriendo_hasta is not None), nombre
        if t.estado in (E.LISTA, E.EN_DUDA):
            assert t.vence is not None, nombre
    assert cuantas > 100


def test_quien_perdio_el_arriendo_no_cambia_nada():
    t = pasos.tomar(pasos.poner_lista(Tramite(estado=E.PEDIDA), ahora=T0), dueno="uno", ahora=T0)
    rescatada = pasos.rescatar(t, ahora=T0, mirar_en=LUEGO)
    otra = pasos.tomar(rescatada, dueno="dos", ahora=T0)
    for accion in (pasos.hecha, pasos.una_parte):
        with pytest.raises(ArriendoPerdido):
            accion(otra, ficha=t.ficha)
    with pytest.raises(ArriendoPerdido):
        pasos.salir(otra, ficha=t.ficha, ahora=T0)
