"""Redacción: un solo editor para escribir, adaptar a cada red, ilustrar, fechar y enviar."""

from panel.redaccion.rutas import pantalla

__all__ = ["pantalla"]
