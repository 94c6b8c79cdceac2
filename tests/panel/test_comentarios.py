"""Conversar sobre una pieza y comparar sus versiones."""

import pytest

from piezas.borradores import Borrador, Destino
from piezas.comentarios import menciones_sin_atender
from piezas.redaccion import guardar_version
from tests.panel.test_cabeceras import CORPUS
from tests.panel.test_pantallas import texto_de, ver


@pytest.fixture
def pieza(panel):
    with panel.oficina() as oficina:
        return oficina.pieza("Feria del libro", texto="La feria es el sábado.").id


def comentar(panel, papel, pieza, texto, **mas):
    cliente = panel.como(papel)
    respuesta = cliente.post(f"/piezas/{pieza}/comentarios", data={"texto": texto} | mas)
    return respuesta, cliente


def le_esperan(panel, papel):
    with panel.oficina() as oficina:
        quien = oficina.persona(f"{papel}@alcaldia.example").id
        return [c.texto for c in menciones_sin_atender(oficina.sesion, quien)]


def test_un_comentario_se_lee_con_su_version_y_avisa_a_quien_nombra(panel, pieza):
    respuesta, cliente = comentar(panel, "revision", pieza, "@redaccion ¿es en el parque?")
    assert respuesta.status_code == 303
    assert respuesta.location.endswith(f"/piezas/{pieza}#comentarios")
    pagina = ver(cliente, f"/piezas/{pieza}")
    assert "Comentado. Le espera a Redaccion." in pagina
    assert "versión 1 · hoy, 7:00 a. m. @redaccion ¿es en el parque?" in pagina
    assert le_esperan(panel, "redaccion") == ["@redaccion ¿es en el parque?"]
    assert le_esperan(panel, "diseno") == []


def test_tambien_se_avisa_eligiendo_de_la_lista(panel, pieza):
    with panel.oficina() as oficina:
        diseno = oficina.persona("diseno@alcaldia.example").id
    comentar(panel, "revision", pieza, "Mire el afiche", a=str(diseno))
    assert le_esperan(panel, "diseno") == ["Mire el afiche"]


@pytest.mark.parametrize("como", ["responder", "resolver"])
def test_deja_de_esperar_cuando_se_responde_o_se_resuelve(panel, pieza, como):
    comentar(panel, "revision", pieza, "@redaccion ¿es en el parque?")
    if como == "responder":
        comentar(panel, "redaccion", pieza, "Sí, en el parque.")
    else:
        cliente = panel.como("redaccion")
        cliente.post("/comentarios/1/resolver")
        assert "Lo resolvió Redaccion" in ver(cliente, f"/piezas/{pieza}")
    assert le_esperan(panel, "redaccion") == []


def test_hoy_dice_quien_lo_menciona_y_lleva_a_responder(panel, pieza):
    comentar(panel, "revision", pieza, "@redaccion ¿es en el parque?")
    pagina = ver(panel.como("redaccion"), "/")
    assert "Lo mencionan Feria del libro Revision: @redaccion ¿es en el parque?" in pagina
    assert "Lo mencionan" not in ver(panel.como("diseno"), "/")


def test_un_correo_dentro_del_texto_no_es_una_mencion(panel, pieza):
    comentar(panel, "revision", pieza, "Escriban a prensa@redaccion o x@diseno.example")
    assert le_esperan(panel, "redaccion") == []
    assert le_esperan(panel, "diseno") == []


def test_un_solicitante_no_comenta_ni_ve_lo_ajeno(panel, pieza):
    respuesta, cliente = comentar(panel, "solicitante", pieza, "¿Y lo mío?")
    assert respuesta.status_code == 404
    assert cliente.get(f"/piezas/{pieza}/versiones").status_code == 404
    assert cliente.get(f"/piezas/{pieza}/versiones/1..1").status_code == 404
    assert "¿Y lo mío?" not in ver(panel.como("jefatura"), f"/piezas/{pieza}")
    comentar(panel, "revision", pieza, "Interno")
    cliente.post("/comentarios/1/resolver")
    assert "Dar por resuelto" in ver(panel.como("jefatura"), f"/piezas/{pieza}")


@pytest.mark.parametrize("texto", ["", "   ", "x" * 2001])
def test_lo_que_no_sirve_se_dice_y_no_se_guarda(panel, pieza, texto):
    comentar(panel, "revision", pieza, texto)
    assert "Nadie ha comentado" in ver(panel.como("jefatura"), f"/piezas/{pieza}")


@pytest.mark.parametrize("hostil", CORPUS)
def test_un_comentario_nunca_es_marcado(panel, pieza, hostil):
    comentar(panel, "revision", pieza, f"@redaccion{hostil}")
    html = panel.como("jefatura").get(f"/piezas/{pieza}").text
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<svg onload" not in html


def test_las_versiones_se_listan_y_se_comparan_palabra_por_palabra(panel, pieza):
    with panel.oficina() as oficina:
        cuenta = oficina.cuenta("facebook")
        guardar_version(
            oficina.sesion,
            pieza,
            Borrador(
                titulo="Feria del libro",
                texto="La feria es el domingo <b>sin falta</b>.",
                destinos=(
                    Destino(
                        cuenta_id=cuenta.id,
                        red=cuenta.red,
                        alias=cuenta.alias,
                        programada_para=panel.ahora,
                    ),
                ),
            ),
            por=oficina.persona("diseno@alcaldia.example").id,
            ahora=panel.ahora,
        )
    cliente = panel.como("consulta")
    pagina = ver(cliente, f"/piezas/{pieza}/versiones")
    assert "2 Diseno Vigente" in pagina
    html = cliente.get(f"/piezas/{pieza}/versiones/1..2").text
    assert "<del>sábado</del>" in html
    assert "<ins>domingo &lt;b&gt;sin falta&lt;/b&gt;</ins>" in html
    assert "Cuentas facebook , x" in texto_de(html)
    salto = cliente.get(f"/piezas/{pieza}/versiones?de=2&a=1")
    assert salto.location.endswith(f"/piezas/{pieza}/versiones/1..2")
