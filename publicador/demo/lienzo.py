"""El lienzo: figuras sin dientes, degradados y paletas. Se dibuja grande y se reduce al final."""

import colorsys
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from publicador.demo.rotulos import FINO, Color

Punto = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paleta:
    """Los colores de un dibujo."""

    cielo: Color
    horizonte: Color
    lejos: Color
    cerca: Color
    tinta: Color
    """Para letras sobre el cielo; contraste de 4,5 o más con él."""
    acento: Color
    luz: Color


def _color(hexadecimal: str) -> Color:
    r, g, b = bytes.fromhex(hexadecimal)
    return r, g, b


def _paleta(cielo: str, horizonte: str, lejos: str, cerca: str, *resto: str) -> Paleta:
    tinta, acento, luz = resto
    return Paleta(
        cielo=_color(cielo),
        horizonte=_color(horizonte),
        lejos=_color(lejos),
        cerca=_color(cerca),
        tinta=_color(tinta),
        acento=_color(acento),
        luz=_color(luz),
    )


PALETAS: Final = {
    "manana": _paleta("bfe3f2", "fdf3dc", "8fbf9f", "2f7d5b", "123b46", "e2725b", "ffd166"),
    "tarde": _paleta("fbd3a2", "fdeed6", "d99a6c", "8c4a3b", "43201a", "1f7a8c", "fff1c9"),
    "lluvia": _paleta("33516b", "7f9fb3", "4f7385", "24404f", "f4fafc", "ffc857", "d7e9f2"),
    "noche": _paleta("1b2447", "46467d", "2f2f5e", "171a36", "f7f3ff", "ff9f5a", "ffe3a3"),
    "selva": _paleta("d9efd6", "f7fbe9", "83b36c", "2c5e3f", "173a28", "d1495b", "fff3b0"),
    "coral": _paleta("ffe0d6", "fff6ee", "f0a08c", "b5483c", "4e1a1c", "18707a", "ffd9a0"),
    "cobalto": _paleta("1d4e89", "3f7cb8", "2a5f9e", "123560", "ffffff", "ffcf56", "d6e8fa"),
    "lila": _paleta("e6dcf5", "fbf5ff", "b096d6", "5d4591", "2c1d52", "c2571a", "fff0b8"),
}


def mezclar(uno: Color, otro: Color, parte: float) -> Color:
    """`uno` con esa `parte` (0 a 1) de `otro`."""
    r, g, b = (round(a + (z - a) * parte) for a, z in zip(uno, otro, strict=True))
    return r, g, b


def contraste(uno: Color, otro: Color) -> float:
    """La razón de contraste de WCAG entre dos colores, de 1 a 21."""
    claro, oscuro = sorted((_luminancia(uno), _luminancia(otro)), reverse=True)
    return (claro + 0.05) / (oscuro + 0.05)


def _luminancia(color: Color) -> float:
    partes = (c / 255 for c in color)
    lineales = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in partes]
    return sum(c * peso for c, peso in zip(lineales, (0.2126, 0.7152, 0.0722), strict=True))


def girar_tono(color: Color, vuelta: float) -> Color:
    """El mismo color con otro tono: `vuelta` va de 0 a 1."""
    tono, luz, saturacion = colorsys.rgb_to_hls(*(c / 255 for c in color))
    r, g, b = (round(c * 255) for c in colorsys.hls_to_rgb((tono + vuelta) % 1, luz, saturacion))
    return r, g, b


class Lienzo:
    """Un dibujo en curso, en píxeles del resultado."""

    def __init__(self, ancho: int, alto: int, fondo: Color) -> None:
        self.ancho, self.alto = ancho, alto
        self._imagen = Image.new("RGB", (ancho * FINO, alto * FINO), fondo)
        self._pincel = ImageDraw.Draw(self._imagen)

    def terminar(self) -> Image.Image:
        """La imagen a su tamaño; aquí ya se puede escribir."""
        return self._imagen.reduce(FINO)

    def degradado(self, arriba: Color, abajo: Color, hasta: float = 1.0) -> None:
        """Pinta el fondo de un color a otro; bajo `hasta` (fracción del alto) queda `abajo`."""
        alto = max(round(self.alto * FINO * hasta), 1)
        rampa = Image.linear_gradient("L").resize((self._imagen.width, alto))
        self._imagen.paste(abajo, (0, 0, *self._imagen.size))
        franja = Image.composite(
            Image.new("RGB", rampa.size, abajo), Image.new("RGB", rampa.size, arriba), rampa
        )
        self._imagen.paste(franja, (0, 0))

    def rectangulo(
        self, x: float, y: float, ancho: float, alto: float, color: Color, radio: float = 0
    ) -> None:
        """Un rectángulo, con esquinas redondas si se pide."""
        caja = _por(FINO, (x, y, x + ancho, y + alto))
        self._pincel.rounded_rectangle(caja, radio * FINO, color)

    def circulo(self, x: float, y: float, radio: float, color: Color) -> None:
        """Un círculo con centro en (x, y)."""
        self.elipse(x, y, radio, radio, color)

    def elipse(self, x: float, y: float, rx: float, ry: float, color: Color) -> None:
        """Una elipse con centro en (x, y)."""
        self._pincel.ellipse(_por(FINO, (x - rx, y - ry, x + rx, y + ry)), color)

    def poligono(self, puntos: Sequence[Punto], color: Color) -> None:
        """Una figura cerrada."""
        self._pincel.polygon([(x * FINO, y * FINO) for x, y in puntos], color)

    def linea(self, puntos: Sequence[Punto], color: Color, grosor: float) -> None:
        """Una línea de puntas redondas."""
        grande = [(x * FINO, y * FINO) for x, y in puntos]
        ancho = max(round(grosor * FINO), 1)
        self._pincel.line(grande, color, ancho, joint="curve")
        radio = ancho / 2
        for x, y in (grande[0], grande[-1]):
            self._pincel.ellipse((x - radio, y - radio, x + radio, y + radio), color)

    def aro(self, x: float, y: float, radio: float, color: Color, grosor: float) -> None:
        """Una circunferencia."""
        caja = _por(FINO, (x - radio, y - radio, x + radio, y + radio))
        self._pincel.ellipse(caja, outline=color, width=max(round(grosor * FINO), 1))

    def loma(self, y: float, altura: float, vueltas: float, fase: float, color: Color) -> None:
        """Una loma suave de lado a lado, que baja hasta el borde."""
        borde = [
            (float(x), self.y_de_loma(x, y, altura, vueltas, fase))
            for x in range(0, self.ancho + 8, 8)
        ]
        self.poligono([(0, self.alto), *borde, (self.ancho, self.alto)], color)

    def y_de_loma(self, x: float, y: float, altura: float, vueltas: float, fase: float) -> float:
        """A qué altura pasa una loma en `x`: para apoyar cosas en ella."""
        angulo = x / self.ancho * vueltas * 2 * math.pi + fase
        return y - altura * (math.sin(angulo) * 0.7 + math.sin(angulo * 2.3 + 1) * 0.3)


def _por(factor: int, caja: tuple[float, float, float, float]) -> tuple[float, ...]:
    return tuple(valor * factor for valor in caja)
