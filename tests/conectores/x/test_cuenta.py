"""Verificar, retirar, medir y renovar el permiso."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from conectores.errores import (
    ErrorDeConector,
    LimiteAlcanzado,
    MalConfigurada,
    NoSalio,
    Pasajero,
    SinPermiso,
    SinRespuesta,
    YaNoEsta,
)
from conectores.http import Plazos, Sesion
from conectores.x.oauth2 import pedir_renovacion, por_vencer

YO = "GET /2/users/me"
BORRAR = "DELETE /2/tweets/190"
LEER = "GET /2/tweets/190"
RENOVAR = "POST /2/oauth2/token"
AHORA = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def yo(x, numero="1299", **cabeceras):
    datos = {"id": numero, "name": "Alcaldía de Ensayo", "username": "AlcaldiaEnsayo"}
    x.dictar(YO, 200, {"data": datos}, **cabeceras)


def test_verificar_dice_quien_es_y_que_puede(x, conector):
    yo(x, x_access_level="read-write")
    permiso = conector.verificar()
    assert permiso.vale
    assert (permiso.identificador, permiso.nombre) == ("1299", "@AlcaldiaEnsayo")
    assert permiso.alcances == ("read", "write")
    assert permiso.advertencias == ()
    assert permiso.vence_en is None


def test_llaves_de_solo_lectura_no_valen_para_publicar(x, conector):
    yo(x, x_access_level="read")
    permiso = conector.verificar()
    assert not permiso.vale
    assert permiso.faltan == ("write",)
    assert "solo dejan leer" in permiso.advertencias[0]


def test_la_credencial_de_otra_cuenta_no_vale(x, conector):
    yo(x, "7777", x_access_level="read-write")
    permiso = conector.verificar()
    assert not permiso.vale
    assert "otra cuenta" in permiso.advertencias[0]


def test_un_permiso_revocado_se_dice_sin_fallar(x, conector):
    x.dictar(YO, 401, {"title": "Unauthorized"})
    permiso = conector.verificar()
    assert not permiso.vale
    assert "perdió el permiso" in permiso.advertencias[0]


def test_verificar_sin_respuesta_no_dice_que_el_permiso_murio(x, conector):
    x.dictar(YO, 503, {"title": "x"})
    with pytest.raises(Pasajero):
        conector.verificar()


@pytest.mark.parametrize(
    ("estado", "cuerpo"),
    [
        (200, {"data": {"deleted": True}}),
        (204, None),
        (404, {"type": "https://api.x.com/2/problems/resource-not-found"}),
    ],
)
def test_retirar_borra_y_que_ya_no_este_tambien_es_exito(x, conector, estado, cuerpo):
    x.dictar(BORRAR, estado, cuerpo)
    conector.retirar("190")
    assert len(x.pedidos) == 1


@pytest.mark.parametrize(
    ("estado", "cuerpo"), [(200, {"data": {"deleted": False}}), (200, "x"), (200, {})]
)
def test_retirar_no_da_por_borrado_lo_que_x_no_confirma(x, conector, estado, cuerpo):
    x.dictar(BORRAR, estado, cuerpo)
    with pytest.raises(SinRespuesta):
        conector.retirar("190")


def cifras(medidas):
    return {m.nombre: m.valor for m in medidas}


@pytest.mark.parametrize("compartidos", ["retweet_count", "repost_count"])
def test_medir_entiende_los_dos_dialectos(x, conector, compartidos):
    publicas = {
        compartidos: 4,
        "reply_count": 1,
        "like_count": 22,
        "quote_count": 0,
        "bookmark_count": 2,
        "impression_count": 1840,
    }
    privadas = {"impression_count": 1840, "url_link_clicks": 31}
    x.dictar(
        LEER,
        200,
        {"data": {"id": "190", "public_metrics": publicas, "non_public_metrics": privadas}},
    )
    medidas = conector.medir("190")
    valores = cifras(medidas)
    assert valores["public_metrics.retweet_count"] == 4
    assert valores["public_metrics.quote_count"] == 0
    assert valores["non_public_metrics.url_link_clicks"] == 31
    assert valores["non_public_metrics.engagements"] is None
    assert all((m.valor is None) == bool(m.motivo) for m in medidas)


def test_lo_que_x_no_da_no_es_cero(x, conector):
    x.dictar(
        LEER,
        200,
        {
            "data": {"id": "190", "public_metrics": {"like_count": None}},
            "errors": [{"type": "https://api.x.com/2/problems/not-authorized-for-field"}],
        },
    )
    assert set(cifras(conector.medir("190")).values()) == {None}


def test_de_una_publicacion_vieja_no_se_piden_las_privadas(x, conector):
    edad = timedelta(days=30)
    ms = int((AHORA - edad).timestamp() * 1000) - 1_288_834_974_657
    vieja = str(ms << 22)
    reciente = str(int((AHORA - timedelta(days=3)).timestamp() * 1000 - 1_288_834_974_657) << 22)
    for numero in (vieja, reciente):
        x.dictar(f"GET /2/tweets/{numero}", 200, {"data": {"id": numero}})
    medidas = conector.medir(vieja)
    conector.medir(reciente)
    campos = [p.consulta["tweet.fields"] for p in x.pedidos]
    assert "non_public_metrics" not in campos[0]
    assert "non_public_metrics" in campos[1]
    assert "30 días" in medidas[-1].motivo


def test_medir_lo_borrado_lo_dice(x, conector):
    tipo = "https://api.twitter.com/2/problems/resource-not-found"
    x.dictar(LEER, 200, {"errors": [{"type": tipo, "title": "Not Found Error"}]})
    with pytest.raises(YaNoEsta):
        conector.medir("190")
    x.dictar(LEER, 200, {})
    x.dictar(LEER, 200, {})
    with pytest.raises(YaNoEsta):
        conector.medir("190")
    with pytest.raises(SinRespuesta):
        conector.medir("190")


@pytest.fixture
def oauth2():
    return {
        "client_id": "publico",
        "access_token": "canario-acceso",
        "refresh_token": "canario-renovar",
        "vence_en": (AHORA + timedelta(minutes=5)).isoformat(),
        "usuario": "AlcaldiaEnsayo",
    }


@pytest.fixture
def renovar(x):
    def _renovar(credencial):
        with Sesion(Plazos(conexion_s=2, lectura_s=2)) as sesion:
            return pedir_renovacion(sesion, x.url, credencial, ahora=AHORA)

    return _renovar


def test_renovar_da_el_par_nuevo_y_conserva_lo_demas(x, renovar, oauth2):
    x.dictar(
        RENOVAR,
        200,
        {"token_type": "bearer", "expires_in": 7200, "access_token": "a2", "refresh_token": "r2"},
    )
    nueva = renovar(oauth2)
    assert nueva == {
        **oauth2,
        "access_token": "a2",
        "refresh_token": "r2",
        "vence_en": "2026-12-01T14:00:00+00:00",
    }
    (pedido,) = x.pedidos
    assert parse_qs(pedido.cuerpo.decode()) == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["canario-renovar"],
        "client_id": ["publico"],
    }
    assert pedido.consulta == {}


def test_una_aplicacion_con_secreto_se_identifica_con_basic(x, renovar, oauth2):
    x.dictar(RENOVAR, 200, {"access_token": "a2"})
    nueva = renovar({**oauth2, "client_secret": "canario-secreto"})
    assert nueva["refresh_token"] == "canario-renovar"
    esperado = base64.b64encode(b"publico:canario-secreto").decode()
    assert x.pedidos[0].cabeceras["Authorization"] == f"Basic {esperado}"
    assert b"client_id" not in x.pedidos[0].cuerpo


@pytest.mark.parametrize(
    ("estado", "cuerpo", "clase"),
    [
        (400, {"error": "invalid_request", "error_description": "canario-renovar"}, SinPermiso),
        (401, {"error": "unauthorized_client"}, SinPermiso),
        (400, "<html>intermediario</html>", SinRespuesta),
        (429, {"title": "x"}, LimiteAlcanzado),
        (503, "<html></html>", SinRespuesta),
        (302, "", MalConfigurada),
        (404, "", MalConfigurada),
        (200, "no json", SinRespuesta),
        (200, {"access_token": None}, SinRespuesta),
        (0, "cortar", SinRespuesta),
    ],
)
def test_una_renovacion_fallida_se_clasifica_sin_mostrar_nada(
    x, renovar, oauth2, estado, cuerpo, clase
):
    x.dictar(RENOVAR, estado, cuerpo)
    with pytest.raises(ErrorDeConector) as caso:
        renovar(oauth2)
    assert type(caso.value) is clase
    assert "canario" not in f"{caso.value.mensaje}{caso.value.detalle}"
    assert len(x.pedidos) == 1


def test_se_renueva_con_menos_de_diez_minutos():
    assert por_vencer(AHORA + timedelta(minutes=9, seconds=59), AHORA)
    assert not por_vencer(AHORA + timedelta(minutes=10), AHORA)
    assert not por_vencer(None, AHORA)


def test_el_gancho_se_llama_antes_del_paso_y_se_firma_con_lo_nuevo(
    x, armar, oauth2, un_envio, libreta
):
    llamadas = []

    def gancho():
        llamadas.append(1)
        vence = (AHORA + timedelta(hours=2)).isoformat()
        return {**oauth2, "access_token": "nuevo", "vence_en": vence}

    x.dictar("POST /2/tweets", 201, {"data": {"id": "190"}})
    conector = armar(oauth2, renovar=gancho)
    listo = conector.preparar(un_envio(), libreta)
    assert llamadas == [1]
    conector.publicar(listo)
    yo(x)
    conector.verificar()
    assert llamadas == [1], "con dos horas por delante no se renueva otra vez"
    assert {p.cabeceras["Authorization"] for p in x.pedidos} == {"Bearer nuevo"}


@pytest.mark.parametrize("falla", [NoSalio, SinRespuesta, Pasajero])
def test_si_no_se_supo_de_la_renovacion_se_usa_el_permiso_que_queda(
    armar, oauth2, un_envio, libreta, reloj, falla
):
    def gancho():
        raise falla

    conector = armar(oauth2, renovar=gancho)
    conector.preparar(un_envio(), libreta)
    reloj.adelantar(minutes=6)
    with pytest.raises(falla):
        conector.preparar(un_envio(), libreta)


def test_si_la_renovacion_fue_negada_no_se_sigue(armar, oauth2, un_envio, libreta):
    def gancho():
        raise SinPermiso

    conector = armar(oauth2, renovar=gancho)
    with pytest.raises(SinPermiso):
        conector.preparar(un_envio(), libreta)
    permiso = conector.verificar()
    assert not permiso.vale
