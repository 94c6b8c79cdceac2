"""Subir medios: repetible, por partes, y con el texto alternativo antes de publicar."""

import json

import pytest

from conectores.contrato import Clase, Listo
from conectores.errores import AunNo, ContenidoRechazado, MedioPerdido, Pasajero, SinRespuesta
from conectores.x.medios import TROZO_BYTES, TROZOS_POR_TANDA

SUBIR = "POST /2/media/upload"
EMPEZAR = "POST /2/media/upload/initialize"
TROZO = "POST /2/media/upload/700/append"
CERRAR = "POST /2/media/upload/700/finalize"
ESTADO = "GET /2/media/upload"
DESCRIBIR = "POST /2/media/metadata"


def subido(numero: str = "700", **mas):
    return {"data": {"id": numero, "media_key": f"3_{numero}", "expires_after_secs": 86400, **mas}}


def procesando(estado: str, **mas):
    return subido(processing_info={"state": estado, **mas})


@pytest.fixture
def con_video(x):
    x.dictar(EMPEZAR, 200, subido())
    x.dictar(TROZO, 200, {"data": {"expires_at": 1}})
    x.dictar(DESCRIBIR, 200, {"data": {"id": "700"}})
    return x


def test_las_imagenes_suben_enteras_y_con_su_texto_alternativo(
    x, conector, un_envio, un_adjunto, libreta
):
    x.dictar(SUBIR, 200, subido("700"))
    x.dictar(SUBIR, 200, {"id": "701", "media_key": "3_701"})
    x.dictar(DESCRIBIR, 200, {"data": {}})
    adjuntos = (un_adjunto(datos=b"una"), un_adjunto(datos=b"otra", texto_alternativo="Árbol"))
    listo = conector.preparar(un_envio(adjuntos=adjuntos), libreta)
    assert isinstance(listo, Listo)
    assert listo.subidos == ("700", "701")
    primera, _ = x.de(SUBIR)
    assert b'name="media_category"\r\n\r\ntweet_image' in primera.cuerpo
    assert b"\r\n\r\nuna\r\n" in primera.cuerpo
    assert primera.cabeceras["Authorization"].startswith("OAuth ")
    assert [p.json for p in x.de(DESCRIBIR)] == [
        {"id": "700", "metadata": {"alt_text": {"text": "El parque al amanecer."}}},
        {"id": "701", "metadata": {"alt_text": {"text": "Árbol"}}},
    ]


def test_los_medios_van_en_la_llamada_que_publica(x, conector, un_envio, un_adjunto, libreta):
    x.dictar(SUBIR, 200, subido())
    x.dictar(DESCRIBIR, 200, {})
    x.dictar("POST /2/tweets", 201, {"data": {"id": "190"}})
    listo = conector.preparar(un_envio("uno", "dos", adjuntos=(un_adjunto(),)), libreta)
    libreta.anotar("segmento-0", conector.publicar(listo).id_remoto)
    conector.publicar(conector.preparar(listo.envio, libreta))
    primero, segundo = x.de("POST /2/tweets")
    assert primero.json["media"] == {"media_ids": ["700"]}
    assert "media" not in segundo.json
    assert len(x.de(SUBIR)) == 1


def test_una_foto_sola_sale_sin_texto(x, conector, un_envio, un_adjunto, libreta):
    x.dictar(SUBIR, 200, subido())
    x.dictar(DESCRIBIR, 200, {})
    x.dictar("POST /2/tweets", 201, {"data": {"id": "190"}})
    conector.publicar(conector.preparar(un_envio("", adjuntos=(un_adjunto(),)), libreta))
    assert x.de("POST /2/tweets")[0].json == {"media": {"media_ids": ["700"]}}


def test_preparar_dos_veces_no_sube_dos_veces(x, conector, un_envio, un_adjunto, libreta):
    x.dictar(SUBIR, 200, subido())
    x.dictar(DESCRIBIR, 200, {})
    envio = un_envio(adjuntos=(un_adjunto(),))
    uno = conector.preparar(envio, libreta)
    assert conector.preparar(envio, libreta) == uno
    assert len(x.pedidos) == 2


def test_lo_que_vence_pronto_o_no_es_el_mismo_archivo_se_sube_otra_vez(
    x, conector, un_envio, un_adjunto, libreta, reloj
):
    x.dictar(SUBIR, 200, subido())
    x.dictar(DESCRIBIR, 200, {})
    envio = un_envio(adjuntos=(un_adjunto(),))
    conector.preparar(envio, libreta)
    reloj.adelantar(hours=22, minutes=59)
    conector.preparar(envio, libreta)
    assert len(x.de(SUBIR)) == 1
    reloj.adelantar(minutes=2)
    conector.preparar(envio, libreta)
    assert len(x.de(SUBIR)) == 2
    conector.preparar(un_envio(adjuntos=(un_adjunto(datos=b"distinta"),)), libreta)
    assert len(x.de(SUBIR)) == 3


def test_si_cae_entre_subir_y_describir_solo_falta_describir(
    x, conector, un_envio, un_adjunto, libreta
):
    x.dictar(SUBIR, 200, subido())
    x.dictar(DESCRIBIR, 503, {"title": "Service Unavailable"})
    x.dictar(DESCRIBIR, 200, {})
    envio = un_envio(adjuntos=(un_adjunto(),))
    with pytest.raises(Pasajero):
        conector.preparar(envio, libreta)
    assert isinstance(conector.preparar(envio, libreta), Listo)
    assert (len(x.de(SUBIR)), len(x.de(DESCRIBIR))) == (1, 2)


def test_un_video_sube_por_trozos_y_se_espera_sin_dormir(
    con_video, conector, un_envio, un_adjunto, libreta
):
    x = con_video
    x.dictar(CERRAR, 200, procesando("pending", check_after_secs=7))
    x.dictar(ESTADO, 200, procesando("in_progress", progress_percent=50))
    x.dictar(ESTADO, 200, procesando("succeeded"))
    datos = b"v" * (2 * TROZO_BYTES + 5)
    video = un_adjunto(Clase.VIDEO, datos)
    envio = un_envio(adjuntos=(video,))
    with pytest.raises(AunNo) as caso:
        conector.preparar(envio, libreta)
    assert caso.value.espera.total_seconds() == 7
    with pytest.raises(AunNo) as caso:
        conector.preparar(envio, libreta)
    assert caso.value.espera.total_seconds() == 5
    assert conector.preparar(envio, libreta).subidos == ("700",)
    assert x.de(EMPEZAR)[0].json == {
        "media_type": "video/mp4",
        "total_bytes": len(datos),
        "media_category": "tweet_video",
    }
    assert [
        b'"segment_index"\r\n\r\n%d\r\n' % n in p.cuerpo for n, p in enumerate(x.de(TROZO))
    ] == [
        True,
        True,
        True,
    ]
    assert len(x.de(CERRAR)) == 1
    assert x.de(CERRAR)[0].cuerpo == b""
    assert x.de(ESTADO)[0].consulta == {"command": "STATUS", "media_id": "700"}
    assert x.de(DESCRIBIR) == [], "X solo describe imágenes y GIF"


def test_un_gif_sube_por_trozos_y_se_describe(con_video, conector, un_envio, un_adjunto, libreta):
    con_video.dictar(CERRAR, 200, subido())
    envio = un_envio(adjuntos=(un_adjunto(Clase.GIF),))
    assert conector.preparar(envio, libreta).subidos == ("700",)
    assert con_video.de(EMPEZAR)[0].json["media_category"] == "tweet_gif"
    assert len(con_video.de(DESCRIBIR)) == 1


def test_un_video_largo_sube_por_tandas_y_sigue_donde_iba(
    con_video, conector, un_envio, un_adjunto, libreta
):
    con_video.dictar(CERRAR, 200, subido())
    datos = b"v" * ((TROZOS_POR_TANDA + 1) * TROZO_BYTES)
    envio = un_envio(adjuntos=(un_adjunto(Clase.VIDEO, datos),))
    with pytest.raises(AunNo):
        conector.preparar(envio, libreta)
    assert json.loads(libreta.notas["medio-0"])["trozo"] == TROZOS_POR_TANDA
    assert isinstance(conector.preparar(envio, libreta), Listo)
    assert len(con_video.de(TROZO)) == TROZOS_POR_TANDA + 1
    assert len(con_video.de(EMPEZAR)) == 1


def test_lo_que_x_no_pudo_procesar_vuelve_a_una_persona(
    con_video, conector, un_envio, un_adjunto, libreta
):
    con_video.dictar(CERRAR, 200, procesando("pending"))
    con_video.dictar(ESTADO, 200, procesando("failed", error={"message": "InvalidMedia"}))
    envio = un_envio(adjuntos=(un_adjunto(Clase.VIDEO),))
    with pytest.raises(AunNo):
        conector.preparar(envio, libreta)
    with pytest.raises(ContenidoRechazado) as caso:
        conector.preparar(envio, libreta)
    assert "no pudo procesar" in caso.value.mensaje


def test_un_proceso_sin_fin_se_empieza_de_nuevo(
    con_video, conector, un_envio, un_adjunto, libreta, reloj
):
    con_video.dictar(CERRAR, 200, procesando("pending"))
    con_video.dictar(ESTADO, 200, procesando("in_progress"))
    envio = un_envio(adjuntos=(un_adjunto(Clase.VIDEO),))
    for _ in range(2):
        with pytest.raises(AunNo):
            conector.preparar(envio, libreta)
    reloj.adelantar(minutes=11)
    with pytest.raises(Pasajero):
        conector.preparar(envio, libreta)
    with pytest.raises(AunNo):
        conector.preparar(envio, libreta)
    assert len(con_video.de(EMPEZAR)) == 2


def test_si_x_olvida_lo_que_iba_a_medias_se_sube_otra_vez_pero_no_sin_fin(
    con_video, conector, un_envio, un_adjunto, libreta
):
    con_video.dictar(CERRAR, 503, {"title": "x"})
    envio = un_envio(adjuntos=(un_adjunto(Clase.VIDEO),))
    with pytest.raises(Pasajero):
        conector.preparar(envio, libreta)
    con_video.dictar(CERRAR, 400, {"title": "Invalid Request", "detail": "Invalid media id"})
    con_video.dictar(CERRAR, 400, {"title": "Invalid Request", "detail": "Invalid media id"})
    with pytest.raises(Pasajero):
        conector.preparar(envio, libreta)
    for _ in range(2):
        with pytest.raises(MedioPerdido):
            conector.preparar(envio, libreta)
    with pytest.raises(ContenidoRechazado):
        conector.preparar(envio, libreta)


def test_una_subida_sin_identificador_no_sirve(x, conector, un_envio, un_adjunto, libreta):
    x.dictar(SUBIR, 200, {"data": {"media_key": "3_700"}})
    with pytest.raises(SinRespuesta):
        conector.preparar(un_envio(adjuntos=(un_adjunto(),)), libreta)
    assert libreta.notas == {}


def test_si_falta_el_archivo_no_se_llama_a_la_red(x, conector, un_envio, un_adjunto, libreta):
    perdido = un_adjunto()
    perdido.archivo.unlink()
    with pytest.raises(ContenidoRechazado) as caso:
        conector.preparar(un_envio(adjuntos=(perdido,)), libreta)
    assert "Falta un archivo" in caso.value.mensaje
    assert x.pedidos == []
