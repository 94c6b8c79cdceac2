"""Cómo llamar en crudo a las redes de ensayo, y un reloj que no anda solo."""

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from PIL import Image

PAGINA = "700100200300"
INICIO = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@dataclass
class Reloj:
    """Un reloj que solo se mueve si se lo piden."""

    ahora: datetime = INICIO

    def __call__(self) -> datetime:
        return self.ahora

    def pasan(self, **cuanto: float) -> None:
        self.ahora += timedelta(**cuanto)


@dataclass
class Grafo:
    """Llamadas crudas a la Graph API de ensayo, con su token en la cabecera."""

    base: str
    token: str = f"EAAensayo-{PAGINA}"
    sesion: requests.Session = field(default_factory=requests.Session)

    def llamar(self, verbo: str, camino: str, **kw: Any) -> requests.Response:
        cabeceras = {"Authorization": f"Bearer {self.token}"}
        direccion = f"{self.base}/v25.0/{camino}"
        return self.sesion.request(
            verbo, direccion, headers=cabeceras, timeout=10, allow_redirects=False, **kw
        )

    def leer(self, camino: str, **dados: Any) -> requests.Response:
        return self.llamar("GET", camino, params=dados)

    def escribir(self, camino: str, files: Any = None, **dados: Any) -> requests.Response:
        return self.llamar("POST", camino, data=dados, files=files)

    def borrar(self, camino: str) -> requests.Response:
        return self.llamar("DELETE", camino)

    def publicar(self, texto: str = "Hola, barrio", **dados: Any) -> str:
        respuesta = self.escribir(f"{PAGINA}/feed", message=texto, **dados)
        assert respuesta.status_code == 200, respuesta.text
        return str(respuesta.json()["id"])

    def subir_foto(self, datos: bytes | None = None, **dados: Any) -> requests.Response:
        foto = foto_jpeg() if datos is None else datos
        return self.escribir(
            f"{PAGINA}/photos",
            files={"source": ("a.jpg", foto, "image/jpeg")},
            **{"published": "false", **dados},
        )


def foto_jpeg(color: str = "teal", tamanio: tuple[int, int] = (64, 48)) -> bytes:
    """Una foto pequeña de verdad."""
    salida = io.BytesIO()
    Image.new("RGB", tamanio, color).save(salida, "JPEG")
    return salida.getvalue()


def error_de(respuesta: requests.Response) -> tuple[int, int | None]:
    """Código y subcódigo de un error de Graph."""
    error = respuesta.json()["error"]
    assert error["fbtrace_id"]
    return error["code"], error.get("error_subcode")
