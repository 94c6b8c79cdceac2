"""El registro técnico: una línea JSON por hecho en la salida de errores, sin secretos."""

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import Processor

from publicador.secretos_ocultos import ocultar

RUIDOSOS = ("tweepy", "requests_oauthlib", "oauthlib", "urllib3", "facebook")
"""En nivel DEBUG escriben encabezados y cuerpos con tokens: nunca bajan de INFO."""


CALLADOS = ("alembic", "apscheduler")
"""Cuentan su rutina en INFO: a quien opera solo le importa cuando algo va mal."""


class _Manejador(logging.StreamHandler[TextIO]):
    """El nuestro, para reconocerlo al configurar de nuevo."""


def configurar_registro(nivel: int = logging.INFO, salida: TextIO | None = None) -> None:
    """Reúne structlog y `logging` en una sola salida. Repetirlo cambia la salida, no la duplica."""
    comunes: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="en"),
    ]
    formato = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=comunes,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            # La traza se vuelve texto antes de ocultar: también ella puede llevar un token.
            structlog.processors.format_exc_info,
            structlog.processors.EventRenamer("suceso"),
            ocultar,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )
    manejador = _Manejador(salida or sys.stderr)
    manejador.setFormatter(formato)
    raiz = logging.getLogger()
    raiz.handlers[:] = [otro for otro in raiz.handlers if not isinstance(otro, _Manejador)]
    raiz.addHandler(manejador)
    raiz.setLevel(nivel)
    for nombre in RUIDOSOS:
        logging.getLogger(nombre).setLevel(max(nivel, logging.INFO))
    for nombre in CALLADOS:
        logging.getLogger(nombre).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *comunes,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
