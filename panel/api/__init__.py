"""La API para programas: `/api/v1`. Los mismos servicios y papeles que las pantallas."""

import panel.api.aprobaciones
import panel.api.calendario
import panel.api.campanias
import panel.api.cola
import panel.api.comentarios
import panel.api.documento
import panel.api.fallas
import panel.api.medios
import panel.api.oficina
import panel.api.pausa
import panel.api.piezas
import panel.api.puerta  # noqa: F401 — cada uno cuelga lo suyo de las mismas rutas
from panel.api.base import pantalla

__all__ = ["pantalla"]
