"""El cliente de Graph: cómo viaja lo que se manda y qué se hace con respuestas raras."""

import hashlib
import hmac
import json
import logging
import traceback
from datetime import UTC, datetime

import pytest

from conectores.errores import (
    ErrorDeConector,
    MalConfigurada,
    NoSalio,
    SinPermiso,
    SinRespuesta,
)
from conectores.facebook import ConectorFacebook
from conectores.facebook.cliente import en_cable
from conectores.http import Plazos

TOKEN = "EAAcanario-token-de-la-pagina"
SECRETO = "canario-secreto-de-la-app"


def test_los_valores_viajan_como_los_entiende_graph():
    momento = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
    assert en_cable(
        {"a": True, "b": False, "c": None, "d": [{"x": "ñ"}], "e": {"k": 1}, "f": momento, "g": 3}
    ) == {"a": "true", "b": "false", "d": '[{"x": "ñ"}]', "e": '{"k": 1}', "f": 1796126400, "g": 3}


def test_un_texto_simple_sale_en_una_sola_llamada(graph, conector, envio, libreta):
    graph.contesta({"id": "1001_7", "permalink_url": "https://www.facebook.com/permalink/7"})
    texto = "¡Fiesta de la música! 🎺\n\nEntrada libre · niñas y niños"
    listo = conector.preparar(envio(texto), libreta)
    recibo = conector.publicar(listo)
    (pedido,) = graph.pedidos
    assert (pedido.verbo, pedido.camino) == ("POST", "/v25.0/1001/feed")
    assert pedido.consulta == {"fields": "id,permalink_url"}
    assert pedido.campos == {"message": texto}
    assert (recibo.id_remoto, recibo.url, recibo.completo, recibo.aviso) == (
        "1001_7",
        "https://www.facebook.com/permalink/7",
        True,
        "",
    )
    assert listo.paso.huella == hashlib.sha256(texto.encode()).hexdigest()


def test_el_token_va_en_la_cabecera_y_la_prueba_del_secreto_en_el_cuerpo(
    graph, armar, envio, libreta
):
    graph.contesta({"id": "1001_7"})
    conector = armar(id_app="55", secreto_app=SECRETO)
    conector.publicar(conector.preparar(envio(), libreta))
    (pedido,) = graph.pedidos
    prueba = hmac.new(SECRETO.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
    assert pedido.cabeceras["Authorization"] == f"Bearer {TOKEN}"
    assert pedido.campos["appsecret_proof"] == prueba
    assert TOKEN not in pedido.url
    assert SECRETO not in pedido.url + json.dumps(pedido.campos)


def test_el_enlace_viaja_aparte_y_sin_fotos(graph, conector, envio, libreta):
    graph.contesta({"id": "1001_7"})
    conector.publicar(
        conector.preparar(envio("Nota", enlace="https://ejemplo.gov.co/a?b=1&c=ñ"), libreta)
    )
    assert graph.pedidos[0].campos == {
        "message": "Nota",
        "link": "https://ejemplo.gov.co/a?b=1&c=ñ",
    }


def test_sin_permalink_la_direccion_sale_de_la_regla(graph, conector, envio, libreta):
    graph.contesta({"id": "1001_7"})
    recibo = conector.publicar(conector.preparar(envio(), libreta))
    assert recibo.url == "https://www.facebook.com/1001_7"


def test_una_direccion_relativa_se_completa(graph, conector, envio, libreta):
    graph.contesta({"id": "1001_7", "permalink_url": "/1001/videos/7/"})
    recibo = conector.publicar(conector.preparar(envio(), libreta))
    assert recibo.url == "https://www.facebook.com/1001/videos/7/"


def test_un_json_servido_como_javascript_vale(graph, conector, envio, libreta):
    graph.contesta({"id": "1001_7"}, tipo="text/javascript; charset=UTF-8")
    assert conector.publicar(conector.preparar(envio(), libreta)).id_remoto == "1001_7"


def test_una_respuesta_sin_tipo_de_contenido_vale(graph, conector, envio, libreta):
    graph.contesta({"id": "1001_7"}, tipo="")
    assert conector.publicar(conector.preparar(envio(), libreta)).id_remoto == "1001_7"


RARAS = {
    "html_502": ("<html>502 Bad Gateway</html>", 502, (), "text/html"),
    "vacio_500": ("", 500, (), "application/json"),
    "json_cortado": ('{"id": "1001_', 200, (), "application/json"),
    "json_hondo": ("[" * 100_000, 200, (), "application/json"),
    "html_200": ("<html>Bienvenido</html>", 200, (), "text/html"),
    "html_403": ("<html>Prohibido</html>", 403, (), "text/html"),
    "lista": ([1, 2], 200, (), "application/json"),
    "nulo": (None, 200, (), "application/json"),
    "sin_id": ({"permalink_url": "https://x"}, 200, (), "application/json"),
    "id_vacio": ({"id": " "}, 200, (), "application/json"),
    "verdadero": (True, 200, (), "application/json"),
    "exito_falso": ({"success": False}, 200, (), "application/json"),
    "redireccion": ("", 302, (("Location", "/otro"),), "text/html"),
    "error_texto": ({"error": "algo"}, 500, (), "application/json"),
    "codigo_2": ({"error": {"code": 2, "message": "x"}}, 500, (), "application/json"),
    "codigo_1_con_400": ({"error": {"code": 1, "message": "x"}}, 400, (), "application/json"),
    "desconocido_500": ({"error": {"code": 999_999}}, 500, (), "application/json"),
    "error_viejo_500": ({"error_code": 1, "error_msg": "x"}, 200, (), "application/json"),
    "utf8_roto": (b'{"id": "\xff\xfe"}', 200, (), "application/json"),
    "enorme": (b"x" * 9_000_000, 200, (), "application/json"),
}


@pytest.mark.parametrize("cual", sorted(RARAS))
def test_una_respuesta_rara_al_publicar_es_duda(cual, graph, conector, envio, libreta):
    cuerpo, estado, cabeceras, tipo = RARAS[cual]
    graph.contesta(cuerpo, estado=estado, cabeceras=cabeceras, tipo=tipo)
    with pytest.raises(SinRespuesta):
        conector.publicar(conector.preparar(envio(), libreta))
    assert len(graph.pedidos) == 1, "una respuesta rara no se repite ni se sigue"


def test_una_redireccion_al_leer_dice_que_la_direccion_esta_mal(graph, conector):
    graph.contesta("", estado=302, cabeceras=(("Location", "/otro"),), tipo="text/html")
    with pytest.raises(MalConfigurada, match="dirección"):
        conector.medir("1001_7")
    assert len(graph.pedidos) == 1


def test_sin_conexion_no_salio(envio, libreta, graph):
    graph.socket.close()  # el puerto queda libre: nadie escucha
    conector = ConectorFacebook(
        credencial={"token_pagina": TOKEN},
        identificador="1001",
        base_url="http://127.0.0.1:1",
        plazos=Plazos(conexion_s=1, lectura_s=1),
    )
    with pytest.raises(NoSalio):
        conector.publicar(conector.preparar(envio(), libreta))


def test_los_secretos_no_salen_en_errores_direcciones_ni_registros(
    graph, armar, envio, libreta, caplog
):
    caplog.set_level(logging.DEBUG)
    conector = armar(id_app="55", secreto_app=SECRETO)
    graph.falla(190, 463, message=f"Malformed access token {TOKEN} {SECRETO}", estado=401)
    with pytest.raises(SinPermiso) as visto:
        conector.publicar(conector.preparar(envio(), libreta))
    todo = "".join(traceback.format_exception(visto.value))
    todo += repr(conector) + str(conector) + repr(visto.value) + visto.value.detalle + caplog.text
    todo += "".join(p.url for p in graph.pedidos)
    contexto = visto.value.__context__
    todo += f"{contexto!r} {vars(contexto) if contexto else ''}"
    assert TOKEN not in todo
    assert SECRETO not in todo
    assert "[secreto]" in visto.value.detalle


def test_un_corte_no_muestra_la_direccion_con_la_consulta(graph, armar):
    graph.shutdown()
    graph.server_close()
    conector = armar(id_app="55", secreto_app=SECRETO)
    with pytest.raises(ErrorDeConector) as visto:
        conector.medir("1001_7")
    texto = "".join(traceback.format_exception(visto.value)) + visto.value.detalle
    assert "appsecret_proof" not in texto
    assert visto.value.__cause__ is None


def test_sin_token_no_se_arma():
    with pytest.raises(MalConfigurada, match="token de la página"):
        ConectorFacebook(credencial={}, identificador="1001")
