"""Todas las tablas de la casa: importarlas es lo que completa `METADATOS`."""

from cola import avisos, cuentas, latidos, pausas, publicaciones
from panel import freno, sesiones
from piezas import bitacora, campanias, medios, personas, versiones
from piezas.base import Base

MODULOS = (
    *(avisos, cuentas, latidos, pausas, publicaciones),
    *(freno, sesiones),
    *(bitacora, campanias, medios, personas, versiones),
)
"""Los módulos que definen tablas. Uno nuevo se agrega aquí; una prueba avisa si se olvida."""

METADATOS = Base.metadata

SOLO_SE_AGREGA = (
    "anotacion",
    "aprobacion",
    "intento",
    "sobre",
    "version",
    "version_destino",
    "version_medio",
)
"""Las tablas que son memoria: la base rechaza cambiar o borrar sus filas."""
