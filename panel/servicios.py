"""Lo que el panel recibe de la raíz: nada de esto lo construye él."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from piezas.almacen import Almacen
from piezas.firmas import Sello


@dataclass(frozen=True, slots=True, kw_only=True)
class Servicios:
    """Sesiones, reloj, sello de aprobaciones, archivos y el timbre del motor."""

    sesiones: sessionmaker[Session]
    ahora: Callable[[], datetime]
    sello: Sello
    almacen: Almacen
    despertar: Callable[[], None]
    """Avisa al motor de este proceso que hay algo para ya; no hace nada si el motor está en otro."""
    tolerancia: timedelta
    url_publica: str
    clave_sesion: str
    """Secreto para firmar cookies y CSRF."""
    claves_anteriores: tuple[str, ...] = ()
    entidad: str = "Alcaldía de Bucaramanga"
