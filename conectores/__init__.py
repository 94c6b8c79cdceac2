"""Conectores: entra un Envio, sale un Recibo; aquí no hay base de datos."""
