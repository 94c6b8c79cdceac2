"""Video: se sube por trozos en `preparar`, sale con `finish` y después se espera su proceso.

Fuente: Video API de Meta y sus SDK oficiales, consultado 2026-08.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, BinaryIO

from conectores.contrato import Adjunto, Libreta
from conectores.errores import MedioPerdido, Pasajero, SinRespuesta
from conectores.facebook.cliente import Grafo
from conectores.facebook.respuesta import FalloDeGrafo, entero
from conectores.facebook.subidas import (
    Subido,
    Turno,
    anotar_subido,
    archivo_ilegible,
    ceder,
    leer_subido,
)

CLAVE = "medio-video"
_OTRO_TROZO = 1363037
_PROBLEMA_AL_EMPEZAR = 6000
_SESION_PERDIDA = frozenset({100, 6000, 6001})
_TROZO_MAXIMO = 16_000_000
_CORRECCIONES_MAXIMAS = 5


def subir_video(
    grafo: Grafo, pagina: str, adjunto: Adjunto, libreta: Libreta, ahora: Callable[[], datetime]
) -> Subido:
    """El video entero en Facebook, todavía sin publicar.

    Si una pasada no alcanza, anota por dónde va y lanza `AunNo`. Tras una caída sigue donde el
    servidor diga; si la sesión ya no sirve, empieza otra, que no hace daño.
    """
    subido = leer_subido(libreta, CLAVE)
    anterior = subido is not None and subido.sirve(adjunto.huella, ahora())
    if subido is None or not anterior:
        subido = _empezar(grafo, pagina, adjunto, ahora())
        anotar_subido(libreta, CLAVE, subido)
    if subido.esta_entero:
        return subido
    try:
        with adjunto.archivo.open("rb") as archivo:
            return _seguir(grafo, pagina, archivo, subido, libreta, Turno(ahora))
    except OSError as error:
        raise archivo_ilegible(adjunto.archivo, error) from None
    except FalloDeGrafo as fallo:
        if anterior and fallo.codigo in _SESION_PERDIDA:
            raise MedioPerdido(
                "Facebook ya no recuerda la subida del video. Se empezará de nuevo.",
                detalle=fallo.detalle,
            ) from None
        raise


def _empezar(grafo: Grafo, pagina: str, adjunto: Adjunto, ahora: datetime) -> Subido:
    try:
        datos = _llamar(grafo, pagina, upload_phase="start", file_size=adjunto.peso_bytes)
    except FalloDeGrafo as fallo:
        if fallo.codigo == _PROBLEMA_AL_EMPEZAR:
            raise Pasajero(
                "Facebook no pudo empezar a recibir el video. Se intentará de nuevo.",
                detalle=fallo.detalle,
            ) from None
        raise
    sesion, video = datos.get("upload_session_id"), datos.get("video_id")
    if not sesion or not video:
        raise SinRespuesta(detalle="inicio de video sin sesión")
    desde, hasta = _trozo(datos)
    return Subido(
        id=str(video),
        huella=adjunto.huella,
        en=ahora.isoformat(),
        sesion=str(sesion),
        desde=desde,
        hasta=hasta,
    )


def _seguir(
    grafo: Grafo,
    pagina: str,
    archivo: BinaryIO,
    subido: Subido,
    libreta: Libreta,
    turno: Turno,
) -> Subido:
    correcciones = 0
    while not subido.esta_entero:
        if turno.se_acabo():
            anotar_subido(libreta, CLAVE, subido)
            raise ceder()
        desde, hasta = _mandar_trozo(grafo, pagina, archivo, subido)
        correcciones += desde <= subido.desde
        if correcciones > _CORRECCIONES_MAXIMAS:
            raise SinRespuesta(detalle="la subida del video no avanza")
        subido = replace(subido, desde=desde, hasta=hasta)
    anotar_subido(libreta, CLAVE, subido)
    return subido


def _mandar_trozo(grafo: Grafo, pagina: str, archivo: BinaryIO, subido: Subido) -> tuple[int, int]:
    """El siguiente trozo que pide el servidor."""
    archivo.seek(subido.desde)
    trozo = archivo.read(min(subido.hasta - subido.desde, _TROZO_MAXIMO))
    try:
        datos = _llamar(
            grafo,
            pagina,
            upload_phase="transfer",
            upload_session_id=subido.sesion,
            start_offset=subido.desde,
            files={"video_file_chunk": ("trozo", trozo, "application/octet-stream")},
        )
    except FalloDeGrafo as fallo:
        # El servidor ya tenía otro tanto (una caída nuestra, un trozo repetido): dice cuánto.
        if fallo.subcodigo == _OTRO_TROZO and isinstance(fallo.datos, dict):
            return _trozo(fallo.datos)
        raise
    return _trozo(datos)


def terminar_video(
    grafo: Grafo, pagina: str, *, sesion: str, titulo: str, descripcion: str
) -> None:
    """La llamada sin vuelta atrás: publica el video subido."""
    datos = _llamar(
        grafo,
        pagina,
        upload_phase="finish",
        upload_session_id=sesion,
        title=titulo or None,
        description=descripcion,
        published=True,
    )
    if datos.get("success") is not True:
        raise SinRespuesta(detalle="fin de video sin confirmación")


def _llamar(grafo: Grafo, pagina: str, *, files: Any = None, **args: Any) -> dict[str, Any]:
    datos = grafo.request(f"{grafo.version}/{pagina}/videos", post_args=args, files=files)
    if not isinstance(datos, dict):
        raise SinRespuesta(detalle="respuesta de video ilegible")
    return datos


def _trozo(datos: dict[str, Any]) -> tuple[int, int]:
    desde, hasta = entero(datos.get("start_offset")), entero(datos.get("end_offset"))
    if desde is None or hasta is None:
        raise SinRespuesta(detalle="subida de video sin posiciones")
    return desde, hasta
