"""Crear, cambiar, publicar y borrar entradas y páginas en el WordPress de ensayo."""

from datetime import UTC, timedelta
from typing import Any, Final

from flask import Response, jsonify, make_response

from publicador.ensayo.wordpress_errores import Rechazo, invalido, no_esta, prohibido
from publicador.ensayo.wordpress_estado import ZONA, Estado, Pieza, instante, slug_de
from publicador.ensayo.wordpress_permisos import (
    exigir_contexto,
    exigir_crear,
    exigir_publicar,
    exigir_tocar,
    puede_leer,
)
from publicador.ensayo.wordpress_peticion import Peticion
from publicador.ensayo.wordpress_texto import colar
from publicador.ensayo.wordpress_vista import RUTAS, como_json

MARGEN_FUTURO: Final = timedelta(seconds=60)
"""Publicar con fecha así de adelantada deja la entrada programada, no publicada."""
_TEXTOS: Final = {"title": "titulo", "content": "contenido", "excerpt": "extracto"}
_MUDOS: Final = {"draft", "pending"}


class Entradas:
    """Las rutas `/wp/v2/posts` y `/wp/v2/pages` sobre un sitio."""

    def __init__(self, estado: Estado, tipo: str) -> None:
        """`tipo` es `post` o `page`."""
        self._estado = estado
        self._tipo = tipo

    def crear(self, p: Peticion) -> Response:
        """`POST /wp/v2/posts`: 201 con `Location`."""
        if p.datos.get("id"):
            raise Rechazo(400, "rest_post_exists", "Cannot create existing post.")
        exigir_crear(p, self._tipo)
        assert p.quien is not None  # noqa: S101 -- exigir_crear ya rechazó al visitante
        with self._estado.mundo.cerrojo:
            pieza = self._estado.nueva(self._tipo, p.quien["id"])
            self._aplicar(p, pieza)
            if not (pieza["titulo"] or pieza["contenido"] or pieza["extracto"]):
                raise Rechazo(400, "empty_content", "Content, title, and excerpt are empty.")
            self._estado.guardar(pieza)
        respuesta = self._responder(pieza, 201)
        ruta = RUTAS[self._tipo]
        respuesta.headers["Location"] = f"/wordpress/wp-json/wp/v2/{ruta}/{pieza['id']}"
        return respuesta

    def cambiar(self, p: Peticion) -> Response:
        """`POST /wp/v2/posts/{id}`: cambia solo lo que viene; repetirlo no hace daño."""
        with self._estado.mundo.cerrojo:
            actual = self._hallar(p)
            exigir_tocar(p, actual, "edit")
            # Sobre una copia: un rechazo a medio camino no deja la entrada a medio cambiar.
            pieza = dict(actual)
            self._aplicar(p, pieza)
            self._estado.guardar(pieza)
        return self._responder(pieza, 200)

    def ver(self, p: Peticion) -> Response:
        """`GET /wp/v2/posts/{id}`."""
        pieza = self._hallar(p)
        if not puede_leer(p, pieza):
            frase = "Sorry, you are not allowed to do that."
            raise prohibido(p.quien is not None, "rest_forbidden", frase)
        exigir_contexto(p, "edit_pages" if self._tipo == "page" else "edit_posts")
        return make_response(jsonify(como_json(self._estado, pieza, editar=p.editar)))

    def borrar(self, p: Peticion) -> Response:
        """`DELETE /wp/v2/posts/{id}`: a la papelera; con `force=true`, del todo."""
        with self._estado.mundo.cerrojo:
            actual = self._hallar(p)
            exigir_tocar(p, actual, "delete")
            if p.cierto("force"):
                antes = como_json(self._estado, actual, editar=True)
                self._estado.quitar(actual)
                return make_response(jsonify({"deleted": True, "previous": antes}))
            if actual["estado"] == "trash":
                frase = "The post has already been deleted."
                raise Rechazo(410, "rest_already_trashed", frase)
            pieza = {
                **actual,
                "estado": "trash",
                "slug": f"{actual['slug']}__trashed" if actual["slug"] else "",
            }
            self._estado.guardar(pieza)
        return self._responder(pieza, 200)

    def _hallar(self, p: Peticion) -> Pieza:
        pieza = self._estado.pieza(p.id, self._tipo)
        if pieza is None:
            raise no_esta()
        return pieza

    def _responder(self, pieza: Pieza, codigo: int) -> Response:
        return make_response(jsonify(como_json(self._estado, pieza, editar=True)), codigo)

    # --- los campos ---------------------------------------------------------------------------

    def _aplicar(self, p: Peticion, pieza: Pieza) -> None:
        for campo, nombre in _TEXTOS.items():
            if (texto := p.texto(campo)) is not None:
                pieza[nombre] = texto if p.puede("unfiltered_html") else colar(texto)
        self._autor(p, pieza)
        self._vinculos(p, pieza)
        self._plantilla(p, pieza)
        antes, slug_antes = pieza["estado"], pieza["slug"]
        self._fecha(p, pieza)
        self._pasar(p, pieza)
        self._slug(p, pieza, antes)
        if antes == pieza["estado"] == "publish" and slug_antes != pieza["slug"]:
            self._estado.cajon("viejos")[f"{self._tipo}/{slug_antes}"] = pieza["id"]

    def _autor(self, p: Peticion, pieza: Pieza) -> None:
        autor = p.entero("author")
        if autor is None or autor == pieza["autor"]:
            return
        if not p.puede("edit_others_posts"):
            frase = "Sorry, you are not allowed to edit posts as this user."
            raise prohibido(p.quien is not None, "rest_cannot_edit_others", frase)
        if self._estado.usuarios.por_id(autor) is None:
            raise Rechazo(400, "rest_invalid_author", "Invalid author ID.")
        pieza["autor"] = autor

    def _vinculos(self, p: Peticion, pieza: Pieza) -> None:
        destacada = p.entero("featured_media")
        if destacada is not None:
            # Lo que no existe o no es imagen se ignora sin decir nada: quien llama debe comparar.
            medio = self._estado.pieza(destacada, "attachment")
            es_imagen = medio is not None and medio["mime"].startswith("image/")
            pieza["destacada"] = destacada if es_imagen else 0
        if self._tipo == "page":
            self._padre(p, pieza)
            return
        for campo, nombre, tabla in (
            ("categories", "categorias", "category"),
            ("tags", "etiquetas", "post_tag"),
        ):
            if (ids := p.enteros(campo)) is not None:
                terminos = self._estado.cajon("terminos")
                pieza[nombre] = [i for i in ids if terminos.get(str(i), {}).get("tabla") == tabla]

    def _padre(self, p: Peticion, pieza: Pieza) -> None:
        if (orden := p.entero("menu_order")) is not None:
            pieza["orden"] = orden
        padre = p.entero("parent")
        if padre is None:
            return
        if padre and self._estado.pieza(padre, "post", "page") is None:
            raise Rechazo(400, "rest_post_invalid_id", "Invalid post parent ID.")
        if padre != pieza["id"]:
            pieza["padre"] = padre

    def _plantilla(self, p: Peticion, pieza: Pieza) -> None:
        if p.texto("template"):
            raise invalido("template", "template is not one of .", "rest_invalid_param")
        if "sticky" in p.datos:
            pieza["pegada"] = p.cierto("sticky")
        if p.datos.get("comment_status") in {"open", "closed"}:
            pieza["comentarios"] = p.datos["comment_status"]

    def _fecha(self, p: Peticion, pieza: Pieza) -> None:
        for campo, zona in (("date_gmt", UTC), ("date", ZONA)):
            if campo not in p.datos:
                continue
            valor: Any = p.datos[campo]
            if valor is None:
                pieza["fecha"] = None
                continue
            try:
                # Si vienen las dos y no coinciden, manda `date`, que se mira después.
                pieza["fecha"] = instante(str(valor), zona).isoformat()
            except ValueError:
                raise invalido(campo, "Invalid date.", "rest_invalid_date") from None

    def _pasar(self, p: Peticion, pieza: Pieza) -> None:
        """El paso de estado, con lo que WordPress decide por su cuenta según la fecha."""
        pedido = p.estado() or (None if pieza["estado"] != "future" else "future")
        if pedido is None:
            return
        if pedido in {"publish", "future", "private"}:
            exigir_publicar(p, self._tipo)
        if pedido in {"publish", "future"}:
            ahora = self._estado.mundo.ahora()
            if pieza["fecha"] is None:
                pieza["fecha"] = ahora.isoformat()
            adelantada = self._estado.fecha(pieza) - ahora >= MARGEN_FUTURO
            pedido = "future" if adelantada else "publish"
        pieza["estado"] = pedido

    def _slug(self, p: Peticion, pieza: Pieza, antes: str) -> None:
        escrito = p.texto("slug")
        if escrito is not None:
            pieza["slug"] = self._estado.slug_libre(pieza, slug_de(escrito))
        if antes == "trash" != pieza["estado"] and escrito is None:
            viejo = pieza["slug"].removesuffix("__trashed")
            pieza["slug"] = self._estado.slug_libre(pieza, viejo)
        if not pieza["slug"] and pieza["estado"] not in _MUDOS:
            deseado = slug_de(pieza["titulo"]) or str(pieza["id"])
            pieza["slug"] = self._estado.slug_libre(pieza, deseado)
