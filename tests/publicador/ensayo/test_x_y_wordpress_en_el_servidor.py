"""X y WordPress dentro del servidor de ensayo completo: cortes, muro, control y reinicio."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import tweepy

from publicador.ensayo.mundo import Mundo
from publicador.ensayo.servidor import Ensayo

CUENTA = "1500000000000000001"
CLAVE = ("prensa", "abcd EFGH ijkl MNOP qrst 1234")


class SesionLocal(requests.Session):
    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base

    def request(self, method, url, **kw):
        url = self.base + url.removeprefix("https://api.twitter.com")
        kw.update(timeout=10, allow_redirects=False)
        return super().request(method, url, **kw)


@pytest.fixture
def cliente(ensayo: Ensayo) -> Iterator[tweepy.Client]:
    cliente = tweepy.Client(
        consumer_key="ck",
        consumer_secret="cs",
        access_token=f"{CUENTA}-abc",
        access_token_secret="as",
        return_type=dict,
    )
    with SesionLocal(ensayo.url_de("x")) as cliente.session:
        yield cliente


def escribir(ensayo, ruta="/wp/v2/posts", **campos):
    return requests.post(
        f"{ensayo.url_de('wordpress')}/wp-json{ruta}", json=campos, auth=CLAVE, timeout=10
    )


@pytest.mark.parametrize(("falla", "quedan"), [("corta_antes", 0), ("corta_despues", 1)])
def test_una_conexion_cortada_deja_o_no_la_publicacion(ensayo, mundo, cliente, falla, quedan):
    mundo.armar("x", falla)
    mundo.armar("wordpress", falla)
    with pytest.raises(requests.ConnectionError):
        cliente.create_tweet(text="Hola")
    with pytest.raises(requests.ConnectionError):
        escribir(ensayo, title="Hola", status="publish")
    assert [len(mundo.visibles(red)) for red in ("x", "wordpress")] == [quedan, quedan]


@pytest.mark.parametrize(
    ("falla", "estado", "quedan"),
    [
        ("error_500", 500, 0),
        ("error_500_aceptado", 500, 1),
        ("limite_429", 429, 0),
        ("token_vencido", 401, 0),
        ("html_502", 502, 0),
        ("json_roto", 201, 1),
        ("duplicado", 400, 0),
        ("exito_sin_id", 201, 1),
        ("redirige_302", 302, 0),
    ],
)
def test_cada_falla_de_wordpress_acepta_o_no_como_dice(ensayo, mundo, falla, estado, quedan):
    mundo.armar("wordpress", falla)
    cuerpo = {"json": {"title": "Hola", "status": "publish"}, "auth": CLAVE}
    direccion = f"{ensayo.url_de('wordpress')}/wp-json/wp/v2/posts"
    respuesta = requests.post(direccion, timeout=10, allow_redirects=False, **cuerpo)
    assert respuesta.status_code == estado
    assert len(mundo.visibles("wordpress")) == quedan


def test_las_fallas_de_borrador_publicar_y_leer_no_se_confunden(ensayo, mundo):
    mundo.armar("wordpress", "error_500", llamada="leer")
    mundo.armar("wordpress", "error_500")
    borrador = escribir(ensayo, title="Hola", status="draft")
    assert borrador.status_code == 201
    ruta = f"/wp/v2/posts/{borrador.json()['id']}"
    assert escribir(ensayo, ruta, title="Corregida").status_code == 200
    assert escribir(ensayo, ruta, status="publish").status_code == 500
    assert escribir(ensayo, ruta, status="publish").status_code == 200
    base = ensayo.url_de("wordpress")
    assert [requests.get(f"{base}/wp-json/", timeout=5).status_code for _ in range(2)] == [500, 200]


def test_lo_publicado_en_x_y_en_el_sitio_se_ve_en_el_muro(ensayo, cliente):
    uno = cliente.create_tweet(text="Primero del hilo")["data"]["id"]
    cliente.create_tweet(text="Segundo del hilo", in_reply_to_tweet_id=uno)
    nota = escribir(ensayo, title="Río & vida", content="<p>Limpio</p>", status="publish").json()
    muro = requests.get(f"{ensayo.url}/muro", timeout=5).text
    for visto in ("Primero del hilo", "Segundo del hilo", "Río &amp; vida", "Limpio", nota["link"]):
        assert visto in muro
    assert "None" not in muro


def test_los_ajustes_se_piden_por_http(ensayo, cliente):
    def ajustar(**cuerpo):
        return requests.post(f"{ensayo.url}/ajustes", json=cuerpo, timeout=5).status_code

    assert ajustar(red="x", rechaza_repetidos=False) == 200
    cliente.create_tweet(text="Igual")
    cliente.create_tweet(text="Igual")
    assert ajustar(red="wordpress", redirige_a="https://ejemplo.invalid") == 200
    direccion = f"{ensayo.url_de('wordpress')}/wp-json/"
    assert requests.get(direccion, timeout=5, allow_redirects=False).status_code == 301


def test_el_sitio_y_la_red_recuerdan_tras_reiniciar_el_servidor(tmp_path: Path):
    with Ensayo(Mundo(tmp_path)) as antes:
        borrador = escribir(antes, title="Pendiente", slug="pub-1", status="draft").json()
        escribir(antes, title="Salió", status="publish")
    mundo = Mundo(tmp_path)
    with Ensayo(mundo) as despues:
        direccion = f"{despues.url_de('wordpress')}/wp-json/wp/v2/posts"
        consulta = {"status": "any", "context": "edit", "slug": "pub-1"}
        hallados = requests.get(direccion, params=consulta, auth=CLAVE, timeout=5).json()
        assert [h["id"] for h in hallados] == [borrador["id"]]
        nueva = escribir(despues, title="Otra", status="draft").json()
        assert nueva["id"] > borrador["id"]
    assert [e.extra["titulo"] for e in mundo.visibles("wordpress")] == ["Salió"]
