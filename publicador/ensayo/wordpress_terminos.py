"""Categorías y etiquetas del WordPress de ensayo."""

from html import escape, unescape
from typing import Any, Final

from flask import Response, jsonify, make_response

from publicador.ensayo.wordpress_errores import Rechazo, invalido, no_esta, prohibido
from publicador.ensayo.wordpress_estado import CATEGORIA_INICIAL, Estado, raiz, slug_de
from publicador.ensayo.wordpress_lista import paginar
from publicador.ensayo.wordpress_peticion import Peticion
from publicador.ensayo.wordpress_slug import sin_repetir

Termino = dict[str, Any]
_RUTA: Final = {"category": "categories", "post_tag": "tags"}
_ATRIBUTO: Final = {"category": "categorias", "post_tag": "etiquetas"}


class Terminos:
    """La ruta `/wp/v2/categories` o `/wp/v2/tags` sobre un sitio."""

    def __init__(self, estado: Estado, tabla: str) -> None:
        """`tabla` es `category` o `post_tag`."""
        self._estado = estado
        self._tabla = tabla

    def listar(self, p: Peticion) -> Response:
        """`GET`: por `slug`, `search`, `include` o `parent`."""
        elegidos = self._propios()
        if slugs := p.lista("slug"):
            elegidos = [t for t in elegidos if t["slug"] in {slug_de(s) for s in slugs}]
        if ids := p.enteros("include"):
            elegidos = [t for t in elegidos if t["id"] in ids]
        if (padre := p.entero("parent")) is not None:
            elegidos = [t for t in elegidos if t["padre"] == padre]
        if buscado := (p.texto("search") or "").casefold():
            # Los nombres están guardados ya escapados: buscar «&» no encuentra nada.
            elegidos = [t for t in elegidos if buscado in t["nombre"].casefold()]
        if p.cierto("hide_empty"):
            elegidos = [t for t in elegidos if self._cuantas(t)]
        return paginar(p, sorted(elegidos, key=lambda t: t["nombre"].casefold()), self._json)

    def crear(self, p: Peticion) -> Response:
        """`POST`: 201, o 400 `term_exists` con el id del que ya está."""
        capacidad = "manage_categories" if self._tabla == "category" else "edit_posts"
        if not p.puede(capacidad):
            frase = "Sorry, you are not allowed to create terms in this taxonomy."
            raise prohibido(p.quien is not None, "rest_cannot_create", frase)
        nombre = (p.texto("name") or "").strip()
        if not nombre:
            raise Rechazo(
                400, "rest_missing_callback_param", "Missing parameter(s): name", params=["name"]
            )
        with self._estado.mundo.cerrojo:
            termino = self._nuevo(p, escape(unescape(nombre), quote=False))
            self._estado.cajon("terminos")[str(termino["id"])] = termino
        return make_response(jsonify(self._json(termino)), 201)

    def ver(self, p: Peticion) -> Response:
        """`GET` de uno."""
        termino = next((t for t in self._propios() if t["id"] == p.id), None)
        if termino is None:
            raise no_esta("term")
        return make_response(jsonify(self._json(termino)))

    def _nuevo(self, p: Peticion, nombre: str) -> Termino:
        padre = p.entero("parent") or 0
        if padre and all(t["id"] != padre for t in self._propios()):
            raise invalido("parent", "Parent term does not exist.")
        if (otro := self._igual(p, nombre, padre)) is not None:
            frase = "A term with the name provided already exists with this parent."
            raise Rechazo(400, "term_exists", frase, term_id=otro["id"])
        usados = {t["slug"] for t in self._propios()}
        deseado = slug_de(p.texto("slug") or nombre) or "termino"
        return {
            "id": self._estado.mundo.siguiente() + 100,
            "tabla": self._tabla,
            "nombre": nombre,
            "slug": sin_repetir(deseado, lambda s: s in usados),
            "padre": padre,
            "descripcion": p.texto("description") or "",
        }

    def _igual(self, p: Peticion, nombre: str, padre: int) -> Termino | None:
        """El que WordPress tomaría por el mismo: otra caja (sin tilde) sí, otra tilde no."""
        slug = slug_de(p.texto("slug") or nombre)
        for otro in self._propios():
            mismo = _en_minusculas(otro["nombre"]) == _en_minusculas(nombre)
            if mismo and otro["padre"] == padre:
                exacto = otro["nombre"] == nombre or otro["slug"] == slug
                if exacto or self._tabla == "post_tag":
                    return otro
        return None

    def _propios(self) -> list[Termino]:
        with self._estado.mundo.cerrojo:
            tabla = self._estado.cajon("terminos")
            tabla.setdefault(str(CATEGORIA_INICIAL), _inicial())
            return [t for t in tabla.values() if t["tabla"] == self._tabla]

    def _cuantas(self, termino: Termino) -> int:
        atributo = _ATRIBUTO[self._tabla]
        publicadas = [p for p in self._estado.piezas("post") if p["estado"] == "publish"]
        return sum(termino["id"] in p[atributo] for p in publicadas)

    def _json(self, termino: Termino) -> dict[str, Any]:
        carpeta = "category" if self._tabla == "category" else "tag"
        datos = {
            "id": termino["id"],
            "count": self._cuantas(termino),
            "description": termino["descripcion"],
            "link": f"{raiz()}/{carpeta}/{termino['slug']}/",
            "name": termino["nombre"],
            "slug": termino["slug"],
            "taxonomy": self._tabla,
            "meta": [],
            "_links": {"collection": [{"href": f"{raiz()}/wp-json/wp/v2/{_RUTA[self._tabla]}"}]},
        }
        return {**datos, "parent": termino["padre"]} if self._tabla == "category" else datos


def _inicial() -> Termino:
    return {
        "id": CATEGORIA_INICIAL,
        "tabla": "category",
        "nombre": "Sin categoría",
        "slug": "sin-categoria",
        "padre": 0,
        "descripcion": "",
    }


def _en_minusculas(nombre: str) -> str:
    # Como PHP: solo las letras sin tilde.
    return "".join(c.lower() if c.isascii() else c for c in nombre)
