"""Fotos de la Graph API de ensayo: se decodifican de verdad antes de aceptarlas."""

import io
from typing import Any, Final

from PIL import Image, UnidentifiedImageError

from publicador.ensayo.facebook_errores import ErrorGraph, no_existe, parametro
from publicador.ensayo.facebook_estado import EstadoFacebook, Pedido
from publicador.ensayo.facebook_parametros import es_cierto
from publicador.ensayo.facebook_publicar import texto_que_cabe

FOTO_MAX_BYTES: Final = 4 * 1024 * 1024
_TIPOS: Final = {"JPEG": "image/jpeg", "PNG": "image/png"}


def _foto_mala(detalle: str) -> ErrorGraph:
    return ErrorGraph(
        100,
        f"(#100) Invalid parameter: {detalle}",
        subcodigo=1366046,
        para_persona="Las fotos deben pesar menos de 4 MB y estar guardadas como JPG o PNG.",
    )


def medir_foto(datos: bytes) -> tuple[str, int, int]:
    """Tipo MIME, ancho y alto de una foto aceptable; lanza 324 o 1366046 si no lo es."""
    try:
        with Image.open(io.BytesIO(datos)) as foto:
            foto.load()
            formato, (ancho, alto) = foto.format or "", foto.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise ErrorGraph(324, "(#324) Missing or invalid image file") from error
    if formato not in _TIPOS:
        raise _foto_mala(f"format {formato}")
    if len(datos) > FOTO_MAX_BYTES:
        raise _foto_mala(f"{len(datos)} bytes")
    return _TIPOS[formato], ancho, alto


class Fotos:
    """`/{page}/photos` y `/{photo}`."""

    def __init__(self, estado: EstadoFacebook) -> None:
        """Guarda el estado de la red."""
        self.estado = estado
        self.mundo = estado.mundo

    def subir(self, pedido: Pedido) -> dict[str, Any]:
        """`POST /{page}/photos`: publica la foto, o la deja subida si `published=false`."""
        dados, pagina = pedido.dados, pedido.id
        pedido.llamante.exigir_pagina(pagina)
        if "url" in dados:
            raise ErrorGraph(324, "(#324) The rehearsal network does not fetch remote images")
        if len(pedido.archivos) != 1:
            raise ErrorGraph(324, "(#324) Requires upload file")
        publicar = es_cierto(dados.get("published"), si_falta=True)
        if publicar and es_cierto(dados.get("temporary"), si_falta=False):
            raise parametro("temporary requires published=false")
        (datos,) = pedido.archivos.values()
        tipo, ancho, alto = medir_foto(datos)
        texto = texto_que_cabe(dados.get("caption") or dados.get("message", ""))
        with self.mundo.cerrojo:
            id_ = self.estado.nuevo_id()
            self.estado.fotos[id_] = {
                "pagina": pagina,
                "sha256": self.mundo.guardar_medio(datos, tipo),
                "tipo": tipo,
                "ancho_px": ancho,
                "alto_px": alto,
                "alt": dados.get("alt_text_custom"),
                "texto": texto,
                "creada_en": self.mundo.ahora().isoformat(),
            }
            if not publicar:
                return {"id": id_}
            imagenes = [self.estado.imagen_de(id_)]
            entrada = self.estado.crear_entrada(pedido, pagina, texto, "foto", imagenes=imagenes)
            self.estado.fotos[id_]["entrada"] = entrada.id
        return {"id": id_, "post_id": entrada.id}

    def borrar(self, pedido: Pedido) -> dict[str, Any]:
        """`DELETE /{photo}`: también se lleva la publicación si era su única foto."""
        foto = self.estado.fotos[pedido.id]
        pedido.llamante.exigir_pagina(str(foto["pagina"]))
        if foto.get("borrada"):
            raise no_existe(pedido.id)
        with self.mundo.cerrojo:
            foto["borrada"] = True
            entrada = self.mundo.entrada("facebook", str(foto.get("entrada")))
            if entrada is not None:
                entrada.imagenes = [i for i in entrada.imagenes if i.id != pedido.id]
                entrada.borrada = entrada.borrada or not entrada.imagenes
                self.mundo.guardar(entrada)
        return {"success": True}
