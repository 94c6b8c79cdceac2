"""El motor con sus tareas periódicas: rescate, latido, avisos y vigía del reloj."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from cola.avisos import ClaseAviso, avisar
from cola.latidos import callar, latir
from cola.pausas import pausa_vigente, pausar
from cola.proximos import queda_en_curso
from cola.rescate import rescatar_vencidas
from cola.vencimientos import avisar_vencimientos
from publicador import __version__
from publicador.agenda import Agenda
from publicador.cartero import Correo, enviar_avisos
from publicador.duenos import ha_muerto
from publicador.enmendador import Enmendador
from publicador.motor import Motor, Piezas
from publicador.reloj import Vigia

log = structlog.get_logger()
LATIDO = timedelta(seconds=15)
AVISOS = timedelta(seconds=30)
VENCIMIENTOS = timedelta(hours=1)
ENMIENDAS = timedelta(seconds=2)
ESPERA_DE_REINTENTO = timedelta(minutes=11)
"""Al vaciar, lo más que se espera un reintento (la espera más larga es de 10 minutos)."""


class CasaMotor:
    """Un motor completo, como corre en un proceso."""

    def __init__(
        self,
        piezas: Piezas,
        *,
        correo: Correo | None = None,
        url_panel: str = "",
        vigila_reloj: bool = True,
        tareas: Sequence[tuple[timedelta, Callable[[], object]]] = (),
    ) -> None:
        self.motor = Motor(piezas)
        self._p = piezas
        self._correo = correo
        self._url_panel = url_panel
        self._vigia = Vigia() if vigila_reloj else None
        self._agenda = Agenda()
        self._enmendador = Enmendador(
            sesiones=piezas.sesiones,
            conector_de=piezas.conector_de,
            abrir=piezas.abrir,
            vigentes=piezas.vigentes,
            ahora=piezas.ahora,
            dueno=self.motor.nombre,
            mirada=timedelta(seconds=piezas.reglas.esperas_duda[0]),
        )
        self._tareas = tareas

    def iniciar(self) -> None:
        """Rescata lo que dejó un motor muerto y empieza a entregar."""
        self.rescatar()
        self.latir()
        rescate = min(timedelta(seconds=10), self._p.reglas.arriendo / 4)
        self._agenda.cada(rescate, self.rescatar)
        self._agenda.cada(LATIDO, self.latir)
        self._agenda.cada(VENCIMIENTOS, self.mirar_vencimientos, ya=True)
        self._agenda.cada(ENMIENDAS, self.enmendar)
        if self._correo is not None:
            self._agenda.cada(AVISOS, self.avisar, ya=True)
        for cada, tarea in self._tareas:
            self._agenda.cada(cada, tarea, ya=True)
        self._agenda.iniciar()
        self.motor.iniciar()
        log.info("motor_en_marcha", motor=self.motor.nombre, hilos=self._p.hilos)

    def detener(self) -> bool:
        """Termina lo que está en vuelo, suelta el resto y calla el latido."""
        self._agenda.detener()
        limpio = self.motor.detener()
        if self._correo is not None:
            self.avisar()
        with self._p.sesiones.begin() as sesion:
            callar(sesion, self.motor.nombre)
        log.info("motor_detenido", limpio=limpio)
        return limpio

    def vaciar(self, interrumpido: Callable[[], bool] = lambda: False) -> None:
        """Entrega todo lo vencido, espera miradas y reintentos, y termina."""
        espera = max(
            timedelta(seconds=self._p.reglas.esperas_duda[-1]) + timedelta(minutes=1),
            ESPERA_DE_REINTENTO,
        )

        def basta() -> bool:
            if interrumpido():
                return True
            self.enmendar()
            with self._p.sesiones() as sesion:
                return not queda_en_curso(sesion, ahora=self._p.ahora(), espera_maxima=espera)

        self.motor.vaciar(basta)

    def enmendar(self) -> int:
        """Lleva los retiros y las correcciones que ya tocan."""
        return self._enmendador.todas()

    def rescatar(self) -> None:
        """Devuelve a la cola, o a la duda, lo que quedó en manos de nadie."""
        with self._p.sesiones.begin() as sesion:
            cuantas = rescatar_vencidas(
                sesion, reglas=self._p.reglas, ahora=self._p.ahora(), ha_muerto=ha_muerto
            )
        if cuantas:
            log.warning("rescatadas", cuantas=cuantas)
            self.motor.despertar()

    def latir(self) -> None:
        """Anota que el motor respira, y mira que la hora no haya saltado."""
        with self._p.sesiones.begin() as sesion:
            latir(sesion, self.motor.nombre, version=__version__, ahora=self._p.ahora())
            salto = self._vigia.salto() if self._vigia is not None else None
            if salto is not None:
                self._pausar_por_salto(sesion, salto)

    def _pausar_por_salto(self, sesion: Session, salto: timedelta) -> None:
        motivo = (
            f"La hora del servidor saltó {salto.total_seconds():+.0f} segundos. "
            "Revise el reloj y reanude la cola."
        )
        log.error("salto_de_reloj", segundos=salto.total_seconds())
        if pausa_vigente(sesion) is None:
            pausar(sesion, motivo=motivo, quien="motor", persona_id=None, ahora=self._p.ahora())
            avisar(sesion, ClaseAviso.RELOJ, motivo, ahora=self._p.ahora())

    def mirar_vencimientos(self) -> None:
        """Avisa de los permisos que están por vencer."""
        with self._p.sesiones.begin() as sesion:
            avisar_vencimientos(sesion, ahora=self._p.ahora())

    def avisar(self) -> None:
        """Envía los avisos pendientes."""
        if self._correo is not None:
            enviar_avisos(
                self._p.sesiones, self._correo, url_panel=self._url_panel, ahora=self._p.ahora()
            )
