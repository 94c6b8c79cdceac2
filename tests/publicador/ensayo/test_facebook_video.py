"""Los videos de ensayo: por trozos, con su proceso, y los errores de una subida que se cae."""

import requests

from publicador.ensayo.facebook_videos import TROZO_BYTES
from tests.publicador.ensayo.apoyo import PAGINA, Grafo, error_de

VIDEO = b"\0\0\0\x18ftypmp42" + b"v" * (TROZO_BYTES + 500)


def _empezar(grafo: Grafo, datos: bytes = VIDEO) -> dict:
    respuesta = grafo.escribir(f"{PAGINA}/videos", upload_phase="start", file_size=len(datos))
    return respuesta.json()


def _trozo(grafo: Grafo, sesion: str, desde: int, hasta: int) -> requests.Response:
    return grafo.escribir(
        f"{PAGINA}/videos",
        files={"video_file_chunk": ("trozo", VIDEO[desde:hasta], "application/octet-stream")},
        upload_phase="transfer",
        upload_session_id=sesion,
        start_offset=desde,
    )


def _subir(grafo: Grafo) -> dict:
    inicio = _empezar(grafo)
    desde, hasta = int(inicio["start_offset"]), int(inicio["end_offset"])
    while desde < hasta:
        tramo = _trozo(grafo, inicio["upload_session_id"], desde, hasta).json()
        desde, hasta = int(tramo["start_offset"]), int(tramo["end_offset"])
    return inicio


def _terminar(grafo: Grafo, inicio: dict, **dados: str) -> requests.Response:
    return grafo.escribir(
        f"{PAGINA}/videos",
        upload_phase="finish",
        upload_session_id=inicio["upload_session_id"],
        description="El video",
        **dados,
    )


def test_un_video_se_ve_solo_cuando_termina_su_proceso(grafo, reloj, mundo):
    inicio = _subir(grafo)
    assert mundo.entradas() == []  # subir no publica
    assert _terminar(grafo, inicio).json() == {"success": True}
    campos = "status,post_id,published,permalink_url"
    leido = grafo.leer(inicio["video_id"], fields=campos).json()
    assert leido["status"]["video_status"] == "processing"
    assert leido["published"] is False
    assert grafo.leer(f"{PAGINA}/published_posts").json() == {"data": []}
    reloj.pasan(seconds=3)
    leido = grafo.leer(inicio["video_id"], fields=campos).json()
    assert leido["status"]["publishing_phase"]["publish_status"] == "published"
    (post,) = grafo.leer(f"{PAGINA}/published_posts", fields="id,message").json()["data"]
    assert post == {"id": leido["post_id"], "message": "El video"}
    assert leido["permalink_url"].startswith(f"/{PAGINA}/videos/")
    assert mundo.medio(mundo.entradas()[0].imagenes[0].sha256) == (VIDEO, "video/mp4")


def test_quien_pregunta_varias_veces_ve_terminar_el_proceso(grafo):
    inicio = _subir(grafo)
    _terminar(grafo, inicio)
    estados = [
        grafo.leer(inicio["video_id"], fields="status").json()["status"]["video_status"]
        for _ in range(4)
    ]
    assert estados == ["processing", "processing", "processing", "ready"]


def test_un_trozo_fuera_de_lugar_dice_por_donde_seguir(grafo):
    inicio = _empezar(grafo)
    respuesta = _trozo(grafo, inicio["upload_session_id"], 100, 200)
    assert error_de(respuesta) == (6001, 1363037)
    assert respuesta.json()["error"]["error_data"] == {
        "start_offset": "0",
        "end_offset": str(TROZO_BYTES),
    }


def test_no_se_puede_terminar_a_medias(grafo, mundo):
    inicio = _empezar(grafo)
    _trozo(grafo, inicio["upload_session_id"], 0, TROZO_BYTES)
    assert error_de(_terminar(grafo, inicio)) == (6000, 1363011)
    assert mundo.entradas() == []


def test_terminar_dos_veces_no_publica_dos_veces(grafo, mundo):
    inicio = _subir(grafo)
    _terminar(grafo, inicio)
    _terminar(grafo, inicio)
    assert len(mundo.entradas()) == 1


def test_lo_que_no_es_video_falla_en_el_proceso(grafo, mundo):
    basura = b"no soy un video"
    inicio = _empezar(grafo, basura)
    grafo.escribir(
        f"{PAGINA}/videos",
        files={"video_file_chunk": ("t", basura)},
        upload_phase="transfer",
        upload_session_id=inicio["upload_session_id"],
        start_offset=0,
    )
    _terminar(grafo, inicio)
    estado = grafo.leer(inicio["video_id"], fields="status").json()["status"]
    assert estado["video_status"] == "error"
    assert estado["processing_phase"]["errors"][0]["code"] == 352
    assert mundo.entradas() == []


def test_un_video_recien_subido_puede_no_existir_todavia(ensayo, grafo):
    grafo.sesion.post(
        f"{ensayo.url}/ajustes", json={"red": "facebook", "video_ausente_lecturas": 2}, timeout=5
    )
    inicio = _subir(grafo)
    _terminar(grafo, inicio)
    vistas = [grafo.leer(inicio["video_id"]).status_code for _ in range(3)]
    assert vistas == [400, 400, 200]


def test_medio_procesando_demora_lo_pedido(mundo, grafo, reloj):
    mundo.armar("facebook", "medio_procesando", segundos=60)
    inicio = _subir(grafo)
    _terminar(grafo, inicio)
    for _ in range(6):
        leido = grafo.leer(inicio["video_id"], fields="status").json()
    assert leido["status"]["video_status"] == "processing"
    reloj.pasan(seconds=61)
    leido = grafo.leer(inicio["video_id"], fields="status").json()
    assert leido["status"]["video_status"] == "ready"


def test_la_falla_de_publicar_toca_el_cierre_y_no_los_trozos(mundo, grafo):
    mundo.armar("facebook", "error_500_aceptado")
    inicio = _subir(grafo)
    assert _terminar(grafo, inicio).status_code == 500
    assert len(mundo.entradas()) == 1


def test_un_reel_sube_sus_bytes_aparte(grafo, mundo):
    inicio = grafo.escribir(f"{PAGINA}/video_reels", upload_phase="start").json()
    cabeceras = {"Authorization": f"OAuth {grafo.token}", "file_size": str(len(VIDEO))}
    malo = grafo.sesion.post(
        inicio["upload_url"], data=VIDEO, headers={**cabeceras, "offset": "9"}, timeout=5
    )
    assert malo.status_code == 400
    assert malo.json()["debug_info"]["type"] == "OffsetInvalidError"
    bien = grafo.sesion.post(
        inicio["upload_url"], data=VIDEO, headers={**cabeceras, "offset": "0"}, timeout=5
    )
    assert bien.json() == {"success": True}
    hecho = grafo.escribir(
        f"{PAGINA}/video_reels",
        upload_phase="finish",
        video_id=inicio["video_id"],
        video_state="PUBLISHED",
        description="Un reel",
    )
    assert hecho.json() == {"success": True}
    assert mundo.entradas()[0].extra["clase"] == "reel"
