"""Listas de la Graph API de ensayo: por fecha, por páginas y con su cursor."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from publicador.ensayo.facebook_errores import parametro
from publicador.ensayo.facebook_estado import EstadoFacebook, Pedido
from publicador.ensayo.facebook_lectura import Lectura, solo, vivos
from publicador.ensayo.facebook_parametros import elegir_campos, instante
from publicador.ensayo.mundo import Entrada

LIMITE: Final = 25
LIMITE_MAX: Final = 100

T = TypeVar("T")


def entre(dados: Mapping[str, str], cosas: Sequence[T], cuando: Callable[[T], datetime]) -> list[T]:
    """Las que caen entre `since` y `until`, ambos inclusive y en segundos enteros."""
    desde, hasta = instante(dados.get("since", "")), instante(dados.get("until", ""))
    elegidas = []
    for cosa in cosas:
        momento = cuando(cosa).replace(microsecond=0)
        if (desde is None or momento >= desde) and (hasta is None or momento <= hasta):
            elegidas.append(cosa)
    return elegidas


def _cursor(id_: str) -> str:
    return base64.urlsafe_b64encode(id_.encode()).decode()


def _despues_de(cursor: str, ids: Sequence[str]) -> int:
    try:
        return ids.index(base64.urlsafe_b64decode(cursor).decode()) + 1
    except (ValueError, binascii.Error, UnicodeDecodeError) as error:
        raise parametro("Invalid cursors values") from error


def paginar(
    pedido: Pedido,
    todos: Sequence[T],
    id_de: Callable[[T], str],
    ver: Callable[[T], dict[str, Any]],
) -> dict[str, Any]:
    """Una página de la lista; la última trae cursores pero no `next`. `next` no lleva el token."""
    limite = min(int(pedido.dados.get("limit") or LIMITE), LIMITE_MAX)
    ids = [id_de(cosa) for cosa in todos]
    desde = _despues_de(pedido.dados["after"], ids) if pedido.dados.get("after") else 0
    pagina = todos[desde : desde + limite]
    if not pagina:
        return {"data": []}
    antes, despues = _cursor(id_de(pagina[0])), _cursor(id_de(pagina[-1]))
    paginas: dict[str, Any] = {"cursors": {"before": antes, "after": despues}}
    if desde + limite < len(todos):
        resto = {k: v for k, v in pedido.dados.items() if k not in {"after", "appsecret_proof"}}
        paginas["next"] = f"{pedido.direccion}?{urlencode({**resto, 'after': despues})}"
    return {"data": [ver(cosa) for cosa in pagina], "paging": paginas}


class Listas:
    """Las aristas que dan listas."""

    def __init__(self, estado: EstadoFacebook, lectura: Lectura) -> None:
        """Guarda el estado y quien sabe mostrar cada nodo."""
        self.estado = estado
        self.mundo = estado.mundo
        self.lectura = lectura

    def publicadas(self, pedido: Pedido) -> dict[str, Any]:
        """`GET /{page}/published_posts`: lo propio y público, de más nuevo a más viejo."""
        pedido.llamante.exigir_pagina(pedido.id, "pages_read_engagement")
        visibles = self.mundo.visibles("facebook", pedido.id)
        return self._entradas(pedido, [e for e in visibles if not e.extra.get("oculta")])

    def programadas(self, pedido: Pedido) -> dict[str, Any]:
        """`GET /{page}/scheduled_posts`: lo que la red tiene para después."""
        pedido.llamante.exigir_pagina(pedido.id, "pages_read_engagement")
        ahora = self.mundo.ahora()
        futuras = [
            e
            for e in self.mundo.entradas("facebook", pedido.id)
            if not e.borrada and e.extra.get("programada_para") and e.visible_en > ahora
        ]
        return self._entradas(pedido, futuras)

    def _entradas(self, pedido: Pedido, entradas: Sequence[Entrada]) -> dict[str, Any]:
        campos = pedido.dados.get("fields")
        elegir_campos("PagePost", campos, "id")  # un campo malo falla también con la lista vacía
        elegidas = entre(pedido.dados, entradas, lambda e: e.creada_en)
        elegidas.sort(key=lambda e: e.creada_en, reverse=True)
        return paginar(
            pedido,
            elegidas,
            lambda e: e.id,
            lambda e: self.lectura.ver_entrada(pedido, e, campos),
        )

    def videos(self, pedido: Pedido) -> dict[str, Any]:
        """`GET /{page}/videos` y `/video_reels`: también los que siguen en proceso."""
        pedido.llamante.exigir_pagina(pedido.id, "pages_read_engagement")
        campos = elegir_campos("AdVideo", pedido.dados.get("fields"), "id,description,updated_time")
        suyos = [
            (id_, v)
            for id_, v in list(self.estado.videos.items())
            if v["pagina"] == pedido.id and v.get("sha256") and not v.get("borrado")
        ]
        suyos = entre(pedido.dados, suyos, lambda par: datetime.fromisoformat(par[1]["creado_en"]))
        return paginar(
            pedido,
            list(reversed(suyos)),
            lambda par: par[0],
            lambda par: solo(campos, self.lectura.valores_de_video(par[0], par[1])),
        )

    def comentarios(self, pedido: Pedido) -> dict[str, Any]:
        """`GET /{post}/comments`; con token de persona llega vacía, sin error."""
        entrada = self.estado.entrada_viva(pedido.id)
        campos = elegir_campos("Comment", pedido.dados.get("fields"), "id,message,created_time")
        todos = [] if pedido.llamante.clase == "USER" else vivos(entrada)
        todos = entre(pedido.dados, todos, lambda c: c.creado_en)
        if pedido.dados.get("order", "").lower() == "reverse_chronological":
            todos.reverse()
        return paginar(
            pedido,
            todos,
            lambda c: c.id,
            lambda c: self.lectura.ver_comentario(entrada, c, campos),
        )
