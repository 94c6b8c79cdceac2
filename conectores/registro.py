"""De la red a su conector; solo la raíz de composición lo usa."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeGuard
from urllib.parse import urlsplit

from conectores.contrato import Conector, Red
from conectores.direcciones import es_local
from conectores.errores import MalConfigurada
from conectores.facebook import ConectorFacebook
from conectores.http import Plazos
from conectores.manual import ConectorManual
from conectores.wordpress import ConectorWordPress
from conectores.x import ConectorX
from conectores.x.conector import OFICIAL as X_OFICIAL
from conectores.x.conector import SITIO as X_SITIO

CLASES: Mapping[Red, type] = {
    Red.FACEBOOK: ConectorFacebook,
    Red.X: ConectorX,
    Red.WORDPRESS: ConectorWordPress,
    Red.MANUAL: ConectorManual,
}
"""Las redes a las que se sabe llegar."""

Renovar = Callable[[], Mapping[str, str]]


def _ahora() -> datetime:
    return datetime.now(UTC)


def armar(
    red: Red,
    credencial: Mapping[str, str],
    *,
    identificador: str,
    base_url: str | None = None,
    plazos: Plazos | None = None,
    renovar: Renovar | None = None,
    ahora: Callable[[], datetime] = _ahora,
) -> Conector:
    """El conector de una cuenta; no llama a la red.

    `base_url=None` es la dirección oficial (en WordPress, la de la credencial). `renovar` solo lo
    usa X con OAuth 2.0. Lanza `MalConfigurada` si a la credencial le falta algo.
    """
    if red is Red.FACEBOOK:
        return ConectorFacebook(
            credencial=credencial,
            identificador=identificador,
            base_url=base_url,
            plazos=plazos,
            ahora=ahora,
        )
    if red is Red.X:
        return ConectorX(
            credencial=credencial,
            identificador=identificador,
            base_url=base_url or X_OFICIAL,
            plazos=plazos,
            renovar=renovar,
            ahora=ahora,
            # Una API en la propia máquina es un ensayo: lo publicado se lee allí mismo.
            sitio=base_url if _es_ensayo(base_url) else X_SITIO,
        )
    if red is Red.WORDPRESS:
        return ConectorWordPress(
            credencial=credencial,
            identificador=identificador,
            base_url=base_url,
            plazos=plazos,
            ahora=ahora,
        )
    if red is Red.MANUAL:
        return ConectorManual(credencial=credencial, identificador=identificador)
    raise MalConfigurada(f"Todavía no se puede publicar por «{red}». Revise la red de la cuenta.")


def _es_ensayo(base_url: str | None) -> TypeGuard[str]:
    return base_url is not None and es_local(urlsplit(base_url).hostname or "")
