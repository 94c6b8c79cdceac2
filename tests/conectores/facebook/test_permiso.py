"""Lo que se le pregunta a Facebook sobre el permiso."""

from datetime import UTC, datetime

import pytest

from conectores.errores import LimiteAlcanzado
from conectores.facebook.permiso import ALCANCES

SECRETO = "canario-secreto-de-la-app"
AHORA = int(datetime(2026, 12, 1, 12, 0, tzinfo=UTC).timestamp())
DIA = 86_400
YO = {"id": "1001", "name": "Alcaldía de ensayo"}


def _revision(**mas):
    return {
        "data": {
            "app_id": "55",
            "type": "PAGE",
            "profile_id": "1001",
            "is_valid": True,
            "expires_at": 0,
            "data_access_expires_at": AHORA + 60 * DIA,
            "scopes": list(ALCANCES),
            **mas,
        }
    }


@pytest.fixture
def con_app(armar):
    return armar(id_app="55", secreto_app=SECRETO)


def test_un_permiso_completo_vale(graph, con_app):
    graph.contesta(_revision(), YO)
    permiso = con_app.verificar()
    assert permiso.vale
    assert (permiso.identificador, permiso.nombre) == ("1001", "Alcaldía de ensayo")
    assert permiso.faltan == ()
    assert permiso.vence_en == datetime.fromtimestamp(AHORA + 60 * DIA, UTC)
    (modo,) = permiso.advertencias
    assert "modo «Activo»" in modo


def test_la_revision_no_pone_ningun_secreto_en_la_direccion(graph, con_app):
    graph.contesta(_revision(), YO)
    con_app.verificar()
    pedido = graph.pedidos[0]
    assert pedido.camino == "/v25.0/debug_token"
    assert pedido.cabeceras["Authorization"] == f"Bearer 55|{SECRETO}"
    assert (pedido.verbo, pedido.consulta) == ("POST", {})
    assert pedido.campos["method"] == "GET"
    assert "appsecret_proof" not in pedido.campos
    for secreto in (SECRETO, pedido.campos["input_token"]):
        assert secreto not in pedido.url


def test_dice_que_permisos_faltan_y_no_cuenta_los_dados_a_otra_pagina(graph, con_app):
    granos = [
        {"scope": "pages_manage_posts", "target_ids": ["1001"]},
        {"scope": "read_insights", "target_ids": ["42"]},
    ]
    graph.contesta(
        _revision(scopes=["pages_manage_posts", "read_insights"], granular_scopes=granos), YO
    )
    permiso = con_app.verificar()
    assert permiso.alcances == ("pages_manage_posts",)
    assert permiso.faltan == tuple(a for a in ALCANCES if a != "pages_manage_posts")


@pytest.mark.parametrize(
    ("cambio", "yo", "frase"),
    [
        ({"type": "USER", "profile_id": None}, {"id": "9"}, "de una persona"),
        ({"profile_id": "42"}, {"id": "42"}, "otra página"),
        ({"app_id": "66"}, YO, "otra aplicación"),
    ],
)
def test_un_permiso_que_no_es_el_de_la_pagina_no_vale(cambio, yo, frase, graph, con_app):
    graph.contesta(_revision(**cambio), yo)
    permiso = con_app.verificar()
    assert not permiso.vale
    assert frase in permiso.advertencias[0]


def test_un_permiso_muerto_dice_por_que(graph, con_app):
    graph.contesta(_revision(is_valid=False, error={"code": 190, "subcode": 460, "message": "x"}))
    permiso = con_app.verificar()
    assert not permiso.vale
    assert "contraseña" in permiso.advertencias[0]
    assert len(graph.pedidos) == 1


def test_avisa_catorce_dias_antes_de_que_venza_el_acceso_a_datos(graph, con_app):
    graph.contesta(_revision(data_access_expires_at=AHORA + 13 * DIA), YO)
    permiso = con_app.verificar()
    assert permiso.vale
    assert any("vence pronto" in a for a in permiso.advertencias)


def test_vence_lo_que_venza_primero(graph, con_app):
    graph.contesta(_revision(expires_at=AHORA + DIA), YO)
    assert con_app.verificar().vence_en == datetime.fromtimestamp(AHORA + DIA, UTC)


def test_si_la_aplicacion_esta_mal_se_dice_y_se_sigue_con_la_pagina(graph, con_app):
    graph.falla(190)
    graph.contesta(YO)
    permiso = con_app.verificar()
    assert permiso.vale
    assert permiso.faltan == ()
    assert any("secreto de la aplicación" in a for a in permiso.advertencias)


def test_sin_aplicacion_se_pregunta_quien_es_y_se_dice_lo_que_no_se_sabe(graph, conector):
    graph.contesta(YO)
    permiso = conector.verificar()
    assert permiso.vale
    assert (permiso.alcances, permiso.faltan, permiso.vence_en) == ((), (), None)
    assert any("no se puede saber" in a for a in permiso.advertencias)
    assert [p.camino for p in graph.pedidos] == ["/v25.0/me"]


def test_sin_aplicacion_un_token_de_persona_no_vale(graph, conector):
    graph.contesta({"id": "9", "name": "Alguien"})
    permiso = conector.verificar()
    assert not permiso.vale
    assert "persona" in permiso.advertencias[0]


def test_sin_aplicacion_un_token_vencido_no_vale(graph, conector):
    graph.falla(190, 463)
    permiso = conector.verificar()
    assert not permiso.vale
    assert "venció" in permiso.advertencias[0]


def test_un_limite_no_es_un_permiso_perdido(graph, conector):
    graph.falla(4)
    with pytest.raises(LimiteAlcanzado):
        conector.verificar()
