"""Nada sale sin aprobación: una máquina de estados que escribe, edita, aprueba, pausa y entrega.

El modelo lleva por su cuenta qué texto tiene cada pieza y quién puede haberlo aprobado; la última
puerta solo puede abrirse para lo que el modelo también da por aprobado.
"""

import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from sqlalchemy import StaticPool, create_engine
from sqlalchemy.orm import sessionmaker

from cola.cuentas import Cuenta
from cola.desenlaces import Duda, Espera, Publicada
from cola.dudas import resolver
from cola.edicion import editar
from cola.errores import ErrorDeCola
from cola.estados import Estado
from cola.pausas import pausa_vigente, pausar, reanudar
from cola.programacion import aprobar_y_programar, cancelar, mover, reintentar
from cola.publicaciones import Publicacion, Suceso
from cola.salidas import Puerta
from cola.tomas import Reglas
from conectores.contrato import Recibo, Red
from piezas.almacen import Almacen
from piezas.aprobacion import devolver, pedir_revision
from piezas.base import Base
from piezas.errores import ErrorDePiezas
from piezas.firmas import Sello
from piezas.personas import Papel, Persona
from tests import fabricas
from tests.cola.escena import Escena

PERSONAS = {
    "redacta": (Papel.REDACCION,),
    "redacta_otra": (Papel.REDACCION,),
    "community": (Papel.COMMUNITY,),
    "jefa": (Papel.JEFATURA, Papel.REDACCION),
    "suplente": (Papel.JEFATURA, Papel.REDACCION),
    "administra": (Papel.ADMINISTRACION,),
}
QUIENES = st.sampled_from(sorted(PERSONAS))
TEXTOS = st.sampled_from(["Texto uno.", "Texto dos, con ñ.", "Texto tres 🌧️."])
REGLAS = Reglas(
    arriendo=timedelta(seconds=60),
    tolerancia=timedelta(minutes=30),
    espaciados={},
    esperas_duda=(5.0, 10.0),
)


class NadaSinAprobar(RuleBasedStateMachine):
    piezas = Bundle("piezas")
    tomas = Bundle("tomas")

    def __init__(self) -> None:
        super().__init__()
        self.carpeta = tempfile.TemporaryDirectory()
        motor = create_engine(
            "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
        Base.metadata.create_all(motor)
        self.motor_sql = motor
        self.e = Escena(
            sessionmaker(motor, expire_on_commit=False),
            REGLAS,
            Sello((b"k" * 32,)),
            Almacen(Path(self.carpeta.name)),
            datetime(2026, 12, 1, 12, tzinfo=UTC),
        )
        with self.e.sesiones.begin() as sesion:
            self.ids = {
                nombre: fabricas.una_persona(sesion, *papeles).id
                for nombre, papeles in PERSONAS.items()
            }
        self.cuentas = [self.e.cuenta(Red.FACEBOOK), self.e.cuenta(Red.X)]
        self.texto: dict[int, str] = {}
        self.autor: dict[int, str] = {}
        self.editor: dict[int, str] = {}
        self.aprobado: dict[int, str | None] = {}
        self.salidas: dict[tuple[int, int], int] = {}
        self.en_red: dict[int, int] = {}

    def teardown(self) -> None:
        self.motor_sql.dispose()
        self.carpeta.cleanup()

    def _borrador(self, sesion, texto: str, minutos: int):
        destinos = [sesion.get_one(Cuenta, c) for c in self.cuentas]
        return fabricas.un_borrador(
            *destinos, texto=texto, programada_para=self.e.ahora + timedelta(minutes=minutos)
        )

    @rule(
        target=piezas,
        quien=st.sampled_from(["redacta", "redacta_otra", "jefa"]),
        texto=TEXTOS,
        minutos=st.integers(0, 20),
    )
    def escribir(self, quien, texto, minutos):
        with self.e.sesiones.begin() as sesion:
            persona = sesion.get_one(Persona, self.ids[quien])
            destinos = [sesion.get_one(Cuenta, c) for c in self.cuentas]
            pieza = fabricas.una_pieza(
                sesion,
                *destinos,
                por=persona,
                texto=texto,
                programada_para=self.e.ahora + timedelta(minutes=minutos),
            ).id
        self.texto[pieza], self.autor[pieza], self.editor[pieza] = texto, quien, quien
        self.aprobado[pieza] = None
        return pieza

    @rule(pieza=piezas, quien=QUIENES, texto=TEXTOS, minutos=st.integers(0, 20))
    def editar(self, pieza, quien, texto, minutos):
        try:
            with self.e.sesiones.begin() as sesion:
                borrador = self._borrador(sesion, texto, minutos)
                editar(sesion, pieza, borrador, por=self.ids[quien], ahora=self.e.ahora)
        except (ErrorDeCola, ErrorDePiezas):
            return
        if texto != self.texto[pieza]:
            self.aprobado[pieza] = None
            self.texto[pieza], self.editor[pieza] = texto, quien

    @rule(pieza=piezas, quien=QUIENES)
    def enviar_a_revision(self, pieza, quien):
        try:
            with self.e.sesiones.begin() as sesion:
                pedir_revision(sesion, pieza, por=self.ids[quien], ahora=self.e.ahora)
        except ErrorDePiezas:
            return

    @rule(pieza=piezas, quien=QUIENES)
    def devolver(self, pieza, quien):
        try:
            with self.e.sesiones.begin() as sesion:
                devolver(
                    sesion,
                    pieza,
                    motivo="Falta citar la fuente.",
                    por=self.ids[quien],
                    ahora=self.e.ahora,
                )
        except ErrorDePiezas:
            return
        self.aprobado[pieza] = None

    @rule(pieza=piezas, quien=QUIENES)
    def aprobar(self, pieza, quien):
        try:
            with self.e.sesiones.begin() as sesion:
                aprobar_y_programar(
                    sesion,
                    pieza,
                    por=self.ids[quien],
                    ahora=self.e.ahora,
                    sello=self.e.sello,
                    almacen=self.e.almacen,
                    tolerancia=REGLAS.tolerancia,
                )
        except (ErrorDeCola, ErrorDePiezas):
            return
        assert Papel.JEFATURA in PERSONAS[quien]
        assert quien not in (self.autor[pieza], self.editor[pieza])
        self.aprobado[pieza] = self.texto[pieza]

    @rule(minutos=st.sampled_from([0.1, 1, 5, 40]))
    def pasa_el_tiempo(self, minutos):
        self.e.pasa(minutes=minutos)

    @rule()
    def pausar_o_reanudar(self):
        quien = {"quien": "j", "persona_id": None, "ahora": self.e.ahora}
        with self.e.sesiones.begin() as sesion:
            if pausa_vigente(sesion) is not None:
                reanudar(sesion, **quien)
            else:
                pausar(sesion, motivo="prueba", **quien)

    @rule(target=tomas, dueno=st.sampled_from(["uno", "dos"]))
    def tomar(self, dueno):
        with self.e.sesiones() as sesion:
            pausada = pausa_vigente(sesion) is not None
        tomadas = self.e.tomar(cupo=1, dueno=dueno)
        assert not (pausada and tomadas)
        return tomadas[0] if tomadas else None

    @rule(toma=tomas, final=st.sampled_from(["bien", "duda", "espera", "muere"]))
    def salir(self, toma, final):
        if toma is None:
            return
        puerta = self.e.salir(toma)
        if puerta is not Puerta.ABIERTA:
            return
        fila = self.e.fila(toma.id)
        texto = self.aprobado[fila.pieza_id]
        assert texto is not None, "salió sin aprobación"
        assert json.loads(toma.sobre)["segmentos"] == [texto], "salió otra cosa"
        assert fila.vence is None or fila.vence <= self.e.ahora
        with self.e.sesiones() as sesion:
            assert pausa_vigente(sesion) is None
        llave = (toma.id, toma.ficha)
        self.salidas[llave] = self.salidas.get(llave, 0) + 1
        assert self.salidas[llave] == 1, "una toma llamó dos veces"
        if final in ("bien", "duda", "muere"):
            self.en_red[toma.id] = self.en_red.get(toma.id, 0) + 1
            assert self.en_red[toma.id] == 1, "la misma entrega salió dos veces"
        if final == "bien":
            recibo = Recibo(id_remoto=f"1_{toma.id}", url="https://red.example/1")
            self.e.cerrar(toma, Publicada(recibo), Suceso.ACEPTADO)
        elif final == "duda":
            self.e.cerrar(toma, Duda("no se sabe", self.e.ahora), Suceso.SIN_RESPUESTA)
        elif final == "espera":
            self.e.cerrar(toma, Espera(self.e.ahora, "no salió"), Suceso.NO_SALIO)

    @rule()
    def rescatar(self):
        self.e.rescatar()

    @rule()
    def mirar(self):
        for mirada in self.e.mirar():
            esta = self.en_red.get(mirada.id, 0) > 0
            recibo = Recibo(id_remoto=f"1_{mirada.id}", url="https://red.example/1")
            desenlace = Publicada(recibo) if esta else Duda("no está", None, ausente=True)
            self.e.cerrar(mirada, desenlace, Suceso.HALLADO if esta else Suceso.AUSENTE)

    @rule(cual=st.integers(1, 12), que=st.sampled_from(["reintentar", "cancelar", "mover", "no"]))
    def una_persona_decide(self, cual, que):
        quien = {"quien": "c", "persona_id": None, "ahora": self.e.ahora}
        try:
            with self.e.sesiones.begin() as sesion:
                if que == "reintentar":
                    reintentar(sesion, cual, **quien)
                elif que == "cancelar":
                    cancelar(sesion, cual, motivo="no va", **quien)
                elif que == "mover":
                    mover(sesion, cual, para=self.e.ahora + timedelta(minutes=3), **quien)
                elif self.en_red.get(cual, 0) == 0:
                    resolver(sesion, cual, salio=False, reenviar=True, **quien)
        except ErrorDeCola:
            return

    @invariant()
    def lo_publicado_esta_en_la_red_y_tiene_recibo(self):
        with self.e.sesiones() as sesion:
            for fila in sesion.query(Publicacion):
                if fila.estado is Estado.PUBLICADA:
                    assert self.en_red.get(fila.id) == 1
                    assert fila.id_remoto
                    assert fila.url
                if fila.estado in (Estado.CANCELADA, Estado.FALLIDA):
                    assert self.en_red.get(fila.id, 0) == 0


TestNadaSinAprobar = NadaSinAprobar.TestCase
TestNadaSinAprobar.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, derandomize=True
)
