"""Tras un resultado en duda: hallar en la propia página lo que pudo salir en un paso."""

from datetime import datetime

from conectores.contrato import Envio, Hallazgo, Libreta, Recibo
from conectores.facebook.cierre import NO_EXISTE
from conectores.facebook.cliente import Grafo
from conectores.facebook.espera import CAMPOS, PUBLICACION, se_termino
from conectores.facebook.fotos import id_de
from conectores.facebook.lectura import (
    comentarios_como,
    direccion,
    direccion_de,
    publicaciones_como,
)
from conectores.facebook.publicacion import PUBLICAR, queda_algo
from conectores.facebook.respuesta import FalloDeGrafo
from conectores.facebook.subidas import leer_subido
from conectores.facebook.video import CLAVE as CLAVE_VIDEO


def buscar_publicacion(grafo: Grafo, pagina: str, envio: Envio, desde: datetime) -> Hallazgo:
    """Las publicaciones de la página que pueden ser este envío."""
    return Hallazgo(
        recibos=tuple(
            Recibo(
                id_remoto=id_de(post),
                url=direccion_de(post, id_de(post)),
                completo=not queda_algo(envio),
            )
            for post in publicaciones_como(grafo, pagina, envio, desde)
        )
    )


def buscar_comentario(
    grafo: Grafo, pagina: str, envio: Envio, libreta: Libreta, desde: datetime
) -> Hallazgo:
    """Los comentarios de la página con el texto aprobado, en la publicación ya anotada."""
    publicacion = libreta.leer(PUBLICACION) or libreta.leer(PUBLICAR)
    if not publicacion or not envio.primer_comentario:
        return Hallazgo()
    hallados = comentarios_como(grafo, pagina, publicacion, envio.primer_comentario, desde)
    return Hallazgo(
        recibos=tuple(
            Recibo(id_remoto=id_de(c), url=direccion(id_de(c)), completo=False) for c in hallados
        )
    )


def buscar_video(grafo: Grafo, libreta: Libreta) -> Hallazgo:
    """El video por su id, que se conoce desde antes de publicarlo: no hay que adivinar."""
    subido = leer_subido(libreta, CLAVE_VIDEO)
    if subido is None:
        return Hallazgo()
    try:
        datos = grafo.get_object(subido.id, fields=CAMPOS)
    except FalloDeGrafo as fallo:
        if (fallo.codigo, fallo.subcodigo) == NO_EXISTE:
            return Hallazgo()
        raise
    if not isinstance(datos, dict) or not se_termino(datos):
        return Hallazgo()
    recibo = Recibo(id_remoto=subido.id, url=direccion_de(datos, subido.id), completo=False)
    return Hallazgo(recibos=(recibo,))
