"""Redes de ensayo: un servidor local que responde como Facebook, X, WordPress y el correo."""
