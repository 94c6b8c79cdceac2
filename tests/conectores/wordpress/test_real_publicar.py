"""Contra un WordPress de verdad: lo que sale es lo que se aprobó."""

from html import unescape

import pytest
import requests

from conectores.contrato import Listo, Web
from conectores.errores import ContenidoRechazado, MedioPerdido
from tests.conectores.wordpress.apoyo import (
    LibretaEnMemoria,
    publicar,
    un_conector,
    un_envio,
    una_imagen,
)

pytestmark = pytest.mark.wordpress


def test_preparar_no_hace_publico_nada(wordpress_real, mirada, libreta):
    listo = un_conector(wordpress_real).preparar(un_envio(), libreta)

    assert isinstance(listo, Listo)
    assert mirada.entrada(listo.subidos[0])["status"] == "draft"
    assert libreta.leer("borrador") == listo.subidos[0]


def test_una_entrada_sale_con_su_titulo_y_una_direccion_legible(wordpress_real, mirada, libreta):
    envio = un_envio(titulo="Boletín N.º 12: Ñandú «obra»")
    recibo = publicar(un_conector(wordpress_real), envio, libreta)

    entrada = mirada.entrada(recibo.id_remoto)
    assert entrada["status"] == "publish"
    assert entrada["title"]["raw"] == "Boletín N.º 12: Ñandú «obra»"
    assert entrada["slug"].startswith("boletin-n-o-12-nandu-obra")
    assert recibo.url == entrada["link"]
    assert recibo.completo


def test_el_publico_lee_el_texto_y_no_ve_la_clave(wordpress_real, libreta):
    envio = un_envio(
        segmentos=("Uno [gallery] 🎉.\ncon salto & <b>signos</b>\n\n#Obras",),
        enlace="https://www.ejemplo.gov.co/tramite?a=1&b=2",
    )
    recibo = publicar(un_conector(wordpress_real), envio, libreta)

    pagina = requests.get(recibo.url, timeout=30).text
    assert envio.clave not in pagina
    visible = unescape(pagina)
    assert "Uno [gallery] 🎉." in visible
    assert "con salto & <b>signos</b>" in visible
    assert 'href="https://www.ejemplo.gov.co/tramite?a=1&b=2"' in visible
    assert visible.index("tramite?a=1&b=2") < visible.index("#Obras")


def test_un_guion_en_el_texto_o_el_titulo_no_corre(wordpress_real, mirada, libreta):
    malo = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    envio = un_envio(titulo=f"Aviso {malo}", segmentos=(malo,), web=Web(extracto=malo))
    recibo = publicar(un_conector(wordpress_real), envio, libreta)

    entrada = mirada.entrada(recibo.id_remoto)
    for campo in ("title", "content", "excerpt"):
        assert "<script" not in entrada[campo]["raw"]
        assert "<img" not in entrada[campo]["rendered"]
    assert "<script>alert(1)" not in requests.get(recibo.url, timeout=30).text


def test_la_primera_imagen_es_la_destacada_y_las_demas_van_en_el_texto(
    wordpress_real, mirada, libreta, tmp_path
):
    imagenes = tuple(una_imagen(tmp_path, f'Foto {n}: "obra" & río') for n in range(3))
    envio = un_envio(adjuntos=imagenes)
    recibo = publicar(un_conector(wordpress_real), envio, libreta)

    entrada = mirada.entrada(recibo.id_remoto)
    destacada = mirada.pedir("GET", f"media/{entrada['featured_media']}")
    assert destacada["alt_text"] == 'Foto 0: "obra" & río'
    assert (
        requests.get(destacada["source_url"], timeout=30).content
        == imagenes[0].archivo.read_bytes()
    )
    contenido = entrada["content"]["rendered"]
    assert contenido.count("<img") == 2
    assert 'alt="Foto 1: &quot;obra&quot; &amp; río"' in contenido
    assert "Foto 0" not in contenido


def test_el_original_publicado_no_lleva_metadatos_que_no_tuviera_la_copia(
    wordpress_real, mirada, libreta, tmp_path
):
    envio = un_envio(adjuntos=(una_imagen(tmp_path),))
    recibo = publicar(un_conector(wordpress_real), envio, libreta)

    medio = mirada.pedir("GET", f"media/{mirada.entrada(recibo.id_remoto)['featured_media']}")
    direcciones = [medio["source_url"]] + [
        tamanio["source_url"] for tamanio in medio["media_details"]["sizes"].values()
    ]
    assert all(b"Exif" not in requests.get(d, timeout=30).content for d in direcciones)


def test_un_texto_alternativo_muy_largo_llega_entero(wordpress_real, mirada, libreta, tmp_path):
    alternativo = "Señal de tránsito con año y ñ. " * 100
    envio = un_envio(adjuntos=(una_imagen(tmp_path, alternativo.strip()),))
    recibo = publicar(un_conector(wordpress_real), envio, libreta)

    medio = mirada.pedir("GET", f"media/{mirada.entrada(recibo.id_remoto)['featured_media']}")
    assert medio["alt_text"] == alternativo.strip()


def test_repetir_preparar_no_sube_otra_vez_ni_crea_otro_borrador(
    wordpress_real, mirada, libreta, tmp_path
):
    envio = un_envio(adjuntos=(una_imagen(tmp_path), una_imagen(tmp_path)))
    for _ in range(3):
        un_conector(wordpress_real).preparar(envio, libreta)

    assert len(mirada.con_titulo(envio.titulo)) == 1
    subidos = mirada.pedir("GET", "media", consulta={"search": envio.clave})
    assert {medio["slug"] for medio in subidos} == {f"{envio.clave}-1", f"{envio.clave}-2"}
    assert len(subidos) == 2


def test_una_subida_que_no_se_alcanzo_a_anotar_se_aprovecha(
    wordpress_real, mirada, libreta, tmp_path
):
    envio = un_envio(adjuntos=(una_imagen(tmp_path),))
    un_conector(wordpress_real).preparar(envio, libreta)
    subido = libreta.notas.pop("medio-0")
    un_conector(wordpress_real).preparar(envio, libreta)

    assert libreta.leer("medio-0") == subido


def test_si_borran_el_medio_se_pide_subirlo_otra_vez(wordpress_real, mirada, libreta, tmp_path):
    envio = un_envio(adjuntos=(una_imagen(tmp_path),))
    conector = un_conector(wordpress_real)
    conector.preparar(envio, libreta)
    id_medio = libreta.notas["medio-0"].split()[0]
    mirada.pedir("DELETE", f"media/{id_medio}", consulta={"force": "true"})

    with pytest.raises(MedioPerdido):
        conector.preparar(envio, libreta)
    del libreta.notas["medio-0"]
    assert isinstance(conector.preparar(envio, libreta), Listo)


def test_la_categoria_con_signo_se_crea_una_sola_vez(wordpress_real, mirada):
    web = Web(categorias=("Obras & Vías",), etiquetas=("#Bucaramanga", "Río de Oro"), extracto="Va")
    ids = []
    for _ in range(2):
        recibo = publicar(un_conector(wordpress_real), un_envio(web=web), LibretaEnMemoria())
        ids.append(mirada.entrada(recibo.id_remoto))
    assert ids[0]["categories"] == ids[1]["categories"]
    assert ids[0]["tags"] == ids[1]["tags"]
    assert len(ids[0]["tags"]) == 2
    assert ids[0]["excerpt"]["raw"] == "Va"
    todas = mirada.pedir("GET", "categories", consulta={"per_page": 100})
    assert [unescape(c["name"]) for c in todas].count("Obras & Vías") == 1


def test_un_autor_sin_papel_para_crear_categorias_recibe_la_frase(wordpress_real, libreta):
    envio = un_envio(web=Web(categorias=("Categoría que nadie creó",)))
    with pytest.raises(ContenidoRechazado, match="no puede crearla"):
        un_conector(wordpress_real, "autor").preparar(envio, libreta)


def test_la_entrada_sale_a_nombre_del_autor_pedido(wordpress_real, mirada, libreta):
    recibo = publicar(un_conector(wordpress_real), un_envio(web=Web(autor="autor")), libreta)
    assert str(mirada.entrada(recibo.id_remoto)["author"]) == wordpress_real.id_de("autor")


def test_un_autor_que_no_existe_devuelve_la_pieza(wordpress_real, libreta):
    with pytest.raises(ContenidoRechazado, match="nadie-asi"):
        un_conector(wordpress_real).preparar(un_envio(web=Web(autor="nadie-asi")), libreta)


def test_una_pagina_cuelga_de_la_suya(wordpress_real, mirada, libreta):
    madre = un_envio(titulo="Plan del río", web=Web(es_pagina=True))
    primera = publicar(un_conector(wordpress_real), madre, libreta)
    slug = mirada.entrada(primera.id_remoto, "pages")["slug"]
    hija = un_envio(titulo="Cronograma", web=Web(es_pagina=True, pagina_padre=slug))
    recibo = publicar(un_conector(wordpress_real), hija, LibretaEnMemoria())

    assert f"/{slug}/cronograma" in recibo.url
    assert requests.get(recibo.url, timeout=30).status_code == 200


def test_una_pagina_superior_que_no_existe_devuelve_la_pieza(wordpress_real, libreta):
    envio = un_envio(web=Web(es_pagina=True, pagina_padre="no-hay-tal"))
    with pytest.raises(ContenidoRechazado, match="no-hay-tal"):
        un_conector(wordpress_real).preparar(envio, libreta)


def test_con_enlaces_simples_tambien_publica(wordpress_real, mirada, libreta, tmp_path):
    wordpress_real.permalinks("")
    envio = un_envio(adjuntos=(una_imagen(tmp_path, "Ñ & más"),), web=Web(categorias=("Simple",)))
    recibo = publicar(un_conector(wordpress_real), envio, libreta)

    assert mirada.entrada(recibo.id_remoto)["status"] == "publish"
    assert "?p=" in recibo.url


def test_un_autor_publica_sin_perder_la_marca(wordpress_real, mirada, libreta, tmp_path):
    envio = un_envio(adjuntos=(una_imagen(tmp_path), una_imagen(tmp_path, "Otra <foto>")))
    recibo = publicar(un_conector(wordpress_real, "autor"), envio, libreta)

    crudo = mirada.entrada(recibo.id_remoto)["content"]["raw"]
    assert f'"name":"{envio.clave}"' in crudo
    assert 'alt="Otra &lt;foto&gt;"' in crudo


def test_una_pagina_nueva_de_primer_nivel_entra_sola_al_menu(wordpress_real, mirada, libreta):
    wordpress_real.php(
        "$m = wp_get_nav_menu_object('principal') ?: null;"
        "$id = $m ? $m->term_id : wp_create_nav_menu('principal');"
        "set_theme_mod('nav_menu_locations', ['primary' => $id]);"
        "update_option('nav_menu_options', ['auto_add' => [$id]]);"
    )
    envio = un_envio(titulo="Micrositio del agua", web=Web(es_pagina=True))
    recibo = publicar(un_conector(wordpress_real), envio, libreta)

    items = mirada.pedir("GET", "menu-items", consulta={"per_page": 100})
    assert any(str(item["object_id"]) == recibo.id_remoto for item in items)
