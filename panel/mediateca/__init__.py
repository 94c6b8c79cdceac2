"""La mediateca: subir, buscar, describir, recortar y cuidar los derechos de imágenes y videos."""

import panel.mediateca.derechos
import panel.mediateca.ficha
import panel.mediateca.lista
import panel.mediateca.recortes
import panel.mediateca.subir
import panel.mediateca.trozos  # noqa: F401 — cada uno cuelga sus rutas de la misma pantalla
from panel.mediateca.base import pantalla

__all__ = ["pantalla"]
