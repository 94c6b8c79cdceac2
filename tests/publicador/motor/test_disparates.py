"""Lo que una red dice mal, o la base no recibe, no detiene a las demás entregas."""

import pytest

from conectores.contrato import Listo, Paso, Recibo
from conectores.errores import ContenidoRechazado
from tests.publicador.motor.apoyo import RedDeMano, correr


def test_una_red_que_dice_disparates_no_detiene_a_las_demas(escena):
    (mala,) = escena.aprobada(escena.cuenta())
    (buena,) = escena.aprobada(escena.cuenta())
    red = RedDeMano()

    def preparar(envio, libreta):
        if red.publicadas or envio.clave != clave:
            return Listo(envio=envio, paso=Paso(nombre="publicar", huella="h"))
        raise ContenidoRechazado("No cabe \ud83d\0.", detalle="\udcff\0 raro")

    clave = escena.fila(mala).clave
    red.al_preparar = preparar
    correr(escena, red)
    assert (escena.estado(mala), escena.estado(buena)) == ("fallida", "publicada")
    assert escena.fila(mala).motivo == "No cabe ?."


@pytest.mark.parametrize(
    ("id_remoto", "url"), [("r\0", "https://r.example"), ("7", "https://\ud83d")]
)
def test_un_identificador_que_no_se_puede_guardar_es_duda(escena, id_remoto, url):
    (una,) = escena.aprobada(escena.cuenta())
    red = RedDeMano()
    red.al_publicar = lambda listo: Recibo(id_remoto=id_remoto, url=url)
    correr(escena, red)
    assert escena.estado(una) == "en_duda"


def test_lo_que_la_base_no_admite_no_detiene_lo_demas(escena):
    """Un paso con un nombre imposible: su petición se niega, y las otras se guardan."""
    (mala,) = escena.aprobada(escena.cuenta())
    (buena,) = escena.aprobada(escena.cuenta())
    red, clave = RedDeMano(), escena.fila(mala).clave

    def preparar(envio, libreta):
        nombre = "\ud83d" if envio.clave == clave else "publicar"
        return Listo(envio=envio, paso=Paso(nombre=nombre, huella="h"))

    red.al_preparar = preparar
    correr(escena, red)
    assert (escena.estado(mala), escena.estado(buena)) == ("programada", "publicada")
    assert len(red.publicadas) == 1


def test_un_recibo_que_la_base_rechaza_va_a_una_persona_y_los_demas_se_guardan(escena):
    la_cuenta = escena.cuenta(espaciado_s=0)
    (una,), (otra,) = escena.aprobada(la_cuenta), escena.aprobada(la_cuenta)
    (ajena,) = escena.aprobada(escena.cuenta())
    red = RedDeMano()
    red.al_publicar = lambda listo: Recibo(id_remoto="el-mismo", url="https://red.example/1")
    correr(escena, red)
    assert sorted((escena.estado(una), escena.estado(otra))) == ["en_duda", "publicada"]
    assert escena.estado(ajena) == "publicada"


def test_la_base_ocupada_al_anotar_no_vuelve_fallida_la_entrega(escena):
    (una,) = escena.aprobada(escena.cuenta())
    red = RedDeMano()

    def preparar(envio, libreta):
        libreta.anotar("medio-0", "\ud83d")  # la base no lo recibe
        return Listo(envio=envio, paso=Paso(nombre="publicar", huella="h"))

    red.al_preparar = preparar
    correr(escena, red)
    assert (escena.estado(una), escena.fila(una).fallos) == ("programada", 1)
    escena.pasa(seconds=10)
    red.al_preparar = None
    correr(escena, red)
    assert escena.estado(una) == "publicada"
