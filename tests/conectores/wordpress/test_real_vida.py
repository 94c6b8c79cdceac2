"""Contra un WordPress de verdad: verificar, corregir, medir y retirar."""

import pytest

from conectores.contrato import Corrector, Medidor, Web
from conectores.errores import ContenidoRechazado, YaNoEsta
from tests.conectores.wordpress.apoyo import (
    LibretaEnMemoria,
    publicar,
    un_conector,
    un_envio,
    una_clave,
    una_imagen,
)

pytestmark = pytest.mark.wordpress


def test_un_editor_tiene_todo_lo_necesario(wordpress_real):
    permiso = un_conector(wordpress_real).verificar()

    assert permiso.vale
    assert permiso.faltan == ()
    assert {"publish_posts", "upload_files", "publish_pages"} <= set(permiso.alcances)
    assert permiso.nombre == "Sitio de pruebas (Editor)"
    assert permiso.advertencias == ()


def test_a_un_colaborador_le_falta_publicar(wordpress_real, libreta):
    permiso = un_conector(wordpress_real, "colaborador").verificar()
    assert not permiso.vale
    assert set(permiso.faltan) == {"publish_posts", "upload_files"}

    with pytest.raises(ContenidoRechazado, match="publish_posts"):
        un_conector(wordpress_real, "colaborador").preparar(un_envio(), libreta)


def test_de_un_administrador_se_advierte(wordpress_real):
    permiso = un_conector(wordpress_real, "administrador").verificar()
    assert permiso.vale
    assert any("administrador" in aviso for aviso in permiso.advertencias)


def test_una_contrasena_mala_no_vale_y_dice_que_hacer(wordpress_real):
    mala = {**wordpress_real.credencial(), "contrasena_aplicacion": "no es"}
    permiso = un_conector(wordpress_real, credencial=mala).verificar()
    assert not permiso.vale
    assert "contraseña de aplicación" in permiso.advertencias[0]


def test_sin_contrasenas_de_aplicacion_se_dice(wordpress_real):
    wordpress_real.poner_complemento(
        "sin_claves", "add_filter('wp_is_application_passwords_available', '__return_false');"
    )
    permiso = un_conector(wordpress_real).verificar()
    assert not permiso.vale
    assert any("no ofrece contraseñas de aplicación" in aviso for aviso in permiso.advertencias)


def test_un_complemento_que_difunde_se_advierte(wordpress_real):
    wordpress_real.poner_complemento(
        "difusor",
        "add_action('rest_api_init', function () { register_rest_route('jetpack/v4', '/x',"
        "['callback' => '__return_true', 'permission_callback' => '__return_true']); });",
    )
    permiso = un_conector(wordpress_real).verificar()
    assert any("jetpack/v4" in aviso for aviso in permiso.advertencias)


def test_corregir_cambia_el_contenido_y_conserva_la_direccion(
    wordpress_real, mirada, libreta, tmp_path
):
    conector = un_conector(wordpress_real)
    recibo = publicar(conector, un_envio(adjuntos=(una_imagen(tmp_path, "Vieja"),)), libreta)
    antes = mirada.entrada(recibo.id_remoto)
    corregido = un_envio(
        titulo="Título corregido",
        segmentos=("Otro texto.",),
        adjuntos=(una_imagen(tmp_path, "Ya"),),
    )
    for _ in range(2):
        otra_vez = conector.corregir(recibo.id_remoto, corregido, libreta)

    assert (otra_vez.id_remoto, otra_vez.url, otra_vez.aviso) == (recibo.id_remoto, recibo.url, "")
    entrada = mirada.entrada(recibo.id_remoto)
    assert entrada["title"]["raw"] == "Título corregido"
    assert "Otro texto." in entrada["content"]["raw"]
    assert (entrada["slug"], entrada["status"]) == (antes["slug"], "publish")
    assert entrada["date_gmt"] == antes["date_gmt"]
    assert mirada.pedir("GET", f"media/{entrada['featured_media']}")["alt_text"] == "Ya"
    assert isinstance(conector, Corrector)


def test_corregir_quita_la_imagen_si_ya_no_la_lleva(wordpress_real, mirada, libreta, tmp_path):
    conector = un_conector(wordpress_real)
    recibo = publicar(conector, un_envio(adjuntos=(una_imagen(tmp_path),)), libreta)
    conector.corregir(recibo.id_remoto, un_envio(), LibretaEnMemoria())
    assert mirada.entrada(recibo.id_remoto)["featured_media"] == 0


def test_no_se_pisa_lo_que_alguien_cambio_en_el_sitio(wordpress_real, mirada, libreta):
    conector = un_conector(wordpress_real)
    recibo = publicar(conector, un_envio(), libreta)
    conector.corregir(recibo.id_remoto, un_envio(), libreta)
    wordpress_real.php(
        f"global $wpdb; $wpdb->update($wpdb->posts, ['post_content' => 'ajeno',"
        f"'post_modified_gmt' => '2030-01-01 00:00:00'], ['ID' => {recibo.id_remoto}]);"
    )
    with pytest.raises(ContenidoRechazado, match="Alguien cambió la entrada"):
        conector.corregir(recibo.id_remoto, un_envio(), libreta)
    assert mirada.entrada(recibo.id_remoto)["content"]["raw"] == "ajeno"


def test_corregir_lo_que_ya_no_esta_lo_dice(wordpress_real, libreta):
    conector = un_conector(wordpress_real)
    recibo = publicar(conector, un_envio(), libreta)
    conector.retirar(recibo.id_remoto)
    with pytest.raises(YaNoEsta):
        conector.corregir(recibo.id_remoto, un_envio(), libreta)


@pytest.mark.parametrize("web", [Web(), Web(es_pagina=True)], ids=["entrada", "pagina"])
def test_retirar_la_manda_a_la_papelera_y_repetirlo_no_falla(wordpress_real, mirada, libreta, web):
    conector = un_conector(wordpress_real)
    recibo = publicar(conector, un_envio(web=web), libreta)
    for _ in range(2):
        conector.retirar(recibo.id_remoto)

    tipo = "pages" if web.es_pagina else "posts"
    assert mirada.entrada(recibo.id_remoto, tipo)["status"] == "trash"
    mirada.pedir("DELETE", f"{tipo}/{recibo.id_remoto}", consulta={"force": "true"})
    conector.retirar(recibo.id_remoto)


def test_retirar_sin_el_verbo_delete_tambien_puede(wordpress_real, mirada, libreta):
    wordpress_real.poner_complemento(
        "sin_delete",
        "if (($_SERVER['REQUEST_METHOD'] ?? '') === 'DELETE') "
        "{ http_response_code(405); header('Content-Type: text/html'); exit('no'); }",
    )
    conector = un_conector(wordpress_real)
    recibo = publicar(conector, un_envio(), libreta)
    conector.retirar(recibo.id_remoto)
    assert mirada.entrada(recibo.id_remoto)["status"] == "trash"


def test_se_cuentan_los_comentarios_y_las_visitas_no_estan_disponibles(wordpress_real, libreta):
    conector = un_conector(wordpress_real)
    recibo = publicar(conector, un_envio(), libreta)
    for _ in range(2):
        wordpress_real.php(
            f"wp_insert_comment(['comment_post_ID' => {recibo.id_remoto},"
            "'comment_content' => 'Gracias', 'comment_approved' => 1]);"
        )
    medidas = {medida.nombre: medida for medida in conector.medir(recibo.id_remoto)}

    assert medidas["comments.total"].valor == 2
    assert medidas["views"].valor is None
    assert medidas["views"].motivo.startswith("No disponible")
    assert isinstance(conector, Medidor)


def test_medir_lo_retirado_no_inventa_un_cero(wordpress_real, libreta):
    conector = un_conector(wordpress_real)
    recibo = publicar(conector, un_envio(), libreta)
    conector.retirar(recibo.id_remoto)
    with pytest.raises(YaNoEsta):
        conector.medir(recibo.id_remoto)


def test_la_credencial_no_aparece_al_mostrar_el_conector(wordpress_real):
    credencial = wordpress_real.credencial()
    visto = repr(un_conector(wordpress_real)) + una_clave()
    assert credencial["contrasena_aplicacion"] not in visto
