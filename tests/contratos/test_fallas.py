"""Lo que todo conector cumple cuando la red falla: cada falla, su clase de error y su verdad."""

import time
import traceback
from datetime import UTC, datetime

import pytest

from conectores.errores import (
    ErrorDeConector,
    LimiteAlcanzado,
    NoSalio,
    PosibleDuplicado,
    SinPermiso,
    SinRespuesta,
)
from tests.contratos.banco import CANARIOS

TEXTO = "Feria del libro: entrada libre para niñas y niños 📚"

NO_QUEDA_CLARO = {
    # falla → si la red se quedó con la publicación
    "corta_antes": False,
    "corta_despues": True,
    "error_500": False,
    "error_500_aceptado": True,
    "html_502": False,
    "json_roto": True,
    "exito_sin_id": True,
    "vacio_500": False,
}


def _falla_al_publicar(banco, falla, clase, **opciones):
    sobre = banco.envio(TEXTO, imagenes=1)
    listo = banco.listo(sobre)
    banco.mundo.armar(banco.red, falla, 1, llamada="publicar", **opciones)
    with pytest.raises(clase) as visto:
        banco.conector().publicar(listo)
    assert type(visto.value) is clase
    assert visto.value.mensaje.endswith(".")
    return sobre, listo, visto.value


@pytest.mark.parametrize(("falla", "quedo"), sorted(NO_QUEDA_CLARO.items()))
def test_una_respuesta_que_no_es_clara_es_duda_y_buscar_dice_la_verdad(banco, falla, quedo):
    sobre, listo, _ = _falla_al_publicar(banco, falla, SinRespuesta)
    publicas = banco.publicas()
    assert len(publicas) == int(quedo)
    hallazgo = banco.buscar(sobre, listo.paso.nombre)
    assert [r.id_remoto for r in hallazgo.recibos] == [e.id for e in publicas]


def test_una_red_lenta_es_duda_y_lo_que_acepto_despues_se_halla(banco):
    sobre, listo, _ = _falla_al_publicar(banco, "tarda", SinRespuesta, segundos=1.3)
    for _ in range(60):
        if banco.publicas():
            break
        time.sleep(0.05)
    (entrada,) = banco.publicas()
    hallazgo = banco.buscar(sobre, listo.paso.nombre)
    assert [r.id_remoto for r in hallazgo.recibos] == [entrada.id]


def test_lo_hallado_tras_una_duda_termina_la_entrega_sin_repetirla(banco):
    sobre, listo, _ = _falla_al_publicar(banco, "corta_despues", SinRespuesta)
    (recibo,) = banco.buscar(sobre, listo.paso.nombre).recibos
    if not recibo.completo:
        banco.libreta.anotar(listo.paso.nombre, recibo.id_remoto)
        recibo = banco.conector().preparar(sobre, banco.libreta)
    assert recibo.completo
    assert [e.id for e in banco.publicas()] == [recibo.id_remoto]


def test_una_conexion_rechazada_no_salio(banco):
    listo = banco.listo(banco.envio(TEXTO))
    banco.ensayo.cerrar_puerta(banco.red)
    with pytest.raises(NoSalio):
        banco.conector().publicar(listo)
    banco.ensayo.abrir_puerta(banco.red)
    assert banco.publicas() == []
    banco.conector().publicar(listo)
    assert len(banco.publicas()) == 1


def test_el_limite_de_llamadas_dice_hasta_cuando(banco):
    _, _, error = _falla_al_publicar(banco, "limite_429", LimiteAlcanzado, segundos=90)
    assert error.hasta is None or error.hasta.tzinfo is not None
    assert error.hasta is not None
    assert error.hasta > datetime.now(UTC)
    assert banco.publicas() == []


def test_un_permiso_vencido_pide_reconectar(banco):
    _, _, error = _falla_al_publicar(banco, "token_vencido", SinPermiso)
    assert "Cuentas" in error.mensaje
    assert banco.publicas() == []


# WordPress no rechaza por repetido: publicar es cambiar el estado de un borrador.
@pytest.mark.parametrize("red", ["facebook", "x"])
def test_repetido_no_es_fallo_sino_posible_duplicado(poner, red):
    banco = poner(red)
    _falla_al_publicar(banco, "duplicado", PosibleDuplicado)
    assert banco.publicas() == []


@pytest.mark.parametrize("falla", ["corta_antes", "error_500", "html_502", "corta_despues"])
def test_una_falla_al_subir_se_repite_sin_dano(banco, falla):
    sobre = banco.envio(TEXTO, imagenes=2)
    banco.mundo.armar(banco.red, falla, 1, llamada="subir")
    with pytest.raises(ErrorDeConector):
        banco.conector().preparar(sobre, banco.libreta)
    assert banco.publicas() == []
    banco.entregar(sobre)
    (entrada,) = banco.publicas()
    assert [i.sha256 for i in entrada.imagenes] == [a.huella for a in sobre.adjuntos]


@pytest.mark.parametrize("falla", ["corta_antes", "error_500", "html_502", "limite_429"])
def test_si_no_se_puede_mirar_no_se_dice_que_no_esta(banco, falla):
    sobre, listo, _ = _falla_al_publicar(banco, "corta_despues", SinRespuesta)
    banco.mundo.armar(banco.red, falla, None, llamada="leer")
    with pytest.raises(ErrorDeConector):
        banco.buscar(sobre, listo.paso.nombre)


@pytest.mark.parametrize("verbo", ["preparar", "publicar", "buscar", "retirar"])
def test_los_secretos_no_salen_en_los_errores(banco, verbo):
    sobre = banco.envio(TEXTO, imagenes=1)
    listo = banco.listo(sobre)
    publicada = banco.conector().publicar(listo).id_remoto
    banco.libreta.clear()
    conector = banco.conector(vencido=True)
    llamadas = {
        "preparar": lambda: conector.preparar(sobre, banco.libreta),
        "publicar": lambda: conector.publicar(listo),
        "buscar": lambda: conector.buscar(sobre, banco.libreta, listo.paso.nombre, banco.inicio),
        "retirar": lambda: conector.retirar(publicada),
    }
    with pytest.raises(SinPermiso) as visto:
        llamadas[verbo]()
    error = visto.value
    texto = "".join(traceback.format_exception(error)) + error.detalle + repr(error)
    assert not any(canario in texto for canario in CANARIOS)
