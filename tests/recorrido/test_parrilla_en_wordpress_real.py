"""La parte web de la parrilla, en un WordPress de verdad: se lee de vuelta y se coteja."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests

from publicador.ensayo.servidor import Ensayo
from tests.oficina import Oficina
from tests.recorrido.cotejo import Leida, cotejar, leer_cuerpo, titulo_visible
from tests.recorrido.parrilla_de_prueba import TREINTA
from tests.recorrido.test_parrilla_de_treinta import llevar, poner_parrilla
from tests.sistema.wordpress import WordPressReal

pytestmark = pytest.mark.wordpress
FILAS = tuple(
    fila
    for fila in TREINTA
    if fila.pieza
    in {
        "Enlace y etiquetas",
        "Dos fotos raras",
        "Tres fotos de imprenta, escáner y diseño",
        "Un GIF",
        "Una foto que no se deja comprimir",
        "Emojis de varias piezas",
        "Comillas; puntos y comas, y renglones",
        "Textos propios por red",
        "Código que parece web <script>alert(1)</script>",
        "Solo en el sitio",
    }
)


def _pedir(sitio: WordPressReal, ruta: str) -> Any:
    quien = sitio.credencial("administrador")
    respuesta = requests.get(
        f"{sitio.url}/wp-json/wp/v2/{ruta}",
        params={"context": "edit"},
        auth=(quien["usuario"], quien["contrasena_aplicacion"]),
        timeout=20,
    )
    respuesta.raise_for_status()
    return respuesta.json()


def _imagen(sitio: WordPressReal, numero: int) -> tuple[bytes, str]:
    medio = _pedir(sitio, f"media/{numero}")
    # La biblioteca guarda escapado lo que borraría; en la página se lee como se escribió.
    return requests.get(medio["source_url"], timeout=20).content, unescape(medio["alt_text"])


def _leer(sitio: WordPressReal, id_: str) -> Leida:
    entrada = _pedir(sitio, f"posts/{id_}")
    assert entrada["status"] == "publish"
    crudo = entrada["content"]["raw"]
    parrafos, en_cuerpo = leer_cuerpo(crudo)
    del_cuerpo = [int(n) for n in re.findall(r'class="wp-image-(\d+)"', crudo)]
    numeros = [n for n in (entrada["featured_media"], *del_cuerpo) if n]
    imagenes = tuple(_imagen(sitio, numero) for numero in numeros)
    # El texto alternativo está en la biblioteca y también en la página, que es lo que se lee.
    assert [i["alt"] for i in en_cuerpo] == [alt for _, alt in imagenes[1:]]
    titulo = titulo_visible(entrada["title"]["raw"])
    return Leida(id_, entrada["link"], parrafos, imagenes, titulo=titulo)


def test_lo_aprobado_llega_a_un_wordpress_de_verdad(
    oficina: Oficina, redes: Ensayo, wordpress_real: WordPressReal, tmp_path: Path
) -> None:
    credencial = json.dumps(wordpress_real.credencial())
    opciones = ("--alias", "web-real", "--red", "wordpress", "--identificador", "real")
    oficina.bien("cuenta", "agregar", *opciones, entrada=credencial)
    parrilla, raras = poner_parrilla(tmp_path / "parrilla", FILAS, ".csv", web="web-real")
    cola = [e for e in llevar(oficina, parrilla, FILAS) if e["cuenta"] == "web-real"]
    assert len(cola) == len(FILAS)
    sobres = {f["id"]: f["sobre"] for f in oficina.preguntar("SELECT id, sobre FROM publicacion")}
    por_titulo = {fila.pieza: fila for fila in FILAS}
    for entrega in cola:
        assert entrega["estado"] == "publicada", entrega
        leida = _leer(wordpress_real, entrega["id_remoto"])
        assert entrega["url"] == leida.url
        assert requests.get(leida.url, timeout=20).status_code == 200
        cotejar(por_titulo[entrega["pieza"]], "wordpress", leida, sobres[entrega["id"]], raras)
    assert not redes.mundo.entradas("wordpress"), "al sitio de ensayo no fue nada"
