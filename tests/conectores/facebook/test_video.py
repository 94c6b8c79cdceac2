"""Video por trozos: subir, publicar, esperar y hallar."""

import json
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from cola.desenlaces import Publicada
from cola.reintentos import Momento, decidir
from conectores.contrato import Listo, Recibo, Red
from conectores.errores import (
    AunNo,
    ContenidoRechazado,
    MedioPerdido,
    Pasajero,
    SinPermiso,
    SinRespuesta,
)

DESDE = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
INICIO = {"upload_session_id": "S1", "video_id": "V1", "start_offset": "0", "end_offset": "4"}


def _trozo(desde, hasta):
    return {"start_offset": str(desde), "end_offset": str(hasta)}


def _estado(video="processing", **mas):
    return {"id": "V1", "status": {"video_status": video}, **mas}


LISTO = {
    "id": "V1",
    "status": {
        "video_status": "ready",
        "publishing_phase": {"status": "complete", "publish_status": "published"},
    },
    "post_id": "77",
}


def _subir(graph, conector, sobre, libreta):
    graph.contesta(INICIO, _trozo(4, 8), _trozo(8, 10), _trozo(10, 10))
    return conector.preparar(sobre, libreta)


def test_el_video_sube_por_los_trozos_que_pide_la_red_y_sale_con_finish(
    graph, conector, con_video, libreta
):
    sobre = con_video(b"0123456789")
    listo = _subir(graph, conector, sobre, libreta)
    assert graph.pedidos[0].campos == {"upload_phase": "start", "file_size": "10"}
    trozos = [
        (p.campos["start_offset"], p.archivos["video_file_chunk"][1]) for p in graph.pedidos[1:]
    ]
    assert trozos == [("0", b"0123"), ("4", b"4567"), ("8", b"89")]
    graph.contesta({"success": True})
    recibo = conector.publicar(listo)
    assert graph.pedidos[-1].campos == {
        "upload_phase": "finish",
        "upload_session_id": "S1",
        "title": "Biblioteca",
        "description": sobre.texto,
        "published": "true",
    }
    assert (recibo.id_remoto, recibo.completo) == ("V1", False)


def test_preparar_otra_vez_no_sube_otra_vez(graph, conector, con_video, libreta):
    primero = _subir(graph, conector, con_video(), libreta)
    assert conector.preparar(con_video(), libreta) == primero
    assert len(graph.pedidos) == 4


def test_tras_una_caida_a_media_subida_sigue_donde_diga_la_red(graph, armar, con_video, libreta):
    sobre = con_video(b"0123456789")
    graph.contesta(INICIO, _trozo(4, 8))  # el siguiente trozo recibe un 500
    with pytest.raises(SinRespuesta):
        armar().preparar(sobre, libreta)
    graph.falla(100, 1363037, error_data=_trozo(4, 10))
    graph.contesta(_trozo(10, 10))
    listo = armar().preparar(sobre, libreta)
    assert isinstance(listo, Listo)
    assert graph.pedidos[-1].archivos["video_file_chunk"][1] == b"456789"
    inicios = [p for p in graph.pedidos if p.campos.get("upload_phase") == "start"]
    assert len(inicios) == 1


def test_una_sesion_que_la_red_olvido_se_empieza_de_nuevo(graph, armar, con_video, libreta):
    graph.contesta(INICIO)  # el primer trozo recibe un 500
    with pytest.raises(SinRespuesta):
        armar().preparar(con_video(), libreta)
    graph.falla(100)
    with pytest.raises(MedioPerdido):
        armar().preparar(con_video(), libreta)
    libreta.pop("medio-video")  # así lo hace el motor
    assert isinstance(_subir(graph, armar(), con_video(), libreta), Listo)


def test_una_subida_larga_cede_y_sigue_en_otra_pasada(graph, armar, con_video, libreta, reloj):
    sobre = con_video(b"0123456789")
    graph.contesta(INICIO, _trozo(4, 8))
    graph.al_atender = lambda: reloj.pasa(seconds=50)
    with pytest.raises(AunNo, match="subiendo"):
        armar().preparar(sobre, libreta)
    graph.al_atender = lambda: None
    graph.contesta(_trozo(8, 10), _trozo(10, 10))
    assert isinstance(armar().preparar(sobre, libreta), Listo)
    assert graph.pedidos[-2].campos["start_offset"] == "4"


def test_una_red_que_no_avanza_no_da_vueltas_para_siempre(graph, conector, con_video, libreta):
    graph.contesta(INICIO, *[_trozo(0, 4)] * 20)
    with pytest.raises(SinRespuesta):
        conector.preparar(con_video(), libreta)


def test_un_problema_al_empezar_se_intenta_despues(graph, conector, con_video, libreta):
    graph.falla(6000)
    with pytest.raises(Pasajero):
        conector.preparar(con_video(), libreta)


@pytest.mark.parametrize("cuerpo", [{}, {"success": False}, {"id": "V1"}, "<html>"])
def test_un_finish_sin_confirmacion_es_duda(cuerpo, graph, conector, con_video, libreta):
    listo = _subir(graph, conector, con_video(), libreta)
    graph.contesta(cuerpo)
    with pytest.raises(SinRespuesta):
        conector.publicar(listo)


def test_espera_el_video_de_a_quince_hasta_sesenta_segundos(
    graph, conector, con_video, libreta, reloj
):
    libreta["publicar"] = "V1"
    esperas = []
    graph.falla(100, 33)  # recién creado, todavía no se ve
    for respuesta in (_estado(), _estado(), _estado("ready"), _estado()):
        graph.contesta(respuesta)
    for _ in range(5):
        with pytest.raises(AunNo) as visto:
            conector.preparar(con_video(), libreta)
        esperas.append(visto.value.espera // timedelta(seconds=1))
        reloj.pasa(seconds=15)
    assert esperas == [15, 30, 45, 60, 60]
    graph.contesta(LISTO, {"id": "1001_77", "permalink_url": "/1001/videos/V1/"})
    recibo = conector.preparar(con_video(), libreta)
    assert recibo == Recibo(id_remoto="1001_77", url="https://www.facebook.com/1001/videos/V1/")


@pytest.mark.parametrize(("codigo", "estado"), [(2, 500), (1, 400), (777_777, 400)])
def test_no_poder_mirar_el_video_no_lo_vuelve_un_fracaso(
    codigo, estado, graph, conector, con_video, libreta
):
    libreta["publicar"] = "V1"
    graph.falla(codigo, estado=estado)
    with pytest.raises(AunNo):
        conector.preparar(con_video(), libreta)
    graph.contesta("<html>", estado=502)
    with pytest.raises(AunNo):
        conector.preparar(con_video(), libreta)


def test_un_limite_mientras_se_espera_el_video_espera_lo_que_pida(
    graph, conector, con_video, libreta
):
    libreta["publicar"] = "V1"
    graph.falla(80001)
    with pytest.raises(AunNo) as visto:
        conector.preparar(con_video(), libreta)
    assert visto.value.espera == timedelta(minutes=15)


def test_un_permiso_perdido_mientras_se_espera_el_video_se_dice(
    graph, conector, con_video, libreta
):
    libreta["publicar"] = "V1"
    graph.falla(190, 463)
    with pytest.raises(SinPermiso):
        conector.preparar(con_video(), libreta)


def test_un_video_que_la_red_desecho_no_se_da_por_publicado(graph, conector, con_video, libreta):
    libreta |= {"publicar": "V1", "publicar.url": "https://www.facebook.com/V1"}
    graph.contesta(_estado("error"))
    with pytest.raises(ContenidoRechazado) as visto:
        conector.preparar(con_video(), libreta)
    momento = Momento(
        red=Red.FACEBOOK,
        paso="publicar",
        salida_en=DESDE,
        fallos=0,
        reenvios=0,
        miradas=0,
        avance=libreta,
    )
    desenlace = decidir(
        visto.value, momento, salio=False, ahora=DESDE, esperas=(1.0,), azar=Random(1)
    )
    assert not isinstance(desenlace, Publicada)
    assert "no pudo procesar el video" in desenlace.motivo


@pytest.mark.parametrize("post_id", ["77", 77, "1001_77"])
def test_el_id_final_lleva_pagina_y_publicacion(post_id, graph, conector, con_video, libreta):
    libreta["publicar"] = "V1"
    graph.contesta(LISTO | {"post_id": post_id})
    assert conector.preparar(con_video(), libreta).id_remoto == "1001_77"


def test_publicado_y_sin_id_de_publicacion_al_fin_se_acepta(
    graph, conector, con_video, libreta, reloj
):
    libreta["publicar"] = "V1"
    sin_id = {k: v for k, v in LISTO.items() if k != "post_id"}
    graph.contesta(sin_id)
    with pytest.raises(AunNo):
        conector.preparar(con_video(), libreta)
    reloj.pasa(minutes=11)
    graph.contesta(sin_id)
    assert conector.preparar(con_video(), libreta).id_remoto == "V1"


def test_un_video_que_no_se_pudo_procesar_se_dice_y_se_puede_empezar_de_cero(
    graph, conector, con_video, libreta
):
    listo = _subir(graph, conector, con_video(), libreta)
    graph.contesta({"success": True})
    libreta["publicar"] = conector.publicar(listo).id_remoto
    fase = {"status": "error", "error": {"code": 1363128, "message": "too long"}}
    graph.contesta({"id": "V1", "status": {"video_status": "error", "processing_phase": fase}})
    with pytest.raises(ContenidoRechazado, match="duración"):
        conector.preparar(con_video(), libreta)
    otra = _subir(graph, conector, con_video(), libreta)
    assert isinstance(otra, Listo)


def test_un_video_que_nunca_termina_pide_una_persona(graph, conector, con_video, libreta, reloj):
    libreta["publicar"] = "V1"
    graph.contesta(_estado(), _estado())
    with pytest.raises(AunNo):
        conector.preparar(con_video(), libreta)
    reloj.pasa(hours=25)
    with pytest.raises(ContenidoRechazado, match="confirme si salió"):
        conector.preparar(con_video(), libreta)


@pytest.mark.parametrize(
    ("estado", "esta"),
    [("processing", True), ("ready", True), ("upload_complete", False), ("uploading", False)],
)
def test_un_video_en_duda_se_busca_por_su_id(estado, esta, graph, conector, con_video, libreta):
    _subir(graph, conector, con_video(), libreta)
    graph.contesta(_estado(estado))
    hallazgo = conector.buscar(con_video(), libreta, "publicar", DESDE)
    assert [(r.id_remoto, r.completo) for r in hallazgo.recibos] == [("V1", False)] * esta


def test_un_video_que_la_red_no_conoce_no_salio(graph, conector, con_video, libreta):
    _subir(graph, conector, con_video(), libreta)
    graph.falla(100, 33)
    assert conector.buscar(con_video(), libreta, "publicar", DESDE).recibos == ()


def test_la_libreta_del_video_se_puede_leer_como_json(graph, conector, con_video, libreta):
    _subir(graph, conector, con_video(), libreta)
    assert json.loads(libreta["medio-video"])["id"] == "V1"
