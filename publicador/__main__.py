"""`python -m publicador`."""

from publicador.cli import principal

principal()
