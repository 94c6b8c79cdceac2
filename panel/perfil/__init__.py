"""Lo propio de cada quien: nombre, contraseña, segundo factor, sesiones y avisos."""

from panel.perfil import factor, rutas
from panel.perfil.base import pantalla

__all__ = ["factor", "pantalla", "rutas"]
