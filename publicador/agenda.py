"""APScheduler lleva el reloj de lo periódico; la memoria es la base de datos."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger()


class Agenda:
    """Tareas periódicas en un hilo aparte; ninguna recuerda nada entre vueltas."""

    def __init__(self) -> None:
        self._reloj = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )

    def cada(self, cada: timedelta, tarea: Callable[[], object], *, ya: bool = False) -> None:
        """Corre `tarea` cada tanto; con `ya`, también al arrancar."""
        primera = datetime.now(self._reloj.timezone) + (timedelta(0) if ya else cada)
        self._reloj.add_job(
            _protegida(tarea),
            "interval",
            seconds=cada.total_seconds(),
            next_run_time=primera,
            id=getattr(tarea, "__name__", repr(tarea)),
        )

    def iniciar(self) -> None:
        """Pone el reloj a andar."""
        self._reloj.start()

    def detener(self) -> None:
        """Lo para y espera la tarea en curso."""
        self._reloj.shutdown(wait=True)


def _protegida(tarea: Callable[[], object]) -> Callable[[], None]:
    def correr() -> None:
        try:
            tarea()
        except SQLAlchemyError as error:
            log.warning("tarea_sin_base", tarea=tarea.__name__, causa=type(error).__name__)

    correr.__name__ = tarea.__name__
    return correr
