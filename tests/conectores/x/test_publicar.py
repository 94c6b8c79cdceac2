"""Preparar y publicar en X: una publicación, un hilo, y lo que puede salir mal."""

import hashlib
import logging

import pytest

from conectores.contrato import Conector, Listo, Medidor, Recibo
from conectores.errores import (
    ErrorDeConector,
    LimiteAlcanzado,
    MalConfigurada,
    MedioPerdido,
    NoSalio,
    PosibleDuplicado,
    SinPermiso,
    SinRespuesta,
    SinSaldo,
)

PUBLICAR = "POST /2/tweets"
ACEPTADA = {"data": {"id": "190", "text": "Abre el parque."}}


def salir(conector, envio, libreta):
    """Lo que hace el motor: preparar y publicar hasta que no falte nada."""
    recibos = []
    while isinstance(listo := conector.preparar(envio, libreta), Listo):
        recibo = conector.publicar(listo)
        libreta.anotar(listo.paso.nombre, recibo.id_remoto)
        recibos.append(recibo)
        if recibo.completo:
            return recibos
    return [*recibos, listo]


def test_cumple_los_contratos(conector):
    como_conector: Conector = conector
    assert como_conector.red == "x"
    assert isinstance(conector, Medidor)


def test_una_publicacion_sale_con_una_sola_llamada(x, conector, un_envio, libreta):
    x.dictar(PUBLICAR, 201, ACEPTADA)
    listo = conector.preparar(un_envio(), libreta)
    assert isinstance(listo, Listo)
    assert listo.paso.nombre == "publicar"
    assert listo.paso.huella == hashlib.sha256(b"Abre el parque.").hexdigest()
    assert x.pedidos == []
    assert conector.publicar(listo) == Recibo(
        id_remoto="190", url="https://x.com/AlcaldiaEnsayo/status/190"
    )
    (pedido,) = x.pedidos
    assert pedido.json == {"text": "Abre el parque."}
    assert pedido.cabeceras["Authorization"].startswith("OAuth ")


def test_sin_nombre_de_usuario_la_direccion_tambien_lleva_a_la_publicacion(
    x, armar, un_envio, libreta
):
    x.dictar(PUBLICAR, 201, ACEPTADA)
    llaves = {"access_token": "ficha", "refresh_token": "r", "client_id": "c"}
    (recibo,) = salir(armar(llaves), un_envio(), libreta)
    assert recibo.url == "https://x.com/i/status/190"
    assert x.pedidos[0].cabeceras["Authorization"] == "Bearer ficha"


def test_lo_ya_publicado_no_vuelve_a_llamar(x, conector, un_envio, libreta):
    libreta.anotar("publicar", "190")
    recibo = conector.preparar(un_envio(), libreta)
    assert isinstance(recibo, Recibo)
    assert recibo.completo
    assert recibo.id_remoto == "190"
    assert x.pedidos == []


def test_un_hilo_sale_en_orden_y_cada_segmento_cuelga_del_anterior(x, conector, un_envio, libreta):
    for numero in ("190", "191", "192"):
        x.dictar(PUBLICAR, 201, {"data": {"id": numero, "text": ""}})
    recibos = salir(conector, un_envio("uno", "dos", "tres"), libreta)
    assert [r.completo for r in recibos] == [False, False, False, True]
    assert recibos[-1].id_remoto == "190"
    assert recibos[-1].url == "https://x.com/AlcaldiaEnsayo/status/190"
    assert [p.json for p in x.pedidos] == [
        {"text": "uno"},
        {"text": "dos", "reply": {"in_reply_to_tweet_id": "190"}},
        {"text": "tres", "reply": {"in_reply_to_tweet_id": "191"}},
    ]
    assert libreta.notas == {"segmento-0": "190", "segmento-1": "191", "segmento-2": "192"}


def test_un_hilo_interrumpido_sigue_donde_iba(x, conector, un_envio, libreta):
    x.dictar(PUBLICAR, 201, {"data": {"id": "192", "text": ""}})
    libreta.anotar("segmento-0", "190")
    libreta.anotar("segmento-1", "191")
    listo = conector.preparar(un_envio("uno", "dos", "tres"), libreta)
    assert isinstance(listo, Listo)
    assert listo.paso.nombre == "segmento-2"
    assert listo.en_respuesta_a == "191"
    assert not conector.publicar(listo).completo


@pytest.mark.parametrize(
    ("estado", "cuerpo", "clase"),
    [
        (201, "no es json", SinRespuesta),
        (201, None, SinRespuesta),
        (201, {}, SinRespuesta),
        (201, {"data": None}, SinRespuesta),
        (201, {"data": []}, SinRespuesta),
        (200, {"data": {"text": "sin id"}}, SinRespuesta),
        (200, {"data": {"id": "3_190"}}, SinRespuesta),
        (200, {"errors": [{"message": "algo"}]}, SinRespuesta),
        (500, {"title": "x"}, SinRespuesta),
        (502, "<html>Bad Gateway</html>", SinRespuesta),
        (503, {"errors": None}, SinRespuesta),
        (503, [], SinRespuesta),
        (402, {"title": "CreditsDepleted"}, SinSaldo),
        (401, {"title": "Unauthorized"}, SinPermiso),
        (403, {"detail": "duplicate content"}, PosibleDuplicado),
        (400, {"detail": "Your media IDs are invalid."}, MedioPerdido),
        (302, "", MalConfigurada),
    ],
)
def test_lo_que_responda_x_queda_clasificado(x, conector, un_envio, libreta, estado, cuerpo, clase):
    x.dictar(PUBLICAR, estado, cuerpo, Location="/otra")
    listo = conector.preparar(un_envio(), libreta)
    with pytest.raises(ErrorDeConector) as caso:
        conector.publicar(listo)
    assert type(caso.value) is clase
    assert len(x.pedidos) == 1, "nada se repite solo ni sigue un desvío"


def test_un_encabezado_de_limite_ilegible_no_rompe(x, conector, un_envio, libreta, reloj):
    x.dictar(PUBLICAR, 429, {"title": "x"}, x_rate_limit_reset="mañana".encode().hex())
    with pytest.raises(LimiteAlcanzado) as caso:
        salir(conector, un_envio(), libreta)
    assert caso.value.hasta is not None


def test_si_la_conexion_se_corta_queda_la_duda(x, conector, un_envio, libreta):
    x.dictar(PUBLICAR, 0, "cortar")
    with pytest.raises(SinRespuesta):
        salir(conector, un_envio(), libreta)
    assert len(x.pedidos) == 1


def test_si_la_puerta_esta_cerrada_nada_salio(armar, un_envio, libreta):
    conector = armar(base_url="http://127.0.0.1:9")
    with pytest.raises(NoSalio):
        salir(conector, un_envio(), libreta)


@pytest.mark.parametrize("es_oauth1", [True, False])
def test_los_secretos_no_aparecen_en_errores_ni_registros(
    x, armar, llaves, un_envio, libreta, caplog, es_oauth1
):
    caplog.set_level(logging.DEBUG)
    oauth2 = {
        "client_id": "publico",
        "client_secret": "CANARIO-secreto",
        "access_token": "CANARIO-acceso",
        "refresh_token": "CANARIO-renovar",
    }
    credencial = llaves if es_oauth1 else oauth2
    eco = " ".join(v for k, v in credencial.items() if k not in {"usuario", "client_id"})
    x.dictar(PUBLICAR, 403, {"detail": f"Forbidden: {eco}"})
    conector = armar(credencial)
    listo = conector.preparar(un_envio(), libreta)
    with pytest.raises(ErrorDeConector) as caso:
        conector.publicar(listo)
    error = caso.value
    assert "forbidden" in error.detalle
    visto = f"{error!r} {error.mensaje} {error.detalle} {vars(conector)} {conector!r} {caplog.text}"
    assert "canario" not in visto.lower()
    assert error.__suppress_context__
    (pedido,) = x.pedidos
    assert "canario" in pedido.cabeceras["Authorization"].lower(), "si no, la prueba no prueba nada"
    assert "canario" not in f"{pedido.ruta}{pedido.consulta}".lower()


@pytest.mark.parametrize(
    "credencial",
    [
        {},
        {"api_key": "a", "api_secret": "b", "access_token": "canario"},
        {"access_token": "canarió"},
        {"access_token": "canario\nX: 1"},
        {"access_token": "canario", "vence_en": "mañana"},
        {"access_token": "canario", "vence_en": "2026-12-01T10:00:00"},
    ],
)
def test_una_credencial_incompleta_se_dice_sin_mostrarla(armar, credencial):
    with pytest.raises(MalConfigurada) as caso:
        armar(credencial or {"nada": "x"})
    assert "canari" not in caso.value.mensaje
