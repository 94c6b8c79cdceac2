import io

import av
import pytest
import tweepy
from PIL import Image

from publicador.ensayo.ajustes_red import ajustar

OTRA = "1500000000000000002"


def subir(llamar, datos, **kw):
    campos = {"media_category": "tweet_image"}
    return llamar("POST", "/2/media/upload", files={"media": datos}, data=campos, **kw)


def por_partes(llamar, datos, categoria, tipo, trozo=1_000_000):
    cuerpo = {"media_category": categoria, "media_type": tipo, "total_bytes": len(datos)}
    id_ = llamar("POST", "/2/media/upload/initialize", json=cuerpo).json()["data"]["id"]
    for indice, desde in enumerate(range(0, len(datos), trozo)):
        parte = llamar(
            "POST",
            f"/2/media/upload/{id_}/append",
            data={"segment_index": indice},
            files={"media": datos[desde : desde + trozo]},
        )
        assert parte.status_code == 200, parte.text
    return id_, llamar("POST", f"/2/media/upload/{id_}/finalize")


def estado(llamar, id_):
    consulta = {"command": "STATUS", "media_id": id_}
    respuesta = llamar("GET", "/2/media/upload", params=consulta)
    return respuesta.json()["data"]["processing_info"]["state"]


def video(ancho=320, alto=240, cuadros=20) -> bytes:
    salida = io.BytesIO()
    with av.open(salida, "w", format="mp4") as contenedor:
        pista = contenedor.add_stream("libx264", rate=20)
        pista.width, pista.height, pista.pix_fmt = ancho, alto, "yuv420p"
        cuadro = av.VideoFrame.from_image(Image.new("RGB", (ancho, alto), "navy"))
        for _ in range(cuadros):
            contenedor.mux(pista.encode(cuadro))
        contenedor.mux(pista.encode())
    return salida.getvalue()


def test_una_imagen_con_su_texto_alternativo_se_lee_de_vuelta(llamar, cliente, mundo, imagen):
    hecho = subir(llamar, imagen).json()["data"]
    assert hecho["image"] == {"w": 60, "h": 40, "image_type": "image/png"}
    assert hecho["media_key"] == f"3_{hecho['id']}"
    assert hecho["expires_after_secs"] == 86_400
    cuerpo = {"id": hecho["id"], "metadata": {"alt_text": {"text": "Ñandú en el río"}}}
    dicho = llamar("POST", "/2/media/metadata", json=cuerpo).json()["data"]
    assert dicho["associated_metadata"]["alt_text"]["text"] == "Ñandú en el río"

    creado = cliente.create_tweet(text="Con foto", media_ids=[hecho["id"]])["data"]
    assert creado["text"].startswith("Con foto https://t.co/")
    (entrada,) = mundo.entradas("x")
    assert entrada.imagenes[0].alt == "Ñandú en el río"
    assert mundo.medio(entrada.imagenes[0].sha256) == (imagen, "image/png")
    leido = cliente.get_tweet(
        creado["id"],
        user_auth=True,
        tweet_fields=["attachments", "entities"],
        expansions=["attachments.media_keys"],
        media_fields=["alt_text", "url", "width"],
    )
    assert leido["data"]["attachments"]["media_keys"] == [hecho["media_key"]]
    (medio,) = leido["includes"]["media"]
    assert (medio["type"], medio["alt_text"], medio["width"]) == ("photo", "Ñandú en el río", 60)
    assert leido["data"]["entities"]["urls"][0]["media_key"] == hecho["media_key"]


def test_lo_que_no_es_imagen_pesa_mucho_o_es_gif_se_rechaza(llamar, imagen, gif):
    assert subir(llamar, b"no soy una imagen").status_code == 400
    assert subir(llamar, imagen[:-30]).status_code == 400
    assert subir(llamar, gif).status_code == 400
    assert subir(llamar, imagen + b"\0" * 5_000_000).status_code == 400
    sobra = llamar(
        "POST",
        "/2/media/upload",
        files={"media": imagen},
        data={"media_category": "tweet_image", "command": "INIT"},
    )
    assert sobra.status_code == 400
    de_una = {"media_category": "tweet_video"}
    assert llamar("POST", "/2/media/upload", files={"media": b"x"}, data=de_una).status_code == 400


def test_un_gif_por_partes_se_procesa_por_consultas(llamar, cliente, gif):
    id_, cierre = por_partes(llamar, gif, "tweet_gif", "image/gif", trozo=100)
    assert cierre.json()["data"]["processing_info"]["state"] == "pending"
    with pytest.raises(tweepy.BadRequest, match="media IDs are invalid"):
        cliente.create_tweet(text="Pronto", media_ids=[id_])
    assert [estado(llamar, id_), estado(llamar, id_)] == ["in_progress", "succeeded"]
    assert cliente.create_tweet(text="Pronto", media_ids=[id_])["data"]["id"]


def test_un_video_se_procesa_y_uno_fuera_de_norma_se_nota_al_publicar(llamar, cliente):
    bueno, _ = por_partes(llamar, video(), "tweet_video", "video/mp4")
    corto, _ = por_partes(llamar, video(cuadros=4), "tweet_video", "video/mp4")
    for id_ in (bueno, corto):
        assert [estado(llamar, id_), estado(llamar, id_)] == ["in_progress", "succeeded"]
    assert cliente.create_tweet(text="Video", media_ids=[bueno])["data"]["id"]
    with pytest.raises(tweepy.BadRequest, match="media IDs are invalid"):
        cliente.create_tweet(text="Corto", media_ids=[corto])


def test_un_video_que_no_se_puede_abrir_falla_al_procesarse(llamar):
    id_, _ = por_partes(llamar, b"no es un video" * 50, "tweet_video", "video/mp4")
    assert [estado(llamar, id_), estado(llamar, id_)] == ["in_progress", "failed"]


def test_la_falla_de_proceso_y_la_demora_se_piden(llamar, mundo, reloj, gif):
    ajustar(mundo, "x", falla_video=True)
    malo, _ = por_partes(llamar, gif, "tweet_gif", "image/gif")
    assert [estado(llamar, malo), estado(llamar, malo)] == ["in_progress", "failed"]
    ajustar(mundo, "x", falla_video=None, procesa_video_s=30)
    lento, _ = por_partes(llamar, gif, "tweet_gif", "image/gif")
    assert [estado(llamar, lento), estado(llamar, lento)] == ["in_progress", "in_progress"]
    reloj.pasar(seconds=30)
    assert estado(llamar, lento) == "succeeded"


def test_un_trozo_grande_recibe_413_vacio_y_los_que_faltan_no_cierran(llamar):
    cuerpo = {"media_category": "tweet_video", "media_type": "video/mp4", "total_bytes": 9_000_000}
    id_ = llamar("POST", "/2/media/upload/initialize", json=cuerpo).json()["data"]["id"]
    ruta = f"/2/media/upload/{id_}"
    grande = llamar(
        "POST", f"{ruta}/append", data={"segment_index": 0}, files={"media": b"0" * 4_194_305}
    )
    assert (grande.status_code, grande.text) == (413, "")
    chico = {"data": {"segment_index": 1}, "files": {"media": b"0"}}
    assert llamar("POST", f"{ruta}/append", **chico).status_code == 200
    assert llamar("POST", f"{ruta}/finalize").status_code == 400
    mal = {"data": {"segment_index": 1000}, "files": {"media": b"0"}}
    assert llamar("POST", f"{ruta}/append", **mal).status_code == 400


def test_los_medios_no_se_mezclan_ni_se_prestan_ni_duran_para_siempre(
    llamar, cliente, cliente_de, reloj, imagen, gif
):
    foto = subir(llamar, imagen).json()["data"]["id"]
    animado, _ = por_partes(llamar, gif, "tweet_gif", "image/gif")
    estado(llamar, animado), estado(llamar, animado)
    ajeno = cliente_de(f"{OTRA}-abc")
    for quien, ids in (
        (cliente, [foto, animado]),
        (cliente, [foto, foto]),
        (cliente, ["1"]),
        (ajeno, [foto]),
    ):
        with pytest.raises(tweepy.BadRequest, match="media IDs are invalid"):
            quien.create_tweet(text="Mezcla", media_ids=ids)
    reloj.pasar(seconds=86_400)
    with pytest.raises(tweepy.BadRequest, match="media IDs are invalid"):
        cliente.create_tweet(text="Tarde", media_ids=[foto])


def test_el_texto_alternativo_largo_se_rechaza(llamar, imagen):
    id_ = subir(llamar, imagen).json()["data"]["id"]

    def describir(texto):
        cuerpo = {"id": id_, "metadata": {"alt_text": {"text": texto}}}
        return llamar("POST", "/2/media/metadata", json=cuerpo).status_code

    assert describir("ñ" * 1000) == 200
    assert describir("ñ" * 1001) == 400
