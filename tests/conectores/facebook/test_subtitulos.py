"""Subtítulos: se ponen una vez y en SRT, y si no entran se avisa sin fallar."""

from conectores.facebook.subtitulos import a_srt


def test_los_subtitulos_se_ponen_una_sola_vez(graph, conector, con_video, libreta, tmp_path):
    vtt = tmp_path / "dichos.vtt"
    vtt.write_text("WEBVTT\n\n00:01.000 --> 00:02.500\nBuenos días, niñez\n", encoding="utf-8")
    sobre = con_video(subtitulos=vtt)
    libreta |= {"publicar": "V1", "video-publicacion": "1001_77"}
    graph.contesta({"success": True}, {"id": "1001_77"}, {"id": "1001_77"})
    assert conector.preparar(sobre, libreta).aviso == ""
    nombre, contenido, _ = graph.pedidos[0].archivos["captions_file"]
    assert nombre == "video.es_LA.srt"
    assert contenido.decode() == "1\n00:00:01,000 --> 00:00:02,500\nBuenos días, niñez\n"
    assert graph.pedidos[0].camino == "/v25.0/V1/captions"
    conector.preparar(sobre, libreta)
    assert [p.verbo for p in graph.pedidos] == ["POST", "GET", "GET"]


def test_si_los_subtitulos_no_entran_se_avisa_y_no_falla(
    graph, conector, con_video, libreta, tmp_path
):
    srt = tmp_path / "dichos.srt"
    srt.write_text("1\n00:00:01,000 --> 00:00:02,500\nHola\n", encoding="utf-8")
    libreta |= {"publicar": "V1", "video-publicacion": "1001_77"}
    graph.falla(100)
    graph.contesta({"id": "1001_77"})
    recibo = conector.preparar(con_video(subtitulos=srt), libreta)
    assert recibo.id_remoto == "1001_77"
    assert "sin subtítulos" in recibo.aviso


def test_un_srt_queda_igual():
    srt = (
        "1\n00:00:01,000 --> 00:00:02,500\nHola\nmundo\n\n2\n00:00:03,000 --> 00:00:04,000\nAdiós\n"
    )
    assert a_srt(srt) == srt
    assert a_srt(srt.replace("\n", "\r\n")) == srt
