"""Publicador: arma la casa, mueve el motor y atiende la línea de órdenes."""
