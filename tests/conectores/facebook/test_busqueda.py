"""Mirar la propia página tras una duda."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest

from conectores.errores import LimiteAlcanzado, Pasajero, SinRespuesta

DESDE = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def _post(numero, texto="Hola, Bucaramanga", *, segundos=5, **mas):
    momento = (DESDE + timedelta(seconds=segundos)).strftime("%Y-%m-%dT%H:%M:%S+0000")
    return {
        "id": f"1001_{numero}",
        "message": texto,
        "created_time": momento,
        "permalink_url": f"https://www.facebook.com/p/{numero}",
        **mas,
    }


def _fotos(cuantas):
    if cuantas == 1:
        return {"data": [{"media_type": "photo"}]}
    hijas = [{"media_type": "photo"}] * cuantas
    return {"data": [{"media_type": "album", "subattachments": {"data": hijas}}]}


def _lista(*posts, **mas):
    return {"data": list(posts), **mas}


def _ids(hallazgo):
    return [r.id_remoto for r in hallazgo.recibos]


def test_halla_la_propia_publicacion_y_solo_esa(graph, conector, envio, libreta):
    graph.contesta(_lista(_post(9, "Otra cosa"), _post(7), _post(6, segundos=-600)))
    hallazgo = conector.buscar(envio(), libreta, "publicar", DESDE)
    (recibo,) = hallazgo.recibos
    assert (recibo.id_remoto, recibo.url, recibo.completo) == (
        "1001_7",
        "https://www.facebook.com/p/7",
        True,
    )
    consulta = graph.pedidos[0].consulta
    assert consulta["since"] == str(int(DESDE.timestamp()) - 120)
    assert graph.pedidos[0].camino == "/v25.0/1001/published_posts"


def test_sin_nada_parecido_el_hallazgo_esta_vacio(graph, conector, envio, libreta):
    graph.contesta(_lista())
    assert conector.buscar(envio(), libreta, "publicar", DESDE).recibos == ()


def test_los_espacios_y_la_forma_de_los_acentos_no_estorban(graph, conector, envio, libreta):
    graph.contesta(_lista(_post(7, unicodedata.normalize("NFD", "Niñez  y\njuventud "))))
    assert _ids(conector.buscar(envio("Niñez y\n\njuventud"), libreta, "publicar", DESDE)) == [
        "1001_7"
    ]


def test_sigue_las_paginas_por_cursor_aunque_next_no_traiga_token(graph, conector, envio, libreta):
    paginado = {"cursors": {"after": "ABC"}, "next": "https://graph.facebook.com/x?after=ABC"}
    graph.contesta(_lista(_post(9, "Otra"), paging=paginado), _lista(_post(7)))
    assert _ids(conector.buscar(envio(), libreta, "publicar", DESDE)) == ["1001_7"]
    assert graph.pedidos[1].consulta["after"] == "ABC"


def test_la_ultima_pagina_tiene_cursor_pero_no_next(graph, conector, envio, libreta):
    graph.contesta(_lista(_post(7), paging={"cursors": {"after": "ABC"}}))
    conector.buscar(envio(), libreta, "publicar", DESDE)
    assert len(graph.pedidos) == 1


def test_varias_iguales_van_de_la_mas_antigua_a_la_mas_nueva(graph, conector, envio, libreta):
    graph.contesta(_lista(_post(9, segundos=90), _post(7, segundos=3)))
    assert _ids(conector.buscar(envio(), libreta, "publicar", DESDE)) == ["1001_7", "1001_9"]


def test_con_fotos_prefiere_la_que_tiene_las_mismas(graph, conector, envio, libreta):
    graph.contesta(
        _lista(_post(9, attachments=_fotos(2)), _post(8), _post(7, attachments=_fotos(1)))
    )
    hallazgo = conector.buscar(envio(fotos=2), libreta, "publicar", DESDE)
    assert _ids(hallazgo) == ["1001_9"]
    assert not hallazgo.recibos[0].completo


def test_la_que_salio_con_menos_fotos_tambien_es_nuestra(graph, conector, envio, libreta):
    graph.contesta(_lista(_post(7, attachments=_fotos(1))))
    assert _ids(conector.buscar(envio(fotos=2), libreta, "publicar", DESDE)) == ["1001_7"]


def test_una_con_fotos_no_es_el_texto_solo(graph, conector, envio, libreta):
    graph.contesta(_lista(_post(7, attachments=_fotos(1))))
    assert _ids(conector.buscar(envio(), libreta, "publicar", DESDE)) == []


def test_con_enlace_prefiere_la_que_lo_lleva(graph, conector, envio, libreta):
    def tarjeta(url):
        return {"data": [{"type": "share", "url": "https://l.facebook.com", "unshimmed_url": url}]}

    graph.contesta(
        _lista(
            _post(8, attachments=tarjeta("https://ejemplo.gov.co/otra")),
            _post(7, attachments=tarjeta("https://ejemplo.gov.co/nota/")),
        )
    )
    sobre = envio(enlace="https://ejemplo.gov.co/nota")
    assert _ids(conector.buscar(sobre, libreta, "publicar", DESDE)) == ["1001_7"]


def test_lo_anterior_al_margen_no_cuenta_aunque_la_red_lo_mande(graph, conector, envio, libreta):
    graph.contesta(_lista(_post(6, segundos=-121), _post(7, segundos=-119)))
    assert _ids(conector.buscar(envio(), libreta, "publicar", DESDE)) == ["1001_7"]


@pytest.mark.parametrize(
    ("codigo", "clase"), [(2, Pasajero), (4, LimiteAlcanzado), (999_999, Exception)]
)
def test_si_no_se_pudo_mirar_no_se_dice_que_no_esta(codigo, clase, graph, conector, envio, libreta):
    graph.falla(codigo)
    with pytest.raises(clase):
        conector.buscar(envio(), libreta, "publicar", DESDE)


@pytest.mark.parametrize("cuerpo", [{}, {"data": None}, [], "<html>", {"data": {"x": 1}}])
def test_una_lista_ilegible_no_es_una_lista_vacia(cuerpo, graph, conector, envio, libreta):
    graph.contesta(cuerpo)
    with pytest.raises(SinRespuesta):
        conector.buscar(envio(), libreta, "publicar", DESDE)


def test_halla_el_comentario_de_la_pagina_y_no_el_de_un_vecino(graph, conector, envio, libreta):
    libreta["publicar"] = "1001_7"
    sobre = envio(primer_comentario="Más datos")
    graph.contesta(
        _lista(
            _post("7_3", "Más datos", **{"from": {"id": "1001"}}),
            _post("7_2", "Más datos", **{"from": {"id": "42"}}),
            _post("7_1", "¿A qué hora?", **{"from": {"id": "1001"}}),
        )
    )
    hallazgo = conector.buscar(sobre, libreta, "comentar", DESDE)
    assert _ids(hallazgo) == ["1001_7_3"]
    assert not hallazgo.recibos[0].completo
    assert graph.pedidos[0].camino == "/v25.0/1001_7/comments"


def test_sin_publicacion_anotada_no_hay_comentario_que_buscar(graph, conector, envio, libreta):
    hallazgo = conector.buscar(envio(primer_comentario="Más"), libreta, "comentar", DESDE)
    assert hallazgo.recibos == ()
    assert graph.pedidos == []
