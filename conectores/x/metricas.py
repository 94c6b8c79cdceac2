"""Las cifras de una publicación de X, en cualquiera de los dos dialectos con que responde."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from conectores.contrato import Medida
from conectores.errores import SinRespuesta, YaNoEsta
from conectores.x.cliente import Cliente, es_id
from conectores.x.errores import leer_json

EDAD_PRIVADAS = timedelta(days=29)
"""X da las privadas hasta los 30 días; pedirlas después hace fallar otras partes."""

# Nombre que guardamos → claves con que X la ha llamado.
PUBLICAS = {
    "retweet_count": ("retweet_count", "repost_count"),
    "reply_count": ("reply_count",),
    "like_count": ("like_count",),
    "quote_count": ("quote_count",),
    "bookmark_count": ("bookmark_count",),
    "impression_count": ("impression_count",),
}
PRIVADAS = {
    "impression_count": ("impression_count",),
    "url_link_clicks": ("url_link_clicks",),
    "user_profile_clicks": ("user_profile_clicks",),
    "engagements": ("engagements",),
}
_EPOCA_X_MS = 1_288_834_974_657
"""Los identificadores de X llevan su momento, en milisegundos desde el 4 de noviembre de 2010."""


def leer_metricas(cliente: Cliente, id_remoto: str, ahora: datetime) -> tuple[Medida, ...]:
    """Las cifras de ahora; lo que X no da queda en `None`, con su razón.

    Lanza `YaNoEsta` si la publicación se borró.
    """
    reciente = _reciente(id_remoto, ahora)
    campos = ["created_at", "public_metrics", *(["non_public_metrics"] if reciente else [])]
    respuesta = cliente.tweepy("get_tweet", id_remoto, tweet_fields=campos)
    cuerpo = leer_json(respuesta) or {}
    datos = cuerpo.get("data")
    if not isinstance(datos, dict):
        tipos = " ".join(str(e.get("type", "")) for e in cuerpo.get("errors") or [])
        if "resource-not-found" in tipos:
            raise YaNoEsta
        raise SinRespuesta(detalle=cliente.describir(respuesta))
    motivo = (
        "X no dio esta cifra privada."
        if reciente
        else "X solo da las cifras privadas durante los primeros 30 días."
    )
    return (
        *_familia("public_metrics", PUBLICAS, datos, "X no dio esta cifra."),
        *_familia("non_public_metrics", PRIVADAS, datos, motivo),
    )


def _familia(
    familia: str, nombres: Mapping[str, tuple[str, ...]], datos: dict[str, Any], motivo: str
) -> list[Medida]:
    grupo = datos.get(familia)
    cifras = grupo if isinstance(grupo, dict) else {}
    medidas = []
    for nombre, claves in nombres.items():
        valor = next((v for c in claves if (v := _cifra(cifras.get(c))) is not None), None)
        medidas.append(
            Medida(
                nombre=f"{familia}.{nombre}",
                valor=valor,
                motivo="" if valor is not None else motivo,
            )
        )
    return medidas


def _cifra(valor: object) -> float | None:
    if isinstance(valor, bool) or not isinstance(valor, int | float):
        return None
    return float(valor)


def _reciente(id_remoto: str, ahora: datetime) -> bool:
    """Si la publicación tiene menos de 29 días; ante un identificador raro, se da por reciente."""
    momento_ms = (int(id_remoto) >> 22) + _EPOCA_X_MS if es_id(id_remoto) else _EPOCA_X_MS
    if momento_ms < _EPOCA_X_MS + 1_000:
        return True  # número pequeño: no es de los que llevan fecha
    edad = ahora - datetime(1970, 1, 1, tzinfo=UTC) - timedelta(milliseconds=momento_ms)
    return edad < EDAD_PRIVADAS
