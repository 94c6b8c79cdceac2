"""El calendario (parrilla): verlo, mover, importar, exportar y suscribirse."""

from panel.calendario import exportar, importar, mover, suscripcion, vistas
from panel.calendario.base import pantalla

__all__ = ["exportar", "importar", "mover", "pantalla", "suscripcion", "vistas"]
