"""Hoy avisa de los borradores que saldrían pronto y no pueden ir a revisión."""

from datetime import timedelta

from cola.estados import Estado
from cola.publicaciones import Suceso
from tests.panel.sembrado import una_imagen


def ver(cliente, camino: str = "/") -> str:
    respuesta = cliente.get(camino)
    assert respuesta.status_code == 200
    return respuesta.get_data(as_text=True)


def test_hoy_dice_que_un_borrador_no_puede_ir_a_revision_por_falta_de_texto_alternativo(panel):
    with panel.oficina() as oficina:
        oficina.pieza("Voluntariado en la quebrada", imagen=una_imagen(), alterno="")
    pagina = ver(panel.como("community"))
    seccion = pagina.split("No puede ir a revisión")[1].split("</section>")[0]
    assert "Voluntariado en la quebrada" in seccion
    assert "falta el texto alternativo" in seccion


def test_un_borrador_completo_o_lejano_no_se_anuncia_como_incompleto(panel):
    with panel.oficina() as oficina:
        oficina.pieza("Completa", imagen=una_imagen())
        lejos = panel.ahora + timedelta(days=30)
        oficina.pieza("Lejana", imagen=una_imagen(), alterno="", para=lejos)
    assert "No puede ir a revisión" not in ver(panel.como("community"))


def test_quien_solo_solicita_no_ve_los_borradores_de_los_demas(panel):
    with panel.oficina() as oficina:
        oficina.pieza("Voluntariado en la quebrada", imagen=una_imagen(), alterno="")
    assert "No puede ir a revisión" not in ver(panel.como("solicitante"))


def test_el_detalle_tecnico_de_la_historia_queda_plegado_y_lo_que_dijo_alguien_no(panel):
    with panel.oficina() as oficina:
        p = oficina.entrega("Con historia", "x", Estado.EN_DUDA)
        oficina.suceso(p, Suceso.SIN_RESPUESTA, "SinRespuesta ConnectionError")
        oficina.suceso(p, Suceso.PERSONA, "Confirmó que salió")
        numero = p.id
    pagina = ver(panel.como("community"), f"/cola/{numero}")
    antes = pagina.split("SinRespuesta ConnectionError")[0]
    assert antes.rstrip().endswith("<summary>Detalle técnico</summary>")
    assert "<p>Confirmó que salió</p>" in pagina
