"""Lo que Graph contestó cuando no fue un sí: código, subcódigo, estado HTTP y cabeceras."""

from collections.abc import Callable, Mapping
from typing import Any

import facebook


class FalloDeGrafo(facebook.GraphAPIError):  # type: ignore[misc]
    """La negativa de Graph, con lo que el SDK pierde. No sale de este paquete.

    `codigo=None` si la respuesta no trae un error legible (HTML, vacío, `success: false`).
    """

    def __init__(
        self,
        datos: Any,
        *,
        estado: int,
        cabeceras: Mapping[str, str],
        limpiar: Callable[[str], str],
    ) -> None:
        cuerpo = datos if isinstance(datos, dict) else {}
        error = cuerpo.get("error")
        if isinstance(error, str):
            error = {"message": error}
        if not isinstance(error, dict):
            error = {"code": cuerpo.get("error_code"), "message": cuerpo.get("error_msg")}
        mensaje = limpiar(str(error.get("message") or ""))
        super().__init__({"error": {"message": mensaje, "code": entero(error.get("code"))}})
        self.estado = estado
        self.cabeceras = cabeceras
        self.codigo: int | None = entero(error.get("code"))
        self.subcodigo: int | None = entero(error.get("error_subcode") or error.get("subcode"))
        self.es_pasajero = error.get("is_transient") is True
        self.para_personas = limpiar(str(error.get("error_user_msg") or "")).strip()
        self.datos: Any = error.get("error_data")
        self.detalle = limpiar(
            f"HTTP {estado}, código {self.codigo}/{self.subcodigo}, "
            f"rastro {error.get('fbtrace_id')}: {mensaje}"
        )[:500]


def en_limpio(texto: str, secretos: tuple[str, ...]) -> str:
    """El texto con cada secreto reemplazado por «[secreto]»."""
    for secreto in sorted(secretos, key=len, reverse=True):
        texto = texto.replace(secreto, "[secreto]")
    return texto


def entero(valor: Any) -> int | None:
    """Un entero aunque venga como texto; `None` si no lo es."""
    try:
        return int(valor)
    except (TypeError, ValueError):
        return None
