"""Las cifras de una publicación: contadores del nodo y métricas de `insights`.

Fuente: referencia de Page Insights, consultado 2026-09 (las familias `impressions` y `fans` ya no
existen).
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from conectores.contrato import Medida
from conectores.errores import LimiteAlcanzado, SinPermiso
from conectores.facebook.cliente import Grafo
from conectores.facebook.errores import CODIGOS_DE_TOKEN, clasificar
from conectores.facebook.respuesta import FalloDeGrafo
from conectores.facebook.uso import UMBRAL, espera_pedida, uso_maximo

_CAMPOS = (
    "id,created_time,permalink_url,shares,"
    "reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count),"
    "attachments{media_type}"
)
METRICAS = (
    "post_media_view",
    "post_total_media_view_unique",
    "post_clicks",
    "post_clicks_by_type",
    "post_reactions_by_type_total",
    "post_activity_by_action_type",
)
METRICAS_DE_VIDEO = (
    "post_video_views",
    "post_video_view_time",
    "post_video_avg_time_watched",
)
_SIN_DATO = "Facebook no entregó este dato."
_SIN_COMPARTIDOS = (
    "Facebook no entregó este dato (suele omitirlo mientras nadie ha compartido la publicación)."
)
_RETIRADA = "Facebook ya no ofrece esta métrica."


def medir(grafo: Grafo, id_remoto: str, ahora: Callable[[], datetime]) -> tuple[Medida, ...]:
    """Todas las cifras; lo que falta va con `valor=None` y su motivo, nunca con cero."""
    nodo = grafo.get_object(id_remoto, fields=_CAMPOS)
    nodo = nodo if isinstance(nodo, dict) else {}
    nombres = METRICAS + (METRICAS_DE_VIDEO if _es_video(nodo) else ())
    return (*_contadores(nodo), *_insights(grafo, id_remoto, nombres, ahora))


def _contadores(nodo: dict[str, Any]) -> Iterator[Medida]:
    yield _medida("shares.count", _bajo(nodo, "shares", "count"), _SIN_COMPARTIDOS)
    for nombre in ("reactions", "comments"):
        valor = _bajo(nodo, nombre, "summary", "total_count")
        yield _medida(f"{nombre}.summary.total_count", valor, _SIN_DATO)


def _insights(
    grafo: Grafo, id_remoto: str, nombres: tuple[str, ...], ahora: Callable[[], datetime]
) -> Iterator[Medida]:
    """Una llamada para todas; si una sola está retirada la red las niega todas: de a una."""
    try:
        yield from _pedir(grafo, id_remoto, nombres, ahora)
    except FalloDeGrafo as fallo:
        if fallo.codigo != 100:
            yield from _sin_insights(nombres, fallo, ahora)
            return
        for nombre in nombres:
            yield from _una(grafo, id_remoto, nombre, ahora)


def _una(
    grafo: Grafo, id_remoto: str, nombre: str, ahora: Callable[[], datetime]
) -> Iterator[Medida]:
    try:
        yield from _pedir(grafo, id_remoto, (nombre,), ahora)
    except FalloDeGrafo as fallo:
        if fallo.codigo == 100:
            yield Medida(nombre=nombre, valor=None, motivo=_RETIRADA)
        else:
            yield from _sin_insights((nombre,), fallo, ahora)


def _sin_insights(
    nombres: tuple[str, ...], fallo: FalloDeGrafo, ahora: Callable[[], datetime]
) -> Iterator[Medida]:
    """Sin `read_insights` los contadores siguen valiendo; lo demás sí impide medir."""
    error = clasificar(fallo, publica=False, ahora=ahora())
    if not isinstance(error, SinPermiso) or fallo.codigo in CODIGOS_DE_TOKEN:
        raise error from None
    for nombre in nombres:
        yield Medida(nombre=nombre, valor=None, motivo=error.mensaje)


def _pedir(
    grafo: Grafo, id_remoto: str, nombres: tuple[str, ...], ahora: Callable[[], datetime]
) -> list[Medida]:
    uso = uso_maximo(grafo.uso)
    if uso is not None and uso >= UMBRAL:
        # Medir puede esperar; lo que queda del límite es para publicar.
        raise LimiteAlcanzado(
            "La página está cerca de su límite de llamadas en Facebook; las cifras se leerán "
            "después.",
            hasta=espera_pedida(grafo.uso, ahora()),
        )
    datos = grafo.get_connections(id_remoto, "insights", metric=",".join(nombres))
    filas = datos.get("data") if isinstance(datos, dict) else None
    por_nombre = {
        str(fila.get("name")): fila
        for fila in (filas if isinstance(filas, list) else [])
        if isinstance(fila, dict)
    }
    return [m for nombre in nombres for m in _de_fila(nombre, por_nombre.get(nombre))]


def _de_fila(nombre: str, fila: dict[str, Any] | None) -> Iterator[Medida]:
    valores = fila.get("values") if fila else None
    ultimo = valores[-1] if isinstance(valores, list) and valores else {}
    valor = ultimo.get("value") if isinstance(ultimo, dict) else None
    if isinstance(valor, dict) and valor:
        for clave, cifra in sorted(valor.items()):
            yield _medida(f"{nombre}.{clave}", cifra, _SIN_DATO)
    else:
        yield _medida(nombre, valor, _SIN_DATO)


def _medida(nombre: str, valor: object, motivo: str) -> Medida:
    if isinstance(valor, bool) or not isinstance(valor, int | float):
        return Medida(nombre=nombre, valor=None, motivo=motivo)
    return Medida(nombre=nombre, valor=float(valor))


def _bajo(nodo: object, *claves: str) -> object:
    for clave in claves:
        nodo = nodo.get(clave) if isinstance(nodo, dict) else None
    return nodo


def _es_video(nodo: dict[str, Any]) -> bool:
    adjuntos = _bajo(nodo, "attachments", "data")
    return isinstance(adjuntos, list) and any(
        "video" in str(_bajo(adjunto, "media_type")) for adjunto in adjuntos
    )
