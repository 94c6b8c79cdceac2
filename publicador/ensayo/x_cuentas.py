"""Las cuentas de la red X de ensayo: su usuario, sus seguidores y los identificadores que da X."""

from datetime import datetime
from typing import Any, Final

from publicador.ensayo.mundo import Mundo
from publicador.ensayo.x_cifras import azar, seguidores_de

_ORIGEN_MS: Final = 1_288_834_974_657
"""El instante cero de los identificadores de X (noviembre de 2010)."""


def usuario(mundo: Mundo, cuenta: str) -> str:
    """El nombre de usuario, sin arroba: el que le dio `Mundo.nombrar(usuario=…)` o uno derivado."""
    return str(mundo.datos_de("x", cuenta).get("usuario") or f"ensayo_{cuenta[-8:]}")


def direccion(mundo: Mundo, cuenta: str, id_: str) -> str:
    """La dirección pública de una publicación, como la arma X."""
    return f"https://x.com/{usuario(mundo, cuenta)}/status/{id_}"


def id_nuevo(mundo: Mundo, momento: datetime) -> str:
    """Un identificador de 19 cifras, mayor que los dados antes si el momento no es del pasado."""
    with mundo.cerrojo:
        cajon = mundo.cajon("x")
        ms = int(momento.timestamp() * 1000) - _ORIGEN_MS
        numero = max(ms, 0) << 22 | mundo.siguiente() & 0x3FFFFF
        if momento >= mundo.ahora():
            numero = max(numero, int(cajon.get("ultimo_id", 0)) + 1)
            cajon["ultimo_id"] = numero
        while mundo.entrada("x", str(numero)) is not None:
            numero += 1
        return f"{numero:019d}"


def como_json(mundo: Mundo, cuenta: str, campos: set[str], *, nuevo: bool) -> dict[str, Any]:
    """El objeto `user`; `nuevo` escoge el dialecto de `post.fields`."""
    datos = mundo.datos_de("x", cuenta)
    publicadas = mundo.visibles("x", cuenta)
    total = seguidores_de(cuenta, datos.get("seguidores"), mundo.ahora())
    completo: dict[str, Any] = {
        "created_at": "2012-03-01T15:00:00.000Z",
        "description": datos.get("descripcion", "Cuenta de ensayo"),
        "protected": False,
        "verified": True,
        "verified_type": "government",
        "url": "",
        "location": "Colombia",
        "public_metrics": {
            "followers_count": total,
            "following_count": 120 + azar(cuenta, "siguiendo") % 300,
            "post_count" if nuevo else "tweet_count": len(publicadas),
            "listed_count": total // 400,
            "like_count": azar(cuenta, "gustos") % 900,
            "media_count": sum(len(e.imagenes) for e in publicadas),
        },
    }
    fijo = {"id": cuenta, "name": datos["nombre"], "username": usuario(mundo, cuenta)}
    return {**fijo, **{n: v for n, v in completo.items() if n in campos}}
