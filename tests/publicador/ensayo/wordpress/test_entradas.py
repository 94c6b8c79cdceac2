import pytest

MARCA = '<!-- wp:paragraph {"metadata":{"name":"pub-00000000000000aa"}} -->'
CUERPO = f"{MARCA}\n<p>Año nuevo &amp; ñandú 😀</p>\n<!-- /wp:paragraph -->"
CLAVE = "pub-00000000000000aa"


def test_un_borrador_perdido_se_halla_por_su_slug_y_por_su_marca(wp, mundo):
    mundo.armar("wordpress", "error_500_aceptado", llamada="borrador")
    cuerpo = {"title": "Nota", "content": CUERPO, "slug": CLAVE, "status": "draft"}
    assert wp("POST", "/wp/v2/posts", json=cuerpo).status_code == 500
    (por_slug,) = wp.listar(slug=CLAVE)
    (por_marca,) = wp.listar(search=CLAVE, after="2026-11-23T00:00:00")
    assert por_slug["id"] == por_marca["id"]
    assert por_slug["status"] == "draft"
    assert por_slug["content"]["raw"] == CUERPO
    assert mundo.entradas("wordpress") == []


def test_publicar_por_id_dos_veces_no_cambia_nada(wp, mundo, reloj):
    id_ = wp.crear(title="Río limpio", content=CUERPO, slug=CLAVE, status="draft")["id"]
    reloj.pasar(minutes=10)
    uno = wp("POST", f"/wp/v2/posts/{id_}", json={"status": "publish", "slug": ""}).json()
    reloj.pasar(minutes=10)
    dos = wp("POST", f"/wp/v2/posts/{id_}", json={"status": "publish", "slug": ""}).json()
    assert uno["status"] == dos["status"] == "publish"
    assert uno["slug"] == "rio-limpio"
    assert uno["link"].endswith("/wordpress/2026/11/rio-limpio/")
    assert [dos[c] for c in ("link", "slug", "date_gmt")] == [
        uno[c] for c in ("link", "slug", "date_gmt")
    ]
    assert uno["date_gmt"] == "2026-11-24T12:10:00"
    assert uno["date"] == "2026-11-24T07:10:00"
    (entrada,) = mundo.visibles("wordpress")
    assert entrada.texto == "Año nuevo & ñandú 😀"
    assert entrada.extra["titulo"] == "Río limpio"
    assert entrada.url == uno["link"]


def test_un_borrador_sin_slug_no_lo_tiene_hasta_publicarse(wp):
    nota = wp.crear(title="Obras & vías")
    assert (nota["slug"], nota["status"]) == ("", "draft")
    assert nota["link"].endswith(f"/?p={nota['id']}")
    hecha = wp("POST", f"/wp/v2/posts/{nota['id']}", json={"status": "publish"}).json()
    assert hecha["slug"] == "obras-vias"
    assert hecha["title"] == {"raw": "Obras & vías", "rendered": "Obras &amp; vías"}


def test_los_slugs_repetidos_ganan_un_numero_tambien_en_borrador(wp):
    slugs = [wp.crear(slug="pub-1", status="draft")["slug"] for _ in range(3)]
    assert slugs == ["pub-1", "pub-1-2", "pub-1-3"]
    assert wp.crear(slug="feed", status="draft")["slug"] == "feed-2"


def test_los_medios_le_quitan_el_slug_a_una_pagina_pero_no_a_una_entrada(wp, imagen):
    assert wp.subir(imagen, "rio.jpg").json()["slug"] == "rio"
    assert wp.crear("/wp/v2/pages", slug="rio")["slug"] == "rio-2"
    assert wp.crear("/wp/v2/posts", slug="rio")["slug"] == "rio"


def test_con_fecha_un_minuto_adelante_queda_programada_y_no_publicada(wp, mundo):
    lejos = wp.crear(status="publish", date_gmt="2026-11-24T12:01:00")
    cerca = wp.crear(status="publish", date_gmt="2026-11-24T12:00:59Z", title="Otra")
    assert (lejos["status"], cerca["status"]) == ("future", "publish")
    assert [e.id for e in mundo.entradas("wordpress")] == [str(cerca["id"])]
    ahora = wp("POST", f"/wp/v2/posts/{lejos['id']}", json={"date": None, "status": "publish"})
    assert ahora.json()["status"] == "publish"


def test_la_papelera_cambia_el_slug_y_any_no_la_incluye(wp, mundo):
    nota = wp.crear(slug=CLAVE, status="publish")
    botada = wp("DELETE", f"/wp/v2/posts/{nota['id']}").json()
    assert (botada["status"], botada["slug"]) == ("trash", f"{CLAVE}__trashed")
    assert mundo.visibles("wordpress") == []
    repetida = wp("DELETE", f"/wp/v2/posts/{nota['id']}")
    assert (repetida.status_code, repetida.json()["code"]) == (410, "rest_already_trashed")
    assert wp.listar(slug=CLAVE) == []
    (hallada,) = wp.listar(slug=f"{CLAVE}__trashed", status="trash")
    assert hallada["id"] == nota["id"]

    wp.crear(slug=CLAVE, title="Gemela")
    vuelve = wp("POST", f"/wp/v2/posts/{nota['id']}", json={"status": "publish"}).json()
    assert vuelve["slug"] == f"{CLAVE}-2"
    assert len(mundo.visibles("wordpress")) == 1


def test_borrar_del_todo_no_deja_rastro(wp):
    nota = wp.crear(status="draft")
    borrada = wp("DELETE", f"/wp/v2/posts/{nota['id']}", params={"force": "true"}).json()
    assert borrada["deleted"] is True
    assert borrada["previous"]["id"] == nota["id"]
    assert wp("GET", f"/wp/v2/posts/{nota['id']}").status_code == 404
    otra_vez = wp("POST", f"/wp/v2/posts/{nota['id']}", params={"_method": "DELETE"})
    assert otra_vez.json()["code"] == "rest_post_invalid_id"


def test_lo_que_no_existe_se_ignora_sin_decir_nada(wp):
    nota = wp.crear(featured_media=999_999, categories=[999_999], tags=[999_999], inventado=1)
    assert (nota["featured_media"], nota["categories"], nota["tags"]) == (0, [], [])
    assert wp.crear()["categories"] == [1]


@pytest.mark.parametrize(
    ("cuerpo", "codigo"),
    [
        ({"title": ""}, "empty_content"),
        ({"id": 5, "title": "a"}, "rest_post_exists"),
        ({"title": "a", "status": "publicado"}, "rest_invalid_param"),
        ({"title": "a", "categories": ["x"]}, "rest_invalid_param"),
        ({"title": "a", "date_gmt": "mañana"}, "rest_invalid_param"),
        ({"title": "a", "author": 999}, "rest_invalid_author"),
        ({"title": "a", "template": "rara.php"}, "rest_invalid_param"),
    ],
)
def test_lo_mal_pedido_se_rechaza_y_no_deja_nada(wp, cuerpo, codigo):
    respuesta = wp("POST", "/wp/v2/posts", json=cuerpo)
    assert (respuesta.status_code, respuesta.json()["code"]) == (400, codigo)
    assert wp.listar() == []


def test_las_paginas_cuelgan_de_otra_y_su_direccion_tambien(wp):
    padre = wp.crear("/wp/v2/pages", title="Río", status="publish")
    hija = wp.crear("/wp/v2/pages", title="Cronograma", status="publish", parent=padre["id"])
    assert hija["link"].endswith("/wordpress/rio/cronograma/")
    mala = wp("POST", "/wp/v2/pages", json={"title": "x", "parent": 999_999})
    assert mala.json()["code"] == "rest_post_invalid_id"


def test_despublicar_quita_la_nota_del_publico_y_conserva_el_slug(wp, mundo):
    nota = wp.crear(title="Aviso", status="publish")
    otra = wp("POST", f"/wp/v2/posts/{nota['id']}", json={"status": "draft"}).json()
    assert otra["slug"] == "aviso"
    assert mundo.visibles("wordpress") == []


def test_paginar_dice_el_total_y_pasarse_es_un_error(wp):
    for n in range(3):
        wp.crear(title=f"Nota {n}")
    pagina = wp("GET", "/wp/v2/posts", params={"status": "any", "per_page": 2, "page": 2})
    assert len(pagina.json()) == 1
    assert (pagina.headers["X-WP-Total"], pagina.headers["X-WP-TotalPages"]) == ("3", "2")
    lejos = wp("GET", "/wp/v2/posts", params={"status": "any", "page": 9})
    assert lejos.json()["code"] == "rest_post_invalid_page_number"
    assert wp("GET", "/wp/v2/posts", params={"per_page": 101}).status_code == 400


def test_fields_recorta_y_head_cuenta_comentarios(wp):
    nota = wp.crear(status="publish")
    corta = wp("GET", f"/wp/v2/posts/{nota['id']}", params={"_fields": "id,link"}).json()
    assert sorted(corta) == ["id", "link"]
    cabeza = wp("HEAD", "/wp/v2/comments", params={"post": nota["id"], "per_page": 1})
    assert cabeza.headers["X-WP-Total"] == "0"


def test_escribir_a_mano_aparece_como_publicado(wp, mundo):
    mundo.a_mano["wordpress"]({"red": "wordpress", "cuenta": "vecina", "texto": "Por fuera"})
    (nota,) = wp.listar(status="publish")
    assert nota["content"]["raw"] == "Por fuera"
