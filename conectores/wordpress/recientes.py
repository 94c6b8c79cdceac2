"""Lo último publicado en el sitio, para que una persona lo compare."""

import html
import re
from datetime import UTC, datetime, timedelta

from conectores.contrato import Reciente
from conectores.wordpress.borradores import ENTRADAS, crudo
from conectores.wordpress.respuestas import Json
from conectores.wordpress.sitio import Sitio

_ETIQUETA = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)


def leer_recientes(sitio: Sitio, desde: datetime, cuantas: int) -> tuple[Reciente, ...]:
    """De la más nueva a la más vieja; solo lo que el público ve."""
    entradas = sitio.listar(
        ENTRADAS,
        {
            "status": "publish",
            "context": "edit",
            "per_page": cuantas,
            # Las fechas del sitio pueden ir en su hora local: un día de margen las cubre todas.
            "after": (desde - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S"),
        },
    )
    return tuple(_reciente(entrada) for entrada in entradas[:cuantas])


def _reciente(entrada: Json) -> Reciente:
    cuerpo = html.unescape(_ETIQUETA.sub(" ", crudo(entrada, "content")))
    titulo = html.unescape(crudo(entrada, "title"))
    return Reciente(
        id_remoto=str(entrada["id"]),
        url=str(entrada.get("link") or ""),
        texto=f"{titulo}\n{' '.join(cuerpo.split())}",
        en=_momento(entrada.get("date_gmt")),
        imagenes=1 if entrada.get("featured_media") else 0,
    )


def _momento(valor: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(valor)).replace(tzinfo=UTC)
    except ValueError:
        return None
