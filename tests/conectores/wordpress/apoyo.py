"""Lo que usan las pruebas de WordPress: una libreta en memoria, envíos e imágenes de verdad."""

import hashlib
import secrets
from pathlib import Path
from typing import Any

import requests
from PIL import Image

from conectores.contrato import Adjunto, Clase, Envio, Listo, Recibo, Red
from conectores.http import Plazos
from conectores.wordpress import ConectorWordPress
from tests.sistema.wordpress import WordPressReal


class LibretaEnMemoria:
    """La libreta de una entrega, sin base de datos."""

    def __init__(self, **notas: str) -> None:
        self.notas = dict(notas)

    def leer(self, clave: str) -> str | None:
        return self.notas.get(clave)

    def anotar(self, clave: str, valor: str) -> None:
        self.notas[clave] = valor


def una_clave() -> str:
    return f"pub-{secrets.token_hex(8)}"


def un_envio(**cambios: Any) -> Envio:
    campos: dict[str, Any] = {
        "red": Red.WORDPRESS,
        "clave": una_clave(),
        "titulo": f"Arreglo de la vía {secrets.token_hex(3)}",
        "segmentos": ("Primer párrafo con ñandú.\n\nSegundo: 50 % & más.\n\n#Obras #Vía",),
        **cambios,
    }
    return Envio(**campos)


def una_imagen(carpeta: Path, alternativo: str = "Una calle nueva", **cambios: Any) -> Adjunto:
    archivo = carpeta / f"{secrets.token_hex(6)}.jpg"
    color = tuple(secrets.token_bytes(3))
    Image.new("RGB", (1400, 900), color).save(archivo, "JPEG", quality=82)
    contenido = archivo.read_bytes()
    campos: dict[str, Any] = {
        "clase": Clase.IMAGEN,
        "huella": hashlib.sha256(contenido).hexdigest(),
        "tipo": "image/jpeg",
        "nombre": archivo.name,
        "archivo": archivo,
        "peso_bytes": len(contenido),
        "ancho_px": 1400,
        "alto_px": 900,
        "texto_alternativo": alternativo,
        **cambios,
    }
    return Adjunto(**campos)


def un_conector(sitio: WordPressReal, usuario: str = "editor", **cambios: Any) -> ConectorWordPress:
    campos: dict[str, Any] = {
        "credencial": sitio.credencial(usuario),
        "identificador": "sitio-de-pruebas",
        "plazos": Plazos(conexion_s=3, lectura_s=20),
        **cambios,
    }
    return ConectorWordPress(**campos)


def publicar(conector: ConectorWordPress, envio: Envio, libreta: LibretaEnMemoria) -> Recibo:
    """El camino entero, como lo hace el motor cuando nada falla."""
    listo = conector.preparar(envio, libreta)
    assert isinstance(listo, Listo)
    return conector.publicar(listo)


class Mirada:
    """El sitio visto por su API, aparte de nuestro conector."""

    def __init__(self, sitio: WordPressReal) -> None:
        self._sitio = sitio
        credencial = sitio.credencial("administrador")
        self._quien = (credencial["usuario"], credencial["contrasena_aplicacion"])

    def pedir(self, verbo: str, ruta: str, **cuerpo: Any) -> Any:
        respuesta = requests.request(
            verbo,
            f"{self._sitio.url}/",
            params={"rest_route": f"/wp/v2/{ruta}", **cuerpo.pop("consulta", {})},
            auth=self._quien,
            json=cuerpo or None,
            timeout=30,
        )
        respuesta.raise_for_status()
        return respuesta.json()

    def entrada(self, id_entrada: str, tipo: str = "posts") -> Any:
        return self.pedir("GET", f"{tipo}/{id_entrada}", consulta={"context": "edit"})

    def con_titulo(self, titulo: str, tipo: str = "posts") -> list[Any]:
        """Todas las entradas con ese título, en cualquier estado menos la papelera."""
        consulta = {"search": titulo, "status": "any", "context": "edit", "per_page": 100}
        halladas = self.pedir("GET", tipo, consulta=consulta)
        return [uno for uno in halladas if uno["title"]["raw"] == titulo]
