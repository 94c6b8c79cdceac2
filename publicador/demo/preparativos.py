"""Antes de empezar: un puerto libre y unos ajustes que no tocan nada de la oficina verdadera."""

import socket
from pathlib import Path
from typing import Final

from conectores.contrato import Red
from publicador.ajustes import Ajustes
from publicador.ensayo.servidor import Ensayo
from publicador.fallos_de_base import ErrorDeBase

MIRADAS: Final = (12.0, 30.0)
MIRADAS_APURADAS: Final = (2.0, 6.0)
"""Segundos a los que se mira la red cuando algo queda en duda: pocos, para que se vea."""


def puerto_o_libre(*preferidos: int) -> int:
    """El primero de los preferidos que esté libre; si ninguno lo está, uno cualquiera.

    Un cero entre los preferidos es «da lo mismo»: se deja para el final.
    """
    for puerto in (*filter(None, preferidos), 0):
        with socket.socket() as enchufe:
            enchufe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                enchufe.bind(("127.0.0.1", puerto))
                enchufe.listen()
            except (OSError, OverflowError):
                continue
            return int(enchufe.getsockname()[1])
    raise ErrorDeBase("No hay ningún puerto libre en esta máquina para la demostración.")


def ajustes_de_demo(
    oficina: Ajustes, carpeta: Path, *, ensayo: Ensayo, puerto_panel: int, apurado: bool
) -> Ajustes:
    """Los de la oficina, con todo lo que sale de esta máquina cambiado por el ensayo."""
    correo = ensayo.correo
    return oficina.model_copy(
        update={
            "datos": carpeta,
            "base_datos": f"sqlite:///{carpeta}/publicador.db",
            "claves": (),
            "facebook_url": ensayo.url_de("facebook"),
            "x_url": ensayo.url_de("x"),
            "ensayo_url": ensayo.url,
            "facebook_app_id": None,
            "facebook_app_secreto": None,
            "x_client_id": None,
            "x_client_secreto": None,
            "url_publica": f"http://127.0.0.1:{puerto_panel}",
            "espera_conexion_s": 2.0,
            "espera_lectura_s": 3.0,
            "hilos": 8,
            "tolerancia_min": 30,
            "arriendo_s": 30.0,
            "duda_esperas_s": MIRADAS_APURADAS if apurado else MIRADAS,
            "espaciado_s": dict.fromkeys(Red, 0.0),
            "correo_servidor": "127.0.0.1" if correo is not None else None,
            "correo_puerto": correo.puerto if correo is not None else 25,
            "correo_usuario": None,
            "correo_clave": None,
            "correo_de": "publicador@alcaldia.example",
            "correo_tls": False,
            "correo_para": ("jefatura@alcaldia.example",),
        }
    )
