"""Comparar lo que una red tiene con lo que se escribió en la parrilla y con lo que se selló."""

import hashlib
import html
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from PIL import Image, ImageChops, ImageStat

from tests.recorrido.imagenes_raras import Rara
from tests.recorrido.parrilla_de_prueba import Fila

LADO = {"facebook": 2048, "x": 4096, "wordpress": 2048}
PESO = {
    "facebook": {"JPEG": 4_000_000, "PNG": 1_000_000},
    "x": {"JPEG": 5_000_000, "PNG": 5_000_000, "GIF": 15_000_000},
    "wordpress": {"JPEG": 1_000_000, "PNG": 1_000_000},
}
MARCAS = (b"CANARIO", b"Exif\0", b"http://ns.adobe.com", b"GPS")
TOLERANCIA = 12.0
"""Lo que puede correrse el promedio de un cuadrante después de un JPEG o de cambiar de perfil."""


@dataclass(frozen=True)
class Leida:
    """Una publicación como está en su red."""

    id: str
    url: str
    segmentos: tuple[str, ...]
    """Los textos en orden; en la web, los párrafos que se leen."""
    imagenes: tuple[tuple[bytes, str], ...]
    """Bytes y texto alternativo, en orden."""
    enlace: str | None = None
    titulo: str = ""
    comentarios: tuple[str, ...] = ()


def cotejar(fila: Fila, red: str, leida: Leida, sobre: str, raras: dict[str, Rara]) -> None:
    """Lo de la red contra la parrilla (por nuestra cuenta) y contra el sobre aprobado."""
    _cotejar_texto(fila, red, leida)
    _cotejar_sobre(red, leida, json.loads(sobre))
    assert [alt for _, alt in leida.imagenes] == list(fila.alternativos), fila.pieza
    for (datos, _), nombre in zip(leida.imagenes, fila.imagenes, strict=True):
        cotejar_imagen(datos, raras[nombre], red, nombre)


def _cotejar_texto(fila: Fila, red: str, leida: Leida) -> None:
    esperado = fila.texto_de(red)
    if red == "wordpress":
        assert leida.titulo == fila.pieza
        assert list(leida.segmentos) == _parrafos_de_la_web(fila)
        return
    if fila.en_hilo and red == "x":
        assert len(leida.segmentos) > 1
        assert " ".join(leida.segmentos).split() == esperado.split()
    else:
        assert leida.segmentos == (esperado,)
    if red == "facebook":
        assert leida.enlace == (None if fila.imagenes else fila.enlace or None)
        assert leida.comentarios == ((fila.comentario,) if fila.comentario else ())


def _parrafos_de_la_web(fila: Fila) -> list[str]:
    """El texto por párrafos, el enlace en el cuerpo y al final las etiquetas."""
    texto = fila.propios.get("wordpress") or fila.texto
    faltan = fila.faltan if isinstance(fila.faltan, str) else fila.faltan.get("wordpress", "")
    return [p for p in (*texto.split("\n\n"), fila.enlace, faltan) if p]


def _cotejar_sobre(red: str, leida: Leida, sellado: dict[str, Any]) -> None:
    """Byte por byte lo aprobado."""
    assert sellado["red"] == red
    if red != "wordpress":
        assert tuple(sellado["segmentos"]) == leida.segmentos
    huellas = [hashlib.sha256(datos).hexdigest() for datos, _ in leida.imagenes]
    assert [a["huella"] for a in sellado["adjuntos"]] == huellas
    assert [a["texto_alternativo"] for a in sellado["adjuntos"]] == [a for _, a in leida.imagenes]
    assert (sellado["primer_comentario"],) == (leida.comentarios or (None,))


def cotejar_imagen(datos: bytes, rara: Rara, red: str, nombre: str) -> None:
    """Derecha, de su tamaño, sin metadatos y de sus colores."""
    for marca in MARCAS:
        assert marca not in datos, f"{nombre} en {red} lleva {marca!r}"
    with Image.open(io.BytesIO(datos)) as imagen:
        assert imagen.format in PESO[red], f"{nombre} salió {imagen.format} a {red}"
        assert len(datos) <= PESO[red][imagen.format], nombre
        assert not imagen.getexif(), nombre
        assert not {"exif", "xmp", "icc_profile", "comment", "Comment"} & imagen.info.keys()
        assert getattr(imagen, "n_frames", 1) == (rara.cuadros if red == "x" else 1), nombre
        _cotejar_medidas(imagen.size, rara, LADO[red], nombre)
        _cotejar_colores(_sobre_blanco(imagen), rara, f"{nombre} en {red}")


def _cotejar_medidas(medidas: tuple[int, int], rara: Rara, lado: int, nombre: str) -> None:
    escala = min(1.0, lado / max(rara.ancho, rara.alto))
    justas = (rara.ancho * escala, rara.alto * escala)
    if rara.pesada:
        assert max(medidas) <= max(justas) + 1
        assert abs(medidas[0] / medidas[1] - rara.ancho / rara.alto) < 0.02, nombre
        return
    sobra = max(abs(m - j) for m, j in zip(medidas, justas, strict=True))
    assert sobra <= 1, f"{nombre}: {medidas} en vez de {justas}"


def _cotejar_colores(imagen: Image.Image, rara: Rara, donde: str) -> None:
    ancho, alto = imagen.size
    for numero, esperado in enumerate(rara.colores):
        x, y = ancho * (1 + 2 * (numero % 2)) // 4, alto * (1 + 2 * (numero // 2)) // 4
        caja = (x - ancho // 10, y - alto // 10, x + ancho // 10 + 1, y + alto // 10 + 1)
        trozo = imagen.crop(caja) if min(ancho, alto) > 9 else imagen
        plano = Image.new("RGB", trozo.size, esperado)
        lejos = max(ImageStat.Stat(ImageChops.difference(_borroso(trozo), plano)).mean)
        assert lejos <= TOLERANCIA, f"{donde}: cuadrante {numero}, {lejos:.0f} lejos de {esperado}"


def _borroso(trozo: Image.Image) -> Image.Image:
    """El promedio: con ruido, un píxel suelto no dice nada."""
    return trozo.resize((1, 1), Image.Resampling.BOX).resize(trozo.size)


def _sobre_blanco(imagen: Image.Image) -> Image.Image:
    con_alfa = imagen.convert("RGBA")
    fondo = Image.new("RGBA", imagen.size, "white")
    fondo.alpha_composite(con_alfa)
    return fondo.convert("RGB")


class _Lector(HTMLParser):
    """Lo que un lector ve en el cuerpo de una entrada."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parrafos: list[str] = []
        self.imagenes: list[dict[str, str | None]] = []
        self.etiquetas: set[str] = set()
        self._dentro = False

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.etiquetas.add(tag)
        if tag == "p":
            self._dentro = True
            self.parrafos.append("")
        elif tag == "br" and self._dentro:
            self.parrafos[-1] += "\n"
        elif tag == "img":
            self.imagenes.append(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._dentro = False

    def handle_data(self, data: str) -> None:
        if self._dentro:
            self.parrafos[-1] += data


def leer_cuerpo(contenido: str) -> tuple[tuple[str, ...], list[dict[str, str | None]]]:
    """Los párrafos y las imágenes de una entrada; nada más puede haber en ella."""
    lector = _Lector()
    lector.feed(re.sub(r"<!--.*?-->", "", contenido, flags=re.DOTALL))
    assert lector.etiquetas <= {"p", "br", "a", "figure", "img"}, lector.etiquetas
    return tuple(parrafo.strip("\n") for parrafo in lector.parrafos), lector.imagenes


def titulo_visible(crudo: str) -> str:
    """El título como se lee."""
    return html.unescape(crudo)
