"""Lo propio de Facebook contra la red de ensayo: comentario, video, corrección y permiso."""

from dataclasses import replace

import pytest

from conectores.contrato import Adjunto, Clase, Listo, Recibo
from conectores.errores import AunNo, SinRespuesta
from conectores.registro import armar
from publicador.ensayo.facebook_permisos import APLICACION, registrar_aplicacion
from tests.contratos.banco import IDENTIFICADOR


@pytest.fixture
def pagina(poner):
    return poner("facebook")


@pytest.mark.parametrize("imagenes", [0, 2])
def test_el_primer_comentario_sale_despues_y_el_recibo_es_el_de_la_publicacion(pagina, imagenes):
    sobre = pagina.envio("Feria", imagenes=imagenes, primer_comentario="Más datos aquí 👇")
    recibo = pagina.entregar(sobre)
    (entrada,) = pagina.publicas()
    assert [c.texto for c in entrada.comentarios] == ["Más datos aquí 👇"]
    assert recibo.id_remoto == entrada.id
    assert pagina.libreta["comentar"] != recibo.id_remoto


@pytest.mark.parametrize("falla", ["corta_despues", "corta_antes", "error_500_aceptado"])
def test_un_comentario_en_duda_se_mira_y_no_se_repite(pagina, falla):
    sobre = pagina.envio("Feria", primer_comentario="Más datos")
    listo = pagina.listo(sobre)
    pagina.libreta.anotar("publicar", pagina.conector().publicar(listo).id_remoto)
    listo = pagina.listo(sobre)
    pagina.mundo.armar("facebook", falla, 1, llamada="comentar")
    with pytest.raises(SinRespuesta):
        pagina.conector().publicar(listo)
    hallados = pagina.buscar(sobre, "comentar").recibos
    (entrada,) = pagina.publicas()
    assert [r.id_remoto for r in hallados] == [c.id for c in entrada.comentarios]
    for recibo in hallados:
        pagina.libreta.anotar("comentar", recibo.id_remoto)
    assert pagina.entregar(sobre).id_remoto == entrada.id
    assert len(pagina.publicas()[0].comentarios) == 1


def _con_video(pagina):
    archivo = pagina.carpeta / "video.mp4"
    archivo.write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 9_000)
    adjunto = Adjunto(
        clase=Clase.VIDEO,
        huella="a" * 64,
        tipo="video/mp4",
        nombre="video.mp4",
        archivo=archivo,
        peso_bytes=archivo.stat().st_size,
        ancho_px=1280,
        alto_px=720,
        texto_alternativo="",
    )
    return replace(pagina.envio("Así fue la feria 🎬"), adjuntos=(adjunto,))


def _hasta_el_final(pagina, sobre):
    for _ in range(20):
        try:
            return pagina.conector().preparar(sobre, pagina.libreta)
        except AunNo:
            continue
    raise AssertionError("el video no termina")


def _graduar(pagina):
    pagina.mundo.cajon("facebook")["ajustes"] = {"procesa_video_s": 0}


def test_un_video_sube_por_trozos_sale_y_termina_con_el_id_de_la_publicacion(pagina):
    _graduar(pagina)
    sobre = _con_video(pagina)
    listo = _hasta_el_final(pagina, sobre)
    assert isinstance(listo, Listo)
    assert pagina.publicas() == []
    recibo = pagina.conector().publicar(listo)
    assert not recibo.completo
    pagina.libreta.anotar("publicar", recibo.id_remoto)
    final = _hasta_el_final(pagina, sobre)
    (entrada,) = pagina.publicas()
    assert isinstance(final, Recibo)
    assert final.id_remoto == entrada.id
    assert entrada.texto == sobre.texto
    assert final.url.startswith("http")


@pytest.mark.parametrize(("falla", "salio"), [("corta_despues", True), ("corta_antes", False)])
def test_un_video_en_duda_se_busca_por_su_id(pagina, falla, salio):
    _graduar(pagina)
    sobre = _con_video(pagina)
    listo = _hasta_el_final(pagina, sobre)
    pagina.mundo.armar("facebook", falla, 1, llamada="publicar")
    with pytest.raises(SinRespuesta):
        pagina.conector().publicar(listo)
    assert bool(pagina.buscar(sobre, "publicar").recibos) == salio
    assert len(pagina.publicas()) == int(salio)


def test_corregir_cambia_el_texto_a_la_vista(pagina):
    recibo = pagina.entregar(pagina.envio("Feria el sábado"))
    pagina.conector().corregir(recibo.id_remoto, pagina.envio("Feria el domingo"), pagina.libreta)
    (entrada,) = pagina.publicas()
    assert entrada.texto == "Feria el domingo"


def test_con_la_aplicacion_se_sabe_que_cubre_el_permiso_y_todo_va_firmado(pagina):
    registrar_aplicacion(pagina.mundo, "secreto-de-ensayo")
    conector = armar(
        pagina.red,
        {**pagina.credencial(), "id_app": APLICACION, "secreto_app": "secreto-de-ensayo"},
        identificador=IDENTIFICADOR["facebook"],
        base_url=pagina.ensayo.url_de("facebook"),
    )
    permiso = conector.verificar()
    assert permiso.vale
    assert permiso.faltan == ()
    assert permiso.vence_en is not None
    assert isinstance(conector.preparar(pagina.envio(imagenes=1), pagina.libreta), Listo)
