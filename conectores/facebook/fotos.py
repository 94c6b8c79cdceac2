"""Fotos: se suben sin publicar, con su texto alternativo, y la publicación las nombra en orden."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from conectores.contrato import Adjunto, Envio, Libreta
from conectores.errores import SinRespuesta
from conectores.facebook.cliente import Grafo
from conectores.facebook.subidas import (
    Subido,
    Turno,
    anotar_subido,
    bytes_de,
    ceder,
    leer_subido,
)


def subir_fotos(
    grafo: Grafo, pagina: str, envio: Envio, libreta: Libreta, ahora: Callable[[], datetime]
) -> tuple[str, ...]:
    """Los ids de las fotos, en el orden aprobado; sube solo las que falten.

    También una foto sola va en dos pasos: así la llamada sin vuelta atrás es siempre pequeña.
    """
    turno = Turno(ahora)
    return tuple(
        _foto(grafo, pagina, adjunto, libreta, f"medio-{indice}", turno, ahora)
        for indice, adjunto in enumerate(envio.adjuntos)
    )


def _foto(
    grafo: Grafo,
    pagina: str,
    adjunto: Adjunto,
    libreta: Libreta,
    clave: str,
    turno: Turno,
    ahora: Callable[[], datetime],
) -> str:
    subido = leer_subido(libreta, clave)
    if subido is not None and subido.sirve(adjunto.huella, ahora()):
        return subido.id
    if turno.se_acabo():
        raise ceder()
    momento = ahora()  # el de antes de subir: la vigencia se cuenta por lo bajo
    datos = grafo.put_photo(
        (adjunto.nombre, bytes_de(adjunto.archivo), adjunto.tipo),
        album_path=f"{pagina}/photos",
        published=False,
        alt_text_custom=adjunto.texto_alternativo or None,
    )
    id_foto = id_de(datos)
    anotar_subido(libreta, clave, Subido(id=id_foto, huella=adjunto.huella, en=momento.isoformat()))
    return id_foto


def id_de(datos: Any) -> str:
    """El id de una respuesta; sin él no se sabe qué pasó. Tolera un número."""
    valor = datos.get("id") if isinstance(datos, dict) else None
    if isinstance(valor, bool) or not isinstance(valor, str | int) or not str(valor).strip():
        raise SinRespuesta(
            "Facebook aceptó la llamada pero no dijo qué creó. Se revisará antes de seguir.",
            detalle="respuesta sin id",
        )
    return str(valor)
