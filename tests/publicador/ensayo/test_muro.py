"""El muro muestra lo publicado como lo vería un lector, y nada más."""

import re
from datetime import timedelta

import pytest
import requests

from publicador.ensayo.mundo import Entrada, Imagen, Mundo
from tests.publicador.ensayo.apoyo import INICIO, PAGINA, foto_jpeg


def _entrada(mundo: Mundo, red: str, id_: str, texto: str, **campos: object) -> Entrada:
    base = {"creada_en": INICIO, "visible_en": INICIO, "url": f"https://red.example/{id_}"}
    return mundo.agregar(
        Entrada(**{"red": red, "cuenta": PAGINA, "id": id_, "texto": texto, **base, **campos})
    )


@pytest.fixture
def muro(ensayo):
    def ver(consulta: str = "") -> str:
        respuesta = requests.get(f"{ensayo.url}/muro{consulta}", timeout=5)
        assert respuesta.status_code == 200
        return respuesta.text

    return ver


def test_muestra_texto_foto_y_texto_alternativo(mundo, grafo, muro, ensayo):
    mundo.nombrar("facebook", PAGINA, "Alcaldía de Ensayo")
    grafo.subir_foto(published="true", caption="Parque nuevo", alt_text_custom="Niños en un parque")
    html = muro()
    for dicho in ("Alcaldía de Ensayo", "Parque nuevo", "Niños en un parque", "ENSAYO"):
        assert dicho in html
    (direccion,) = set(re.findall(r"/muro/medios/[0-9a-f]{64}", html))
    foto = requests.get(ensayo.url + direccion, timeout=5)
    assert (foto.content, foto.headers["Content-Type"]) == (foto_jpeg(), "image/jpeg")


def test_la_hora_es_la_de_bogota(mundo, muro):
    _entrada(mundo, "x", "1", "Hola")
    assert "24 nov 2026, 10:00 a. m." in muro()


def test_el_texto_se_escapa_y_conserva_sus_enlaces(mundo, muro):
    _entrada(mundo, "x", "1", "<script>alert(1)</script> vea https://a.example/b?c=1&d=2. #Barrio")
    html = muro()
    assert "<script>alert" not in html
    assert 'href="https://a.example/b?c=1&amp;d=2"' in html
    assert '<span class="etiqueta">#Barrio</span>' in html


def test_lo_borrado_lo_oculto_y_lo_demorado_no_se_ven(mundo, muro):
    _entrada(mundo, "x", "1", "Se ve")
    _entrada(mundo, "x", "2", "Borrada", borrada=True)
    _entrada(mundo, "facebook", "3", "Oculta", extra={"oculta": True})
    _entrada(mundo, "facebook", "4", "Demorada", visible_en=INICIO + timedelta(minutes=5))
    html = muro()
    assert "Se ve" in html
    assert not any(texto in html for texto in ("Borrada", "Oculta", "Demorada"))


def test_la_mas_nueva_va_primero_y_se_filtra_por_red(mundo, muro):
    vieja = INICIO - timedelta(minutes=1)
    _entrada(mundo, "facebook", "2", "Segunda")
    _entrada(mundo, "x", "1", "Primera", creada_en=vieja, visible_en=vieja)
    html = muro()
    assert html.index("Segunda") < html.index("Primera")
    filtrada = muro("?red=x")
    assert "Primera" in filtrada
    assert "Segunda" not in filtrada


def test_un_hilo_se_lee_seguido_bajo_su_primer_mensaje(mundo, muro):
    _entrada(mundo, "x", "1", "Uno de tres")
    for n, (id_, madre) in enumerate((("2", "1"), ("3", "2")), 2):
        _entrada(mundo, "x", id_, f"Va el {n}", en_respuesta_a=madre)
    html = muro()
    assert html.count('<article class="tarjeta') == 1
    assert html.index("Uno de tres") < html.index("Va el 2") < html.index("Va el 3")


def test_los_comentarios_salen_debajo(grafo, muro):
    post = grafo.publicar("Con comentario")
    grafo.escribir(f"{post}/comments", message="El primero")
    assert muro().index("Con comentario") < muro().index("El primero")


def test_la_direccion_de_una_publicacion_lleva_a_ella(grafo):
    grafo.publicar("Otra")
    url = grafo.leer(grafo.publicar("La buscada"), fields="permalink_url").json()["permalink_url"]
    pagina = requests.get(url, timeout=5)
    assert "La buscada" in pagina.text
    assert "Otra" not in pagina.text
    assert requests.get(url + "0", timeout=5).status_code == 404


def test_la_rejilla_es_de_hasta_cuatro(mundo, muro):
    sha = mundo.guardar_medio(foto_jpeg(), "image/jpeg")
    imagenes = [Imagen(sha256=sha, tipo="image/jpeg", alt=f"Foto {n}") for n in range(6)]
    _entrada(mundo, "facebook", "1", "Álbum", imagenes=imagenes)
    html = muro()
    assert "fotos-4" in html
    assert "+2" in html
    assert all(f"Foto {n}" in html for n in range(6))


def test_la_raiz_lleva_al_muro_y_un_medio_ajeno_no_existe(ensayo):
    raiz = requests.get(f"{ensayo.url}/", timeout=5, allow_redirects=False)
    assert raiz.headers["Location"] == "/muro"
    for nombre in ("a" * 64, "..%2F..%2Fetc%2Fpasswd"):
        assert requests.get(f"{ensayo.url}/muro/medios/{nombre}", timeout=5).status_code == 404
    assert requests.get(f"{ensayo.url}/muro/estaticos/muro.css", timeout=5).status_code == 200
