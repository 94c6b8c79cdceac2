"""Mirar la propia cuenta para resolver una duda."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conectores.contrato import Recibo
from conectores.errores import LimiteAlcanzado, Pasajero, SinRespuesta
from conectores.x.lectura import comparable

PROPIAS = "GET /2/users/1299/tweets"


def una(numero: str, texto: str, *urls: dict, responde_a: str | None = None, dialecto="tweets"):
    dato = {"id": numero, "text": texto, "created_at": "2026-12-01T12:00:00.000Z"}
    if urls:
        dato["entities"] = {"urls": list(urls)}
    if responde_a:
        dato[f"referenced_{dialecto}"] = [
            {"type": "quoted", "id": "5"},
            {"type": "replied_to", "id": responde_a},
        ]
    return dato


def corta(numero: int, larga: str, **mas) -> dict:
    return {"url": f"https://t.co/{numero}", "expanded_url": larga, **mas}


@pytest.fixture
def buscar(x, conector, un_envio, libreta, reloj):
    def _buscar(*segmentos: str, paso: str = "publicar"):
        return conector.buscar(un_envio(*segmentos), libreta, paso, reloj()).recibos

    return _buscar


def hay(x, *datos, **meta):
    x.dictar(PROPIAS, 200, {"data": list(datos), "meta": {"result_count": len(datos), **meta}})


def test_lo_que_salio_se_encuentra_por_su_texto(x, buscar):
    hay(x, una("191", "otra cosa"), una("190", "Abre el parque."))
    assert buscar("Abre  el parque. ") == (
        Recibo(id_remoto="190", url="https://x.com/AlcaldiaEnsayo/status/190"),
    )
    (pedido,) = x.pedidos
    assert pedido.consulta["start_time"] == "2026-12-01T11:59:00Z"
    assert "entities" in pedido.consulta["tweet.fields"]
    assert "exclude" not in pedido.consulta


def test_se_deshacen_las_entidades_los_enlaces_cortos_y_el_del_medio(x, buscar):
    hay(
        x,
        una(
            "190",
            "Pan &amp; café &lt;hoy&gt; https://t.co/1 y https://t.co/12 https://t.co/3",
            corta(1, "https://www.example.com/a?x=1&copy=2"),
            corta(12, "http://alcaldia.gov.co"),
            corta(3, "https://x.com/AlcaldiaEnsayo/status/190/photo/1", media_key="3_700"),
        ),
    )
    texto = "Pan & café <hoy> https://www.example.com/a?x=1&copy=2 y alcaldia.gov.co"
    assert [r.id_remoto for r in buscar(texto)] == ["190"]


@pytest.mark.parametrize(
    ("escrito", "expandido"),
    [
        ("https://Example.com/Ruta/", "https://example.com/Ruta"),
        ("terminó.No", "http://terminó.No"),
        ("http://example.com/a%C3%B1o", "http://example.com/año"),
    ],
)
def test_un_enlace_se_reconoce_aunque_x_lo_reescriba(x, buscar, escrito, expandido):
    hay(x, una("190", "Vea https://t.co/1 ya", corta(1, expandido)))
    assert [r.id_remoto for r in buscar(f"Vea {escrito} ya")] == ["190"]


def test_otro_enlace_no_es_la_misma_publicacion(x, buscar):
    hay(x, una("190", "Vea https://t.co/1", corta(1, "https://example.com/otra")))
    assert buscar("Vea https://example.com/una") == ()


def test_si_hay_varias_salen_de_la_mas_antigua_a_la_mas_nueva(x, buscar):
    hay(x, una("1000", "Hola"), una("999", "Hola"))
    assert [r.id_remoto for r in buscar("Hola")] == ["999", "1000"]


@pytest.mark.parametrize("dialecto", ["tweets", "posts"])
def test_un_segmento_se_busca_bajo_el_anterior(x, buscar, libreta, dialecto):
    libreta.anotar("segmento-0", "190")
    hay(
        x,
        una("191", "dos", responde_a="7", dialecto=dialecto),
        una("192", "dos", responde_a="190", dialecto=dialecto),
        una("193", "dos"),
    )
    assert buscar("uno", "dos", paso="segmento-1") == (
        Recibo(id_remoto="192", url="https://x.com/AlcaldiaEnsayo/status/192", completo=False),
    )


def test_el_primer_segmento_no_es_una_respuesta(x, buscar):
    hay(x, una("191", "uno", responde_a="7"))
    assert buscar("uno", "dos", paso="segmento-0") == ()


def test_si_x_no_dice_de_quien_cuelga_decide_el_texto(x, buscar, libreta):
    libreta.anotar("segmento-0", "190")
    hay(x, una("190", "uno"), una("191", "dos"))
    assert [r.id_remoto for r in buscar("uno", "dos", paso="segmento-1")] == ["191"]


def test_una_cuenta_sin_publicaciones_responde_vacio(x, buscar):
    x.dictar(PROPIAS, 200, {"meta": {"result_count": 0}})
    assert buscar("Hola") == ()


def test_se_leen_todas_las_paginas(x, buscar):
    hay(x, una("191", "otra"), next_token="b")
    hay(x, una("190", "Hola"))
    assert [r.id_remoto for r in buscar("Hola")] == ["190"]
    assert x.pedidos[1].consulta["pagination_token"] == "b"


def test_un_cursor_sin_fin_no_da_vueltas(x, buscar):
    hay(x, una("191", "otra"), next_token="b")
    assert buscar("Hola") == ()
    assert len(x.pedidos) == 2


@pytest.mark.parametrize(
    ("estado", "cuerpo", "clase"),
    [
        (200, "no json", SinRespuesta),
        (200, {"errors": [{"title": "Authorization Error"}]}, SinRespuesta),
        (200, {}, SinRespuesta),
        (200, {"data": None, "meta": {"result_count": 3}}, SinRespuesta),
        (503, "<html></html>", Pasajero),
        (429, {"title": "x"}, LimiteAlcanzado),
    ],
)
def test_no_poder_mirar_nunca_es_lo_mismo_que_no_estar(x, buscar, estado, cuerpo, clase):
    x.dictar(PROPIAS, estado, cuerpo)
    with pytest.raises(clase):
        buscar("Hola")


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=120))
def test_comparable_no_cambia_lo_ya_comparable(texto):
    assert comparable(comparable(texto)) == comparable(texto)
