"""Redacción: un solo editor para escribir, adaptar a cada red, ilustrar, fechar y enviar."""
