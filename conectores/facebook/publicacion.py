"""Los pasos de una entrega en Facebook y el cuerpo de la llamada que publica (funciones puras)."""

import hashlib
from typing import Any

from conectores.contrato import Adjunto, Clase, Envio, Listo, Paso

PUBLICAR = "publicar"
COMENTAR = "comentar"


def paso_publicar(envio: Envio) -> Paso:
    """El paso que hace visible la publicación."""
    return _paso(PUBLICAR, envio.texto)


def paso_comentar(envio: Envio) -> Paso:
    """El paso que agrega el primer comentario."""
    return _paso(COMENTAR, envio.primer_comentario or "")


def _paso(nombre: str, texto: str) -> Paso:
    return Paso(nombre=nombre, huella=hashlib.sha256(texto.encode()).hexdigest())


def video_de(envio: Envio) -> Adjunto | None:
    """El video del envío, si lo lleva (va solo: la red no mezcla video y fotos)."""
    return next((a for a in envio.adjuntos if a.clase is Clase.VIDEO), None)


def queda_algo(envio: Envio) -> bool:
    """Si tras publicar falta leer los medios de vuelta, esperar el video o comentar."""
    return bool(envio.adjuntos or envio.primer_comentario)


def cuerpo(listo: Listo) -> dict[str, Any]:
    """Los parámetros de `/{página}/feed`.

    Con fotos no va `link`: la red no muestra la tarjeta, y la dirección ya viene en el texto.
    """
    envio = listo.envio
    if listo.subidos:
        medios = [{"media_fbid": id_foto} for id_foto in listo.subidos]
        return {"message": envio.texto, "attached_media": medios}
    return {"message": envio.texto, "link": envio.enlace}
