"""El sitio WordPress de ensayo: la API por sus dos direcciones, y las páginas públicas."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Response, make_response, redirect, request
from flask.typing import ResponseReturnValue

from publicador.ensayo import wordpress_autorizar
from publicador.ensayo.fallas import pasar
from publicador.ensayo.mundo import Entrada, Mundo
from publicador.ensayo.wordpress_entradas import Entradas
from publicador.ensayo.wordpress_errores import RESPUESTAS, Rechazo, mantenimiento
from publicador.ensayo.wordpress_estado import Estado, slug_de
from publicador.ensayo.wordpress_lector import Lector
from publicador.ensayo.wordpress_lista import listar
from publicador.ensayo.wordpress_medios import Medios
from publicador.ensayo.wordpress_peticion import Peticion, recibir
from publicador.ensayo.wordpress_sitio import Sitio
from publicador.ensayo.wordpress_terminos import Terminos

Manejo = Callable[[Peticion], Response]
VERBOS: Final = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_PUBLICA: Final = frozenset({"publish", "future", "private"})


class WordPress:
    """Reparte cada petición: falla pedida, permiso, ruta."""

    def __init__(self, mundo: Mundo) -> None:
        """Arma el sitio sobre un mundo."""
        self._mundo = mundo
        self._estado = Estado(mundo)
        self._lector = Lector(self._estado)
        self._rutas = self._armar()
        mundo.a_mano["wordpress"] = self.a_mano

    def _armar(self) -> list[tuple[re.Pattern[str], dict[str, Manejo]]]:
        estado = self._estado
        sitio, medios = Sitio(estado), Medios(estado)
        rutas: dict[str, dict[str, Manejo]] = {
            "/?": {"GET": sitio.indice},
            "/wp/v2/users/me": {"GET": sitio.yo},
            "/wp/v2/users": {"GET": sitio.usuarios},
            "/wp/v2/comments": {"GET": sitio.comentarios, "POST": sitio.comentar},
            "/wp/v2/media": {
                "GET": lambda p: listar(estado, "attachment", p),
                "POST": medios.subir,
            },
            r"/wp/v2/media/(\d+)": _verbos(medios),
            r"/wp/v2/media/(\d+)/post-process": {"POST": medios.ver},
        }
        for ruta, tipo in (("posts", "post"), ("pages", "page")):
            entradas = Entradas(estado, tipo)
            rutas[f"/wp/v2/{ruta}"] = {"GET": _lista(estado, tipo), "POST": entradas.crear}
            rutas[rf"/wp/v2/{ruta}/(\d+)"] = _verbos(entradas)
        for ruta, tabla in (("categories", "category"), ("tags", "post_tag")):
            terminos = Terminos(estado, tabla)
            rutas[f"/wp/v2/{ruta}"] = {"GET": terminos.listar, "POST": terminos.crear}
            rutas[rf"/wp/v2/{ruta}/(\d+)"] = {"GET": terminos.ver}
        return [(re.compile(patron), manejos) for patron, manejos in rutas.items()]

    def pagina(self, camino: str = "") -> ResponseReturnValue:
        """Cualquier dirección del sitio que no empiece por `wp-json`."""
        if "rest_route" in request.args:
            return self._api(request.args["rest_route"])
        return self._antes() or self._lector.ver("" if camino == "index.php" else camino)

    def api(self, ruta: str = "") -> ResponseReturnValue:
        """`/wp-json/…`; con enlaces simples WordPress responde ahí la portada, en HTML."""
        if self._estado.ajuste("enlaces_simples", False):
            return self._antes() or self._lector.ver("")
        return self._api(f"/{ruta}")

    def _antes(self) -> ResponseReturnValue | None:
        """Lo que contesta el servidor antes de que WordPress se entere."""
        destino = str(self._estado.ajuste("redirige_a", ""))
        if destino:
            return redirect(destino.rstrip("/") + request.full_path.rstrip("?"), 301)
        espera = float(self._estado.ajuste("mantenimiento_s", 0.0))
        return mantenimiento(espera) if espera else None

    def _api(self, ruta: str) -> ResponseReturnValue:
        if (previa := self._antes()) is not None:
            return previa
        try:
            p = recibir(ruta, self._estado.usuarios.quien())
        except Rechazo as rechazo:
            return rechazo.respuesta()
        return pasar(
            self._mundo, "wordpress", self._llamada(p), RESPUESTAS, lambda: self._atender(p)
        )

    def _atender(self, p: Peticion) -> Response:
        verbo = {"HEAD": "GET", "PUT": "POST", "PATCH": "POST"}.get(p.metodo, p.metodo)
        try:
            for patron, manejos in self._rutas:
                if (cabe := patron.fullmatch(p.ruta.rstrip("/") or "/")) and verbo in manejos:
                    p.id = int(cabe[1]) if cabe.groups() else 0
                    return self._recortar(p, manejos[verbo](p))
            frase = "No route was found matching the URL and request method."
            raise Rechazo(404, "rest_no_route", frase)
        except Rechazo as rechazo:
            return rechazo.respuesta()

    def _recortar(self, p: Peticion, respuesta: Response) -> Response:
        """Deja solo los campos de `_fields`."""
        if not p.campos:
            return respuesta
        cuerpo = respuesta.get_json()
        hecha = make_response(_solo(cuerpo, p.campos), respuesta.status_code)
        for nombre, valor in respuesta.headers:
            if nombre.startswith("X-WP-"):
                hecha.headers[nombre] = valor
        return hecha

    def _llamada(self, p: Peticion) -> str:
        """El nombre con que se piden fallas para esta petición."""
        if p.metodo in {"GET", "HEAD"}:
            return "leer"
        if p.metodo == "DELETE":
            return "borrar"
        if "/media" in p.ruta:
            return "subir"
        hallada = re.fullmatch(r"/wp/v2/(?:posts|pages)(?:/(\d+))?/?", p.ruta)
        if hallada is None:
            return "editar"
        if p.datos.get("status") in _PUBLICA:
            return "publicar"
        return "editar" if hallada[1] else "borrador"

    def a_mano(self, datos: dict[str, Any]) -> Entrada:
        """Una persona publica desde el escritorio del sitio; con `creada_en` ISO, en el pasado."""
        cuando = datos.get("creada_en")
        momento = datetime.fromisoformat(cuando) if cuando else self._mundo.ahora()
        autor = self._estado.usuarios.entrar(str(datos["cuenta"]))
        with self._mundo.cerrojo:
            pieza = self._estado.nueva("post", autor["id"])
            titulo = str(datos.get("titulo") or str(datos["texto"])[:60])
            pieza |= {
                "estado": "publish",
                "titulo": titulo,
                "contenido": str(datos["texto"]),
                "fecha": momento.isoformat(),
            }
            deseado = slug_de(titulo) or str(pieza["id"])
            pieza["slug"] = self._estado.slug_libre(pieza, deseado)
            self._estado.guardar(pieza)
        entrada = self._mundo.entrada("wordpress", str(pieza["id"]))
        assert entrada is not None  # noqa: S101 -- guardar una pieza publicada la crea
        return entrada


def _solo(cuerpo: Any, campos: set[str]) -> Any:
    if isinstance(cuerpo, list):
        return [_solo(x, campos) for x in cuerpo]
    return {n: v for n, v in cuerpo.items() if n in campos}


def _lista(estado: Estado, tipo: str) -> Manejo:
    return lambda p: listar(estado, tipo, p)


def _verbos(recurso: Entradas | Medios) -> dict[str, Manejo]:
    return {"GET": recurso.ver, "POST": recurso.cambiar, "DELETE": recurso.borrar}


def crear(mundo: Mundo) -> Blueprint:
    """Las rutas del sitio; se monta bajo `/wordpress`.

    Ajustes: `redirige_a` (dirección: todo responde 301), `mantenimiento_s` (503 con `Retry-After`),
    `enlaces_simples` (la API solo por `?rest_route=`), `sin_contrasenas` (sin contraseñas de
    aplicación) y `clave_mala_avisa` (401 `incorrect_password` en vez de tratarlo como visitante).
    """
    bp = Blueprint("wordpress", __name__, template_folder="plantillas")
    wordpress = WordPress(mundo)
    wordpress_autorizar.montar(bp, mundo)
    bp.add_url_rule("/wp-json/", "indice", wordpress.api, methods=VERBOS)
    bp.add_url_rule("/wp-json/<path:ruta>", "api", wordpress.api, methods=VERBOS)
    bp.add_url_rule("/", "sitio", wordpress.pagina, defaults={"camino": ""}, methods=VERBOS)
    bp.add_url_rule("/<path:camino>", "sitio", wordpress.pagina, methods=VERBOS)
    return bp
