"""Las fotos de ensayo: en orden, con su texto alternativo, y las malas se rechazan."""

import io
import json

import pytest
from PIL import Image

from tests.publicador.ensayo.apoyo import PAGINA, error_de, foto_jpeg


def _imagen(formato: str, tamanio: tuple[int, int] = (32, 32)) -> bytes:
    salida = io.BytesIO()
    Image.new("RGB", tamanio, "red").save(salida, formato)
    return salida.getvalue()


def test_varias_fotos_quedan_en_orden_con_su_texto_alternativo(mundo, grafo):
    ids = [
        grafo.subir_foto(foto_jpeg(c), alt_text_custom=f"Foto {c}").json()["id"]
        for c in ("red", "green", "blue")
    ]
    assert mundo.entradas() == []  # subir sin publicar no hace nada público
    medios = json.dumps([{"media_fbid": i} for i in reversed(ids)])
    id_ = grafo.publicar("Álbum", attached_media=medios)
    entrada = mundo.entrada("facebook", id_)
    assert [i.alt for i in entrada.imagenes] == ["Foto blue", "Foto green", "Foto red"]
    assert mundo.medio(entrada.imagenes[0].sha256) == (foto_jpeg("blue"), "image/jpeg")
    (album,) = grafo.leer(id_, fields="attachments").json()["attachments"]["data"]
    assert [s["target"]["id"] for s in album["subattachments"]["data"]] == ids[::-1]


def test_los_campos_indexados_tambien_nombran_fotos(grafo, mundo):
    id_foto = grafo.subir_foto().json()["id"]
    id_ = grafo.publicar("Una", **{"attached_media[0]": json.dumps({"media_fbid": id_foto})})
    assert len(mundo.entrada("facebook", id_).imagenes) == 1


def test_una_foto_ya_usada_o_de_hace_mas_de_un_dia_no_se_puede_nombrar(grafo, reloj):
    usada = json.dumps([{"media_fbid": grafo.subir_foto().json()["id"]}])
    grafo.publicar("Una", attached_media=usada)
    assert error_de(grafo.escribir(f"{PAGINA}/feed", attached_media=usada))[0] == 324
    vieja = json.dumps([{"media_fbid": grafo.subir_foto().json()["id"]}])
    reloj.pasan(hours=25)
    assert error_de(grafo.escribir(f"{PAGINA}/feed", attached_media=vieja))[0] == 324


def test_con_fotos_el_enlace_no_da_tarjeta(grafo, mundo):
    medios = json.dumps([{"media_fbid": grafo.subir_foto().json()["id"]}])
    id_ = grafo.publicar("Foto", link="https://alcaldia.example", attached_media=medios)
    assert mundo.entrada("facebook", id_).tarjeta is None


def test_una_foto_publicada_de_una_vez_devuelve_foto_y_publicacion(grafo):
    hecho = grafo.subir_foto(published="true", caption="Sola", alt_text_custom="Un parque").json()
    assert hecho["post_id"].startswith(PAGINA)
    foto = grafo.leer(hecho["id"], fields="alt_text,alt_text_custom,page_story_id,name").json()
    assert foto == {
        "id": hecho["id"],
        "alt_text": "Un parque",
        "alt_text_custom": "Un parque",
        "page_story_id": hecho["post_id"],
        "name": "Sola",
    }


@pytest.mark.parametrize(
    ("datos", "codigo"),
    [
        (b"esto no es una foto", (324, None)),
        (foto_jpeg(tamanio=(400, 400))[:900], (324, None)),
        (_imagen("GIF"), (100, 1366046)),
        (_imagen("BMP", (1200, 1200)), (100, 1366046)),
        (_imagen("PNG") + b"\0" * (4 * 1024 * 1024), (100, 1366046)),
    ],
)
def test_una_foto_mala_se_rechaza(datos, codigo, grafo, mundo):
    assert error_de(grafo.subir_foto(datos)) == codigo
    assert mundo.cajon("facebook").get("fotos", {}) == {}
