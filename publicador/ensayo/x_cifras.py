"""Cifras creíbles para la red X de ensayo: crecen con la edad y no cambian de una vez a otra."""

import hashlib
import math
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from publicador.ensayo.mundo import Entrada

PRIVADAS_HASTA: Final = timedelta(days=30)
"""X niega las cifras privadas de lo que pasa de esta edad."""
_MADURA_H: Final = 14.0
_DIA_CERO: Final = datetime(2026, 1, 1, tzinfo=UTC)


def azar(*partes: str) -> int:
    """Un entero que parece al azar y siempre es el mismo para las mismas partes."""
    return int.from_bytes(hashlib.sha256("|".join(partes).encode()).digest()[:6], "big")


def _fraccion(*partes: str) -> float:
    return azar(*partes) / 2**48


def seguidores_de(cuenta: str, dados: Any, ahora: datetime) -> int:
    """Los seguidores de hoy: una base (la dada o una derivada) que crece despacio con los días."""
    base = int(dados) if dados else 8_000 + azar(cuenta, "seguidores") % 60_000
    dias = (ahora - _DIA_CERO).total_seconds() / 86_400
    diario = base * (0.00015 + 0.00035 * _fraccion(cuenta, "ritmo"))
    return max(0, int(base + diario * dias))


def cifras(entrada: Entrada, seguidores: int, ahora: datetime) -> dict[str, int]:
    """Todas las cuentas de una publicación en este momento, bajo nombres propios."""
    edad_h = max(0.0, (ahora - entrada.creada_en).total_seconds() / 3600)
    crecido = 1 - math.exp(-edad_h / _MADURA_H)
    suerte = _fraccion(entrada.id, "suerte")
    impulso = 1.0 + 0.5 * bool(entrada.imagenes) - 0.35 * bool(entrada.enlace)
    vistas = int((30 + seguidores * (0.05 + 0.35 * suerte**3)) * impulso * crecido)

    def parte(nombre: str, desde: float, hasta: float) -> int:
        return int(vistas * (desde + (hasta - desde) * _fraccion(entrada.id, nombre)))

    propias = {
        "vistas": vistas,
        "gustos": parte("gustos", 0.004, 0.022),
        "reposts": parte("reposts", 0.001, 0.008),
        "respuestas": parte("respuestas", 0.0005, 0.004),
        "citas": parte("citas", 0.0, 0.001),
        "guardados": parte("guardados", 0.0002, 0.003),
        "perfil": parte("perfil", 0.001, 0.006),
        "clics": parte("clics", 0.004, 0.02) if entrada.enlace else 0,
    }
    sueltas = ("gustos", "reposts", "respuestas", "citas", "guardados", "perfil", "clics")
    propias["interacciones"] = sum(propias[n] for n in sueltas) + parte("detalle", 0.004, 0.03)
    return propias


def publicas(c: dict[str, int], *, nuevo: bool) -> dict[str, int]:
    """`public_metrics`, con los nombres del dialecto pedido."""
    return {
        "repost_count" if nuevo else "retweet_count": c["reposts"],
        "reply_count": c["respuestas"],
        "like_count": c["gustos"],
        "quote_count": c["citas"],
        "bookmark_count": c["guardados"],
        "impression_count": c["vistas"],
    }


def privadas(c: dict[str, int], *, con_enlace: bool) -> dict[str, int]:
    """`non_public_metrics`; los clics en enlaces solo aparecen si hay enlace."""
    datos = {
        "impression_count": c["vistas"],
        "user_profile_clicks": c["perfil"],
        "engagements": c["interacciones"],
    }
    return {**datos, "url_link_clicks": c["clics"]} if con_enlace else datos


def organicas(c: dict[str, int], *, con_enlace: bool, nuevo: bool) -> dict[str, int]:
    """`organic_metrics`."""
    datos = {
        "impression_count": c["vistas"],
        "like_count": c["gustos"],
        "reply_count": c["respuestas"],
        "repost_count" if nuevo else "retweet_count": c["reposts"],
        "user_profile_clicks": c["perfil"],
    }
    return {**datos, "url_link_clicks": c["clics"]} if con_enlace else datos
