"""Cifras: lo que la red no da es «no disponible», nunca cero."""

import json

import pytest

from conectores.errores import LimiteAlcanzado, Pasajero, SinPermiso
from conectores.facebook.metricas import METRICAS


def _nodo(**mas):
    return {
        "id": "1001_7",
        "reactions": {"data": [], "summary": {"total_count": 41}},
        "comments": {"data": [], "summary": {"total_count": 0}},
        **mas,
    }


def _fila(nombre, valor):
    return {"name": nombre, "period": "lifetime", "values": [{"value": valor}]}


def _por_nombre(medidas):
    assert len({m.nombre for m in medidas}) == len(medidas)
    return {m.nombre: m.valor for m in medidas}


def test_las_cifras_se_leen_en_dos_llamadas(graph, conector):
    filas = [
        _fila("post_media_view", 120),
        _fila("post_total_media_view_unique", 0),
        _fila("post_reactions_by_type_total", {"like": 3, "love": 1}),
        _fila("post_clicks_by_type", []),
        _fila("post_activity_by_action_type", {}),
    ]
    graph.contesta(_nodo(shares={"count": 3}), {"data": filas})
    medidas = conector.medir("1001_7")
    cifras = _por_nombre(medidas)
    assert cifras["shares.count"] == 3
    assert cifras["reactions.summary.total_count"] == 41
    assert cifras["comments.summary.total_count"] == 0
    assert cifras["post_media_view"] == 120
    assert cifras["post_total_media_view_unique"] == 0
    assert cifras["post_reactions_by_type_total.like"] == 3
    assert cifras["post_clicks_by_type"] is None
    assert cifras["post_activity_by_action_type"] is None
    assert cifras["post_clicks"] is None
    assert all(m.motivo for m in medidas if m.valor is None)
    assert len(graph.pedidos) == 2
    assert graph.pedidos[1].consulta["metric"] == ",".join(METRICAS)


def test_compartidos_ausente_no_es_cero(graph, conector):
    graph.contesta(_nodo(), {"data": []})
    assert _por_nombre(conector.medir("1001_7"))["shares.count"] is None


def test_una_metrica_retirada_no_tumba_las_demas(graph, conector):
    graph.contesta(_nodo())
    graph.falla(100)
    for nombre in METRICAS:
        if nombre == "post_clicks":
            graph.falla(100)
        else:
            graph.contesta({"data": [_fila(nombre, 5)]})
    medidas = conector.medir("1001_7")
    cifras = _por_nombre(medidas)
    assert cifras["post_clicks"] is None
    assert [n for n in METRICAS if cifras[n] == 5] == [n for n in METRICAS if n != "post_clicks"]
    (muerta,) = [m for m in medidas if m.nombre == "post_clicks"]
    assert "ya no ofrece" in muerta.motivo


@pytest.mark.parametrize("codigo", [10, 200])
def test_sin_permiso_de_estadisticas_quedan_los_contadores(codigo, graph, conector):
    graph.contesta(_nodo())
    graph.falla(codigo)
    cifras = _por_nombre(conector.medir("1001_7"))
    assert cifras["reactions.summary.total_count"] == 41
    assert cifras["post_media_view"] is None


@pytest.mark.parametrize(
    ("codigo", "clase"), [(190, SinPermiso), (4, LimiteAlcanzado), (2, Pasajero)]
)
def test_lo_demas_impide_medir(codigo, clase, graph, conector):
    graph.contesta(_nodo())
    graph.falla(codigo)
    with pytest.raises(clase):
        conector.medir("1001_7")


def test_cerca_del_limite_deja_de_medir(graph, conector):
    uso = json.dumps({"1001": [{"call_count": 96, "estimated_time_to_regain_access": 0}]})
    graph.contesta(_nodo(), cabeceras=(("X-Business-Use-Case-Usage", uso),))
    with pytest.raises(LimiteAlcanzado) as visto:
        conector.medir("1001_7")
    assert visto.value.hasta is not None
    assert len(graph.pedidos) == 1


def test_publicar_cerca_del_limite_no_falla(graph, conector, envio, libreta):
    uso = json.dumps({"call_count": 99})
    graph.contesta({"id": "1001_7"}, cabeceras=(("X-App-Usage", uso),))
    assert conector.publicar(conector.preparar(envio(), libreta)).id_remoto == "1001_7"


def test_un_video_trae_ademas_sus_metricas(graph, conector):
    graph.contesta(
        _nodo(attachments={"data": [{"media_type": "video"}]}),
        {"data": [_fila("post_video_views", 9)]},
    )
    assert _por_nombre(conector.medir("1001_7"))["post_video_views"] == 9
