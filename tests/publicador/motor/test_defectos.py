"""Un defecto, una fila rota o una credencial que no abre no paran el motor ni se callan."""

import time
from datetime import timedelta

from sqlalchemy import select

from cola.avisos import ClaseAviso
from cola.credenciales import Caja
from cola.estados import Causa, Estado, MotivoPausa
from cola.publicaciones import Intento, Publicacion, Suceso
from cola.reintentos import MAX_FALLOS, PLAZO_DE_ENVIO
from publicador.puntos import vigilar
from publicador.reloj import desde_arranque
from tests.publicador.motor.apoyo import RedDeMano, correr, cuenta, un_motor


def test_un_defecto_al_preparar_no_ocupa_el_carril_para_siempre_ni_se_calla(escena):
    (una,) = escena.aprobada(escena.cuenta())
    red = RedDeMano()

    def se_rompe(envio, libreta):
        raise RuntimeError("un defecto")

    red.al_preparar = se_rompe
    for _ in range(MAX_FALLOS):
        correr(escena, red)
        escena.pasa(minutes=13)
    assert (escena.estado(una), red.publicadas) == ("fallida", [])
    assert [clase for clase, _ in escena.avisos()] == [ClaseAviso.FALLIDA]


def test_un_defecto_tras_llamar_es_duda_enseguida(escena):
    (una,) = escena.aprobada(escena.cuenta())
    red = RedDeMano()

    def se_rompe(listo):
        raise OSError("un defecto")

    red.al_publicar = se_rompe
    correr(escena, red)
    assert escena.estado(una) == "en_duda"
    assert escena.fila(una).mirar_en == escena.ahora + timedelta(seconds=90)


def test_una_credencial_que_no_abre_pausa_su_cuenta_y_avisa(escena):
    mala, buena = escena.cuenta(), escena.cuenta()
    (una,), (otra,) = escena.aprobada(mala), escena.aprobada(buena)
    red, caja = RedDeMano(), Caja([b"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="])

    def conector_de(credencial):
        if credencial.cuenta_id == mala:
            caja.abrir("cuenta:facebook:1", credencial.sellada)
        return red

    correr(escena, red, conector_de=conector_de)
    assert (escena.estado(una), escena.fila(una).causa) == ("detenida", Causa.CUENTA)
    assert cuenta(escena, mala).pausada_por is MotivoPausa.CREDENCIAL
    assert [clase for clase, _ in escena.avisos()] == [ClaseAviso.CUENTA]
    assert escena.estado(otra) == "publicada"


def test_una_fila_ilegible_se_aparta_y_no_estorba_a_lo_que_estaba_en_vuelo(escena):
    (buena,) = escena.aprobada(escena.cuenta())
    (rota,) = escena.aprobada(escena.cuenta(), para=escena.ahora + timedelta(seconds=1))
    red = RedDeMano()

    def tarda(listo):
        with escena.sesiones.begin() as sesion:
            sesion.get_one(Publicacion, rota).avance = "esto no es JSON"
        escena.pasa(seconds=2)
        return red.acepta(listo)

    red.al_publicar = tarda
    motor = un_motor(escena, red)
    motor.iniciar()
    for _ in range(200):
        if escena.estado(buena) == "publicada":
            break
        time.sleep(0.05)
    motor.vaciar(lambda: escena.estado(rota) == "detenida")
    assert motor.detener(cortesia_s=5)
    assert (escena.estado(buena), escena.estado(rota)) == ("publicada", "detenida")
    with escena.sesiones() as sesion:
        assert "está dañado" in (sesion.get_one(Publicacion, rota).motivo or "")
    assert len(red.publicadas) == 1


def test_el_libro_dice_que_un_defecto_dejo_la_llamada_sin_respuesta(escena):
    (una,) = escena.aprobada(escena.cuenta())
    red = RedDeMano()

    def se_rompe(listo):
        raise KeyError("x")

    red.al_publicar = se_rompe
    correr(escena, red)
    with escena.sesiones() as sesion:
        libro = sesion.scalars(select(Intento).where(Intento.publicacion_id == una)).all()
    assert [linea.suceso for linea in libro] == [Suceso.SALIDA, Suceso.SIN_RESPUESTA]
    assert escena.estado(una) == Estado.EN_DUDA


def test_congelado_mientras_confirma_la_salida_ya_no_llama(escena, monkeypatch):
    """Otro motor pudo rescatarla y mirarla mientras tanto: el plazo no empieza al despertar."""
    (una,) = escena.aprobada(escena.cuenta())
    red, congelado = RedDeMano(), [0.0]

    def vigilante(nombre):
        with escena.sesiones() as sesion:
            if nombre == "lote-guardado" and sesion.scalar(select(Intento.id)) is not None:
                congelado[0] = PLAZO_DE_ENVIO.total_seconds() + 1

    for modulo in ("publicador.motor", "publicador.obrero"):
        monkeypatch.setattr(f"{modulo}.desde_arranque", lambda: desde_arranque() + congelado[0])
    vigilar(vigilante)
    try:
        correr(escena, red)
    finally:
        vigilar(None)
    assert (escena.estado(una), red.publicadas) == ("programada", [])
    assert "no llamó a la red" in escena.fila(una).motivo
