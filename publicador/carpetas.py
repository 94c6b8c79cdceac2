"""Las carpetas de una instalación, cerradas para los demás."""

from pathlib import Path


def crear_carpeta(carpeta: Path) -> None:
    """La crea solo para su dueño si no existe; si existe, la deja como está."""
    carpeta.mkdir(mode=0o700, parents=True, exist_ok=True)
