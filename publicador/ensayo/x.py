"""La red X de ensayo: arma sus rutas sobre un mundo."""

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from publicador.ensayo import x_dialogo, x_lectura, x_limites, x_medios, x_permiso, x_publicar
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.x_errores import Rechazo, problema


def _rechazado(rechazo: Rechazo) -> ResponseReturnValue:
    return rechazo.respuesta


def _sin_ruta(camino: str) -> ResponseReturnValue:
    return problema(404, "Not Found", f"No route for /{camino}")


def _a_la_vista(usuario: str, id_: str) -> ResponseReturnValue:
    """La dirección pública de una publicación lleva a su lugar en el muro."""
    return redirect(f"/muro/x/{id_}")


def crear(mundo: Mundo) -> Blueprint:
    """Las rutas de X; se monta bajo `/x`.

    Ajustes: `rechaza_repetidos` y `ventana_repetido_s` (texto repetido por la misma cuenta),
    `consultas_video` y `procesa_video_s` (cuánto tarda en procesarse un video o GIF) y
    `falla_video` (el proceso termina en `failed`).
    """
    bp = Blueprint("x", __name__)
    bp.register_error_handler(Rechazo, _rechazado)
    for parte in (x_limites, x_permiso, x_dialogo, x_medios, x_publicar, x_lectura):
        parte.montar(bp, mundo)
    bp.add_url_rule("/<usuario>/status/<id_>", "a_la_vista", _a_la_vista)
    verbos = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    bp.add_url_rule("/<path:camino>", "sin_ruta", _sin_ruta, methods=verbos)
    return bp
