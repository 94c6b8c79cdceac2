"""X: una cuenta, con tweepy por dentro."""

from conectores.x.conector import ConectorX

__all__ = ["ConectorX"]
