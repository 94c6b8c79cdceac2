"""Íconos sencillos para las láminas: cada uno cabe en un cuadro de lado 1 con centro en (0, 0)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from publicador.demo.lienzo import Lienzo, Punto
from publicador.demo.rotulos import Color


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitio:
    """Dónde y con qué colores se dibuja un ícono."""

    hoja: Lienzo
    x: float
    y: float
    lado: float
    trazo: Color
    relleno: Color

    def caja(self, x: float, y: float, ancho: float, alto: float, color: Color, r: float) -> None:
        """Un rectángulo redondo, en unidades del ícono."""
        self.hoja.rectangulo(
            *self.punto(x, y), ancho * self.lado, alto * self.lado, color, r * self.lado
        )

    def disco(self, x: float, y: float, radio: float, color: Color) -> None:
        """Un círculo."""
        self.hoja.circulo(*self.punto(x, y), radio * self.lado, color)

    def raya(self, puntos: Sequence[Punto], color: Color, grosor: float = 0.05) -> None:
        """Una línea quebrada."""
        self.hoja.linea([self.punto(*p) for p in puntos], color, grosor * self.lado)

    def figura(self, puntos: Sequence[Punto], color: Color) -> None:
        """Un polígono."""
        self.hoja.poligono([self.punto(*p) for p in puntos], color)

    def punto(self, x: float, y: float) -> Punto:
        """De unidades del ícono a píxeles."""
        return self.x + x * self.lado, self.y + y * self.lado


def _carne(s: Sitio) -> None:
    s.caja(-0.4, -0.42, 0.8, 0.84, s.trazo, 0.07)
    s.caja(-0.34, -0.36, 0.68, 0.72, s.relleno, 0.04)
    s.caja(-0.06, -0.3, 0.12, 0.32, s.trazo, 0.02)
    s.caja(-0.16, -0.2, 0.32, 0.12, s.trazo, 0.02)
    for y in (0.12, 0.24):
        s.raya([(-0.24, y), (0.24, y)], s.trazo, 0.035)


def _documento(s: Sitio) -> None:
    s.caja(-0.46, -0.3, 0.92, 0.6, s.trazo, 0.07)
    s.caja(-0.41, -0.25, 0.82, 0.5, s.relleno, 0.04)
    s.disco(-0.22, -0.07, 0.085, s.trazo)
    s.caja(-0.34, 0.04, 0.24, 0.14, s.trazo, 0.07)
    for y, hasta in ((-0.12, 0.32), (0.0, 0.32), (0.12, 0.2)):
        s.raya([(0.02, y), (hasta, y)], s.trazo, 0.04)


def _lista(s: Sitio) -> None:
    s.caja(-0.36, -0.42, 0.72, 0.88, s.trazo, 0.06)
    s.caja(-0.3, -0.36, 0.6, 0.76, s.relleno, 0.03)
    s.caja(-0.15, -0.48, 0.3, 0.14, s.trazo, 0.05)
    for y in (-0.18, 0.03, 0.24):
        s.raya([(-0.21, y), (-0.16, y + 0.05), (-0.08, y - 0.06)], s.trazo, 0.04)
        s.raya([(0.02, y), (0.22, y)], s.trazo, 0.04)


def _canal(s: Sitio) -> None:
    s.figura([(-0.45, 0.02), (0.0, -0.42), (0.45, 0.02)], s.trazo)
    s.caja(-0.48, 0.02, 0.96, 0.13, s.relleno, 0.06)
    s.caja(0.3, 0.12, 0.12, 0.36, s.relleno, 0.03)
    for x in (-0.3, -0.08, 0.14):
        s.figura([(x, 0.02), (x + 0.05, -0.1), (x + 0.1, 0.02)], s.relleno)


def _tejas(s: Sitio) -> None:
    for fila in range(3):
        for columna in range(4 - fila % 2):
            x, y = -0.36 + columna * 0.24 + (fila % 2) * 0.12, -0.28 + fila * 0.26
            s.caja(x - 0.11, y - 0.1, 0.22, 0.16, s.trazo, 0.01)
            s.disco(x, y + 0.06, 0.11, s.trazo)
            s.disco(x, y + 0.04, 0.05, s.relleno)


def _sifon(s: Sitio) -> None:
    s.disco(0, 0, 0.44, s.trazo)
    s.disco(0, 0, 0.35, s.relleno)
    for x in (-0.17, 0.0, 0.17):
        for y in (-0.17, 0.0, 0.17):
            s.disco(x, y, 0.055, s.trazo)


def _rejilla(s: Sitio) -> None:
    s.caja(-0.46, -0.3, 0.92, 0.6, s.trazo, 0.05)
    for x in range(5):
        s.caja(-0.385 + x * 0.165, -0.22, 0.09, 0.44, s.relleno, 0.04)


def _idea(s: Sitio) -> None:
    s.disco(0, -0.1, 0.34, s.trazo)
    s.disco(0, -0.1, 0.26, s.relleno)
    s.caja(-0.14, 0.16, 0.28, 0.1, s.trazo, 0.03)
    s.caja(-0.1, 0.29, 0.2, 0.1, s.trazo, 0.04)
    s.raya([(-0.09, -0.12), (0.0, 0.0), (0.09, -0.12)], s.trazo, 0.04)


def _acta(s: Sitio) -> None:
    s.caja(-0.34, -0.44, 0.68, 0.86, s.trazo, 0.05)
    s.caja(-0.28, -0.38, 0.56, 0.74, s.relleno, 0.03)
    for y in (-0.24, -0.12, 0.0):
        s.raya([(-0.18, y), (0.18, y)], s.trazo, 0.035)
    s.raya([(-0.18, 0.22), (-0.1, 0.14), (-0.04, 0.24), (0.05, 0.16)], s.trazo, 0.03)
    s.disco(0.2, 0.26, 0.13, s.trazo)


def _sello(s: Sitio) -> None:
    s.caja(-0.12, -0.44, 0.24, 0.36, s.trazo, 0.12)
    s.caja(-0.3, -0.06, 0.6, 0.2, s.trazo, 0.06)
    s.caja(-0.36, 0.16, 0.72, 0.1, s.relleno, 0.02)
    s.caja(-0.4, 0.32, 0.8, 0.08, s.trazo, 0.03)


def _lupa(s: Sitio) -> None:
    s.raya([(0.12, 0.12), (0.4, 0.4)], s.trazo, 0.14)
    s.disco(-0.08, -0.08, 0.34, s.trazo)
    s.disco(-0.08, -0.08, 0.25, s.relleno)
    for x, alto in ((-0.2, 0.12), (-0.09, 0.22), (0.02, 0.3)):
        s.caja(x, 0.08 - alto, 0.08, alto, s.trazo, 0.01)


def _candado(s: Sitio) -> None:
    s.hoja.aro(*s.punto(0, -0.14), 0.22 * s.lado, s.trazo, 0.08 * s.lado)
    s.caja(-0.34, -0.12, 0.68, 0.54, s.trazo, 0.07)
    s.disco(0, 0.1, 0.08, s.relleno)
    s.caja(-0.035, 0.12, 0.07, 0.18, s.relleno, 0.03)


def _maletin(s: Sitio) -> None:
    s.caja(-0.16, -0.38, 0.32, 0.2, s.trazo, 0.06)
    s.caja(-0.1, -0.32, 0.2, 0.14, s.relleno, 0.03)
    s.caja(-0.44, -0.24, 0.88, 0.62, s.trazo, 0.08)
    s.caja(-0.06, -0.12, 0.12, 0.38, s.relleno, 0.02)
    s.caja(-0.19, 0.01, 0.38, 0.12, s.relleno, 0.02)


def _microfono(s: Sitio) -> None:
    s.caja(-0.14, -0.46, 0.28, 0.5, s.trazo, 0.14)
    for y in (-0.3, -0.2, -0.1):
        s.raya([(-0.07, y), (0.07, y)], s.relleno, 0.03)
    s.raya([(-0.26, -0.1), (-0.24, 0.06), (-0.12, 0.18), (0, 0.21)], s.trazo, 0.05)
    s.raya([(0.26, -0.1), (0.24, 0.06), (0.12, 0.18), (0, 0.21)], s.trazo, 0.05)
    s.raya([(0, 0.21), (0, 0.4)], s.trazo, 0.06)
    s.raya([(-0.18, 0.42), (0.18, 0.42)], s.trazo, 0.06)


def _escudo(s: Sitio) -> None:
    s.figura(_ESCUDO, s.trazo)
    s.figura([(x * 0.8, y * 0.8) for x, y in _ESCUDO], s.relleno)
    s.raya([(-0.15, 0.0), (-0.03, 0.13), (0.18, -0.14)], s.trazo, 0.09)


_ESCUDO: Final = ((0, -0.46), (0.4, -0.3), (0.36, 0.1), (0.0, 0.48), (-0.36, 0.1), (-0.4, -0.3))

ICONOS: Final[Mapping[str, Callable[[Sitio], None]]] = {
    "acta": _acta,
    "canal": _canal,
    "candado": _candado,
    "carne": _carne,
    "documento": _documento,
    "escudo": _escudo,
    "idea": _idea,
    "lista": _lista,
    "lupa": _lupa,
    "maletin": _maletin,
    "microfono": _microfono,
    "rejilla": _rejilla,
    "sello": _sello,
    "sifon": _sifon,
    "tejas": _tejas,
}
