"""Publicador: arma la casa, mueve el motor y atiende la línea de órdenes."""

__version__ = "0.1.0"
