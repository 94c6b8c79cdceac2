"""Lo último que publicó una cuenta, leído de su red: en un hilo, con plazo y por unos segundos."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as SeAcabo
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session, sessionmaker

from cola.cuentas import Cuenta
from cola.tomas import Credencial
from conectores.contrato import Conector, Lector
from conectores.errores import ErrorDeConector
from panel.servicios import Recientes

log = structlog.get_logger()
PLAZO_S = 8.0
SE_RECUERDA = timedelta(seconds=10)
CUANTAS = 12
NO_RESPONDIO = "La red no respondió a tiempo. Espere un momento y mire otra vez."
NO_SE_MIRA = "Este canal no se puede mirar desde aquí: ábralo usted."
OCUPADO = "Hay muchas consultas a las redes en este momento. Espere y mire otra vez."
HILOS = 4


class Mirador:
    """Mira una cuenta por encargo de una persona; nunca frena al motor ni deja colgada la web."""

    def __init__(
        self,
        sesiones: sessionmaker[Session],
        conector_de: Callable[[Credencial], Conector],
        ahora: Callable[[], datetime],
        plazo_s: float = PLAZO_S,
    ) -> None:
        self._sesiones = sesiones
        self._conector_de = conector_de
        self._ahora = ahora
        self._plazo_s = plazo_s
        self._hilos = ThreadPoolExecutor(HILOS, thread_name_prefix="mirador")
        self._turno = threading.Lock()
        self._cupo = threading.BoundedSemaphore(HILOS)
        self._vistas: dict[tuple[int, datetime], tuple[datetime, Recientes]] = {}

    def recientes(self, cuenta_id: int, desde: datetime) -> Recientes:
        """Lo que se ve ahora, o lo de hace unos segundos."""
        clave = (cuenta_id, desde)
        ahora = self._ahora()
        with self._turno:
            self._vistas = {k: v for k, v in self._vistas.items() if ahora - v[0] < SE_RECUERDA}
            if clave in self._vistas:
                return self._vistas[clave][1]
        visto = self._mirar(cuenta_id, desde)
        if not visto.fallo:
            with self._turno:
                self._vistas[clave] = (ahora, visto)
        return visto

    def _mirar(self, cuenta_id: int, desde: datetime) -> Recientes:
        # Sin mano libre no se hace fila: una red que no responde no deja esperando a la oficina.
        if not self._cupo.acquire(blocking=False):
            return Recientes(fallo=OCUPADO)
        futuro = self._hilos.submit(self._leer, cuenta_id, desde)
        futuro.add_done_callback(lambda _: self._cupo.release())
        try:
            return futuro.result(self._plazo_s)
        except SeAcabo:
            return Recientes(fallo=NO_RESPONDIO)

    def _leer(self, cuenta_id: int, desde: datetime) -> Recientes:
        with self._sesiones() as sesion:
            cuenta = sesion.get_one(Cuenta, cuenta_id)
            credencial = Credencial(
                cuenta_id=cuenta.id,
                alias=cuenta.alias,
                red=cuenta.red,
                identificador=cuenta.identificador,
                sellada=cuenta.credencial,
                serie=cuenta.credencial_serie,
                base_url=cuenta.base_url,
            )
        try:
            conector = self._conector_de(credencial)
            if not isinstance(conector, Lector):
                return Recientes(fallo=NO_SE_MIRA)
            return Recientes(vistas=conector.recientes(desde, CUANTAS))
        except ErrorDeConector as error:
            log.info("no_se_pudo_mirar", cuenta=credencial.alias, causa=type(error).__name__)
            return Recientes(fallo=error.mensaje)
        except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError):
            log.exception("defecto_al_mirar", cuenta=credencial.alias)
            return Recientes(fallo="La red respondió algo que no se entiende.")

    def cerrar(self) -> None:
        """Suelta los hilos."""
        self._hilos.shutdown(wait=False, cancel_futures=True)
