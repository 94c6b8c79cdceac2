"""El motor: un despachador que escribe en la base y unos obreros que hablan con las redes."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import TypedDict

import structlog
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from cola.arriendos import tomar_miradas, tomar_vencidas
from cola.cierres import Cierre, cerrar_tomas, de_otra_publicacion
from cola.desenlaces import Avanza, Duda
from cola.proximos import proximo_momento
from cola.salidas import Nota, Puerta, Salida, Vigentes, anotar_notas, marcar_salidas
from cola.senales import Senales, leer_senales
from cola.tomas import Credencial, Reglas, Toma
from conectores.contrato import Conector, Envio
from publicador.buzon import Buzon, Peticion
from publicador.duenos import nombre_de_motor
from publicador.obrero import Entrega, Herramientas
from publicador.puntos import punto
from publicador.reloj import desde_arranque

log = structlog.get_logger()
SONDEO_S = 1.0
"""Lo más que duerme sin mirar la base: otro proceso pudo programar algo para ya."""
MOTIVO_CHOQUE = (
    "La red devolvió un identificador que ya es de otra entrega. "
    "Mire la cuenta y diga si esta salió (con su dirección) o no."
)
CORTESIA_S = 25.0
"""Lo que espera al apagarse a que terminen las llamadas en vuelo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piezas:
    """Lo que el motor recibe armado."""

    sesiones: sessionmaker[Session]
    reglas: Reglas
    vigentes: Vigentes
    conector_de: Callable[[Credencial], Conector]
    abrir: Callable[[str, str], Envio]
    ahora: Callable[[], datetime]
    hilos: int = 32
    azar: Random | None = None


class _Quien(TypedDict):
    dueno: str
    reglas: Reglas
    ahora: datetime


class Motor:
    """Toma en lotes, publica con `hilos` obreros y guarda en lotes. Un solo hilo escribe."""

    def __init__(self, piezas: Piezas, nombre: str | None = None) -> None:
        self.nombre = nombre or nombre_de_motor()
        self._p = piezas
        self._buzon = Buzon()
        self._trabajo: queue.SimpleQueue[Toma | None] = queue.SimpleQueue()
        self._en_mano: set[tuple[int, int]] = set()
        # Unas pocas tomadas de más esperan mano: así un obrero que termina no espera al disco.
        self._cupo = piezas.hilos + piezas.hilos // 4
        self._fin = threading.Event()
        self._quieto = threading.Event()
        self._proximo: datetime | None = piezas.ahora()
        self._freno = 0.0
        self._basta: Callable[[], bool] | None = None
        self._hilos: list[threading.Thread] = []
        self._taller = Herramientas(
            buzon=self._buzon,
            conector_de=piezas.conector_de,
            abrir=piezas.abrir,
            ajenos=self._ajenos,
            esperas_duda=piezas.reglas.esperas_duda,
            arriendo=piezas.reglas.arriendo,
            ahora=piezas.ahora,
            azar=piezas.azar or Random(),  # noqa: S311 — solo reparte esperas
        )

    def iniciar(self) -> None:
        """Arranca el despachador y los obreros."""
        despachador = threading.Thread(target=self._despachar, name="despachador", daemon=True)
        obreros = [
            threading.Thread(target=self._obrar, name=f"obrero-{n}", daemon=True)
            for n in range(self._p.hilos)
        ]
        self._hilos = [despachador, *obreros]
        for hilo in self._hilos:
            hilo.start()

    def detener(self, cortesia_s: float = CORTESIA_S) -> bool:
        """Deja de tomar, termina lo que está en vuelo y suelta el resto. `True` si terminó todo."""
        self._fin.set()
        self._buzon.tocar()
        self._hilos[0].join(cortesia_s)
        limpio = not self._hilos[0].is_alive()
        for _ in self._hilos[1:]:
            self._trabajo.put(None)
        if limpio:
            for hilo in self._hilos[1:]:
                hilo.join(1.0)
        self._buzon.cerrar()
        return limpio

    def despertar(self) -> None:
        """Hay algo programado para ya."""
        self._buzon.tocar()

    def vaciar(self, basta: Callable[[], bool]) -> None:
        """Trabaja hasta que, sin nada en mano, `basta()` diga que no queda qué esperar."""
        self._basta = basta
        self._buzon.tocar()
        self._hilos[0].join()

    # — despachador —

    def _despachar(self) -> None:
        fallos = 0
        while True:
            peticiones = self._buzon.recoger(0.0 if fallos else self._siesta())
            try:
                self._atender(peticiones)
                fallos = 0
                if self._termino():
                    return
                continue
            except SQLAlchemyError as error:
                log.error("base_no_disponible", causa=type(error).__name__, fallos=fallos + 1)
            except Exception:
                # Un defecto nuestro no deja a la oficina sin motor: se ve y se insiste.
                log.exception("defecto_en_despachador", fallos=fallos + 1)
            # Nada salió sin anotarse; los desenlaces se guardan cuando la base vuelva.
            fallos += 1
            self._buzon.devolver(peticiones)
            if self._fin.is_set() and not self._en_mano:
                return
            self._fin.wait(min(0.05 * 2 ** min(fallos, 10), 5.0))

    def _termino(self) -> bool:
        if self._en_mano:
            return False
        return self._fin.is_set() or (self._basta is not None and self._basta())

    def _siesta(self) -> float:
        if len(self._en_mano) >= self._cupo or self._fin.is_set() or self._proximo is None:
            return SONDEO_S
        falta = (self._proximo - self._p.ahora()).total_seconds()
        return min(max(falta, self._freno), SONDEO_S)

    def _atender(self, peticiones: list[Peticion]) -> None:
        try:
            self._lote(peticiones)
        except Exception as error:
            if not peticiones or not _es_imposible(error):
                raise
            log.exception("lote_imposible", peticiones=len(peticiones))
            # Una de ellas no se puede guardar: que no arrastre a las demás.
            while peticiones:
                self._una_sola(peticiones[0])
                del peticiones[0]

    def _una_sola(self, peticion: Peticion) -> None:
        try:
            self._lote([peticion], toma=False)
        except Exception as error:
            if not _es_imposible(error):
                raise
            log.exception("peticion_imposible", publicacion=peticion.contenido.toma.id)
            if isinstance(peticion.contenido, Cierre):
                self._dejar_a_una_persona(peticion.contenido)
            else:
                peticion.responder(None)

    def _dejar_a_una_persona(self, cierre: Cierre) -> None:
        """El resultado no se puede guardar; si ni la duda se puede, el arriendo vence solo."""
        duda = replace(cierre, desenlace=Duda(MOTIVO_CHOQUE, None), suceso=None, detalle="")
        try:
            self._lote([Peticion(duda)], toma=False)
        except Exception as error:
            if not _es_imposible(error):
                raise
            log.exception("cierre_perdido", publicacion=cierre.toma.id)
            self._en_mano.discard(_mano(cierre.toma))

    def _lote(self, peticiones: list[Peticion], *, toma: bool = True) -> None:
        # El plazo de envío se cuenta desde aquí, como las miradas: si el proceso se congela
        # mientras confirma, otro motor ya pudo haberla rescatado y mirado.
        ahora, anotada_en = self._p.ahora(), desde_arranque()
        cierres = [p.contenido for p in peticiones if isinstance(p.contenido, Cierre)]
        notas = [(p, p.contenido) for p in peticiones if isinstance(p.contenido, Nota)]
        salidas = [(p, p.contenido) for p in peticiones if isinstance(p.contenido, Salida)]
        punto("lote")
        with self._p.sesiones.begin() as sesion:
            senales = leer_senales(sesion, ahora=ahora)
            en_pausa = self._fin.is_set() or senales.en_pausa
            # Los desenlaces primero: el id de un segmento queda guardado antes que el siguiente.
            cerrar_tomas(sesion, cierres, ahora=ahora)
            anotadas = anotar_notas(sesion, [nota for _, nota in notas])
            puertas = marcar_salidas(
                sesion,
                [salida for _, salida in salidas],
                reglas=self._p.reglas,
                vigentes=self._p.vigentes,
                ahora=ahora,
                en_pausa=en_pausa,
                hay_caidas=senales.hay_caidas,
            )
            libres = {_mano(cierre.toma) for cierre in cierres if _libera(cierre)}
            for (_, salida), puerta in zip(salidas, puertas, strict=True):
                if puerta is not Puerta.ABIERTA:
                    libres.add(_mano(salida.toma))
            for (_, nota), anotada in zip(notas, anotadas, strict=True):
                if not anotada:
                    libres.add(_mano(nota.toma))
            cupo = self._cupo - len(self._en_mano - libres) if toma else 0
            tomas = self._tomar(sesion, cupo, ahora, senales)
        punto("lote-guardado")
        self._en_mano -= libres
        self._en_mano |= {_mano(una) for una in tomas}
        # Si algo vencido no se deja tomar (otro motor tiene el carril), no se insiste sin pausa.
        self._freno = 0.0 if tomas or peticiones else min(self._freno * 2 + 0.01, SONDEO_S)
        for (peticion, _), anotada in zip(notas, anotadas, strict=True):
            peticion.responder(anotada)
        for (peticion, _), puerta in zip(salidas, puertas, strict=True):
            peticion.responder(puerta, anotada_en=anotada_en)
        for una in tomas:
            self._trabajo.put(una)

    def _tomar(self, sesion: Session, cupo: int, ahora: datetime, senales: Senales) -> list[Toma]:
        if self._fin.is_set() or cupo <= 0:
            return []
        datos = _Quien(dueno=self.nombre, reglas=self._p.reglas, ahora=ahora)
        tomas: list[Toma] = []
        if senales.hay_miradas:
            # Las dudas van primero: con un atraso grande, lo nuevo las dejaría sin mirar.
            tomas = tomar_miradas(sesion, cupo=cupo, **datos)
        turno = None
        if not senales.en_pausa and len(tomas) < cupo:
            tanda = tomar_vencidas(
                sesion, cupo=cupo - len(tomas), hay_caidas=senales.hay_caidas, **datos
            )
            tomas += tanda.tomas
            turno = tanda.proximo_turno
        if len(tomas) < cupo:  # con todas las manos llenas no se duerme: despierta quien termine
            self._proximo = proximo_momento(
                sesion, ahora=ahora, turno=turno, en_pausa=senales.en_pausa
            )
        return tomas

    # — obreros —

    def _obrar(self) -> None:
        while (toma := self._trabajo.get()) is not None:
            entrega = Entrega(toma, self._taller)
            try:
                entrega.llevar()
            except Exception as defecto:
                log.exception("defecto_en_obrero", publicacion=toma.id)
                entrega.abandonar(defecto)

    def _ajenos(self, toma: Toma, ids: list[str]) -> set[str]:
        with self._p.sesiones() as sesion:
            return de_otra_publicacion(sesion, toma, ids)


def _es_imposible(error: Exception) -> bool:
    """Si repetirlo daría lo mismo: la base rechaza el dato, o el defecto es nuestro."""
    return isinstance(error, IntegrityError | DataError) or not isinstance(error, SQLAlchemyError)


def _mano(toma: Toma) -> tuple[int, int]:
    return (toma.id, toma.ficha)


def _libera(cierre: Cierre) -> bool:
    """El obrero terminó con su toma; tras un `Avanza` de envío sigue con el paso siguiente."""
    return cierre.toma.es_mirada or not isinstance(cierre.desenlace, Avanza)
