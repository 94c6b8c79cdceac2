"""Lo demás de la API de WordPress: el índice, los usuarios y los comentarios."""

from typing import Any

from flask import Response, jsonify, make_response

from publicador.ensayo.wordpress_errores import Rechazo, no_esta, prohibido
from publicador.ensayo.wordpress_estado import Estado, raiz
from publicador.ensayo.wordpress_lista import paginar
from publicador.ensayo.wordpress_peticion import Peticion
from publicador.ensayo.wordpress_slug import sanear
from publicador.ensayo.wordpress_usuarios import como_json


class Sitio:
    """Las rutas que no son de contenido."""

    def __init__(self, estado: Estado) -> None:
        """Guarda el sitio."""
        self._estado = estado

    def indice(self, p: Peticion) -> Response:
        """`GET /`: qué es el sitio y cómo se entra."""
        # PHP escribe `[]` donde un objeto quedaría vacío.
        entrada: Any = []
        if not self._estado.ajuste("sin_contrasenas", False):
            pagina = f"{raiz()}/wp-admin/authorize-application.php"
            entrada = {"application-passwords": {"endpoints": {"authorization": pagina}}}
        cuerpo = {
            "name": self._estado.nombre(),
            "description": "Sitio de ensayo",
            "url": raiz(),
            "home": raiz(),
            "gmt_offset": "-5",
            "timezone_string": "America/Bogota",
            "namespaces": ["oembed/1.0", "wp/v2", "wp-site-health/v1", "wp-block-editor/v1"],
            "authentication": entrada,
            "routes": {},
        }
        return make_response(jsonify(cuerpo))

    def yo(self, p: Peticion) -> Response:
        """`GET /wp/v2/users/me`."""
        if p.quien is None:
            raise Rechazo(401, "rest_not_logged_in", "You are not currently logged in.")
        return make_response(jsonify(como_json(p.quien, raiz(), editar=p.editar)))

    def usuarios(self, p: Peticion) -> Response:
        """`GET /wp/v2/users`: un visitante solo ve a quienes ya publicaron."""
        if p.editar and not p.puede("list_users"):
            frase = "Sorry, you are not allowed to list users."
            raise prohibido(p.quien is not None, "rest_forbidden_context", frase)
        autores = {x["autor"] for x in self._estado.piezas("post") if x["estado"] == "publish"}
        todos = self._estado.usuarios.todos()
        if not (p.puede("list_users") or (p.puede("edit_posts") and p.datos.get("who"))):
            todos = [u for u in todos if u["id"] in autores]
        if slugs := p.lista("slug"):
            todos = [u for u in todos if u["slug"] in {sanear(s) for s in slugs}]
        if buscado := (p.texto("search") or "").casefold():
            todos = [u for u in todos if buscado in f"{u['login']} {u['nombre']}".casefold()]
        return paginar(p, todos, lambda u: como_json(u, raiz(), editar=p.editar))

    def comentarios(self, p: Peticion) -> Response:
        """`GET /wp/v2/comments?post=`: los aprobados."""
        ids = p.enteros("post") or []
        comentarios = []
        for id_ in ids:
            entrada = self._estado.mundo.entrada("wordpress", str(id_))
            for c in entrada.comentarios if entrada is not None and not entrada.borrada else ():
                if not c.borrado:
                    comentarios.append({"post": id_, "author_name": c.autor, "texto": c.texto})
        return paginar(p, comentarios, lambda c: {**c, "status": "approved"})

    def comentar(self, p: Peticion) -> Response:
        """`POST /wp/v2/comments`: el sitio no recibe comentarios por la API."""
        if p.quien is None:
            frase = "Sorry, you must be logged in to comment."
            raise Rechazo(401, "rest_comment_login_required", frase)
        if self._estado.pieza(p.entero("post") or 0, "post") is None:
            raise no_esta()
        raise Rechazo(403, "rest_comment_closed", "Sorry, comments are closed for this item.")
