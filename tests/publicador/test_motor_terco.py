"""El motor no se para ni miente por un defecto, una fila rara o una red que dice disparates."""

import io
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from cola.avisos import Aviso, ClaseAviso
from cola.credenciales import Caja
from cola.cuentas import Cuenta
from cola.estados import Causa, Estado, MotivoPausa
from cola.programacion import reintentar
from cola.publicaciones import Intento, Publicacion, Suceso
from cola.reintentos import MAX_FALLOS, PLAZO_DE_ENVIO
from cola.tomas import Reglas
from conectores.contrato import Hallazgo, Listo, Paso, Recibo, Red
from conectores.errores import (
    ContenidoRechazado,
    Pasajero,
    SinPermiso,
    SinRespuesta,
)
from piezas import envios
from piezas.vigencia import sobres_vigentes
from publicador.base_datos import crear_motor_sql
from publicador.base_datos import sesiones as hacer_sesiones
from publicador.motor import Motor, Piezas
from publicador.puntos import vigilar
from publicador.registro_eventos import configurar_registro
from publicador.reloj import desde_arranque
from publicador.tablas import METADATOS
from tests.cola.escena import Escena


class RedDeMano:
    """Una red cuyas respuestas pone la prueba; por omisión acepta todo con un id nuevo."""

    def __init__(self) -> None:
        self.publicadas: list[str] = []
        self.al_preparar: Callable[[object, object], object] | None = None
        self.al_publicar: Callable[[Listo], Recibo] | None = None
        self.al_buscar: Callable[[str], Hallazgo] = lambda paso: Hallazgo()

    def preparar(self, envio, libreta):
        if self.al_preparar is not None:
            return self.al_preparar(envio, libreta)
        return Listo(envio=envio, paso=Paso(nombre="publicar", huella="h"))

    def publicar(self, listo):
        if self.al_publicar is not None:
            return self.al_publicar(listo)
        return self.acepta(listo)

    def acepta(self, listo, *, completo=True):
        self.publicadas.append(f"{listo.envio.clave}/{listo.paso.nombre}")
        numero = len(self.publicadas)
        return Recibo(
            id_remoto=f"r{numero}", url=f"https://red.example/{numero}", completo=completo
        )

    def buscar(self, envio, libreta, paso, desde):
        return self.al_buscar(paso)


@pytest.fixture(autouse=True)
def registro():
    """El registro de verdad, para mirarlo; el de structlog sin configurar pinta trazas enormes."""
    salida = io.StringIO()
    configurar_registro(salida=salida)
    return salida


@pytest.fixture
def escena(tmp_path, sello, almacen, ahora):
    base = crear_motor_sql(f"sqlite:///{tmp_path}/cola.db")
    METADATOS.create_all(base)
    reglas = Reglas(
        arriendo=timedelta(seconds=120),
        tolerancia=timedelta(hours=12),
        espaciados={},
        esperas_duda=(90.0, 600.0),
    )
    yield Escena(hacer_sesiones(base), reglas, sello, almacen, ahora)
    base.dispose()


def un_motor(escena, red, *, abrir=None, conector_de=None):
    return Motor(
        Piezas(
            sesiones=escena.sesiones,
            reglas=escena.reglas,
            vigentes=partial(sobres_vigentes, sello=escena.sello),
            conector_de=conector_de or (lambda credencial: red),
            abrir=abrir or (lambda sobre, huella: envios.abrir(sobre, escena.almacen.camino)),
            ahora=lambda: escena.ahora,
            hilos=2,
        )
    )


def correr(escena, red, **partes):
    """Un motor de verdad hasta que no tenga nada en mano."""
    motor = un_motor(escena, red, **partes)
    motor.iniciar()
    motor.vaciar(lambda: True)
    assert motor.detener(cortesia_s=5)


def avisos(escena):
    with escena.sesiones() as sesion:
        return [(a.clase, a.texto) for a in sesion.scalars(select(Aviso).order_by(Aviso.id))]


def cuenta(escena, cuenta_id):
    with escena.sesiones() as sesion:
        return sesion.get_one(Cuenta, cuenta_id)


def en_duda(escena, cuenta_id):
    """Una entrega de la que no se sabe si salió, con la primera mirada ya vencida."""
    (una,) = escena.aprobada(cuenta_id)
    red = RedDeMano()

    def se_corta(listo):
        raise SinRespuesta

    red.al_publicar = se_corta
    correr(escena, red)
    assert escena.estado(una) == "en_duda"
    escena.pasa(seconds=91)
    return una


def test_un_hilo_a_medias_que_ya_no_cabe_pasa_a_una_persona_y_el_motor_sigue(escena):
    (hilo,) = escena.aprobada(escena.cuenta(Red.X))
    red = RedDeMano()
    fallas = iter([Pasajero(), ContenidoRechazado()])

    def preparar(envio, libreta):
        if libreta.leer("segmento-0"):
            raise next(fallas)
        return Listo(envio=envio, paso=Paso(nombre="segmento-0", huella="h"))

    red.al_preparar = preparar
    red.al_publicar = partial(red.acepta, completo=False)
    correr(escena, red)
    assert escena.estado(hilo) == "programada"
    escena.pasa(minutes=1)
    correr(escena, red)
    assert (escena.estado(hilo), escena.fila(hilo).requiere_persona) == ("en_duda", True)
    assert "solo una parte" in escena.fila(hilo).motivo


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
    assert [clase for clase, _ in avisos(escena)] == [ClaseAviso.FALLIDA]


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
    assert [clase for clase, _ in avisos(escena)] == [ClaseAviso.CUENTA]
    assert escena.estado(otra) == "publicada"


def test_un_sobre_daniado_al_mirar_no_convierte_la_duda_en_fallida(escena):
    una = en_duda(escena, escena.cuenta())

    def no_abre(sobre, huella):
        raise ContenidoRechazado("Un archivo cambió. No salió.")

    correr(escena, RedDeMano(), abrir=no_abre)
    assert (escena.estado(una), escena.fila(una).requiere_persona) == ("en_duda", True)
    assert "No salió" not in escena.fila(una).motivo


@pytest.mark.parametrize("pausada", [None, MotivoPausa.PERSONA])
def test_si_al_mirar_el_permiso_ya_no_vale_la_cuenta_se_pausa_y_se_avisa_una_vez(escena, pausada):
    la_cuenta = escena.cuenta()
    una = en_duda(escena, la_cuenta)
    if pausada is not None:
        with escena.sesiones.begin() as sesion:
            fila = sesion.get_one(Cuenta, la_cuenta)
            fila.pausada_por, fila.pausada_motivo = pausada, "Vacaciones."
    red = RedDeMano()

    def sin_permiso(paso):
        raise SinPermiso

    red.al_buscar = sin_permiso
    for _ in range(3):
        correr(escena, red)
        escena.pasa(minutes=15)
    assert escena.estado(una) == "en_duda"
    assert cuenta(escena, la_cuenta).pausada_por is MotivoPausa.CREDENCIAL
    assert [clase for clase, _ in avisos(escena)] == [ClaseAviso.CUENTA]


def test_mirar_en_vano_se_hace_cada_vez_menos_y_al_fin_se_avisa(escena):
    una = en_duda(escena, escena.cuenta())
    red = RedDeMano()

    def caida(paso):
        raise SinRespuesta

    red.al_buscar = caida
    esperas = []
    for _ in range(MAX_FALLOS + 2):
        correr(escena, red)
        esperas.append(escena.fila(una).mirar_en - escena.ahora)
        escena.ahora = escena.fila(una).mirar_en
    assert esperas[0] < timedelta(seconds=7) < timedelta(minutes=5) < esperas[-1]
    assert [clase for clase, _ in avisos(escena)] == [ClaseAviso.DUDA]
    red.al_buscar = lambda paso: Hallazgo()
    correr(escena, red)
    assert escena.fila(una).fallos == 0


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


def test_una_entrega_a_mano_cuyo_motor_murio_espera_a_la_persona_sin_mirar_nada(escena):
    (una,) = escena.aprobada(escena.cuenta(Red.MANUAL))
    (toma,) = escena.tomar()
    escena.salir(toma)
    escena.pasa(seconds=121)
    escena.rescatar()
    escena.pasa(seconds=90)
    correr(escena, RedDeMano())
    assert escena.fila(una).requiere_persona
    assert "Entrega manual" in escena.fila(una).motivo


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


def test_lo_olvidado_por_la_red_no_se_toma_por_ya_anotado(escena):
    """Facebook desechó un video aceptado: el envío siguiente que muere se mira de verdad."""
    la_cuenta = escena.cuenta()
    (una,) = escena.aprobada(la_cuenta)
    red = RedDeMano()
    pasos = iter(["sale", "desecha", "sale"])

    def preparar(envio, libreta):
        if libreta.leer("publicar"):
            assert next(pasos) == "desecha"
            libreta.anotar("publicar", "")
            raise ContenidoRechazado("No se pudo procesar el video.")
        next(pasos)
        return Listo(envio=envio, paso=Paso(nombre="publicar", huella="h"))

    red.al_preparar = preparar
    red.al_publicar = partial(red.acepta, completo=False)
    correr(escena, red)
    assert escena.estado(una) == "fallida"
    with escena.sesiones.begin() as sesion:
        reintentar(sesion, una, quien="x", persona_id=None, ahora=escena.ahora)

    def se_corta(listo):
        raise SinRespuesta

    red.al_publicar = se_corta
    correr(escena, red)
    escena.pasa(seconds=91)
    miradas = []
    red.al_buscar = lambda paso: miradas.append(paso) or Hallazgo()
    correr(escena, red)
    assert (miradas, escena.estado(una)) == (["publicar"], "en_duda")


def test_el_despachador_sobrevive_a_una_fila_ilegible_y_guarda_lo_que_estaba_en_vuelo(escena):
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
    with escena.sesiones.begin() as sesion:
        sesion.get_one(Publicacion, rota).avance = "{}"
    red.al_publicar = None
    motor.vaciar(lambda: escena.estado(rota) == "publicada")
    assert motor.detener(cortesia_s=5)
    assert (escena.estado(buena), escena.estado(rota)) == ("publicada", "publicada")


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
