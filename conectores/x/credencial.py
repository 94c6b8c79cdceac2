"""Las dos credenciales que acepta X, sin que sus secretos se asomen en un `repr`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from conectores.errores import MalConfigurada

_CLAVES_1 = ("api_key", "api_secret", "access_token", "access_secret")
_PUBLICAS = frozenset({"usuario", "vence_en", "client_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Credencial:
    """La credencial ya revisada. `es_oauth1` dice cómo se firma cada llamada."""

    valores: Mapping[str, str] = field(repr=False)
    es_oauth1: bool
    usuario: str | None = None
    """Nombre de usuario, sin arroba, para armar direcciones."""
    vence_en: datetime | None = None
    """Solo OAuth 2.0: hasta cuándo vale `access_token`."""

    def sin_secretos(self, texto: str) -> str:
        """El texto con cada secreto tapado, por si la red lo repite en su respuesta."""
        for clave, valor in self.valores.items():
            if clave not in _PUBLICAS and valor:
                texto = re.sub(re.escape(valor), "•••", texto, flags=re.IGNORECASE)
        return texto


def leer_credencial(valores: Mapping[str, str]) -> Credencial:
    """Revisa la credencial. Lanza `MalConfigurada` si le falta algo, sin mostrar su contenido."""
    for clave, valor in valores.items():
        # Va en un encabezado: otra cosa haría fallar la llamada con el secreto en la excepción.
        if not valor.isascii() or not valor.isprintable():
            raise MalConfigurada(f"El valor «{clave}» de la credencial de X no es válido.")
    usuario = valores.get("usuario", "").removeprefix("@") or None
    if "api_key" in valores:
        faltan = [clave for clave in _CLAVES_1 if not valores.get(clave)]
        if faltan:
            raise MalConfigurada(f"A la credencial de X le falta: {', '.join(faltan)}.")
        return Credencial(valores=dict(valores), es_oauth1=True, usuario=usuario)
    if not valores.get("access_token"):
        raise MalConfigurada("A la credencial de X le falta: access_token.")
    return Credencial(
        valores=dict(valores),
        es_oauth1=False,
        usuario=usuario,
        vence_en=_instante(valores.get("vence_en", "")),
    )


def _instante(texto: str) -> datetime | None:
    if not texto:
        return None
    try:
        momento = datetime.fromisoformat(texto)
    except ValueError:
        momento = None
    if momento is None or momento.tzinfo is None:
        raise MalConfigurada("La fecha «vence_en» de la credencial de X no se entiende.")
    return momento
