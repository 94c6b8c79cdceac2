"""Lo mismo que se exige a todo conector, contra un WordPress de verdad."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from conectores.contrato import Envio, Red
from conectores.http import Plazos
from conectores.registro import armar
from tests.contratos.banco import Banco
from tests.contratos.test_entrega import *  # noqa: F403 (las pruebas son las mismas)
from tests.sistema.wordpress import WordPressReal

pytestmark = pytest.mark.wordpress


@dataclass(frozen=True)
class Foto:
    sha256: str
    alt: str


@dataclass(frozen=True)
class Vista:
    id: str
    texto: str
    imagenes: list[Foto]
    enlace: str = ""


class BancoReal(Banco):
    """Un banco cuyo libro es el propio sitio: solo cuenta lo que salió después de abrirlo."""

    def __init__(self, sitio: WordPressReal, carpeta: Path) -> None:
        super().__init__(red=Red.WORDPRESS, ensayo=None, carpeta=carpeta)  # type: ignore[arg-type]
        self._sitio = sitio
        self._sal = secrets.token_hex(4)
        self._desde = max((uno["id"] for uno in self._publicadas()), default=0)

    def conector(self, *, vencido: bool = False) -> Any:
        return armar(
            self.red,
            self.credencial(vencido=vencido),
            identificador=self.identificador,
            plazos=Plazos(conexion_s=2, lectura_s=20),
        )

    def credencial(self, *, vencido: bool = False) -> dict[str, str]:
        buena = self._sitio.credencial()
        return {**buena, "contrasena_aplicacion": "vencida"} if vencido else buena

    def envio(self, texto: str = "Feria del libro", *, imagenes: int = 0, **mas: Any) -> Envio:
        # El sitio se comparte entre pruebas: la clave lleva algo propio de esta.
        clave = hashlib.sha256(f"{self._sal}{texto}{mas}".encode()).hexdigest()[:16]
        return super().envio(texto, imagenes=imagenes, clave=f"pub-{clave}", **mas)

    def publicas(self) -> list[Any]:
        nuevas = [uno for uno in self._publicadas() if uno["id"] > self._desde]
        return [
            Vista(
                id=str(uno["id"]),
                texto=uno["content"]["rendered"],
                imagenes=[self._foto(numero) for numero in self._fotos(uno)],
            )
            for uno in nuevas
        ]

    def _publicadas(self) -> list[Any]:
        consulta = {"status": "publish", "context": "edit", "per_page": 100, "orderby": "id"}
        return list(self._pedir("posts", consulta))

    def _fotos(self, entrada: Any) -> list[int]:
        cuerpo = map(int, re.findall(r'class="wp-image-(\d+)"', entrada["content"]["raw"]))
        return [numero for numero in (entrada["featured_media"], *cuerpo) if numero]

    def _foto(self, numero: int) -> Foto:
        medio = self._pedir(f"media/{numero}", {})
        contenido = requests.get(medio["source_url"], timeout=20).content
        return Foto(sha256=hashlib.sha256(contenido).hexdigest(), alt=medio["alt_text"])

    def _pedir(self, ruta: str, consulta: dict[str, Any]) -> Any:
        quien = self._sitio.credencial("administrador")
        respuesta = requests.get(
            f"{self._sitio.url}/wp-json/wp/v2/{ruta}",
            params=consulta,
            auth=(quien["usuario"], quien["contrasena_aplicacion"]),
            timeout=20,
        )
        respuesta.raise_for_status()
        return respuesta.json()


@pytest.fixture
def banco(wordpress_real: WordPressReal, tmp_path: Path) -> BancoReal:
    """El WordPress de verdad en lugar de las tres redes de ensayo."""
    return BancoReal(wordpress_real, tmp_path)
