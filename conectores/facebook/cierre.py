"""Lo que sigue cuando ya salió: esperar el video, comentar, y leer de vuelta lo publicado.

La publicación ya es visible: desde aquí nada la vuelve un fracaso, solo deja un aviso.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from conectores.contrato import Envio, Libreta, Listo, Recibo
from conectores.errores import AunNo, ContenidoRechazado, ErrorDeConector
from conectores.facebook.cliente import Grafo
from conectores.facebook.errores import clasificar
from conectores.facebook.espera import esperar_video
from conectores.facebook.fotos import id_de
from conectores.facebook.lectura import CAMPOS_DE_CIERRE, aviso_de_fotos, direccion, direccion_de
from conectores.facebook.publicacion import COMENTAR, paso_comentar, video_de
from conectores.facebook.respuesta import FalloDeGrafo
from conectores.facebook.subtitulos import poner_subtitulos

NO_EXISTE = (100, 33)
_VISTAS = "vistas"
_VISTAS_MAXIMAS = 4


def seguir(
    grafo: Grafo,
    pagina: str,
    envio: Envio,
    libreta: Libreta,
    salio: str,
    ahora: Callable[[], datetime],
) -> Listo | Recibo:
    """El paso que falta después de `publicar`, o el recibo final."""
    video = video_de(envio)
    publicacion = esperar_video(grafo, pagina, salio, libreta, ahora) if video else salio
    if envio.primer_comentario and not libreta.leer(COMENTAR):
        _esperar_visible(grafo, publicacion, libreta)
        return Listo(envio=envio, paso=paso_comentar(envio), en_respuesta_a=publicacion)
    if video is None:
        return _recibo(grafo, publicacion, envio)
    aviso = ""
    if video.subtitulos is not None:
        aviso = poner_subtitulos(grafo, salio, video.subtitulos, libreta)
    return Recibo(
        id_remoto=publicacion, url=direccion_de(_leer(grafo, publicacion), publicacion), aviso=aviso
    )


def _recibo(grafo: Grafo, publicacion: str, envio: Envio) -> Recibo:
    post = _leer(grafo, publicacion)
    return Recibo(
        id_remoto=publicacion,
        url=direccion_de(post, publicacion),
        aviso="" if post is None else aviso_de_fotos(post, envio),
    )


def _leer(grafo: Grafo, publicacion: str) -> dict[str, Any] | None:
    """La publicación como quedó, o `None` si no se pudo leer: eso no cambia que salió."""
    try:
        post = grafo.get_object(publicacion, fields=CAMPOS_DE_CIERRE)
    except (FalloDeGrafo, ErrorDeConector):
        return None
    return post if isinstance(post, dict) and post.get("id") else None


def _esperar_visible(grafo: Grafo, publicacion: str, libreta: Libreta) -> None:
    """Un id recién creado puede tardar segundos en existir para el comentario."""
    vistas = int(libreta.leer(_VISTAS) or 0)
    if vistas >= _VISTAS_MAXIMAS:
        return
    try:
        grafo.get_object(publicacion, fields="id")
    except FalloDeGrafo as fallo:
        if (fallo.codigo, fallo.subcodigo) == NO_EXISTE:
            libreta.anotar(_VISTAS, str(vistas + 1))
            raise AunNo(
                "La publicación salió; Facebook tarda en dejar comentarla.",
                espera=timedelta(seconds=5),
            ) from None
    except ErrorDeConector:
        return


def comentar(grafo: Grafo, listo: Listo, ahora: Callable[[], datetime]) -> Recibo:
    """El primer comentario: una sola llamada.

    Si Facebook lo rechaza, la entrega termina igual, con aviso: la publicación ya salió.
    """
    publicacion = listo.en_respuesta_a or ""
    try:
        datos = grafo.put_object(publicacion, "comments", message=listo.envio.primer_comentario)
    except FalloDeGrafo as fallo:
        error = clasificar(fallo, publica=True, ahora=ahora())
        if not isinstance(error, ContenidoRechazado):
            raise error from None
        return Recibo(
            id_remoto=publicacion,
            url=direccion(publicacion),
            aviso="La publicación salió, pero Facebook no aceptó el primer comentario. "
            "Escríbalo a mano en la página.",
        )
    id_comentario = id_de(datos)
    return Recibo(id_remoto=id_comentario, url=direccion(id_comentario), completo=False)
