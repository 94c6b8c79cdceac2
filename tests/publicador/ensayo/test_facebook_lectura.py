"""Lo que se lee de la página de ensayo: listas por páginas, campos y cifras."""

from tests.publicador.ensayo.apoyo import PAGINA, error_de


def test_la_lista_va_de_nueva_a_vieja_por_paginas_y_sin_token(grafo, reloj):
    ids = []
    for n in range(5):
        ids.append(grafo.publicar(f"Número {n}"))
        reloj.pasan(minutes=1)
    vistas, dados = [], {"fields": "id", "limit": "2"}
    while True:
        pagina = grafo.leer(f"{PAGINA}/published_posts", **dados).json()
        vistas += [p["id"] for p in pagina["data"]]
        if "next" not in pagina["paging"]:
            break
        assert "token" not in pagina["paging"]["next"]
        dados["after"] = pagina["paging"]["cursors"]["after"]
    assert vistas == ids[::-1]


def test_since_y_until_recortan_la_lista(grafo, reloj):
    grafo.publicar("Vieja")
    reloj.pasan(hours=1)
    desde = int(reloj.ahora.timestamp())
    nueva = grafo.publicar("Nueva")
    reloj.pasan(hours=1)
    grafo.publicar("Futura")
    dentro = grafo.leer(f"{PAGINA}/published_posts", since=desde, until=desde + 60).json()["data"]
    assert [p["id"] for p in dentro] == [nueva]


def test_un_campo_que_no_existe_se_rechaza(grafo):
    post = grafo.publicar()
    assert error_de(grafo.leer(post, fields="id,post_id")) == (100, None)
    assert error_de(grafo.leer(f"{PAGINA}/published_posts", fields="caption")) == (100, None)


def test_las_cifras_crecen_y_nunca_bajan(grafo, reloj):
    post = grafo.publicar()
    lecturas = []
    for _ in range(6):
        reloj.pasan(hours=9)
        datos = grafo.leer(f"{post}/insights", metric="post_media_view").json()["data"]
        lecturas.append(datos[0]["values"][0]["value"])
    assert lecturas == sorted(lecturas)
    assert lecturas[-1] > lecturas[0] > 0


def test_una_metrica_retirada_tumba_la_llamada_entera(grafo):
    post = grafo.publicar()
    respuesta = grafo.leer(f"{post}/insights", metric="post_media_view,post_impressions")
    assert error_de(respuesta) == (100, None)
    assert error_de(grafo.leer(f"{PAGINA}/insights", metric="page_fans")) == (100, None)


def test_los_dias_de_la_pagina_cierran_a_medianoche_del_pacifico(grafo):
    dados = {"metric": "page_follows", "since": "2026-11-20", "until": "2026-11-23"}
    (fila,) = grafo.leer(f"{PAGINA}/insights", **dados).json()["data"]
    assert [v["end_time"] for v in fila["values"]] == [
        f"2026-11-{dia}T08:00:00+0000" for dia in (20, 21, 22)
    ]
    lejos = {"metric": "page_follows", "since": "2026-05-01", "until": "2026-11-01"}
    assert error_de(grafo.leer(f"{PAGINA}/insights", **lejos)) == (100, 1504033)
