"""Un video ya aceptado: esperar a que Facebook lo procese, lo publique y diga su id."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from conectores.contrato import Libreta
from conectores.errores import (
    AunNo,
    ContenidoRechazado,
    ErrorDeConector,
    LimiteAlcanzado,
    NoSalio,
    Pasajero,
    SinRespuesta,
)
from conectores.facebook.cliente import Grafo
from conectores.facebook.errores import clasificar
from conectores.facebook.publicacion import PUBLICAR
from conectores.facebook.respuesta import FalloDeGrafo, entero

CAMPOS = "status,post_id,permalink_url,published"
PUBLICACION = "video-publicacion"
"""Clave de la libreta: el id `{página}_{publicación}` del video, cuando se sabe."""
_MIRADAS = "video-miradas"
_FASES = ("uploading_phase", "processing_phase", "publishing_phase")
_LISTO = frozenset({"complete", "completed"})
_MAL = frozenset({"error", "upload_failed", "expired"})
_SIN_ID = timedelta(minutes=10)
"""Publicado y sin `post_id` tras este rato: se acepta con el id del video."""
_DEMASIADO = timedelta(hours=24)
_CONFIRME = "Entre a la página y confirme si salió antes de repetirlo."


def esperar_video(
    grafo: Grafo, pagina: str, video: str, libreta: Libreta, ahora: Callable[[], datetime]
) -> str:
    """El id de la publicación del video.

    Lanza `AunNo` (de 15 a 60 segundos) mientras no esté o no se pueda mirar: el video ya se
    aceptó, y no poder leerlo no lo vuelve un fracaso. Lanza `ContenidoRechazado` si Facebook no
    pudo procesarlo.
    """
    conocida = libreta.leer(PUBLICACION)
    if conocida:
        return conocida
    desde, miradas = _anotar_mirada(libreta, ahora())
    lleva = ahora() - desde
    datos = _leer(grafo, video, libreta, ahora, lleva)
    _rechazar_si_fallo(datos, libreta)
    if esta_publicado(datos):
        publicacion = id_de_publicacion(pagina, datos.get("post_id"))
        if publicacion is None and lleva > _SIN_ID:
            publicacion = video
        if publicacion is not None:
            libreta.anotar(PUBLICACION, publicacion)
            return publicacion
    if lleva > _DEMASIADO:
        raise ContenidoRechazado(f"Facebook lleva más de un día procesando el video. {_CONFIRME}")
    raise AunNo(
        "Facebook todavía procesa el video.", espera=timedelta(seconds=min(60, 15 * miradas))
    )


def _anotar_mirada(libreta: Libreta, ahora: datetime) -> tuple[datetime, int]:
    try:
        previo = json.loads(libreta.leer(_MIRADAS) or "")
        desde, miradas = datetime.fromisoformat(previo["desde"]), int(previo["miradas"]) + 1
    except (ValueError, TypeError, KeyError):
        desde, miradas = ahora, 1
    libreta.anotar(_MIRADAS, json.dumps({"desde": desde.isoformat(), "miradas": miradas}))
    return desde, miradas


def _leer(
    grafo: Grafo,
    video: str,
    libreta: Libreta,
    ahora: Callable[[], datetime],
    lleva: timedelta,
) -> dict[str, Any]:
    try:
        datos = grafo.get_object(video, fields=CAMPOS)
    except FalloDeGrafo as fallo:
        # Un id recién creado puede tardar en verse.
        if (fallo.codigo, fallo.subcodigo) != (100, 33):
            return _esperar_o_decir(clasificar(fallo, publica=False, ahora=ahora()), ahora())
        if lleva > _SIN_ID:
            _empezar_de_cero(libreta)
            raise ContenidoRechazado(
                f"Facebook ya no muestra el video. {_CONFIRME}", detalle=fallo.detalle
            ) from None
        return {}
    except (NoSalio, SinRespuesta):
        return {}
    return datos if isinstance(datos, dict) else {}


def _esperar_o_decir(error: ErrorDeConector, ahora: datetime) -> dict[str, Any]:
    match error:
        case LimiteAlcanzado(hasta=datetime() as hasta):
            raise AunNo(error.mensaje, espera=hasta - ahora, detalle=error.detalle) from None
        case Pasajero() | SinRespuesta() | ContenidoRechazado():
            return {}
    raise error from None


def _rechazar_si_fallo(datos: dict[str, Any], libreta: Libreta) -> None:
    estado = datos.get("status")
    estado = estado if isinstance(estado, dict) else {}
    fases = [f for f in (estado.get(nombre) for nombre in _FASES) if isinstance(f, dict)]
    if estado.get("video_status") not in _MAL and not any(f.get("status") in _MAL for f in fases):
        return
    _empezar_de_cero(libreta)
    raise ContenidoRechazado(
        f"Facebook no pudo procesar el video.{_razon(fases)} Expórtelo otra vez en MP4 "
        "(H.264 y AAC) y cámbielo en la pieza.",
        detalle=f"estado {estado.get('video_status')}",
    )


def _empezar_de_cero(libreta: Libreta) -> None:
    """Lo aceptado se perdió: si una persona lo reenvía, no hay nada que reanudar."""
    for clave in ("medio-video", _MIRADAS, PUBLICAR):
        libreta.anotar(clave, "")


def _razon(fases: list[dict[str, Any]]) -> str:
    motivos = {
        1363040: " La proporción no es válida.",
        1363127: " La resolución no es válida.",
        1363128: " La duración no es válida.",
        1363129: " Los cuadros por segundo no son válidos.",
    }
    for fase in fases:
        error = fase.get("error") or fase.get("errors")
        for uno in error if isinstance(error, list) else [error]:
            codigo = entero(uno.get("code")) if isinstance(uno, dict) else None
            if codigo in motivos:
                return motivos[codigo]
    return ""


def esta_publicado(datos: dict[str, Any]) -> bool:
    """Si el video ya lo ve la gente."""
    estado = datos.get("status")
    fase = estado.get("publishing_phase") if isinstance(estado, dict) else None
    if isinstance(fase, dict) and fase:
        return fase.get("status") in _LISTO and fase.get("publish_status", "published") == (
            "published"
        )
    listo = isinstance(estado, dict) and estado.get("video_status") == "ready"
    return listo and datos.get("published") is not False


def se_termino(datos: dict[str, Any]) -> bool:
    """Si la llamada final (`finish`) de este video llegó: ya se procesa, salió o falló."""
    estado = datos.get("status")
    video = estado.get("video_status") if isinstance(estado, dict) else None
    return video in ("processing", "ready", "error") or esta_publicado(datos)


def id_de_publicacion(pagina: str, post_id: object) -> str | None:
    """`{página}_{publicación}` aunque la red dé solo la segunda mitad."""
    if isinstance(post_id, bool) or not isinstance(post_id, str | int) or not str(post_id):
        return None
    texto = str(post_id)
    return texto if "_" in texto else f"{pagina}_{texto}"
