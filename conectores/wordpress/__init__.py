"""WordPress: entradas y páginas de un sitio por su API REST."""

from conectores.wordpress.conector import ConectorWordPress

__all__ = ["ConectorWordPress"]
