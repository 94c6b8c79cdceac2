"""Cada respuesta de un sitio, con lo que hay que hacer después."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from requests import Response

from conectores.errores import (
    ContenidoRechazado,
    LimiteAlcanzado,
    MalConfigurada,
    Pasajero,
    SinPermiso,
    SinRespuesta,
    YaNoEsta,
)
from conectores.wordpress.respuestas import clasificar, espera_pedida

AHORA = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def respuesta(estado, codigo="", *, datos=None, html="", **cabeceras):
    dada = Response()
    dada.status_code = estado
    cuerpo = html or json.dumps({"code": codigo, "message": "<b>Perdón</b>", "data": datos or {}})
    dada._content = cuerpo.encode()
    dada.headers["Content-Type"] = "text/html" if html else "application/json; charset=UTF-8"
    for nombre, valor in cabeceras.items():
        dada.headers[nombre.replace("_", "-")] = valor
    return dada


@pytest.mark.parametrize(
    ("estado", "codigo", "clase"),
    [
        (400, "rest_invalid_param", ContenidoRechazado),
        (400, "empty_content", ContenidoRechazado),
        (400, "rest_post_exists", ContenidoRechazado),
        (401, "rest_not_logged_in", SinPermiso),
        (401, "incorrect_password", SinPermiso),
        (401, "rest_cannot_create", SinPermiso),
        (403, "rest_cannot_publish", ContenidoRechazado),
        (403, "rest_forbidden_context", ContenidoRechazado),
        (404, "rest_no_route", MalConfigurada),
        (404, "rest_post_invalid_id", YaNoEsta),
        (408, "", SinRespuesta),
        (410, "rest_already_trashed", YaNoEsta),
        (412, "rest_upload_hash_mismatch", Pasajero),
        (500, "internal_server_error", SinRespuesta),
        (500, "rest_upload_sideload_error", ContenidoRechazado),
        (500, "rest_upload_unknown_error", ContenidoRechazado),
        (501, "application_passwords_disabled", MalConfigurada),
        (503, "wp_die", SinRespuesta),
    ],
)
def test_un_error_de_wordpress_se_clasifica_por_su_codigo(estado, codigo, clase):
    error = clasificar(respuesta(estado, codigo), ahora=AHORA)
    assert type(error) is clase
    assert error.mensaje.endswith(".")
    assert "Perdón" not in error.mensaje + error.detalle


@pytest.mark.parametrize(
    ("estado", "clase"),
    [
        (301, MalConfigurada),
        (302, MalConfigurada),
        (403, Pasajero),
        (404, MalConfigurada),
        (405, MalConfigurada),
        (413, ContenidoRechazado),
        (429, LimiteAlcanzado),
        (502, SinRespuesta),
        (504, SinRespuesta),
    ],
)
def test_una_pagina_de_error_de_un_servidor_intermedio_tambien(estado, clase):
    error = clasificar(respuesta(estado, html="<h1>Error</h1>"), ahora=AHORA)
    assert type(error) is clase
    assert error.mensaje.endswith(".")


def test_el_rechazo_nombra_los_campos_y_no_sus_valores():
    datos = {"params": {"slug": "Parámetro no válido: <i>x</i>"}}
    error = clasificar(respuesta(400, "rest_invalid_param", datos=datos), ahora=AHORA)
    assert "(slug)" in error.mensaje
    assert "<i>" not in error.mensaje + error.detalle


def test_el_mantenimiento_se_espera_lo_que_pide():
    error = clasificar(respuesta(503, html="<p>x</p>", Retry_After="600"), ahora=AHORA)
    assert isinstance(error, Pasajero)
    assert error.espera == timedelta(seconds=600)


def test_el_limite_dice_hasta_cuando():
    error = clasificar(respuesta(429, Retry_After="90"), ahora=AHORA)
    assert isinstance(error, LimiteAlcanzado)
    assert error.hasta == AHORA + timedelta(seconds=90)


@pytest.mark.parametrize(
    ("pedida", "espera"),
    [
        ("", None),
        ("pronto", None),
        ("0", timedelta(0)),
        ("120", timedelta(minutes=2)),
        ("99999999999999999999", timedelta(hours=6)),
        ("Tue, 01 Dec 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Tue, 01 Dec 2026 11:00:00 GMT", timedelta(0)),
        ("-5", None),
        ("²", None),
    ],
)
def test_la_espera_pedida_se_entiende_o_se_ignora(pedida, espera):
    assert espera_pedida(respuesta(503, Retry_After=pedida), AHORA) == espera


def test_la_redireccion_dice_adonde_manda_sin_el_resto_de_la_direccion():
    dada = respuesta(301, html="x", Location="https://www.sitio.example/wp-json/?clave=secreta")
    error = clasificar(dada, ahora=AHORA)
    assert "https://www.sitio.example" in error.mensaje
    assert "secreta" not in error.mensaje + error.detalle
