import pytest
import requests

from publicador.ensayo.ajustes_red import ajustar

MALAS = ["corta", "clave mala mala mala mala xx", "vencida0 vencida0 vencida", ""]


@pytest.mark.parametrize("clave", MALAS)
def test_una_clave_equivocada_parece_un_visitante_y_no_un_error(wp, como, clave):
    wp.crear(slug="pub-1", status="draft")
    mal = como("prensa", clave)
    assert mal("GET", "/").status_code == 200
    a_secas = mal("GET", "/wp/v2/posts", params={"slug": "pub-1"})
    assert (a_secas.status_code, a_secas.json()) == (200, [])
    yo = mal("GET", "/wp/v2/users/me", params={"context": "edit"})
    assert (yo.status_code, yo.json()["code"]) == (401, "rest_not_logged_in")
    crear = mal("POST", "/wp/v2/posts", json={"title": "x"})
    assert (crear.status_code, crear.json()["code"]) == (401, "rest_cannot_create")
    todo = mal("GET", "/wp/v2/posts", params={"status": "any"})
    assert todo.status_code == 400
    assert todo.json()["data"]["details"]["status"]["code"] == "rest_forbidden_status"
    editar = mal("GET", "/wp/v2/posts", params={"context": "edit"})
    assert (editar.status_code, editar.json()["code"]) == (401, "rest_forbidden_context")


def test_un_complemento_puede_hacer_que_la_clave_equivocada_se_note(mundo, como):
    ajustar(mundo, "wordpress", clave_mala_avisa=True)
    assert como("prensa", "corta")("GET", "/").json()["code"] == "incorrect_password"


def test_el_editor_se_ve_a_si_mismo_con_lo_que_puede(wp):
    yo = wp("GET", "/wp/v2/users/me", params={"context": "edit"}).json()
    assert yo["username"] == "prensa"
    assert yo["roles"] == ["editor"]
    assert yo["capabilities"]["publish_pages"] is True
    assert "edit_theme_options" not in yo["capabilities"]


def test_cada_papel_llega_hasta_donde_le_toca(wp, como):
    autora, colabora = como("autora.uno"), como("colabora.dos")
    assert colabora("POST", "/wp/v2/posts", json={"title": "a"}).status_code == 201
    publicar = colabora("POST", "/wp/v2/posts", json={"title": "a", "status": "publish"})
    assert (publicar.status_code, publicar.json()["code"]) == (403, "rest_cannot_publish")
    pagina = como("autor.uno")("POST", "/wp/v2/pages", json={"title": "a"})
    assert (pagina.status_code, pagina.json()["code"]) == (403, "rest_cannot_create")
    ajena = wp.crear(title="De prensa")
    de_otro = como("autor.uno")
    assert de_otro("POST", f"/wp/v2/posts/{ajena['id']}", json={"title": "x"}).status_code == 403
    # Un autor no ve los borradores de otro: la lista sale vacía, sin error.
    assert de_otro("GET", "/wp/v2/posts", params={"status": "any", "context": "edit"}).json() == []
    assert autora("GET", "/wp/v2/users/me").status_code == 200


def test_al_autor_se_le_quitan_los_guiones_y_al_editor_no(wp, como):
    malo = "<p>Hola<script>alert(1)</script></p>"
    assert wp.crear(content=malo)["content"]["raw"] == malo
    colado = como("autor.uno").crear(content=malo)["content"]["raw"]
    assert "<script" not in colado
    limpio = '<!-- wp:image {"id":3} -->\n<p class="x">Hola <br /> «ñ»</p>'
    assert como("autor.uno").crear(content=limpio)["content"]["raw"] == limpio


def test_el_indice_dice_como_se_entra_y_puede_decir_que_no_se_entra(wp, mundo):
    indice = wp("GET", "/").json()
    assert "wp/v2" in indice["namespaces"]
    assert "application-passwords" in indice["authentication"]
    ajustar(mundo, "wordpress", sin_contrasenas=True)
    assert wp("GET", "/").json()["authentication"] == []
    assert wp("GET", "/wp/v2/users/me").status_code == 401


def test_con_enlaces_simples_la_api_vive_en_rest_route(wp, base, mundo):
    ajustar(mundo, "wordpress", enlaces_simples=True)
    portada = requests.get(f"{base}/wp-json/", timeout=5)
    assert (portada.status_code, portada.headers["Content-Type"][:9]) == (200, "text/html")
    indice = requests.get(f"{base}/", params={"rest_route": "/"}, timeout=5)
    assert "wp/v2" in indice.json()["namespaces"]
    hecha = requests.post(
        f"{base}/",
        params={"rest_route": "/wp/v2/posts"},
        json={"title": "x", "status": "publish"},
        auth=wp.auth,
        timeout=5,
    )
    assert hecha.json()["link"].endswith(f"/?p={hecha.json()['id']}")


def test_el_sitio_mudado_redirige_y_en_mantenimiento_pide_esperar(wp, mundo):
    ajustar(mundo, "wordpress", redirige_a="https://www.ejemplo.gov.co")
    mudado = wp("POST", "/wp/v2/posts", json={"title": "x"})
    assert mudado.status_code == 301
    assert mudado.headers["Location"].startswith("https://www.ejemplo.gov.co/wordpress/wp-json/")
    ajustar(mundo, "wordpress", redirige_a=None, mantenimiento_s=600)
    cerrado = wp("GET", "/")
    assert (cerrado.status_code, cerrado.headers["Retry-After"]) == (503, "600")


def test_los_autores_se_hallan_por_slug_con_sesion(wp, como):
    hallados = wp("GET", "/wp/v2/users", params={"slug": "autor-redaccion", "who": "authors"})
    assert [u["slug"] for u in hallados.json()] == ["autor-redaccion"]
    visitante = como("", None)
    assert visitante("GET", "/wp/v2/users").json() == []
    wp.crear(status="publish")
    assert [u["slug"] for u in visitante("GET", "/wp/v2/users").json()] == ["prensa"]
    assert wp("GET", "/wp/v2/users", params={"context": "edit"}).status_code == 403
