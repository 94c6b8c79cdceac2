"""El plano del calendario, y lo que se puede subir por él."""

from flask import Blueprint, request

pantalla = Blueprint("calendario", __name__)

MEGA = 1 << 20
SUBIDA_MAXIMA = 100 * MEGA
CELDAS_MAXIMAS = 12_000
_SUBEN = frozenset({"calendario.recibir", "calendario.corregir_mesa"})


@pantalla.url_value_preprocessor
def _dar_sitio(endpoint: str | None, valores: dict[str, object] | None) -> None:
    # Antes de que nadie lea el formulario: una parrilla llega con sus imágenes y muchas celdas.
    if endpoint in _SUBEN:
        request.max_content_length = SUBIDA_MAXIMA
        request.max_form_memory_size = 8 * MEGA
        request.max_form_parts = CELDAS_MAXIMAS
