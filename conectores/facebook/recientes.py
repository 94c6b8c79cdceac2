"""Lo último que publicó la página, para que una persona lo compare."""

from datetime import datetime

from conectores.contrato import Reciente
from conectores.facebook.cliente import Grafo
from conectores.facebook.lectura import direccion_de, fotos_en, momento_de

_CAMPOS = "id,message,created_time,permalink_url,attachments{media_type,subattachments}"


def leer_recientes(
    grafo: Grafo, pagina: str, desde: datetime, cuantas: int
) -> tuple[Reciente, ...]:
    """Una sola página de resultados: la red las da de la más nueva a la más vieja."""
    lotes = grafo.paginas(
        pagina, "published_posts", fields=_CAMPOS, since=int(desde.timestamp()), limit=cuantas
    )
    return tuple(
        Reciente(
            id_remoto=str(post["id"]),
            url=direccion_de(post, str(post["id"])),
            texto=str(post.get("message") or ""),
            en=momento_de(post),
            imagenes=fotos_en(post),
        )
        for post in next(iter(lotes), [])[:cuantas]
    )
