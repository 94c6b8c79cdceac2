"""Lo que no es de ninguna red: pedir fallas, ver lo aceptado, ajustar y reiniciar el ensayo."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from publicador.ensayo.ajustes_red import ajustar
from publicador.ensayo.averias import FALLAS, REDES, FallaDesconocida
from publicador.ensayo.mundo import Mundo


def _cuerpo() -> dict[str, Any]:
    datos = request.get_json(silent=True)
    if not isinstance(datos, dict):
        raise FallaDesconocida("El cuerpo debe ser un objeto JSON.")
    return datos


class Control:
    """Las rutas de control sobre un mundo."""

    def __init__(self, mundo: Mundo) -> None:
        """Guarda el mundo que se gobierna."""
        self.mundo = mundo

    def armar(self) -> tuple[Response, int]:
        """`POST /fallas`: pide una falla."""
        datos = _cuerpo()
        red, falla, veces = datos.pop("red", None), datos.pop("falla", None), datos.pop("veces", 1)
        if not isinstance(red, str) or not isinstance(falla, str):
            raise FallaDesconocida("Faltan «red» y «falla».")
        return jsonify(self.mundo.armar(red, falla, veces, **datos).como_json()), 201

    def pendientes(self) -> Response:
        """`GET /fallas`: las pedidas que no se han gastado, y las que existen."""
        armadas = [f.como_json() for f in self.mundo.averias.pendientes()]
        return jsonify({"armadas": armadas, "catalogo": dict(FALLAS)})

    def desarmar(self) -> tuple[str, int]:
        """`DELETE /fallas`: las retira, todas o las de `?red=`."""
        self.mundo.desarmar(request.args.get("red"))
        return "", 204

    def estado(self) -> Response:
        """`GET /estado`: todo lo aceptado, con textos, imágenes y momentos."""
        entradas = [e.como_json() for e in self.mundo.entradas(request.args.get("red"))]
        return jsonify({"ahora": self.mundo.ahora().isoformat(), "entradas": entradas})

    def reiniciar(self) -> tuple[str, int]:
        """`POST /reiniciar`: deja el mundo vacío."""
        self.mundo.reiniciar()
        return "", 204

    def ajustar(self) -> Response:
        """`POST /ajustes`: gradúa una red.

        Para todas, `latencia_s`; para Facebook, `rechaza_repetidos` (506 al mismo texto seguido),
        `procesa_video_s` y `video_ausente_lecturas` (lecturas de un video que dicen 100/33). Los
        demás, en el módulo de cada red.
        """
        datos = _cuerpo()
        red = datos.pop("red", None)
        if red not in REDES:
            raise FallaDesconocida(f"No hay una red de ensayo «{red}».")
        if not all(v is None or isinstance(v, bool | int | float | str) for v in datos.values()):
            raise FallaDesconocida("Los ajustes son números, textos, sí o no, o nulo.")
        if "latencia_s" in datos:
            self.mundo.latencia_s[red] = float(datos.pop("latencia_s") or 0)
        ajustar(self.mundo, red, **datos)
        ajustes = self.mundo.cajon(red).get("ajustes", {})
        return jsonify({**ajustes, "latencia_s": self.mundo.latencia_s.get(red, 0.0)})

    def publicar_a_mano(self) -> tuple[Response, int]:
        """`POST /publicar_a_mano`: una persona escribe en la red por fuera del sistema."""
        datos = _cuerpo()
        escribir = self.mundo.a_mano.get(str(datos.get("red")))
        if escribir is None:
            raise FallaDesconocida("En esa red no se puede escribir a mano.")
        if not all(isinstance(datos.get(clave), str) for clave in ("cuenta", "texto")):
            raise FallaDesconocida("Faltan «cuenta» y «texto».")
        return jsonify(escribir(datos).como_json()), 201


def _mal_pedida(error: FallaDesconocida) -> tuple[Response, int]:
    return jsonify({"error": str(error)}), 400


def crear(mundo: Mundo) -> Blueprint:
    """Las rutas de control sobre ese mundo."""
    pantalla = Blueprint("control", __name__)
    control = Control(mundo)
    pantalla.register_error_handler(FallaDesconocida, _mal_pedida)
    pantalla.post("/fallas")(control.armar)
    pantalla.get("/fallas")(control.pendientes)
    pantalla.delete("/fallas")(control.desarmar)
    pantalla.get("/estado")(control.estado)
    pantalla.post("/reiniciar")(control.reiniciar)
    pantalla.post("/ajustes")(control.ajustar)
    pantalla.post("/publicar_a_mano")(control.publicar_a_mano)
    return pantalla
