"""Cuentas: su salud, su ficha y los asistentes que las conectan a cada red."""

from panel.cuentas import asistente, cambios, conclusion, listado, manejo, vuelta
from panel.cuentas.base import pantalla

__all__ = ["asistente", "cambios", "conclusion", "listado", "manejo", "pantalla", "vuelta"]
