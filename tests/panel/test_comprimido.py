"""Los guiones y hojas llegan comprimidos a quien lo acepta, y son los mismos bytes."""

import gzip
import re

import pytest


@pytest.fixture
def hoja(panel):
    html = panel.visitante().get("/entrar").text
    return re.search(r'href="(/estaticos/armado/panel-\w+\.css)"', html)[1]


def test_la_hoja_comprimida_es_la_misma_y_mucho_mas_corta(panel, hoja):
    entera = panel.visitante().get(hoja)
    corta = panel.visitante().get(hoja, headers={"Accept-Encoding": "gzip"})
    assert corta.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(corta.data) == entera.data
    assert len(corta.data) < len(entera.data) / 3
    assert corta.content_type == entera.content_type == "text/css; charset=utf-8"


def test_quien_acepta_brotli_lo_recibe_aun_mas_corto(panel, hoja):
    con_gzip = panel.visitante().get(hoja, headers={"Accept-Encoding": "gzip"})
    con_brotli = panel.visitante().get(hoja, headers={"Accept-Encoding": "gzip, deflate, br"})
    assert con_brotli.headers["Content-Encoding"] == "br"
    assert len(con_brotli.data) < len(con_gzip.data)


@pytest.mark.parametrize("acepta", ["identity", "gzip;q=0, br;q=0", "compress"])
def test_quien_no_acepta_comprimido_lo_recibe_entero(panel, hoja, acepta):
    respuesta = panel.visitante().get(hoja, headers={"Accept-Encoding": acepta})
    assert "Content-Encoding" not in respuesta.headers
    assert b":root" in respuesta.data


def test_las_copias_no_se_confunden_en_el_camino(panel, hoja):
    respuesta = panel.visitante().get(hoja, headers={"Accept-Encoding": "br"})
    assert respuesta.headers["Vary"] == "Accept-Encoding"
    assert "immutable" in respuesta.headers["Cache-Control"]


def test_las_paginas_no_se_comprimen_porque_llevan_la_ficha_y_lo_escrito(panel):
    pagina = panel.como("redaccion").get("/", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in pagina.headers
    assert 'name="ficha-csrf"' in pagina.text
