"""La Graph API de ensayo es tan estricta como la verdadera al publicar, comentar y borrar."""

import json

import pytest

from tests.publicador.ensayo.apoyo import PAGINA, error_de


def test_lo_publicado_se_lee_tal_como_se_escribio(grafo):
    texto = "Mañana no hay agua en La Estación 🚰\n\nConsulte el horario. Más información: #Agua"
    id_ = grafo.publicar(texto, link="https://alcaldia.example/agua")
    assert id_.startswith(f"{PAGINA}_")
    nodo = grafo.leer(id_, fields="id,message,created_time,attachments{media_type,unshimmed_url}")
    assert nodo.json()["message"] == texto
    assert nodo.json()["created_time"] == "2026-11-24T15:00:00+0000"
    (adjunto,) = nodo.json()["attachments"]["data"]
    assert adjunto["unshimmed_url"] == "https://alcaldia.example/agua"


@pytest.mark.parametrize(
    ("dados", "codigo"),
    [
        ({}, (100, None)),
        ({"message": "  "}, (100, None)),
        ({"message": "x" * 63_207}, (100, None)),
        ({"message": "hola", "mensaje": "hola"}, (100, None)),
        ({"message": "hola", "published": "True"}, (100, None)),
        ({"message": "hola", "published": "quizás"}, (100, None)),
        ({"message": "hola", "unpublished_content_type": "BORRADOR"}, (100, None)),
        ({"message": "hola", "targeting": "Colombia"}, (100, None)),
        ({"link": "ftp://archivos.example/a"}, (100, 2061006)),
        ({"link": "https://www.facebook.com/otra"}, (100, 1609008)),
        ({"message": "hola", "attached_media": "media_fbid"}, (324, None)),
        ({"message": "hola", "attached_media": '[{"media_fbid":"999"}]'}, (324, None)),
        ({"message": "hola", "attached_media[0]": '"999"'}, (100, None)),
        ({"message": "hola", "scheduled_publish_time": "1795622400"}, (100, None)),
        ({"message": "a", "published": "false", "scheduled_publish_time": "1"}, (100, None)),
    ],
)
def test_rechaza_lo_que_la_verdadera_rechaza(dados, codigo, mundo, grafo):
    respuesta = grafo.escribir(f"{PAGINA}/feed", **dados)
    assert respuesta.status_code == 400
    assert error_de(respuesta) == codigo
    assert mundo.entradas() == []


def test_acepta_63206_caracteres_exactos(grafo):
    assert grafo.publicar("ñ" * 63_206)


@pytest.mark.parametrize("version", ["v2.8", "v20.0"])
def test_una_version_retirada_se_rechaza(version, grafo):
    respuesta = grafo.sesion.get(
        f"{grafo.base}/{version}/me", headers={"Authorization": f"Bearer {grafo.token}"}, timeout=5
    )
    assert error_de(respuesta) == (2635, None)


def test_cada_respuesta_dice_su_version_y_su_uso(grafo):
    respuesta = grafo.leer(PAGINA)
    assert respuesta.headers["facebook-api-version"] == "v25.0"
    assert "call_count" in json.loads(respuesta.headers["X-App-Usage"])


def test_el_mismo_texto_seguido_se_rechaza_solo_si_se_pide(ensayo, grafo):
    grafo.publicar("Igual")
    grafo.publicar("Igual")
    grafo.sesion.post(
        f"{ensayo.url}/ajustes", json={"red": "facebook", "rechaza_repetidos": True}, timeout=5
    )
    assert error_de(grafo.escribir(f"{PAGINA}/feed", message="Igual")) == (506, None)
    assert grafo.publicar("Distinto")


def test_el_primer_comentario_se_agrega_y_se_encuentra(grafo):
    post = grafo.publicar()
    id_ = grafo.escribir(f"{post}/comments", message="Más datos: https://a.example").json()["id"]
    leidos = grafo.leer(f"{post}/comments", fields="id,message,from,created_time").json()["data"]
    assert [(c["id"], c["message"]) for c in leidos] == [(id_, "Más datos: https://a.example")]
    assert leidos[0]["from"]["id"] == PAGINA
    assert error_de(grafo.escribir(f"{post}/comments", message="x" * 8001)) == (100, None)
    assert grafo.borrar(id_).json() == {"success": True}
    assert grafo.leer(f"{post}/comments").json() == {"data": []}


def test_editar_conserva_el_id_y_solo_vale_para_lo_propio(ensayo, grafo):
    post = grafo.publicar("Antes")
    assert grafo.escribir(post, message="Después").json() == {"success": True}
    assert grafo.leer(post).json()["message"] == "Después"
    ajena = grafo.sesion.post(
        f"{ensayo.url}/publicar_a_mano",
        json={"red": "facebook", "cuenta": PAGINA, "texto": "Escrita por una persona"},
        timeout=5,
    ).json()["id"]
    assert error_de(grafo.escribir(ajena, message="x")) == (200, None)


def test_el_segundo_borrado_dice_que_ya_no_esta(grafo):
    post = grafo.publicar()
    assert grafo.borrar(post).json() == {"success": True}
    assert error_de(grafo.borrar(post)) == (100, 33)
    assert error_de(grafo.leer(post)) == (100, 33)
    assert grafo.leer(f"{PAGINA}/published_posts").json() == {"data": []}
