"""La Graph API de ensayo: reconoce cada llamada, la revisa y la lleva a quien la atiende."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from publicador.ensayo import facebook_dialogo, facebook_metricas
from publicador.ensayo.facebook_errores import RESPUESTAS, ErrorGraph, parametro, responder
from publicador.ensayo.facebook_estado import EstadoFacebook, Pedido
from publicador.ensayo.facebook_lectura import Lectura
from publicador.ensayo.facebook_listas import Listas
from publicador.ensayo.facebook_medios import Fotos
from publicador.ensayo.facebook_parametros import es_cierto, revisar_parametros
from publicador.ensayo.facebook_permisos import Llamante, identificar
from publicador.ensayo.facebook_publicar import Escritura
from publicador.ensayo.facebook_raiz import Raiz
from publicador.ensayo.facebook_videos import Videos
from publicador.ensayo.fallas import pasar
from publicador.ensayo.mundo import Mundo

# Con el SDK sin ajustar se llega a versiones retiradas hace años.
VERSION_MIN: Final = 21
Accion = Callable[[Pedido], Any]


def nombrar_llamada(verbo: str, nodo: str, arista: str, dados: Mapping[str, str]) -> str:
    """Cómo se llama en `averias.LLAMADAS` lo que hace esta llamada."""
    if verbo != "POST":
        return {"GET": "leer", "DELETE": "borrar"}[verbo]
    if arista == "comments":
        return "comentar"
    if arista in {"videos", "video_reels"}:
        fase = dados.get("upload_phase", "finish").lower()
        return "publicar" if fase == "finish" else "subir"
    if arista in {"feed", "photos"}:
        oculta = {"feed": "borrador", "photos": "subir"}[arista]
        return "publicar" if es_cierto(dados.get("published"), si_falta=True) else oculta
    return "editar"


class Grafo:
    """Todas las llamadas sobre un mundo."""

    def __init__(self, mundo: Mundo) -> None:
        """Arma las partes y la tabla de llamadas."""
        self.mundo = mundo
        self.estado = EstadoFacebook(mundo)
        self.videos = Videos(self.estado)
        self.lectura = Lectura(self.estado, self.videos)
        self.raiz = Raiz(self.estado, self.lectura)
        self._acciones = self._tabla()

    def _tabla(self) -> dict[tuple[str, str, str], Accion]:
        escritura, fotos = Escritura(self.estado), Fotos(self.estado)
        listas = Listas(self.estado, self.lectura)
        acciones: dict[tuple[str, str, str], Accion] = {
            ("POST", "Page", "feed"): escritura.publicar,
            ("POST", "Page", "photos"): fotos.subir,
            ("POST", "Page", "videos"): self.videos.subir,
            ("POST", "Page", "video_reels"): self.videos.reel,
            ("GET", "Page", "feed"): listas.publicadas,
            ("GET", "Page", "posts"): listas.publicadas,
            ("GET", "Page", "published_posts"): listas.publicadas,
            ("GET", "Page", "scheduled_posts"): listas.programadas,
            ("GET", "Page", "videos"): listas.videos,
            ("GET", "Page", "video_reels"): listas.videos,
            ("GET", "Page", "insights"): self._insights_de_pagina,
            ("GET", "PagePost", "insights"): self._insights_de_entrada,
            ("POST", "PagePost", ""): escritura.editar,
            ("DELETE", "PagePost", ""): escritura.borrar,
            ("DELETE", "Photo", ""): fotos.borrar,
            ("POST", "AdVideo", ""): self.videos.editar,
            ("DELETE", "AdVideo", ""): self.videos.borrar,
            ("POST", "Comment", ""): escritura.editar_comentario,
            ("DELETE", "Comment", ""): escritura.borrar_comentario,
        }
        for nodo in ("Page", "PagePost", "Photo", "AdVideo", "Comment"):
            acciones["GET", nodo, ""] = self._nodo
        for nodo in ("PagePost", "Photo", "AdVideo"):
            acciones["POST", nodo, "comments"] = escritura.comentar
        acciones["GET", "PagePost", "comments"] = listas.comentarios
        return acciones

    def _nodo(self, pedido: Pedido) -> dict[str, Any]:
        return self.lectura.nodo(pedido, pedido.id, pedido.dados.get("fields"))

    def _insights_de_pagina(self, pedido: Pedido) -> dict[str, Any]:
        pedido.llamante.exigir_pagina(pedido.id, "read_insights")
        return facebook_metricas.insights_de_pagina(self.mundo, pedido.id, pedido.dados)

    def _insights_de_entrada(self, pedido: Pedido) -> dict[str, Any]:
        pedido.llamante.exigir_permiso("read_insights")
        entrada = self.estado.entrada_viva(pedido.id)
        return facebook_metricas.insights_de_entrada(self.mundo, entrada, pedido.dados)

    # --- el camino de una llamada -----------------------------------------------------------

    def atender(self, version: str, camino: str = "") -> ResponseReturnValue:
        """Cualquier llamada a `/{versión}/…`; los rechazos salen como errores de Graph."""
        try:
            respuesta = self._atender(version, camino.strip("/"))
        except ErrorGraph as error:
            respuesta = error.respuesta()
        if isinstance(respuesta, Response):
            respuesta.headers["facebook-api-version"] = version
            uso = {"call_count": 1, "total_time": 1, "total_cputime": 1}
            respuesta.headers.setdefault("X-App-Usage", json.dumps(uso))
        return respuesta

    def _atender(self, version: str, camino: str) -> ResponseReturnValue:
        _revisar_version(version)
        dados = leer_parametros()
        propia = self.raiz.buscar(request.method, camino, dados)
        if propia is not None:
            return self._pasar("leer", lambda: propia(dados))
        llamante = identificar(self.mundo, request, dados)
        id_, _, arista = camino.partition("/")
        id_ = self._yo(id_, llamante)
        nodo = self.estado.clase_de(id_, llamante)
        verbo = request.method
        revisar_parametros(verbo, nodo, arista, dados)
        accion = self._acciones.get((verbo, nodo, arista))
        if accion is None:
            raise ErrorGraph(3, "(#3) The rehearsal network does not have this call")
        archivos = {nombre: parte.read() for nombre, parte in request.files.items()}
        raiz = request.host_url.rstrip("/")
        direccion = f"{raiz}/facebook/{version}/{camino}"
        pedido = Pedido(llamante, id_, dados, archivos, raiz, direccion)
        llamada = nombrar_llamada(verbo, nodo, arista, dados)
        return self._pasar(llamada, lambda: self._hacer(accion, pedido))

    def _hacer(self, accion: Accion, pedido: Pedido) -> Any:
        hecho = accion(pedido)
        campos = pedido.dados.get("fields")
        if request.method == "POST" and campos and "id" in hecho:
            return {**hecho, **self._releer(pedido, hecho["id"], campos)}
        return hecho

    def _releer(self, pedido: Pedido, id_: str, campos: str) -> dict[str, Any]:
        """Lo recién creado, con sus campos; si aún no se deja leer, nada: ya está aceptado."""
        try:
            return self.lectura.nodo(pedido, id_, campos)
        except ErrorGraph:
            return {}

    def _pasar(self, llamada: str, hacer: Callable[[], Any]) -> ResponseReturnValue:
        def responder_o_rechazar() -> Response:
            try:
                return responder(hacer())
            except ErrorGraph as error:
                return error.respuesta()

        return pasar(self.mundo, "facebook", llamada, RESPUESTAS, responder_o_rechazar)

    def _yo(self, id_: str, llamante: Llamante) -> str:
        if id_ != "me":
            return id_
        if not llamante.pagina:
            raise ErrorGraph(2500, "An active access token must be used to query information")
        return llamante.pagina

    def recibir_crudo(self, version: str, id_: str) -> ResponseReturnValue:
        """La subida de bytes de un reel; sus errores tienen otra forma."""
        identificar(self.mundo, request, {})
        cabeceras = {nombre.lower(): valor for nombre, valor in request.headers.items()}
        datos = request.get_data()

        def recibir() -> Response:
            hecho = self.videos.recibir_crudo(id_, cabeceras, datos)
            return responder(hecho, 400 if "debug_info" in hecho else 200)

        return pasar(self.mundo, "facebook", "subir", RESPUESTAS, recibir)


def _revisar_version(version: str) -> None:
    numero = re.fullmatch(r"v(\d+)\.\d+", version)
    if numero is None:
        raise ErrorGraph(2500, f"Unknown path components: /{version}")
    if int(numero[1]) < VERSION_MIN:
        raise ErrorGraph(
            2635, f"(#2635) You are calling a deprecated version of the Ads API: {version}"
        )


def leer_parametros() -> dict[str, str]:
    """Los parámetros de la dirección y del cuerpo, como los lee Graph; sin el token."""
    dados = dict(request.args.items())
    if request.is_json:
        cuerpo = request.get_json(silent=True)
        if not isinstance(cuerpo, dict):
            raise parametro("The body is not valid JSON")
        for nombre, valor in cuerpo.items():
            dados[nombre] = valor if isinstance(valor, str) else json.dumps(valor)
    for nombre, valor in request.form.items(multi=True):
        if nombre in request.form and len(request.form.getlist(nombre)) > 1:
            raise parametro(f"Param {nombre} was given more than once")
        dados[nombre] = valor
    dados.pop("access_token", None)
    return dados


def crear(mundo: Mundo) -> Blueprint:
    """El blueprint de Facebook sobre ese mundo."""
    red = Blueprint("facebook", __name__)
    grafo = Grafo(mundo)
    verbos = ["GET", "POST", "DELETE"]
    facebook_dialogo.montar(red, mundo)
    red.add_url_rule("/<version>/", "raiz", grafo.atender, methods=verbos)
    red.add_url_rule("/<version>/<path:camino>", "nodo", grafo.atender, methods=verbos)
    red.add_url_rule(
        "/video-upload/<version>/<id_>", "crudo", grafo.recibir_crudo, methods=["POST"]
    )
    red.register_error_handler(ErrorGraph, ErrorGraph.respuesta)
    return red
