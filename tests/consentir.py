"""Dar el permiso en las redes de ensayo, como lo haría una persona en su navegador."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests


def abrir(direccion: str) -> requests.Response:
    return requests.get(direccion, timeout=5, allow_redirects=False)


def consentir(direccion: str, **campos: Any) -> str:
    """Abre la pantalla de la red, la acepta y devuelve a dónde manda volver."""
    pantalla = abrir(direccion)
    assert pantalla.status_code == 200, pantalla.text
    datos = {"accion": "continuar", **campos}
    vuelta = requests.post(direccion, data=datos, timeout=5, allow_redirects=False)
    assert vuelta.status_code == 302, vuelta.text
    return vuelta.headers["Location"]


def consulta_de(direccion: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(direccion).query))


def camino_de(direccion: str) -> str:
    """La parte de la dirección que recibe el panel."""
    partes = urlsplit(direccion)
    return f"{partes.path}?{partes.query}"
