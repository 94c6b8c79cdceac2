"""`/salud`: si el servicio está bien, para quien lo vigila. No pide entrar ni dice secretos."""

from typing import Any

from flask import Blueprint, jsonify
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from cola.latidos import Latido
from panel.acceso import publica
from panel.marco import esta_vivo
from panel.servicios import servicios

pantalla = Blueprint("salud", __name__)


@pantalla.get("/salud")
@publica
def ver() -> tuple[Response, int]:
    """200 si la base responde y el motor respira; 503 si no, con su motivo."""
    motivo, motor = _mirar()
    cuerpo: dict[str, Any] = {
        "estado": "mal" if motivo else "bien",
        "motivo": motivo,
        "motor": motor,
        "version": servicios().version,
        "hora": servicios().ahora().isoformat(),
    }
    return jsonify(cuerpo), 503 if motivo else 200


def _mirar() -> tuple[str | None, dict[str, Any]]:
    try:
        with servicios().leer() as sesion:
            consulta = select(Latido).order_by(Latido.ultimo_en.desc()).limit(1)
            latido = sesion.scalar(consulta)
            ultimo = None if latido is None else latido.ultimo_en
            de_que_version = None if latido is None else latido.version
    except SQLAlchemyError:
        return "La base de datos no responde.", {"ultimo_latido": None, "version": None}
    motor = {"ultimo_latido": ultimo and ultimo.isoformat(), "version": de_que_version}
    if ultimo is None:
        return "El motor no está en marcha.", motor
    if not esta_vivo(ultimo, servicios().ahora()):
        return "El motor no respira desde hace más de un minuto.", motor
    return None, motor
