"""Lo que todo conector cumple cuando la red responde bien."""

import html

import pytest

from conectores.contrato import Listo, Medidor, Recibo, Red
from tests.contratos.banco import CANARIOS

TEXTO = "¡Niñez, música y alegría! 🎺🇨🇴\n\nEntrada libre · sábado 5 — «Plazuela Luis Carlos Galán»"


def _contiene(texto, banco, entrada):
    visto = html.unescape(entrada.texto)
    if banco.red is Red.WORDPRESS:
        return all(parrafo in visto for parrafo in texto.split("\n\n"))
    return visto == texto


def test_un_texto_con_acentos_y_emojis_sale_tal_cual_y_una_sola_vez(banco):
    recibo = banco.entregar(banco.envio(TEXTO))
    (entrada,) = banco.publicas()
    assert _contiene(TEXTO, banco, entrada)
    assert recibo.id_remoto == entrada.id
    assert recibo.url.startswith("http")
    assert recibo.completo


@pytest.mark.parametrize("cuantas", [1, 4])
def test_las_imagenes_salen_con_sus_bytes_su_orden_y_su_texto_alternativo(banco, cuantas):
    sobre = banco.envio(TEXTO, imagenes=cuantas)
    recibo = banco.entregar(sobre)
    (entrada,) = banco.publicas()
    assert [i.sha256 for i in entrada.imagenes] == [a.huella for a in sobre.adjuntos]
    assert [i.alt for i in entrada.imagenes] == [a.texto_alternativo for a in sobre.adjuntos]
    assert _contiene(TEXTO, banco, entrada)
    assert recibo.aviso == ""


def test_el_enlace_llega_a_la_red(banco):
    enlace = "https://www.bucaramanga.gov.co/feria?a=1&b=2"
    if banco.red is Red.X:
        sobre = banco.envio(f"Feria del libro\n\n{enlace}")
    else:
        sobre = banco.envio("Feria del libro", enlace=enlace)
    banco.entregar(sobre)
    (entrada,) = banco.publicas()
    assert enlace in (entrada.enlace, *html.unescape(entrada.texto).replace('"', " ").split())


def test_preparar_dos_veces_no_hace_nada_publico_ni_repite_subidas(banco):
    sobre = banco.envio(TEXTO, imagenes=2)
    primero = banco.listo(sobre)
    segundo = banco.listo(sobre)
    assert segundo == primero
    assert banco.publicas() == []


def test_una_caida_entre_preparar_y_publicar_se_reanuda_con_la_libreta(banco):
    sobre = banco.envio(TEXTO, imagenes=2)
    banco.listo(sobre)
    banco.entregar(sobre)
    (entrada,) = banco.publicas()
    assert len(entrada.imagenes) == 2


def test_publicar_es_una_sola_publicacion_y_preparar_despues_no_agrega_otra(banco):
    sobre = banco.envio(TEXTO)
    listo = banco.listo(sobre)
    recibo = banco.conector().publicar(listo)
    banco.libreta.anotar(listo.paso.nombre, recibo.id_remoto)
    despues = banco.conector().preparar(sobre, banco.libreta)
    assert isinstance(despues, Recibo)
    assert despues.id_remoto == recibo.id_remoto
    assert len(banco.publicas()) == 1


def test_el_paso_lleva_la_huella_de_lo_que_sale(banco):
    uno, otro = banco.listo(banco.envio("Uno")), None
    banco.libreta.clear()
    otro = banco.listo(banco.envio("Otro"))
    assert isinstance(uno, Listo)
    assert len(uno.paso.huella) == 64
    assert uno.paso.huella != otro.paso.huella


def test_buscar_halla_lo_propio_y_no_lo_ajeno(banco):
    propia, ajena = banco.envio("Feria del libro"), banco.envio("Jornada de vacunación")
    listo = banco.listo(propia)
    recibo = banco.conector().publicar(listo)
    hallazgo = banco.buscar(propia, listo.paso.nombre)
    assert [r.id_remoto for r in hallazgo.recibos] == [recibo.id_remoto]
    assert hallazgo.recibos[0].completo == recibo.completo
    banco.libreta.clear()
    assert banco.buscar(ajena, listo.paso.nombre).recibos == ()


def test_retirar_dos_veces_no_hace_dano(banco):
    recibo = banco.entregar(banco.envio("Feria del libro"))
    banco.conector().retirar(recibo.id_remoto)
    assert banco.publicas() == []
    banco.conector().retirar(recibo.id_remoto)


def test_verificar_dice_que_el_permiso_vale(banco):
    permiso = banco.conector().verificar()
    assert permiso.vale, permiso.advertencias
    assert permiso.identificador
    assert all(a.endswith(".") for a in permiso.advertencias)


def test_verificar_dice_que_el_permiso_vencio(banco):
    permiso = banco.conector(vencido=True).verificar()
    assert not permiso.vale
    assert permiso.advertencias
    assert all(a.endswith(".") for a in permiso.advertencias)


def test_medir_no_vuelve_cero_lo_que_no_sabe(banco):
    recibo = banco.entregar(banco.envio("Feria del libro"))
    conector = banco.conector()
    assert isinstance(conector, Medidor)
    medidas = conector.medir(recibo.id_remoto)
    assert medidas
    assert len({m.nombre for m in medidas}) == len(medidas)
    for medida in medidas:
        assert (medida.valor is None) == bool(medida.motivo), medida


def test_los_secretos_no_se_ven_en_el_conector(banco):
    conector = banco.conector()
    conector.preparar(banco.envio("Feria del libro"), banco.libreta)
    texto = f"{conector!r} {conector} {banco.libreta}"
    assert not any(canario in texto for canario in CANARIOS)
