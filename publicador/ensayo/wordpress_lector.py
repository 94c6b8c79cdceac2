"""El sitio de ensayo como lo ve un lector: portada, entradas, páginas y archivos."""

import re
from typing import Any, Final

from flask import Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from publicador.ensayo.mundo import Entrada
from publicador.ensayo.wordpress_estado import ZONA, Estado, Pieza, raiz
from publicador.ensayo.wordpress_medios import Medios
from publicador.ensayo.wordpress_texto import leer, mostrar, titulo_visible

# El contenido se muestra tal cual: si trae un guion, la caja de arena no lo deja correr.
POLITICA: Final = (
    "sandbox allow-same-origin; default-src 'none'; img-src 'self' https: data:; "
    "media-src 'self' https:; style-src 'unsafe-inline'"
)
_PORTADA: Final = 50
_MESES: Final = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


class Lector:
    """Las páginas públicas sobre un sitio."""

    def __init__(self, estado: Estado) -> None:
        """Guarda el sitio."""
        self._estado = estado
        self._medios = Medios(estado)

    def ver(self, camino: str) -> ResponseReturnValue:
        """Lo que hay en una dirección del sitio."""
        camino = camino.strip("/")
        if camino.startswith("wp-content/uploads/"):
            return self._archivo(camino.removeprefix("wp-content/uploads/"))
        id_ = request.args.get("p") or request.args.get("page_id")
        if id_ is None and not camino:
            return self._portada()
        pieza = self._por_id(id_) if id_ is not None else self._por_camino(camino)
        if pieza is None:
            return self._movida(camino) or self._pagina(404, "No encontramos esa página")
        if id_ is not None and not self._estado.ajuste("enlaces_simples", False):
            return redirect(self._estado.enlace(pieza), 301)
        return self._entrada(pieza)

    def _publicas(self) -> list[Pieza]:
        return [p for p in self._estado.piezas("post", "page") if self._visible(p) is not None]

    def _visible(self, pieza: Pieza) -> Entrada | None:
        if pieza["estado"] != "publish":
            return None
        entrada = self._estado.mundo.entrada("wordpress", str(pieza["id"]))
        ahora = self._estado.mundo.ahora()
        if entrada is None or entrada.borrada or entrada.visible_en > ahora:
            return None
        return entrada

    def _por_id(self, crudo: str) -> Pieza | None:
        publicas = self._publicas()
        return next((p for p in publicas if str(p["id"]) == crudo), None)

    def _por_camino(self, camino: str) -> Pieza | None:
        return next((p for p in self._publicas() if self._estado.camino(p) == camino), None)

    def _movida(self, camino: str) -> ResponseReturnValue | None:
        """La dirección anterior de una entrada lleva, con 301, a la de ahora."""
        viejos = self._estado.cajon("viejos")
        slug = camino.rsplit("/", 1)[-1]
        id_ = viejos.get(f"post/{slug}") or viejos.get(f"page/{slug}")
        pieza = self._por_id(str(id_)) if id_ is not None else None
        return None if pieza is None else redirect(self._estado.enlace(pieza), 301)

    def _portada(self) -> ResponseReturnValue:
        recientes = sorted(self._publicas(), key=self._estado.fecha, reverse=True)[:_PORTADA]
        notas = [
            {
                "titulo": titulo_plano(p["titulo"]),
                "enlace": self._estado.enlace(p),
                "fecha": self._dia(p),
                "resumen": leer(p["extracto"] or p["contenido"])[0][:240],
            }
            for p in recientes
        ]
        return self._pagina(200, "Noticias", notas=notas)

    def _entrada(self, pieza: Pieza) -> ResponseReturnValue:
        destacada = self._estado.imagen(pieza["destacada"], None) if pieza["destacada"] else None
        archivo = self._estado.pieza(pieza["destacada"], "attachment")
        autor = self._estado.usuarios.por_id(pieza["autor"])
        return self._pagina(
            200,
            titulo_plano(pieza["titulo"]),
            # Lo que el sitio guardó se muestra sin tocarlo: el ensayo enseña lo que se vería.
            cuerpo=Markup(mostrar(pieza["contenido"])),  # noqa: S704
            fecha=self._dia(pieza) if pieza["tipo"] == "post" else "",
            firma="" if autor is None else autor["nombre"],
            destacada=None
            if archivo is None
            else f"{raiz()}/wp-content/uploads/{archivo['archivo']}",
            destacada_alt="" if destacada is None else destacada.alt,
            etiquetas=self._nombres(pieza["etiquetas"]),
            categorias=self._nombres(pieza["categorias"]),
        )

    def _nombres(self, ids: list[int]) -> list[Markup]:
        terminos = self._estado.cajon("terminos")
        # Los nombres ya están escapados en el sitio.
        return [Markup(terminos[str(i)]["nombre"]) for i in ids if str(i) in terminos]  # noqa: S704

    def _dia(self, pieza: Pieza) -> str:
        dia = self._estado.fecha(pieza).astimezone(ZONA)
        return f"{dia.day} de {_MESES[dia.month - 1]} de {dia.year}"

    def _pagina(self, codigo: int, titulo: str, **datos: Any) -> Response:
        html = render_template(
            "wordpress.html",
            titulo=titulo,
            sitio=self._estado.nombre(),
            raiz=raiz(),
            codigo=codigo,
            **datos,
        )
        respuesta = make_response(html, codigo)
        respuesta.headers["Content-Security-Policy"] = POLITICA
        respuesta.headers["X-Content-Type-Options"] = "nosniff"
        respuesta.headers["Link"] = f'<{raiz()}/wp-json/>; rel="https://api.w.org/"'
        return respuesta

    def _archivo(self, nombre: str) -> ResponseReturnValue:
        pieza = self._medios.archivo(nombre)
        guardado = None if pieza is None else self._estado.mundo.medio(pieza["sha256"])
        if guardado is None:
            return self._pagina(404, "No encontramos ese archivo")
        respuesta = Response(guardado[0], content_type=guardado[1])
        respuesta.headers["X-Content-Type-Options"] = "nosniff"
        return respuesta


def titulo_plano(titulo: str) -> Markup:
    """El título para la página, ya escapado y sin etiquetas."""
    return Markup(re.sub(r"<[^>]*>", "", titulo_visible(titulo)))  # noqa: S704
