"""Cada fila de la clasificación de errores, por código y subcódigo."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from conectores.errores import (
    ContenidoRechazado,
    CuentaBloqueada,
    LimiteAlcanzado,
    MalConfigurada,
    MedioPerdido,
    Pasajero,
    PosibleDuplicado,
    SinPermiso,
    SinRespuesta,
)
from conectores.facebook.uso import espera_pedida, uso_maximo

AHORA = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)

AL_PUBLICAR = [
    (1, None, SinRespuesta, "si la publicación salió"),
    (2, None, SinRespuesta, "si la publicación salió"),
    (1363047, None, SinRespuesta, "salió"),
    (1609010, None, SinRespuesta, "salió"),
    (100, 1363011, SinRespuesta, "salió"),
    (3, None, MalConfigurada, "desarrolladores"),
    *((c, None, LimiteAlcanzado, "esperar") for c in (4, 9, 17, 32, 341, 613, 80001, 80006)),
    (613, 1996, LimiteAlcanzado, "esperar"),
    (10, None, SinPermiso, "permiso"),
    (100, None, ContenidoRechazado, "Revise el texto"),
    (100, 33, MalConfigurada, "identificador"),
    (102, None, SinPermiso, "Vuelva a conectar"),
    (190, None, SinPermiso, "Vuelva a conectar"),
    (190, 458, SinPermiso, "retiró la aplicación"),
    (190, 459, SinPermiso, "atienda el aviso"),
    (190, 460, SinPermiso, "contraseña"),
    (190, 463, SinPermiso, "venció"),
    (102, 463, SinPermiso, "venció"),
    (190, 464, SinPermiso, "sin confirmar"),
    (190, 466, SinPermiso, "anuló"),
    (190, 467, SinPermiso, "dejó de valer"),
    (190, 483, SinPermiso, "consentimiento"),
    (190, 492, SinPermiso, "papel"),
    (190, 493, SinPermiso, "inactiva"),
    (190, 461, SinPermiso, "Vuelva a conectar"),
    (104, None, SinPermiso, "secreto"),
    (412, None, SinPermiso, "Vuelva a conectar"),
    (200, None, SinPermiso, "crear contenido"),
    (210, None, SinPermiso, "crear contenido"),
    (240, None, SinPermiso, "crear contenido"),
    (283, None, SinPermiso, "crear contenido"),
    (299, None, SinPermiso, "crear contenido"),
    (200, 1363120, SinPermiso, "nueva"),
    (200, 1363144, SinPermiso, "seguidores"),
    (324, None, ContenidoRechazado, "imagen"),
    (352, None, ContenidoRechazado, "video"),
    (368, None, CuentaBloqueada, "bloqueó"),
    (368, 1390008, CuentaBloqueada, "seguido"),
    (368, 1346003, CuentaBloqueada, "denunció"),
    (368, 1404112, CuentaBloqueada, "limitó"),
    (368, 4854002, CuentaBloqueada, "identidad"),
    (368, 1404006, CuentaBloqueada, "seguridad"),
    (368, 1404102, CuentaBloqueada, "normas"),
    (1404078, None, CuentaBloqueada, "autorización"),
    (200, 1404078, CuentaBloqueada, "autorización"),
    (382, None, ContenidoRechazado, "pequeño"),
    (389, None, ContenidoRechazado, "video"),
    (6000, None, ContenidoRechazado, "video"),
    (6001, None, ContenidoRechazado, "video"),
    (506, None, PosibleDuplicado, "ya recibió"),
    (100, 1366051, PosibleDuplicado, "ya recibió"),
    (100, 1404082, PosibleDuplicado, "ya recibió"),
    (1404082, None, PosibleDuplicado, "ya recibió"),
    (100, 1363040, ContenidoRechazado, "proporción"),
    (100, 1363127, ContenidoRechazado, "resolución"),
    (100, 1363128, ContenidoRechazado, "duración"),
    (100, 1363129, ContenidoRechazado, "cuadros"),
    (100, 1366046, ContenidoRechazado, "4 MB"),
    (100, 2069019, ContenidoRechazado, "imagen"),
    (100, 1349125, ContenidoRechazado, "imagen"),
    (100, 1609005, ContenidoRechazado, "enlace"),
    (1609008, None, ContenidoRechazado, "enlace de Facebook"),
    (2061006, None, ContenidoRechazado, "enlace"),
    (1500, None, ContenidoRechazado, "enlace"),
    (1705, None, SinPermiso, "persona"),
    (2500, None, MalConfigurada, "dirección"),
    (2635, None, MalConfigurada, "versión"),
    (777_777, None, ContenidoRechazado, "Revise el texto"),
]


@pytest.mark.parametrize(("codigo", "subcodigo", "clase", "frase"), AL_PUBLICAR)
def test_cada_negativa_al_publicar_tiene_su_clase_y_su_frase(
    codigo, subcodigo, clase, frase, graph, conector, envio, libreta
):
    graph.falla(codigo, subcodigo)
    with pytest.raises(clase) as visto:
        conector.publicar(conector.preparar(envio(), libreta))
    assert type(visto.value) is clase
    assert frase in visto.value.mensaje
    assert str(codigo) not in visto.value.mensaje, "a la gente no se le muestran códigos"
    assert visto.value.mensaje.endswith(".")
    assert f"{codigo}/{subcodigo}" in visto.value.detalle
    if isinstance(visto.value, LimiteAlcanzado):
        assert visto.value.hasta == AHORA + timedelta(minutes=15)


@pytest.mark.parametrize(("codigo", "subcodigo"), [(1, None), (2, None), (1363047, None)])
def test_lo_pasajero_antes_de_publicar_no_es_duda(
    codigo, subcodigo, graph, conector, envio, libreta
):
    graph.falla(codigo, subcodigo)
    with pytest.raises(Pasajero):
        conector.preparar(envio(fotos=1), libreta)


def test_un_codigo_desconocido_que_se_dice_pasajero_es_duda(graph, conector, envio, libreta):
    graph.falla(777_777, is_transient=True)
    with pytest.raises(SinRespuesta):
        conector.publicar(conector.preparar(envio(), libreta))


def test_un_limite_que_se_dice_pasajero_sigue_siendo_limite(graph, conector, envio, libreta):
    graph.falla(4, is_transient=True)
    with pytest.raises(LimiteAlcanzado):
        conector.publicar(conector.preparar(envio(), libreta))


def test_la_firma_mala_es_de_permiso_aunque_llegue_como_parametro(graph, conector, envio, libreta):
    graph.falla(100, message="Invalid appsecret_proof provided in the API argument")
    with pytest.raises(SinPermiso, match="secreto"):
        conector.publicar(conector.preparar(envio(), libreta))


def test_lo_que_la_red_escribe_para_las_personas_se_muestra(graph, conector, envio, libreta):
    graph.falla(100, error_user_msg="La dirección no se puede compartir.")
    with pytest.raises(ContenidoRechazado, match=r"no se puede compartir\.$"):
        conector.publicar(conector.preparar(envio(), libreta))


def test_subir_a_una_pagina_que_no_existe_es_un_identificador_equivocado(
    graph, conector, envio, libreta
):
    graph.falla(100, 33)
    with pytest.raises(MalConfigurada, match="identificador"):
        conector.preparar(envio(fotos=1), libreta)


@pytest.mark.parametrize("cual", [(324, None), (100, 33)])
def test_fotos_que_la_red_ya_no_tiene_se_suben_de_nuevo(cual, graph, conector, envio, libreta):
    graph.contesta({"id": "91"})
    listo = conector.preparar(envio(fotos=1), libreta)
    graph.falla(*cual)
    with pytest.raises(MedioPerdido):
        conector.publicar(listo)


def test_un_429_sin_cuerpo_es_limite_y_cuenta_el_retry_after(graph, conector, envio, libreta):
    graph.contesta("", estado=429, cabeceras=(("Retry-After", "40"),))
    with pytest.raises(LimiteAlcanzado) as visto:
        conector.publicar(conector.preparar(envio(), libreta))
    assert visto.value.hasta == AHORA + timedelta(seconds=40)


def test_los_minutos_que_pide_la_red_se_respetan(graph, conector, envio, libreta):
    uso = {"1001": [{"type": "pages", "estimated_time_to_regain_access": 47}]}
    graph.falla(80001, cabeceras=(("X-Business-Use-Case-Usage", json.dumps(uso)),))
    with pytest.raises(LimiteAlcanzado) as visto:
        conector.publicar(conector.preparar(envio(), libreta))
    assert visto.value.hasta == AHORA + timedelta(minutes=47)


@pytest.mark.parametrize(
    ("cabeceras", "minutos"),
    [
        ({}, 15),
        ({"x-business-use-case-usage": '{"1":[{"estimated_time_to_regain_access":3}]}'}, 15),
        ({"x-business-use-case-usage": '{"1":[{"estimated_time_to_regain_access":9e9}]}'}, 1440),
        ({"x-business-use-case-usage": "roto"}, 15),
        ({"x-business-use-case-usage": '["roto"]'}, 15),
        ({"x-business-use-case-usage": '{"1":"roto","2":[7]}'}, 15),
        ({"x-business-use-case-usage": '{"1":[{"estimated_time_to_regain_access":"x"}]}'}, 15),
        ({"retry-after": "120"}, 2),
        ({"retry-after": "Tue, 01 Dec 2026 12:30:00 GMT"}, 30),
        ({"retry-after": "Tue, 01 Dec 2020 12:30:00 GMT"}, 15),
        ({"retry-after": "-5"}, 15),
        ({"retry-after": "99999999999999999999"}, 1440),
        ({"retry-after": "mañana"}, 15),
    ],
)
def test_la_espera_pedida_es_sensata_ante_cualquier_cabecera(cabeceras, minutos):
    assert espera_pedida(cabeceras, AHORA) == AHORA + timedelta(minutes=minutos)


def test_el_uso_maximo_mira_todas_las_cabeceras():
    assert uso_maximo({}) is None
    assert uso_maximo({"x-app-usage": "roto"}) is None
    uso = {"1001": [{"call_count": 97, "total_time": 5}, {"total_cputime": 12}]}
    cabeceras = {
        "x-app-usage": '{"call_count":28,"total_time":25}',
        "x-business-use-case-usage": json.dumps(uso),
    }
    assert uso_maximo(cabeceras) == 97
