"""Bancos: razones medidas en una misma corrida; nunca pruebas con reloj."""
