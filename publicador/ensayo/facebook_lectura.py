"""Leer nodos de la Graph API de ensayo, con los campos que se pidan."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from publicador.ensayo.facebook_errores import parametro
from publicador.ensayo.facebook_estado import EstadoFacebook, Pedido, texto_de_hora
from publicador.ensayo.facebook_metricas import cifras, seguidores
from publicador.ensayo.facebook_parametros import elegir_campos, instante
from publicador.ensayo.facebook_permisos import TAREAS
from publicador.ensayo.facebook_videos import Videos
from publicador.ensayo.mundo import Comentario, Entrada

_ESTADOS: Final = {
    "foto": "added_photos",
    "album": "added_photos",
    "enlace": "shared_story",
    "video": "added_video",
    "reel": "added_video",
    "estado": "mobile_status_update",
}


def solo(campos: Mapping[str, str], valores: Mapping[str, Any]) -> dict[str, Any]:
    """Los campos pedidos que tienen valor: Graph calla los que no."""
    return {c: valores[c] for c in campos if valores.get(c) is not None}


def vivos(entrada: Entrada) -> list[Comentario]:
    """Los comentarios que no se han borrado."""
    return [c for c in entrada.comentarios if not c.borrado]


class Lectura:
    """Los nodos, como los ve quien los lee."""

    def __init__(self, estado: EstadoFacebook, videos: Videos) -> None:
        """Guarda el estado y quien sabe de videos."""
        self.estado = estado
        self.mundo = estado.mundo
        self.videos = videos

    def nodo(self, pedido: Pedido, id_: str, campos: str | None) -> dict[str, Any]:
        """Un nodo cualquiera con los campos pedidos."""
        clase = self.estado.clase_de(id_, pedido.llamante)
        leer: Callable[[Pedido, str, str | None], dict[str, Any]] = {
            "PagePost": self._entrada,
            "Photo": self._foto,
            "AdVideo": self._video,
            "Comment": self._comentario,
            "Page": self._pagina,
        }[clase]
        return leer(pedido, id_, campos)

    def _autor(self, pagina: str) -> dict[str, Any]:
        return {"id": pagina, "name": self.mundo.datos_de("facebook", pagina)["nombre"]}

    def _pagina(self, pedido: Pedido, id_: str, campos: str | None) -> dict[str, Any]:
        datos = self.mundo.datos_de("facebook", id_)
        seguidos = seguidores(self.mundo, id_, self.mundo.ahora())
        valores = {
            "id": id_,
            "name": datos["nombre"],
            "username": datos.get("usuario"),
            "link": f"https://www.facebook.com/{id_}",
            "category": "Government Organization",
            "fan_count": seguidos,
            "followers_count": seguidos,
            "is_published": True,
            "can_post": True,
            "tasks": list(TAREAS),
        }
        return solo(elegir_campos("Page", campos, "id,name"), valores)

    def _entrada(self, pedido: Pedido, id_: str, campos: str | None) -> dict[str, Any]:
        entrada = self.estado.entrada_viva(id_)
        return self.ver_entrada(pedido, entrada, campos)

    def ver_entrada(self, pedido: Pedido, entrada: Entrada, campos: str | None) -> dict[str, Any]:
        """Una publicación con los campos pedidos."""
        elegidos = elegir_campos("PagePost", campos, "id,created_time,message")
        c = cifras(entrada, self.mundo.ahora())
        comentarios = [] if pedido.llamante.clase == "USER" else vivos(entrada)
        programada = instante(str(entrada.extra.get("programada_para", "")))
        publica = entrada.visible_en <= self.mundo.ahora() and not entrada.extra.get("oculta")
        clase = str(entrada.extra.get("clase", "estado"))
        if "comments.limit(0)" in (campos or ""):
            mostrados = []
        else:
            mostrados = [self.ver_comentario(entrada, x, {}) for x in comentarios]
        valores = {
            "id": entrada.id,
            "message": entrada.texto or None,
            "created_time": texto_de_hora(entrada.creada_en),
            "updated_time": texto_de_hora(entrada.creada_en),
            "permalink_url": self._absoluta(pedido, entrada.url),
            "status_type": _ESTADOS.get(clase),
            "is_published": publica,
            "is_hidden": False,
            "from": self._autor(entrada.cuenta),
            "scheduled_publish_time": programada.timestamp() if programada else None,
            "shares": {"count": c["compartidos"]} if c["compartidos"] else None,
            "reactions": {"data": [], "summary": {"total_count": c["reacciones"]}},
            "likes": {"data": [], "summary": {"total_count": c["reacciones"]}},
            "comments": {
                "data": mostrados,
                "summary": {
                    "order": "chronological",
                    "total_count": len(comentarios) + c["comentarios"],
                    "can_comment": True,
                },
            },
            "attachments": self._adjuntos(pedido, entrada),
            "full_picture": self._primera_imagen(pedido, entrada),
        }
        return solo(elegidos, valores)

    def _absoluta(self, pedido: Pedido, url: str) -> str:
        return pedido.raiz + url if url.startswith("/") else url

    def _medio(self, pedido: Pedido, sha: str) -> str:
        return f"{pedido.raiz}/muro/medios/{sha}"

    def _primera_imagen(self, pedido: Pedido, entrada: Entrada) -> str | None:
        return self._medio(pedido, entrada.imagenes[0].sha256) if entrada.imagenes else None

    def _adjuntos(self, pedido: Pedido, entrada: Entrada) -> dict[str, Any] | None:
        uno_a_uno = [
            {
                "media_type": "video" if i.clase == "video" else "photo",
                "type": "video_inline" if i.clase == "video" else "photo",
                "url": f"https://www.facebook.com/photo?fbid={i.id}",
                "target": {"id": i.id, "url": f"https://www.facebook.com/photo?fbid={i.id}"},
                "media": {
                    "image": {
                        "src": self._medio(pedido, i.sha256),
                        "width": i.ancho_px,
                        "height": i.alto_px,
                    }
                },
            }
            for i in entrada.imagenes
        ]
        if len(uno_a_uno) > 1:
            album = {"media_type": "album", "type": "album", "target": {"id": entrada.id}}
            return {"data": [{**album, "subattachments": {"data": uno_a_uno}}]}
        if uno_a_uno:
            return {"data": uno_a_uno}
        return self._adjunto_de_enlace(entrada)

    def _adjunto_de_enlace(self, entrada: Entrada) -> dict[str, Any] | None:
        if entrada.enlace is None:
            return None
        adjunto = {
            "media_type": "link",
            "type": "share",
            "title": (entrada.tarjeta or {}).get("titulo"),
            "url": f"https://l.facebook.com/l.php?{urlencode({'u': entrada.enlace})}",
            "unshimmed_url": entrada.enlace,
            "target": {"url": entrada.enlace},
        }
        return {"data": [adjunto]}

    def _foto(self, pedido: Pedido, id_: str, campos: str | None) -> dict[str, Any]:
        foto = self.estado.fotos[id_]
        fuente = {
            "source": self._medio(pedido, foto["sha256"]),
            "width": foto["ancho_px"],
            "height": foto["alto_px"],
        }
        valores = {
            "id": id_,
            "created_time": texto_de_hora(datetime.fromisoformat(foto["creada_en"])),
            "name": foto["texto"] or None,
            # Si nadie lo escribió, Facebook pone uno automático y el propio queda ausente.
            "alt_text": foto["alt"] or "Puede ser una imagen",
            "alt_text_custom": foto["alt"],
            "page_story_id": foto.get("entrada"),
            "link": f"https://www.facebook.com/photo?fbid={id_}",
            "from": self._autor(foto["pagina"]),
            "images": [fuente],
            "picture": fuente["source"],
            "width": foto["ancho_px"],
            "height": foto["alto_px"],
        }
        return solo(elegir_campos("Photo", campos, "id,created_time,name"), valores)

    def _video(self, pedido: Pedido, id_: str, campos: str | None) -> dict[str, Any]:
        elegidos = elegir_campos("AdVideo", campos, "id,description,updated_time")
        return solo(elegidos, self.valores_de_video(id_, self.videos.mirar(id_)))

    def valores_de_video(self, id_: str, video: Mapping[str, Any]) -> dict[str, Any]:
        """Todos los campos de un video."""
        estado = self.videos.estado_de(dict(video))
        listo = estado["video_status"] == "ready"
        creado = texto_de_hora(datetime.fromisoformat(video["creado_en"]))
        return {
            "id": id_,
            "title": video.get("titulo") or None,
            "description": video.get("texto") or None,
            "created_time": creado,
            "updated_time": creado,
            "published": bool(video.get("publicado")) and listo,
            "status": estado,
            # Facebook da esta dirección sin el dominio.
            "permalink_url": f"/{video['pagina']}/videos/{id_}/",
            "post_id": video.get("entrada"),
            "from": self._autor(video["pagina"]),
        }

    def _comentario(self, pedido: Pedido, id_: str, campos: str | None) -> dict[str, Any]:
        entrada = self.estado.entrada_viva(str(self.estado.comentarios[id_]["entrada"]))
        elegidos = elegir_campos("Comment", campos, "id,message,created_time,from")
        for comentario in vivos(entrada):
            if comentario.id == id_:
                return self.ver_comentario(entrada, comentario, elegidos)
        raise parametro("Unsupported get request.", 33)

    def ver_comentario(
        self, entrada: Entrada, comentario: Comentario, campos: Mapping[str, str]
    ) -> dict[str, Any]:
        """Un comentario con los campos elegidos."""
        valores = {
            "id": comentario.id,
            "message": comentario.texto,
            "created_time": texto_de_hora(comentario.creado_en),
            "from": {"id": entrada.cuenta, "name": comentario.autor},
            "can_remove": True,
            "is_hidden": False,
            "like_count": 0,
        }
        return solo(campos or dict.fromkeys(("id", "message", "created_time"), ""), valores)
