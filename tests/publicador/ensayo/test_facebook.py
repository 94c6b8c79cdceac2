"""La Graph API de ensayo es tan estricta como la verdadera."""

import io
import json

import pytest
from PIL import Image

from tests.publicador.ensayo.apoyo import PAGINA, Grafo, error_de, foto_jpeg


def _imagen(formato: str, tamanio: tuple[int, int] = (32, 32)) -> bytes:
    salida = io.BytesIO()
    Image.new("RGB", tamanio, "red").save(salida, formato)
    return salida.getvalue()


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


@pytest.mark.parametrize(
    ("token", "codigo"),
    [
        (f"EAAensayo-{PAGINA}-vencido", (190, 463)),
        (f"EAAensayo-{PAGINA}-sin-permiso", (200, None)),
        ("EAAensayo-usuario", (200, None)),
        ("EAAensayo-999", (200, None)),
        ("cualquiera", (190, None)),
    ],
)
def test_un_token_que_no_sirve_no_publica(token, codigo, mundo, grafo):
    mundo.nombrar("facebook", PAGINA, "Alcaldía de Ensayo")
    grafo.token = token
    assert error_de(grafo.escribir(f"{PAGINA}/feed", message="Hola")) == codigo
    assert mundo.entradas() == []


def test_el_token_en_la_direccion_se_rechaza_para_que_se_note(grafo):
    respuesta = grafo.leer(PAGINA, access_token=grafo.token)
    assert error_de(respuesta) == (100, None)


def test_sin_cabecera_no_hay_quien_llame(ensayo, grafo):
    respuesta = grafo.sesion.get(f"{grafo.base}/v25.0/{PAGINA}", timeout=5)
    assert error_de(respuesta) == (104, None)


def test_una_firma_mala_se_rechaza(grafo):
    assert error_de(grafo.leer(PAGINA, appsecret_proof="corta")) == (100, None)


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


# --- fotos --------------------------------------------------------------------------------------


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


# --- comentarios, edición y borrado -------------------------------------------------------------


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


# --- listas, permisos y cifras ------------------------------------------------------------------


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


def test_sin_permiso_se_puede_leer_pero_no_comentar(mundo, grafo):
    post = grafo.publicar()
    grafo.token += "-sin-permiso"
    assert grafo.leer(post).status_code == 200
    assert error_de(grafo.escribir(f"{post}/comments", message="x")) == (200, None)


def test_debug_token_dice_de_quien_es_y_si_vive(grafo):
    grafo.token = "900|secreto"
    vivo = grafo.leer("debug_token", input_token=f"EAAensayo-{PAGINA}").json()["data"]
    assert (vivo["type"], vivo["profile_id"], vivo["is_valid"]) == ("PAGE", PAGINA, True)
    assert vivo["app_id"] == "900"
    muerto = grafo.leer("debug_token", input_token=f"EAAensayo-{PAGINA}-vencido").json()["data"]
    assert muerto["is_valid"] is False
    assert muerto["error"]["subcode"] == 463


def test_debug_token_tambien_se_lee_por_post_con_el_token_en_el_cuerpo(grafo):
    grafo.token = "900|secreto"
    token = f"EAAensayo-{PAGINA}"
    leido = grafo.escribir("debug_token", method="GET", input_token=token).json()["data"]
    assert leido["is_valid"] is True
    assert error_de(grafo.escribir("debug_token", input_token=token)) == (100, None)


def test_me_accounts_da_las_paginas_a_una_persona(mundo, grafo):
    mundo.nombrar("facebook", PAGINA, "Alcaldía de Ensayo")
    persona = Grafo(grafo.base, "EAAensayo-usuario", grafo.sesion)
    (pagina,) = persona.leer("me/accounts").json()["data"]
    assert pagina["name"] == "Alcaldía de Ensayo"
    assert Grafo(grafo.base, pagina["access_token"], grafo.sesion).publicar("Con ese token")


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
