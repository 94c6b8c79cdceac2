"""Mirar la propia página: qué salió de verdad, y si es lo que se aprobó."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from conectores.contrato import Clase, Envio
from conectores.facebook.cliente import Grafo

MARGEN = timedelta(minutes=2)
_ADJUNTOS = "attachments{media_type,type,url,unshimmed_url,target,subattachments.limit(20)}"
_CAMPOS = f"id,message,created_time,permalink_url,{_ADJUNTOS}"
CAMPOS_DE_CIERRE = f"id,permalink_url,{_ADJUNTOS}"
_CAMPOS_COMENTARIO = "id,message,from,created_time"


def direccion(id_remoto: str) -> str:
    """La dirección por la regla de la red, cuando no se pudo leer la suya."""
    return f"https://www.facebook.com/{id_remoto}"


def direccion_de(datos: Any, id_remoto: str) -> str:
    """La dirección que da la red, completa aunque venga relativa; o la de la regla."""
    enlace = datos.get("permalink_url") if isinstance(datos, dict) else None
    if not isinstance(enlace, str) or not enlace:
        return direccion(id_remoto)
    return f"https://www.facebook.com{enlace}" if enlace.startswith("/") else enlace


def publicaciones_como(
    grafo: Grafo, pagina: str, envio: Envio, desde: datetime
) -> Iterator[dict[str, Any]]:
    """Las publicaciones de la página que pueden ser este envío, de más antigua a más nueva.

    Si alguna coincide del todo (texto y medios), solo esas. Si no, las del mismo texto a las que
    les faltan medios: también son nuestras, y darlas por ausentes sería publicar dos veces.
    """
    inicio = desde - MARGEN
    exactas: list[dict[str, Any]] = []
    incompletas: list[dict[str, Any]] = []
    for lote in grafo.paginas(
        pagina, "published_posts", fields=_CAMPOS, since=int(inicio.timestamp()), limit=100
    ):
        for post in lote:
            if normal(post.get("message")) != normal(envio.texto) or not _es_de(post, inicio):
                continue
            parecido = _parecido(post, envio)
            if parecido is not None:
                (exactas if parecido else incompletas).append(post)
    yield from sorted(exactas or incompletas, key=_cuando)


def comentarios_como(
    grafo: Grafo, pagina: str, publicacion: str, texto: str, desde: datetime
) -> Iterator[dict[str, Any]]:
    """Los comentarios de la propia página con ese texto, de más antiguo a más nuevo."""
    inicio = desde - MARGEN
    hallados = [
        comentario
        for lote in grafo.paginas(
            publicacion,
            "comments",
            fields=_CAMPOS_COMENTARIO,
            order="reverse_chronological",
            limit=100,
        )
        for comentario in lote
        if normal(comentario.get("message")) == normal(texto)
        and _es_de(comentario, inicio)
        and _autor(comentario) in (None, pagina)
    ]
    yield from sorted(hallados, key=_cuando)


def normal(texto: object) -> str:
    """El texto en NFC y con los espacios reducidos: Facebook recorta y reordena espacios."""
    return " ".join(unicodedata.normalize("NFC", str(texto or "")).split())


def fotos_en(post: dict[str, Any]) -> int:
    """Cuántas fotos muestra la publicación."""
    return sum(
        len(hijos) if (hijos := _filas(adjunto.get("subattachments"))) else _es_foto(adjunto)
        for adjunto in _filas(post.get("attachments"))
    )


def aviso_de_fotos(post: dict[str, Any], envio: Envio) -> str:
    """La frase para la gente si salieron menos fotos que las aprobadas; vacía si está bien."""
    aprobadas = len(envio.adjuntos)
    hay = fotos_en(post)
    if hay >= aprobadas:
        return ""
    return (
        f"La publicación salió con {hay} de {aprobadas} fotos. Revísela en Facebook y decida si "
        "la retira."
    )


def _parecido(post: dict[str, Any], envio: Envio) -> bool | None:
    """`True` si coincide, `False` si puede ser con menos medios, `None` si es otra cosa."""
    fotos = fotos_en(post)
    aprobadas = sum(1 for a in envio.adjuntos if a.clase is not Clase.VIDEO)
    if fotos > aprobadas:
        return None
    if envio.enlace and not aprobadas:
        return _lleva_enlace(post, envio.enlace)
    return fotos == aprobadas


def _lleva_enlace(post: dict[str, Any], enlace: str) -> bool:
    direcciones = {
        str(adjunto.get(campo) or "").rstrip("/")
        for adjunto in _filas(post.get("attachments"))
        for campo in ("url", "unshimmed_url")
    }
    return enlace.rstrip("/") in direcciones


def _filas(caja: object) -> list[dict[str, Any]]:
    datos = caja.get("data") if isinstance(caja, dict) else None
    return [fila for fila in datos if isinstance(fila, dict)] if isinstance(datos, list) else []


def _es_foto(adjunto: dict[str, Any]) -> bool:
    return "photo" in (adjunto.get("media_type"), adjunto.get("type"))


def _autor(comentario: dict[str, Any]) -> str | None:
    de = comentario.get("from")
    return str(de["id"]) if isinstance(de, dict) and de.get("id") else None


def momento_de(fila: dict[str, Any]) -> datetime | None:
    """Cuándo se creó, o `None` si la red no lo dijo."""
    try:
        return datetime.fromisoformat(str(fila.get("created_time")))
    except ValueError:
        return None


def _es_de(fila: dict[str, Any], inicio: datetime) -> bool:
    momento = momento_de(fila)
    return momento is None or momento.tzinfo is None or momento >= inicio


def _cuando(fila: dict[str, Any]) -> str:
    return str(fila.get("created_time") or "")
