"""Contra un WordPress de verdad: sitios mal puestos y archivos que no se aceptan."""

from datetime import timedelta

import pytest

from conectores.errores import (
    ContenidoRechazado,
    MalConfigurada,
    NoSalio,
    Pasajero,
    SinRespuesta,
)
from tests.conectores.wordpress.apoyo import un_conector, un_envio, una_imagen
from tests.sistema.procesos import puerto_libre

pytestmark = pytest.mark.wordpress


def test_en_mantenimiento_se_espera_lo_que_pide(wordpress_real, libreta):
    (wordpress_real.sitio / ".maintenance").write_text("<?php $upgrading = time();")
    with pytest.raises(Pasajero, match="mantenimiento") as error:
        un_conector(wordpress_real).preparar(un_envio(), libreta)
    assert error.value.espera == timedelta(seconds=600)


def test_una_direccion_que_redirige_es_de_configuracion(wordpress_real, mirada, libreta):
    wordpress_real.poner_complemento(
        "redirige",
        "if (!empty($_SERVER['PHP_AUTH_USER']) && $_SERVER['PHP_AUTH_USER'] === 'editor') {"
        "header('Location: https://www.ejemplo.gov.co' . $_SERVER['REQUEST_URI'], true, 301);"
        "exit; }",
    )
    envio = un_envio()
    with pytest.raises(MalConfigurada, match=r"https://www\.ejemplo\.gov\.co"):
        un_conector(wordpress_real).preparar(envio, libreta)
    assert mirada.con_titulo(envio.titulo) == []


def test_una_direccion_que_no_es_de_wordpress_lo_dice(wordpress_real, libreta):
    # Con la API apagada, una portada responde 200 a cualquier camino.
    wordpress_real.poner_complemento(
        "sin_api",
        "if (preg_match('/wp-json|rest_route/', $_SERVER['REQUEST_URI'] ?? '')) "
        "{ exit('<h1>Portada</h1>'); }",
    )
    with pytest.raises(MalConfigurada, match="no responde la API"):
        un_conector(wordpress_real).preparar(un_envio(), libreta)


def test_un_jpg_falso_es_un_rechazo_definitivo(wordpress_real, mirada, libreta, tmp_path):
    falso = una_imagen(tmp_path)
    falso.archivo.write_bytes(b"<html>no soy una foto</html>")
    envio = un_envio(adjuntos=(falso,))
    with pytest.raises(ContenidoRechazado, match="no aceptó uno de los archivos"):
        un_conector(wordpress_real).preparar(envio, libreta)
    assert mirada.con_titulo(envio.titulo) == []


def test_un_svg_no_se_sube(wordpress_real, libreta, tmp_path):
    svg = una_imagen(tmp_path, tipo="image/svg+xml")
    with pytest.raises(ContenidoRechazado, match=r"image/svg\+xml"):
        un_conector(wordpress_real).preparar(un_envio(adjuntos=(svg,)), libreta)


def test_un_cortafuegos_frena_pero_no_condena_la_pieza(wordpress_real, libreta):
    wordpress_real.poner_complemento(
        "cortafuegos",
        "if (($_SERVER['REQUEST_METHOD'] ?? '') === 'POST') { http_response_code(403);"
        "header('Content-Type: text/html'); exit('<h1>Forbidden</h1>'); }",
    )
    with pytest.raises(Pasajero, match="cortafuegos"):
        un_conector(wordpress_real).preparar(un_envio(), libreta)
    assert libreta.leer("creacion") == "rechazada"


def test_un_aviso_de_php_delante_del_json_es_respuesta_dudosa(wordpress_real, libreta):
    wordpress_real.poner_complemento("ruido", "echo 'Notice: algo';")
    with pytest.raises((SinRespuesta, MalConfigurada)):
        un_conector(wordpress_real).preparar(un_envio(), libreta)


def test_un_rechazo_por_papel_nombra_la_capacidad(wordpress_real, libreta):
    wordpress_real.poner_complemento(
        "sin_crear",
        "add_filter('user_has_cap', function ($c) { $c['edit_posts'] = false; return $c; });",
    )
    with pytest.raises(ContenidoRechazado):
        un_conector(wordpress_real).preparar(un_envio(), libreta)


def test_un_sitio_apagado_no_llega_a_salir(wordpress_real, libreta):
    credencial = {**wordpress_real.credencial(), "url": f"http://127.0.0.1:{puerto_libre()}"}
    with pytest.raises(NoSalio):
        un_conector(wordpress_real, credencial=credencial).preparar(un_envio(), libreta)
