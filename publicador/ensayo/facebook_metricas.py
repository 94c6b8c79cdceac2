"""Cifras plausibles que crecen con la edad de lo publicado, y los `insights` que las muestran."""

import hashlib
import math
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from publicador.ensayo.facebook_errores import ErrorGraph, parametro
from publicador.ensayo.facebook_parametros import instante, leer_json
from publicador.ensayo.mundo import Entrada, Mundo

# Meta cierra sus días a la medianoche del Pacífico.
PACIFICO: Final = ZoneInfo("America/Los_Angeles")

METRICAS_DE_PAGINA: Final = (
    *("page_media_view", "page_total_media_view_unique", "page_post_engagements"),
    *("page_total_actions", "page_views_total", "page_follows", "page_daily_follows"),
    *("page_daily_follows_unique", "page_daily_unfollows_unique", "page_video_views"),
    *("page_video_view_time", "page_actions_post_reactions_like_total"),
    *("page_actions_post_reactions_love_total", "page_actions_post_reactions_wow_total"),
    *("page_actions_post_reactions_haha_total", "page_actions_post_reactions_sorry_total"),
    "page_actions_post_reactions_anger_total",
)
METRICAS_DE_ENTRADA: Final = (
    *("post_media_view", "post_total_media_view_unique", "post_clicks", "post_clicks_by_type"),
    *("post_reactions_by_type_total", "post_activity_by_action_type", "post_video_views"),
    *("post_video_view_time", "post_video_avg_time_watched"),
)


def _semilla(texto: str) -> float:
    """Un número entre 0 y 1, siempre el mismo para el mismo texto."""
    return int(hashlib.sha256(texto.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF


def cifras(entrada: Entrada, ahora: datetime) -> dict[str, int]:
    """Lo que una publicación lleva acumulado a esa hora; nunca baja.

    Casi todo llega el primer día: crece como 1 − e^(−t/14 h) hasta un techo propio de cada una.
    """
    horas = max(0.0, (ahora - entrada.visible_en).total_seconds() / 3600)
    techo = 200 + 3800 * _semilla(entrada.id) ** 2
    if entrada.imagenes:
        techo *= 1.6
    vistas = techo * (1 - math.exp(-horas / 14))
    alcance = vistas * (0.72 + 0.12 * _semilla(entrada.id + "a"))
    reacciones = alcance * (0.015 + 0.05 * _semilla(entrada.id + "r"))
    return {
        "vistas": int(vistas),
        "alcance": int(alcance),
        "reacciones": int(reacciones),
        "me_encanta": int(reacciones * 0.2),
        "comentarios": int(reacciones * 0.12),
        "compartidos": int(reacciones * 0.18),
        "clics": int(alcance * 0.03),
    }


def seguidores(mundo: Mundo, pagina: str, en: datetime) -> int:
    """Los seguidores de una página en un momento: crece despacio y siempre igual."""
    base = int(mundo.datos_de("facebook", pagina).get("seguidores", 0))
    if not base:
        base = 1500 + int(20000 * _semilla(pagina))
    dias = (en.date() - mundo.ahora().date()).days
    return max(0, base + dias * (1 + int(6 * _semilla(pagina + "s"))))


def _nombres(dados: Mapping[str, str], validos: tuple[str, ...]) -> list[str]:
    crudo = dados.get("metric", "")
    leido = leer_json(crudo)
    nombres = [str(n) for n in leido] if isinstance(leido, list) else crudo.split(",")
    nombres = [n.strip() for n in nombres if n.strip()]
    if not nombres:
        raise ErrorGraph(3001, "No metric was specified to be fetched.", subcodigo=1504028)
    if any(nombre not in validos for nombre in nombres):
        # Una sola métrica retirada tumba toda la llamada, como en la verdadera.
        raise parametro("The value must be a valid insights metric")
    return nombres


def _valor_de_entrada(nombre: str, c: Mapping[str, int]) -> Any:
    tiempo_ms = c["vistas"] * 4200
    valores: dict[str, Any] = {
        "post_media_view": c["vistas"],
        "post_total_media_view_unique": c["alcance"],
        "post_clicks": c["clics"],
        "post_clicks_by_type": {"link clicks": c["clics"] // 2, "other clicks": c["clics"] // 2},
        "post_reactions_by_type_total": {
            "like": c["reacciones"] - c["me_encanta"],
            "love": c["me_encanta"],
        },
        "post_activity_by_action_type": {
            "share": c["compartidos"],
            "like": c["reacciones"],
            "comment": c["comentarios"],
        },
        "post_video_views": c["vistas"] // 3,
        "post_video_view_time": tiempo_ms,
        "post_video_avg_time_watched": 4200,
    }
    return valores[nombre]


def insights_de_entrada(mundo: Mundo, entrada: Entrada, dados: Mapping[str, str]) -> dict[str, Any]:
    """`GET /{post}/insights`: valores acumulados hasta ahora."""
    c = cifras(entrada, mundo.ahora())
    datos = [
        {
            "id": f"{entrada.id}/insights/{nombre}/lifetime",
            "name": nombre,
            "period": "lifetime",
            "title": nombre,
            "description": "",
            "values": [{"value": _valor_de_entrada(nombre, c)}],
        }
        for nombre in _nombres(dados, METRICAS_DE_ENTRADA)
    ]
    return {"data": datos}


def _ventana(mundo: Mundo, dados: Mapping[str, str]) -> tuple[datetime, datetime]:
    ahora = mundo.ahora()
    hasta = instante(dados.get("until", "")) or ahora
    desde = instante(dados.get("since", "")) or hasta - timedelta(days=2)
    if desde > hasta:
        raise parametro("since param is not valid. It should be earlier than until")
    if hasta - desde > timedelta(days=90):
        raise parametro("There cannot be more than 90 days between since and until", 1504033)
    return desde, min(hasta, ahora)


def _cierres(desde: datetime, hasta: datetime) -> list[datetime]:
    """Las medianoches del Pacífico dentro de la ventana, en UTC."""
    dia = desde.astimezone(PACIFICO).date()
    cierres: list[datetime] = []
    while True:
        cierre = datetime.combine(dia, time(), PACIFICO)
        if cierre > hasta:
            return cierres
        if cierre > desde:
            cierres.append(cierre)
        dia += timedelta(days=1)


def _acumulado(mundo: Mundo, pagina: str, en: datetime) -> dict[str, int]:
    suma = dict.fromkeys(("vistas", "alcance", "reacciones", "me_encanta", "clics"), 0)
    interacciones = 0
    for entrada in mundo.visibles("facebook", pagina):
        c = cifras(entrada, en)
        for clave in suma:
            suma[clave] += c[clave]
        interacciones += c["reacciones"] + c["comentarios"] + c["compartidos"] + c["clics"]
    return {**suma, "interacciones": interacciones, "seguidores": seguidores(mundo, pagina, en)}


def _valor_de_pagina(nombre: str, antes: Mapping[str, int], luego: Mapping[str, int]) -> int:
    del_dia = {clave: luego[clave] - antes[clave] for clave in luego}
    valores = {
        "page_media_view": del_dia["vistas"],
        "page_total_media_view_unique": del_dia["alcance"],
        "page_post_engagements": del_dia["interacciones"],
        "page_total_actions": del_dia["clics"] // 10,
        "page_views_total": del_dia["clics"] // 2,
        "page_follows": luego["seguidores"],
        "page_daily_follows": del_dia["seguidores"] + 1,
        "page_daily_follows_unique": del_dia["seguidores"] + 1,
        "page_daily_unfollows_unique": 1,
        "page_video_views": del_dia["vistas"] // 5,
        "page_video_view_time": del_dia["vistas"] * 800,
        "page_actions_post_reactions_like_total": del_dia["reacciones"] - del_dia["me_encanta"],
        "page_actions_post_reactions_love_total": del_dia["me_encanta"],
    }
    return valores.get(nombre, 0)


def insights_de_pagina(mundo: Mundo, pagina: str, dados: Mapping[str, str]) -> dict[str, Any]:
    """`GET /{page}/insights`: un valor por día, semana o 28 días."""
    nombres = _nombres(dados, METRICAS_DE_PAGINA)
    periodo = dados.get("period", "day").lower()
    dias = {"day": 1, "week": 7, "days_28": 28}.get(periodo)
    if dias is None:
        raise parametro(f"The period {periodo} is not valid for these metrics")
    desde, hasta = _ventana(mundo, dados)
    datos = []
    for nombre in nombres:
        valores = [
            {
                "value": _valor_de_pagina(
                    nombre,
                    _acumulado(mundo, pagina, cierre - timedelta(days=dias)),
                    _acumulado(mundo, pagina, cierre),
                ),
                "end_time": cierre.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%S+0000"),
            }
            for cierre in _cierres(desde, hasta)
        ]
        datos.append(
            {
                "id": f"{pagina}/insights/{nombre}/{periodo}",
                "name": nombre,
                "period": periodo,
                "title": nombre,
                "description": "",
                "values": valores,
            }
        )
    return {"data": datos}
