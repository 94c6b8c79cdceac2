"""Escribir en una página de ensayo: publicaciones, comentarios, ediciones y borrados."""

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from publicador.ensayo.facebook_errores import (
    ErrorGraph,
    no_existe,
    parametro,
    repetido,
    sin_permiso,
)
from publicador.ensayo.facebook_estado import EstadoFacebook, Pedido
from publicador.ensayo.facebook_parametros import es_cierto, instante, lista_de_objetos
from publicador.ensayo.mundo import Comentario, Entrada

TEXTO_MAX: Final = 63_206
COMENTARIO_MAX: Final = 8_000


def texto_que_cabe(texto: str, maximo: int = TEXTO_MAX) -> str:
    """El texto sin espacios en los bordes, como lo deja Facebook; lanza (#100) si no cabe."""
    if len(texto) > maximo:
        raise parametro(f"The message is too long: {len(texto)} of {maximo} characters")
    return texto.strip()


def revisar_enlace(enlace: str) -> str:
    """Una dirección http(s) completa, o (#100)."""
    partes = urlsplit(enlace)
    if partes.scheme not in {"http", "https"} or not partes.hostname or " " in enlace:
        raise parametro("The url you supplied is invalid", 2061006)
    if partes.hostname.removeprefix("www.") in {"facebook.com", "fb.com"}:
        raise parametro("This link cannot be shared", 1609008)
    return enlace


class Escritura:
    """Las llamadas que escriben sobre páginas, publicaciones y comentarios."""

    def __init__(self, estado: EstadoFacebook) -> None:
        """Guarda el estado de la red."""
        self.estado = estado
        self.mundo = estado.mundo
        self.mundo.a_mano["facebook"] = self.a_mano

    def publicar(self, pedido: Pedido) -> dict[str, Any]:
        """`POST /{page}/feed`."""
        pagina, dados = pedido.id, pedido.dados
        pedido.llamante.exigir_pagina(pagina)
        texto = texto_que_cabe(dados.get("message", ""))
        enlace = revisar_enlace(dados["link"]) if dados.get("link") else None
        fotos = self._fotos_pedidas(dados, pagina)
        if not texto and not enlace and not fotos:
            raise parametro("One of message, link or attached_media is required")
        with self.mundo.cerrojo:
            self._rechazar_repetido(pagina, texto)
            clase = ("album" if len(fotos) > 1 else "foto") if fotos else None
            entrada = self.estado.crear_entrada(
                pedido,
                pagina,
                texto,
                clase or ("enlace" if enlace else "estado"),
                imagenes=[self.estado.imagen_de(f) for f in fotos],
                # Con fotos la red no muestra la tarjeta del enlace.
                enlace=None if fotos else enlace,
                tarjeta=None if fotos or enlace is None else self.tarjeta(enlace),
                **self._cuando(dados),
            )
            for foto in fotos:
                self.estado.fotos[foto]["entrada"] = entrada.id
        return {"id": entrada.id}

    def _fotos_pedidas(self, dados: dict[str, str], pagina: str) -> list[str]:
        pedidas = lista_de_objetos(dados, "attached_media")
        ids = [str(m.get("media_fbid", "")) for m in pedidas or []]
        if len(set(ids)) < len(ids) or any(self.estado.foto_libre(i, pagina) is None for i in ids):
            raise ErrorGraph(324, "(#324) Missing or invalid image file")
        return ids

    def _rechazar_repetido(self, pagina: str, texto: str) -> None:
        if not self.estado.ajuste("rechaza_repetidos", 0) or not texto:
            return
        vivas = [e for e in self.mundo.entradas("facebook", pagina) if not e.borrada]
        if vivas and vivas[-1].texto == texto:
            raise repetido()

    def _cuando(self, dados: dict[str, str]) -> dict[str, Any]:
        """Lo que cambia si la publicación no sale ya: oculta, o programada en su ventana."""
        if es_cierto(dados.get("published"), si_falta=True):
            if "scheduled_publish_time" in dados:
                raise parametro("scheduled_publish_time requires published=false")
            return {}
        momento = instante(dados.get("scheduled_publish_time", ""))
        if momento is None:
            return {"extra": {"oculta": True}}
        falta = momento - self.mundo.ahora()
        if not timedelta(minutes=10) <= falta <= timedelta(days=29):
            raise parametro("The specified scheduled publish time is invalid")
        return {"visible_en": momento, "extra": {"programada_para": momento.isoformat()}}

    def tarjeta(self, enlace: str) -> dict[str, Any]:
        """La tarjeta que saldría de ese enlace; si es del sitio de ensayo, con título y foto."""
        tarjeta: dict[str, Any] = {"titulo": urlsplit(enlace).hostname, "sitio": None}
        for entrada in self.mundo.visibles("wordpress"):
            if entrada.url == enlace:
                tarjeta["titulo"] = entrada.extra.get("titulo") or tarjeta["titulo"]
                tarjeta["sitio"] = urlsplit(enlace).netloc
                if entrada.imagenes:
                    tarjeta["imagen"] = entrada.imagenes[0].sha256
        return tarjeta

    def comentar(self, pedido: Pedido) -> dict[str, Any]:
        """`POST /{post}/comments` (también de foto o video: va a su publicación)."""
        entrada = self._dueno(pedido.id)
        pedido.llamante.exigir_pagina(entrada.cuenta, "pages_manage_engagement")
        texto = texto_que_cabe(pedido.dados.get("message", ""), COMENTARIO_MAX)
        if not texto and not {"attachment_url", "attachment_id"} & set(pedido.dados):
            raise parametro("A comment needs a message or an attachment")
        with self.mundo.cerrojo:
            id_ = f"{entrada.id.rpartition('_')[2]}_{self.estado.nuevo_id()}"
            autor = str(self.mundo.datos_de("facebook", entrada.cuenta)["nombre"])
            entrada.comentarios.append(Comentario(id_, autor, texto, self.mundo.ahora()))
            self.estado.comentarios[id_] = {"entrada": entrada.id}
            self.mundo.guardar(entrada)
        return {"id": id_}

    def _dueno(self, id_: str) -> Entrada:
        """La publicación a la que pertenece un id de publicación, foto, video o comentario."""
        for parte in (self.estado.fotos, self.estado.videos, self.estado.comentarios):
            if id_ in parte:
                return self.estado.entrada_viva(str(parte[id_].get("entrada")))
        return self.estado.entrada_viva(id_)

    def editar(self, pedido: Pedido) -> dict[str, Any]:
        """`POST /{post}`: cambia el texto de algo que creó esta misma aplicación."""
        entrada = self.estado.entrada_viva(pedido.id)
        pedido.llamante.exigir_pagina(entrada.cuenta)
        if not entrada.extra.get("propia"):
            raise sin_permiso("Only posts created by this application can be edited")
        with self.mundo.cerrojo:
            if "message" in pedido.dados:
                entrada.texto = texto_que_cabe(pedido.dados["message"])
                entrada.extra["editada_en"] = self.mundo.ahora().isoformat()
            if pedido.dados.get("is_published") in {"true", "1"}:
                entrada.extra.pop("oculta", None)
                entrada.visible_en = self.mundo.ahora()
            self.mundo.guardar(entrada)
        return {"success": True}

    def editar_comentario(self, pedido: Pedido) -> dict[str, Any]:
        """`POST /{comment}`: cambia el texto de un comentario propio."""
        comentario = self.comentario(pedido.id)
        entrada = self._dueno(pedido.id)
        pedido.llamante.exigir_pagina(entrada.cuenta, "pages_manage_engagement")
        comentario.texto = texto_que_cabe(pedido.dados.get("message", ""), COMENTARIO_MAX)
        self.mundo.guardar(entrada)
        return {"success": True}

    def comentario(self, id_: str) -> Comentario:
        """Un comentario vivo, o 100/33."""
        for comentario in self._dueno(id_).comentarios:
            if comentario.id == id_ and not comentario.borrado:
                return comentario
        raise no_existe(id_)

    def borrar(self, pedido: Pedido) -> dict[str, Any]:
        """`DELETE /{post}`; el segundo borrado responde 100/33."""
        entrada = self.estado.entrada_viva(pedido.id, visible=False)
        pedido.llamante.exigir_pagina(entrada.cuenta)
        with self.mundo.cerrojo:
            entrada.borrada = True
            for parte, marca in ((self.estado.fotos, "borrada"), (self.estado.videos, "borrado")):
                for objeto in parte.values():
                    if objeto.get("entrada") == entrada.id:
                        objeto[marca] = True
            self.mundo.guardar(entrada)
        return {"success": True}

    def borrar_comentario(self, pedido: Pedido) -> dict[str, Any]:
        """`DELETE /{comment}`."""
        comentario = self.comentario(pedido.id)
        entrada = self._dueno(pedido.id)
        pedido.llamante.exigir_pagina(entrada.cuenta, "pages_manage_engagement")
        comentario.borrado = True
        self.mundo.guardar(entrada)
        return {"success": True}

    def a_mano(self, datos: dict[str, Any]) -> Entrada:
        """Una persona publica en la página desde la red misma; `creada_en` permite fecharla."""
        pagina, ahora = str(datos["cuenta"]), self.mundo.ahora()
        creada = datos.get("creada_en")
        momento = datetime.fromisoformat(str(creada)) if creada else ahora
        id_ = f"{pagina}_{self.estado.nuevo_id()}"
        entrada = Entrada(
            red="facebook",
            cuenta=pagina,
            id=id_,
            texto=str(datos["texto"]).strip(),
            url=f"/muro/facebook/{id_}",
            creada_en=momento,
            visible_en=momento,
            extra={"clase": "estado", "propia": False},
        )
        return self.mundo.agregar(entrada)
