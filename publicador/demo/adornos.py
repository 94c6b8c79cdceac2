"""Lo que puebla los paisajes: árboles, casas, faroles, bicicletas, conos, una tarima con luces."""

import math
import random

from publicador.demo.lienzo import Lienzo, Paleta, mezclar
from publicador.demo.rotulos import Color


def nube(hoja: Lienzo, x: float, y: float, talla: float, color: Color) -> None:
    """Una nube redonda."""
    for dx, dy, radio in ((-1.1, 0.15, 0.55), (-0.35, -0.2, 0.8), (0.55, -0.05, 0.65)):
        hoja.circulo(x + dx * talla, y + dy * talla, radio * talla, color)
    hoja.rectangulo(x - 1.65 * talla, y + 0.1 * talla, 2.9 * talla, 0.6 * talla, color, 0.3 * talla)


def arbol(hoja: Lienzo, x: float, y: float, talla: float, copa: Color, tronco: Color) -> None:
    """Un árbol apoyado en (x, y)."""
    hoja.rectangulo(x - talla * 0.06, y - talla * 0.55, talla * 0.12, talla * 0.57, tronco)
    for dx, dy, radio in ((-0.22, -0.7, 0.26), (0.22, -0.72, 0.25), (0.0, -0.95, 0.31)):
        hoja.circulo(x + dx * talla, y + dy * talla, radio * talla, copa)
    hoja.circulo(x - talla * 0.08, y - talla, talla * 0.14, mezclar(copa, (255, 255, 255), 0.16))


def casa(hoja: Lienzo, x: float, y: float, talla: float, muro: Color, techo: Color) -> None:
    """Una casa con su puerta y su ventana."""
    hoja.rectangulo(x, y - talla * 0.72, talla, talla * 0.9, muro)
    alero = talla * 0.1
    hoja.poligono(
        (
            (x - alero, y - talla * 0.68),
            (x + talla * 0.22, y - talla * 1.06),
            (x + talla * 0.95, y - talla * 1.06),
            (x + talla + alero, y - talla * 0.68),
        ),
        techo,
    )
    oscuro = mezclar(muro, (20, 30, 40), 0.55)
    hoja.rectangulo(
        x + talla * 0.14, y - talla * 0.5, talla * 0.24, talla * 0.22, oscuro, talla * 0.02
    )
    hoja.rectangulo(
        x + talla * 0.6, y - talla * 0.46, talla * 0.24, talla * 0.5, oscuro, talla * 0.03
    )


def banca(hoja: Lienzo, p: Paleta, x: float, y: float) -> None:
    """Una banca de parque."""
    madera, largo = mezclar(p.acento, (90, 60, 40), 0.35), hoja.ancho * 0.15
    for dy in (-0.058, -0.042, -0.024):
        hoja.rectangulo(x, y + hoja.alto * dy, largo, hoja.alto * 0.011, madera, 3)
    for dx in (0.012, 0.128):
        hoja.rectangulo(
            x + hoja.ancho * dx,
            y - hoja.alto * 0.06,
            hoja.ancho * 0.009,
            hoja.alto * 0.066,
            p.tinta,
        )


def farol(hoja: Lienzo, p: Paleta, x: float, y: float, alto: float) -> None:
    """Un farol encendido."""
    poste = mezclar(p.tinta, p.cerca, 0.3)
    hoja.circulo(x, y - alto, alto * 0.2, mezclar(p.luz, p.horizonte, 0.55))
    hoja.linea([(x, y), (x, y - alto)], poste, hoja.ancho * 0.007)
    hoja.circulo(x, y - alto, alto * 0.1, p.luz)


def bicicleta(hoja: Lienzo, x: float, y: float, radio: float, marco: Color, rueda: Color) -> None:
    """Una bicicleta; `radio` es el de la rueda."""
    centro_2 = x + radio * 2.9
    for cx in (x, centro_2):
        hoja.aro(cx, y, radio, rueda, radio * 0.13)
        hoja.circulo(cx, y, radio * 0.12, rueda)
    sillin, pedal = (x + radio * 0.85, y - radio * 1.25), (x + radio * 1.35, y)
    manubrio = (centro_2 - radio * 0.5, y - radio * 1.35)
    grosor = radio * 0.17
    for tramo in (
        ((x, y), sillin, pedal, (x, y)),
        (sillin, (manubrio[0] - radio * 0.05, manubrio[1] + radio * 0.25), pedal),
        (manubrio, (centro_2, y)),
    ):
        hoja.linea(tramo, marco, grosor)
    hoja.linea(
        [(sillin[0] - radio * 0.3, sillin[1]), (sillin[0] + radio * 0.25, sillin[1])], rueda, grosor
    )
    hoja.linea([manubrio, (manubrio[0] + radio * 0.3, manubrio[1] - radio * 0.15)], rueda, grosor)


def cono(hoja: Lienzo, x: float, y: float, alto: float) -> None:
    """Un cono de obra."""
    naranja, blanco = (240, 112, 32), (255, 250, 240)
    hoja.rectangulo(x - alto * 0.42, y - alto * 0.12, alto * 0.84, alto * 0.12, naranja, 3)
    for desde, hasta, color in ((0.1, 0.4, naranja), (0.4, 0.62, blanco), (0.62, 1.0, naranja)):
        a, b = 0.3 * (1.05 - desde), 0.3 * (1.05 - hasta)
        hoja.poligono(
            (
                (x - alto * a, y - alto * desde),
                (x - alto * b, y - alto * hasta),
                (x + alto * b, y - alto * hasta),
                (x + alto * a, y - alto * desde),
            ),
            color,
        )


def edificios(hoja: Lienzo, p: Paleta, azar: random.Random, y: float, *, encendidas: bool) -> None:
    """Una fila de edificios."""
    x = -hoja.ancho * 0.02
    while x < hoja.ancho:
        ancho, alto = hoja.ancho * azar.uniform(0.07, 0.13), hoja.alto * azar.uniform(0.08, 0.22)
        cuerpo = mezclar(p.lejos, p.cerca, azar.uniform(0.1, 0.6))
        hoja.rectangulo(x, y - alto, ancho, alto + hoja.alto * 0.05, cuerpo)
        _ventanas(hoja, p, azar, (x, y - alto, ancho, alto), cuerpo, encendidas=encendidas)
        x += ancho * azar.uniform(1.0, 1.15)


def _ventanas(
    hoja: Lienzo,
    p: Paleta,
    azar: random.Random,
    caja: tuple[float, float, float, float],
    cuerpo: Color,
    *,
    encendidas: bool,
) -> None:
    x, y, ancho, alto = caja
    lado = hoja.ancho * 0.013
    for fila in range(int(alto / (lado * 2.1))):
        for columna in range(int((ancho - lado) / (lado * 1.8))):
            prendida = azar.random() < (0.55 if encendidas else 0.0)
            color = p.luz if prendida else mezclar(cuerpo, p.horizonte, 0.28)
            hoja.rectangulo(
                x + lado * (0.8 + columna * 1.8),
                y + lado * (1 + fila * 2.1),
                lado,
                lado * 1.2,
                color,
            )


def barrera(hoja: Lienzo, x: float, y: float, largo: float) -> None:
    """Una valla de obra."""
    blanco, naranja = (255, 250, 240), (240, 112, 32)
    for dx in (0.12, 0.84):
        hoja.rectangulo(x + largo * dx, y, largo * 0.04, largo * 0.36, blanco)
    alto = largo * 0.17
    hoja.rectangulo(x, y, largo, alto, blanco, 4)
    for indice in range(5):
        a = x + largo * (0.06 + indice * 0.2)
        franja = (
            (a, y + alto),
            (a + largo * 0.08, y),
            (a + largo * 0.16, y),
            (a + largo * 0.08, y + alto),
        )
        hoja.poligono(franja, naranja)


def cuerda(hoja: Lienzo, x: float, y: float, alto: float, p: Paleta, indice: int) -> None:
    """Un tiple, una bandola o una guitarra en su soporte."""
    madera = mezclar((176, 98, 44), p.luz, (0.0, 0.25, 0.12)[indice])
    oscuro = mezclar(madera, (40, 20, 10), 0.6)
    hoja.linea([(x, y - alto * 0.4), (x, y - alto)], oscuro, alto * 0.05)
    hoja.rectangulo(x - alto * 0.045, y - alto * 1.06, alto * 0.09, alto * 0.12, oscuro, 3)
    hoja.elipse(x, y - alto * 0.18, alto * 0.22, alto * 0.2, madera)
    hoja.elipse(x, y - alto * 0.42, alto * (0.15, 0.2, 0.16)[indice], alto * 0.15, madera)
    hoja.circulo(x, y - alto * 0.33, alto * 0.06, oscuro)
    hoja.rectangulo(x - alto * 0.08, y - alto * 0.12, alto * 0.16, alto * 0.025, oscuro)


def tarima(hoja: Lienzo, p: Paleta) -> None:
    """Una tarima con los tres instrumentos encima."""
    tabla = mezclar(p.acento, p.cerca, 0.35)
    hoja.rectangulo(
        hoja.ancho * 0.14, hoja.alto * 0.89, hoja.ancho * 0.72, hoja.alto * 0.06, tabla, 6
    )
    hoja.rectangulo(
        hoja.ancho * 0.14,
        hoja.alto * 0.89,
        hoja.ancho * 0.72,
        hoja.alto * 0.012,
        mezclar(tabla, p.luz, 0.5),
        4,
    )
    for indice, x in enumerate((0.32, 0.5, 0.68)):
        cuerda(
            hoja,
            hoja.ancho * x,
            hoja.alto * 0.895,
            hoja.alto * (0.19, 0.22, 0.18)[indice],
            p,
            indice,
        )


def guirnalda(hoja: Lienzo, p: Paleta, desde: float, hasta: float, y: float) -> None:
    """Una cuerda de luces colgada entre dos puntos."""

    def punto(avance: float) -> tuple[float, float]:
        return desde + (hasta - desde) * avance, y + math.sin(avance * math.pi) * hoja.alto * 0.07

    hoja.linea(
        [punto(i / 30) for i in range(31)], mezclar(p.cerca, p.lejos, 0.3), hoja.ancho * 0.0025
    )
    for i in range(1, 10):
        x, alto = punto(i / 10)
        hoja.circulo(x, alto + hoja.alto * 0.012, hoja.ancho * 0.016, mezclar(p.cielo, p.luz, 0.35))
        hoja.circulo(x, alto + hoja.alto * 0.012, hoja.ancho * 0.009, p.luz)


def bolsa(hoja: Lienzo, x: float, y: float, talla: float, color: Color) -> None:
    """Una bolsa de residuos cerrada."""
    hoja.elipse(x, y - talla * 0.6, talla * 0.75, talla * 0.75, color)
    hoja.poligono(
        (
            (x - talla * 0.3, y - talla * 1.55),
            (x, y - talla * 1.15),
            (x + talla * 0.3, y - talla * 1.55),
        ),
        color,
    )
    hoja.circulo(
        x - talla * 0.25, y - talla * 0.8, talla * 0.14, mezclar(color, (255, 255, 255), 0.25)
    )
