"""Fotos, primer comentario, corrección y retiro."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from conectores.contrato import Listo, Recibo
from conectores.errores import (
    AunNo,
    ContenidoRechazado,
    PosibleDuplicado,
    SinPermiso,
    SinRespuesta,
    YaNoEsta,
)


def _fotos(cuantas):
    hijas = [{"media_type": "photo"} for _ in range(cuantas)]
    unica = {"media_type": "photo", "type": "photo"}
    album = {"media_type": "album", "subattachments": {"data": hijas}}
    return {"data": [unica if cuantas == 1 else album] if cuantas else []}


def test_las_fotos_suben_sin_publicar_con_su_texto_alternativo_y_en_orden(
    graph, conector, envio, libreta
):
    sobre = envio(fotos=3)
    graph.contesta({"id": "91"}, {"id": 92}, {"id": "93"})
    listo = conector.preparar(sobre, libreta)
    assert [p.camino for p in graph.pedidos] == ["/v25.0/1001/photos"] * 3
    for adjunto, pedido in zip(sobre.adjuntos, graph.pedidos, strict=True):
        assert pedido.campos == {
            "published": "false",
            "alt_text_custom": adjunto.texto_alternativo,
        }
        assert pedido.archivos == {
            "source": (adjunto.nombre, adjunto.archivo.read_bytes(), "image/jpeg")
        }
    graph.contesta({"id": "1001_7"})
    recibo = conector.publicar(listo)
    ultimo = graph.pedidos[-1]
    assert json.loads(ultimo.campos["attached_media"]) == [
        {"media_fbid": "91"},
        {"media_fbid": "92"},
        {"media_fbid": "93"},
    ]
    assert ultimo.campos["message"] == sobre.texto
    assert not recibo.completo, "falta leer los medios de vuelta"


def test_preparar_dos_veces_no_sube_dos_veces(graph, conector, envio, libreta):
    graph.contesta({"id": "91"}, {"id": "92"})
    primero = conector.preparar(envio(fotos=2), libreta)
    assert conector.preparar(envio(fotos=2), libreta) == primero
    assert len(graph.pedidos) == 2


def test_una_caida_entre_fotos_sigue_en_la_que_falta(graph, armar, envio, libreta):
    graph.contesta({"id": "91"}, "", estado=200)
    graph.cola[-1].estado = 502
    with pytest.raises(SinRespuesta):
        armar().preparar(envio(fotos=2), libreta)
    graph.contesta({"id": "92"})
    assert armar().preparar(envio(fotos=2), libreta).subidos == ("91", "92")
    assert len(graph.pedidos) == 3


def test_lo_subido_hace_mas_de_veinte_horas_se_sube_otra_vez(
    graph, conector, envio, libreta, reloj
):
    graph.contesta({"id": "91"})
    conector.preparar(envio(fotos=1), libreta)
    reloj.pasa(hours=19, minutes=59)
    conector.preparar(envio(fotos=1), libreta)
    assert len(graph.pedidos) == 1
    reloj.pasa(minutes=1)
    graph.contesta({"id": "99"})
    assert conector.preparar(envio(fotos=1), libreta).subidos == ("99",)


def test_otra_imagen_bajo_la_misma_clave_no_se_confunde(graph, conector, envio, libreta):
    graph.contesta({"id": "91"}, {"id": "92"})
    sobre = envio(fotos=1)
    conector.preparar(sobre, libreta)
    otra = replace(sobre, adjuntos=(replace(sobre.adjuntos[0], huella="e" * 64),))
    assert conector.preparar(otra, libreta).subidos == ("92",)


def test_una_pasada_larga_cede_el_turno_y_otra_sigue(graph, conector, envio, libreta, reloj):
    graph.contesta({"id": "91"}, {"id": "92"})
    libreta_lenta = libreta
    anotar = libreta.anotar

    def anotar_tarde(clave, valor):
        anotar(clave, valor)
        reloj.pasa(seconds=50)

    libreta_lenta.anotar = anotar_tarde
    with pytest.raises(AunNo):
        conector.preparar(envio(fotos=2), libreta_lenta)
    assert conector.preparar(envio(fotos=2), libreta_lenta).subidos == ("91", "92")


def test_una_nota_ilegible_en_la_libreta_vuelve_a_subir(graph, conector, envio, libreta):
    libreta["medio-0"] = "[1]"
    graph.contesta({"id": "91"})
    assert conector.preparar(envio(fotos=1), libreta).subidos == ("91",)


def test_una_imagen_que_no_esta_en_el_disco_lo_dice(conector, envio, libreta):
    sobre = envio(fotos=1)
    sobre.adjuntos[0].archivo.unlink()
    with pytest.raises(ContenidoRechazado, match="disco"):
        conector.preparar(sobre, libreta)


@pytest.mark.parametrize(("hay", "aviso"), [(2, ""), (1, "1 de 2 fotos"), (0, "0 de 2 fotos")])
def test_los_medios_se_leen_de_vuelta_y_si_faltan_se_avisa(
    hay, aviso, graph, conector, envio, libreta
):
    libreta["publicar"] = "1001_7"
    enlace = "https://www.facebook.com/permalink/7"
    graph.contesta({"id": "1001_7", "permalink_url": enlace, "attachments": _fotos(hay)})
    recibo = conector.preparar(envio(fotos=2), libreta)
    assert isinstance(recibo, Recibo)
    assert (recibo.id_remoto, recibo.url, recibo.completo) == ("1001_7", enlace, True)
    assert aviso in recibo.aviso
    assert bool(aviso) == bool(recibo.aviso)
    assert [p.verbo for p in graph.pedidos] == ["GET"], "lo ya público no se vuelve a publicar"


@pytest.mark.parametrize("falla", [(100, 33), (190, 463), (4, None), (2, None)])
def test_si_no_se_puede_leer_de_vuelta_igual_salio(falla, graph, conector, envio, libreta):
    libreta["publicar"] = "1001_7"
    graph.falla(*falla)
    recibo = conector.preparar(envio(fotos=2), libreta)
    assert recibo == Recibo(id_remoto="1001_7", url="https://www.facebook.com/1001_7")


def test_el_primer_comentario_es_otro_paso(graph, conector, envio, libreta):
    sobre = envio(primer_comentario="Más datos aquí 👇")
    graph.contesta({"id": "1001_7"})
    listo = conector.preparar(sobre, libreta)
    recibo = conector.publicar(listo)
    assert (listo.paso.nombre, recibo.completo) == ("publicar", False)
    libreta["publicar"] = recibo.id_remoto

    graph.contesta({"id": "1001_7"}, {"id": "1001_7_5"})
    listo = conector.preparar(sobre, libreta)
    assert isinstance(listo, Listo)
    assert (listo.paso.nombre, listo.en_respuesta_a) == ("comentar", "1001_7")
    recibo = conector.publicar(listo)
    pedido = graph.pedidos[-1]
    assert (pedido.camino, pedido.campos) == (
        "/v25.0/1001_7/comments",
        {"message": "Más datos aquí 👇"},
    )
    assert (recibo.id_remoto, recibo.completo) == ("1001_7_5", False)
    libreta["comentar"] = recibo.id_remoto

    graph.contesta({"id": "1001_7", "permalink_url": "https://www.facebook.com/p/7"})
    assert conector.preparar(sobre, libreta) == Recibo(
        id_remoto="1001_7", url="https://www.facebook.com/p/7"
    )


def test_una_publicacion_que_aun_no_se_ve_espera_para_comentarla(graph, conector, envio, libreta):
    sobre = envio(primer_comentario="Más datos")
    libreta["publicar"] = "1001_7"
    for _ in range(4):
        graph.falla(100, 33)
        with pytest.raises(AunNo) as visto:
            conector.preparar(sobre, libreta)
        assert visto.value.espera == timedelta(seconds=5)
    assert conector.preparar(sobre, libreta).paso.nombre == "comentar"


def test_un_comentario_rechazado_no_vuelve_fallida_la_publicacion(graph, conector, envio, libreta):
    libreta["publicar"] = "1001_7"
    graph.contesta({"id": "1001_7"})
    listo = conector.preparar(envio(primer_comentario="Más datos"), libreta)
    graph.falla(100, 1404)
    recibo = conector.publicar(listo)
    assert (recibo.id_remoto, recibo.completo) == ("1001_7", True)
    assert "a mano" in recibo.aviso


@pytest.mark.parametrize(
    ("codigo", "clase"), [(2, SinRespuesta), (190, SinPermiso), (506, PosibleDuplicado)]
)
def test_lo_incierto_y_lo_del_permiso_al_comentar_se_dicen(
    codigo, clase, graph, conector, envio, libreta
):
    libreta["publicar"] = "1001_7"
    graph.contesta({"id": "1001_7"})
    listo = conector.preparar(envio(primer_comentario="Más datos"), libreta)
    graph.falla(codigo)
    with pytest.raises(clase):
        conector.publicar(listo)


@pytest.mark.parametrize("exito", [True, {"success": True}])
def test_retirar_borra(exito, graph, conector):
    graph.contesta(exito)
    conector.retirar("1001_7")
    assert (graph.pedidos[0].verbo, graph.pedidos[0].camino) == ("DELETE", "/v25.0/1001_7")
    assert "access_token" not in graph.pedidos[0].url


def test_retirar_lo_que_ya_no_esta_es_exito(graph, conector):
    graph.falla(100, 33)
    conector.retirar("1001_7")


@pytest.mark.parametrize(("codigo", "clase"), [(200, SinPermiso), (100, ContenidoRechazado)])
def test_retirar_dice_por_que_no_pudo(codigo, clase, graph, conector):
    graph.falla(codigo)
    with pytest.raises(clase):
        conector.retirar("1001_7")


def test_retirar_sin_confirmacion_no_se_da_por_hecho(graph, conector):
    graph.contesta({"success": False})
    with pytest.raises(SinRespuesta):
        conector.retirar("1001_7")


def test_corregir_cambia_el_texto_y_conserva_la_direccion(graph, conector, envio, libreta):
    graph.contesta({"success": True})
    recibo = conector.corregir("1001_7", envio("Texto corregido"), libreta)
    assert graph.pedidos[0].campos == {"message": "Texto corregido"}
    assert recibo == Recibo(id_remoto="1001_7", url="https://www.facebook.com/1001_7")


def test_corregir_lo_que_ya_no_esta_lo_dice(graph, conector, envio, libreta):
    graph.falla(100, 33)
    with pytest.raises(YaNoEsta):
        conector.corregir("1001_7", envio(), libreta)
