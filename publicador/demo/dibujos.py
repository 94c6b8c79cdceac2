"""Las piezas gráficas de la demostración: afiche, lámina, cifra, mapa y paisaje, dibujados aquí.

El mismo pedido da siempre los mismos bytes. No llevan logo, escudo ni lema de nadie.
"""

import io
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image

from publicador.demo.escenas import ESCENAS
from publicador.demo.iconos import ICONOS, Sitio
from publicador.demo.lienzo import PALETAS, Lienzo, Paleta, contraste, mezclar
from publicador.demo.rotulos import Color, ancho_de, escribir, partir

CUADRO: Final = 1080
CALIDAD: Final = 90
BLANCO: Final = (255, 255, 255)
MARGEN: Final = 84


@dataclass(frozen=True, slots=True, kw_only=True)
class Dibujo:
    """Lo que se pide dibujar. Cada diseño usa los campos que necesita."""

    diseno: str
    paleta: str
    escena: str = "colinas"
    icono: str = ""
    ceja: str = ""
    titulo: str = ""
    texto: str = ""
    pie: str = ""
    numero: int = 0
    de: int = 0
    filas: tuple[tuple[str, str], ...] = ()
    """(rótulo, valor) de cada barra o dato."""


def dibujar(dibujo: Dibujo) -> bytes:
    """El dibujo, en JPEG."""
    imagen = DISENOS[dibujo.diseno](dibujo, PALETAS[dibujo.paleta])
    salida = io.BytesIO()
    imagen.save(salida, "JPEG", quality=CALIDAD, subsampling=0)
    return salida.getvalue()


def paisaje_de(escena: str, paleta: str, semilla: str, ancho: int, alto: int) -> Image.Image:
    """La parte baja de un paisaje, donde está lo que se ve, apaisada."""
    lado = ancho
    entero = _escena(escena, PALETAS[paleta], semilla, lado)
    return entero.crop((0, lado - alto, ancho, lado))


def _escena(escena: str, paleta: Paleta, semilla: str, lado: int) -> Image.Image:
    hoja = Lienzo(lado, lado, paleta.cielo)
    # La semilla es el título: el paisaje cambia con él, pero no de una vez a otra.
    ESCENAS[escena](hoja, paleta, random.Random(semilla))  # noqa: S311 — es un dibujo
    return hoja.terminar()


def _afiche(dibujo: Dibujo, paleta: Paleta) -> Image.Image:
    """Cartel de convocatoria: ceja, título grande y fecha sobre el cielo de un paisaje."""
    imagen = _escena(dibujo.escena, paleta, dibujo.titulo, CUADRO)
    y = _ceja(imagen, dibujo.ceja, MARGEN, 112, paleta)
    y = _titulo(imagen, dibujo.titulo, y + 30, 92, paleta.tinta, CUADRO - 2 * MARGEN, 3) + 18
    for renglon in partir(dibujo.texto, 40, CUADRO - 2 * MARGEN):
        y += 54
        escribir(imagen, MARGEN, y, renglon, 40, paleta.tinta)
    if dibujo.pie:
        _pastilla(imagen, dibujo.pie, MARGEN, y + 36, 34, paleta.tinta, _sobre(paleta.tinta))
    return imagen


def _lamina(dibujo: Dibujo, paleta: Paleta) -> Image.Image:
    """Una lámina de carrusel: ícono grande, título, una frase y en cuál va."""
    fondo = mezclar(paleta.horizonte, BLANCO, 0.25 if _es_claro(paleta.horizonte) else 0.86)
    hoja = Lienzo(CUADRO, CUADRO, paleta.cielo)
    hoja.circulo(930, 90, 210, mezclar(paleta.cielo, BLANCO, 0.16))
    hoja.circulo(120, 520, 150, mezclar(paleta.cielo, BLANCO, 0.1))
    hoja.rectangulo(0, 560, CUADRO, CUADRO - 560, fondo)
    hoja.circulo(CUADRO / 2, 318, 218, mezclar(paleta.cielo, BLANCO, 0.55))
    sitio = Sitio(
        hoja=hoja, x=CUADRO / 2, y=318, lado=290, trazo=_oscuro(paleta), relleno=paleta.luz
    )
    ICONOS[dibujo.icono](sitio)
    for paso in range(dibujo.de):
        activo = paso + 1 == dibujo.numero
        color = _oscuro(paleta) if activo else mezclar(fondo, _oscuro(paleta), 0.25)
        hoja.rectangulo(MARGEN + paso * 52, 988, 40, 14, color, 7)
    imagen = hoja.terminar()
    tinta = _oscuro(paleta)
    if dibujo.numero:
        _pastilla(imagen, f"{dibujo.numero} de {dibujo.de}", MARGEN, 76, 32, tinta, _sobre(tinta))
    y = _titulo(imagen, dibujo.titulo, 596, 82, tinta, CUADRO - 2 * MARGEN, 2) + 16
    for renglon in partir(dibujo.texto, 46, CUADRO - 2 * MARGEN):
        y += 62
        escribir(imagen, MARGEN, y, renglon, 46, mezclar(tinta, fondo, 0.12))
    return imagen


def _cifra(dibujo: Dibujo, paleta: Paleta) -> Image.Image:
    """Un número grande y las barras que lo componen."""
    fondo, tinta = paleta.cerca, BLANCO
    hoja = Lienzo(CUADRO, CUADRO, fondo)
    hoja.circulo(960, 140, 260, mezclar(fondo, BLANCO, 0.07))
    hoja.circulo(1010, 90, 150, mezclar(fondo, BLANCO, 0.07))
    cantidades = [float(valor.replace(".", "")) for _, valor in dibujo.filas]
    ancho_max = CUADRO - 2 * MARGEN - 150
    for i, cantidad in enumerate(cantidades):
        y = 640 + i * 108
        hoja.rectangulo(MARGEN, y, CUADRO - 2 * MARGEN, 34, mezclar(fondo, BLANCO, 0.14), 17)
        largo = ancho_max * cantidad / max(cantidades)
        hoja.rectangulo(MARGEN, y, largo, 34, paleta.luz, 17)
    imagen = hoja.terminar()
    _ceja(imagen, dibujo.ceja, MARGEN, 112, paleta, fondo=mezclar(fondo, BLANCO, 0.18))
    escribir(imagen, MARGEN - 8, 368, dibujo.titulo, 210, paleta.luz, grueso=0.02)
    for n, renglon in enumerate(partir(dibujo.texto, 44, CUADRO - 2 * MARGEN)[:2]):
        escribir(imagen, MARGEN, 448 + n * 58, renglon, 44, tinta)
    for i, (rotulo, valor) in enumerate(dibujo.filas):
        y = 626 + i * 108
        escribir(imagen, MARGEN, y, rotulo, 34, tinta)
        escribir(imagen, CUADRO - MARGEN, y, valor, 34, tinta, ancla="derecha", grueso=0.02)
    escribir(imagen, MARGEN, 1012, dibujo.pie, 28, mezclar(BLANCO, fondo, 0.2))
    return imagen


def _datos(dibujo: Dibujo, paleta: Paleta) -> Image.Image:
    """Dos o tres datos enormes, uno por renglón: para guardar y pegar en la nevera."""
    fondo = mezclar(paleta.horizonte, BLANCO, 0.2 if _es_claro(paleta.horizonte) else 0.86)
    hoja = Lienzo(CUADRO, CUADRO, fondo)
    hoja.rectangulo(0, 0, CUADRO, 300, paleta.cerca)
    alto = 580 / max(len(dibujo.filas), 1)
    for i in range(len(dibujo.filas)):
        hoja.rectangulo(
            MARGEN - 20, 350 + i * alto, CUADRO - 2 * MARGEN + 40, alto - 30, BLANCO, 34
        )
        hoja.rectangulo(MARGEN - 20, 350 + i * alto, 18, alto - 30, paleta.acento, 9)
    imagen = hoja.terminar()
    _titulo(imagen, dibujo.titulo, 66, 68, BLANCO, CUADRO - 2 * MARGEN, 2)
    for i, (rotulo, valor) in enumerate(dibujo.filas):
        medio = 350 + i * alto + (alto - 30) / 2
        escribir(imagen, MARGEN + 30, medio + 60, valor, 170, _oscuro(paleta), grueso=0.025)
        x = MARGEN + 70 + ancho_de(valor, 170) + 24
        renglones = partir(rotulo, 42, CUADRO - MARGEN - x)
        for n, renglon in enumerate(renglones):
            y = medio + 14 + (n - (len(renglones) - 1) / 2) * 54
            escribir(imagen, x, y, renglon, 42, _oscuro(paleta))
    escribir(imagen, CUADRO / 2, 1010, dibujo.pie, 36, _oscuro(paleta), ancla="centro")
    return imagen


def _mapa(dibujo: Dibujo, paleta: Paleta) -> Image.Image:
    """Un plano inventado, con un marcador por punto."""
    suelo = mezclar(paleta.horizonte, paleta.lejos, 0.22)
    hoja = Lienzo(CUADRO, CUADRO, suelo)
    azar = random.Random(dibujo.titulo)  # noqa: S311 — es un dibujo
    for _ in range(9):
        verde = mezclar(paleta.lejos, BLANCO, 0.25)
        x, y = azar.uniform(0, 960), azar.uniform(260, 1000)
        hoja.rectangulo(x, y, azar.uniform(90, 190), azar.uniform(70, 150), verde, 26)
    for i in range(9):
        x, y = 40 + i * 128, 300 + i * 96
        hoja.linea([(x - 60, 240), (x + 60, 1080)], BLANCO, 20 if i % 3 == 1 else 9)
        hoja.linea([(0, y), (1080, y - 50)], BLANCO, 20 if i % 3 == 1 else 9)
    hoja.linea([(0, 905), (330, 840), (600, 930), (1080, 800)], (150, 196, 220), 26)
    for i in range(dibujo.numero):
        x = 120 + (i % 4) * 270 + azar.uniform(-50, 50)
        y = 440 + (i // 4) * 230 + azar.uniform(-40, 40)
        hoja.elipse(x, y + 6, 22, 8, mezclar(suelo, (0, 0, 0), 0.3))
        hoja.poligono([(x - 27, y - 42), (x + 27, y - 42), (x, y + 4)], paleta.acento)
        hoja.circulo(x, y - 54, 31, paleta.acento)
        hoja.circulo(x, y - 54, 13, BLANCO)
    hoja.rectangulo(0, 0, CUADRO, 262, paleta.cerca)
    imagen = hoja.terminar()
    y = _titulo(imagen, dibujo.titulo, 44, 62, BLANCO, CUADRO - 2 * MARGEN, 2)
    escribir(imagen, MARGEN, y + 50, dibujo.texto, 36, BLANCO)
    return imagen


def _paisaje(dibujo: Dibujo, paleta: Paleta) -> Image.Image:
    """Solo el paisaje, apaisado, como una fotografía de archivo."""
    return paisaje_de(dibujo.escena, dibujo.paleta, dibujo.titulo, 1440, 810)


def _ceja(
    imagen: Image.Image,
    texto: str,
    x: int,
    base: int,
    paleta: Paleta,
    *,
    fondo: Color | None = None,
) -> float:
    """El rótulo pequeño de arriba; devuelve dónde sigue lo demás."""
    if not texto:
        return base - 40
    color = fondo or paleta.acento
    return _pastilla(imagen, texto, x, base - 36, 30, color, _sobre(color))


def _pastilla(
    imagen: Image.Image, texto: str, x: float, y: float, tam: int, fondo: Color, tinta: Color
) -> float:
    """Un rótulo dentro de una cápsula; devuelve la altura a la que termina."""
    ancho, alto = round(ancho_de(texto, tam)) + tam * 2, round(tam * 1.9)
    capsula = Lienzo(ancho, alto, (0, 0, 0))
    capsula.rectangulo(0, 0, ancho, alto, BLANCO, alto / 2)
    imagen.paste(fondo, (round(x), round(y)), capsula.terminar().convert("L"))
    escribir(imagen, x + tam, y + alto * 0.66, texto, tam, tinta, grueso=0.015)
    return y + alto


def _titulo(
    imagen: Image.Image,
    texto: str,
    y: float,
    tam: int,
    color: Color,
    ancho: float,
    renglones_max: int,
) -> float:
    """El título en negrilla, tan grande como quepa; devuelve la base del último renglón."""
    while len(renglones := partir(texto, tam, ancho * 0.97)) > renglones_max and tam > 30:
        tam -= 4
    for renglon in renglones:
        y += tam * 1.14
        escribir(imagen, MARGEN, y, renglon, tam, color, grueso=0.03)
    return y


def _es_claro(color: Color) -> bool:
    return contraste(color, BLANCO) < 2


def _oscuro(paleta: Paleta) -> Color:
    """El más oscuro entre la tinta y el primer plano: letras sobre fondo claro."""
    return max((paleta.tinta, paleta.cerca), key=lambda color: contraste(color, BLANCO))


def _sobre(fondo: Color) -> Color:
    """Blanco o casi negro, lo que mejor se lea encima."""
    opciones: Sequence[Color] = (BLANCO, (24, 30, 36))
    return max(opciones, key=lambda color: contraste(color, fondo))


DISENOS: Final[Mapping[str, Callable[[Dibujo, Paleta], Image.Image]]] = {
    "afiche": _afiche,
    "cifra": _cifra,
    "datos": _datos,
    "lamina": _lamina,
    "mapa": _mapa,
    "paisaje": _paisaje,
}
