"""Paisajes de la ciudad, sin personas reconocibles: laderas, lluvia, parque, ciclovía, noche."""

import random
from collections.abc import Callable, Mapping
from typing import Final

from publicador.demo.adornos import (
    arbol,
    banca,
    barrera,
    bicicleta,
    bolsa,
    casa,
    cono,
    edificios,
    farol,
    guirnalda,
    nube,
    tarima,
)
from publicador.demo.lienzo import Lienzo, Paleta, girar_tono, mezclar

Escena = Callable[[Lienzo, Paleta, random.Random], None]


def _cielo(hoja: Lienzo, p: Paleta, hasta: float = 0.75) -> None:
    hoja.degradado(p.cielo, p.horizonte, hasta)


def _barrio(hoja: Lienzo, p: Paleta, azar: random.Random, y: float, altura: float) -> None:
    """Casas de colores apoyadas en la ladera."""
    tonos = [girar_tono(p.acento, v) for v in (0.0, 0.08, 0.5, 0.58, 0.92)]
    for fila in range(2):
        x = hoja.ancho * (0.02 + 0.04 * fila)
        while x < hoja.ancho * 0.98:
            talla = hoja.ancho * azar.uniform(0.06, 0.085)
            suelo = hoja.y_de_loma(x, y + fila * altura * 0.9, altura, 1.1, 0.4)
            if azar.random() < 0.68:
                muro = mezclar(azar.choice(tonos), p.horizonte, 0.45 - 0.2 * fila)
                casa(hoja, x, suelo, talla, muro, mezclar(p.acento, p.cerca, 0.5))
            else:
                copa = mezclar(p.cerca, p.lejos, 0.4)
                arbol(hoja, x + talla * 0.5, suelo, talla * 1.3, copa, p.cerca)
            x += talla * azar.uniform(1.15, 1.6)


def colinas(hoja: Lienzo, p: Paleta, azar: random.Random) -> None:
    """Montañas, sol y un barrio de ladera."""
    _cielo(hoja, p)
    hoja.circulo(hoja.ancho * 0.8, hoja.alto * 0.5, hoja.ancho * 0.085, p.luz)
    nube(
        hoja,
        hoja.ancho * 0.2,
        hoja.alto * 0.52,
        hoja.ancho * 0.035,
        mezclar(p.horizonte, (255,) * 3, 0.6),
    )
    hoja.loma(hoja.alto * 0.68, hoja.alto * 0.07, 1.3, 2.2, mezclar(p.lejos, p.horizonte, 0.45))
    hoja.loma(hoja.alto * 0.75, hoja.alto * 0.06, 1.7, 0.3, p.lejos)
    hoja.loma(hoja.alto * 0.85, hoja.alto * 0.035, 1.1, 0.4, mezclar(p.lejos, p.cerca, 0.5))
    _barrio(hoja, p, azar, hoja.alto * 0.87, hoja.alto * 0.035)
    hoja.loma(hoja.alto * 0.965, hoja.alto * 0.02, 1.4, 1.0, p.cerca)


def lluvia(hoja: Lienzo, p: Paleta, azar: random.Random) -> None:
    """Una casa en ladera bajo la lluvia, con un árbol inclinado y agua que baja."""
    _cielo(hoja, p)
    nubes = mezclar(p.cielo, p.horizonte, 0.45)
    for x, y, talla in ((0.18, 0.47, 0.05), (0.55, 0.42, 0.06), (0.88, 0.5, 0.045)):
        nube(hoja, hoja.ancho * x, hoja.alto * y, hoja.ancho * talla, nubes)
    hoja.loma(hoja.alto * 0.76, hoja.alto * 0.06, 1.2, 1.4, p.lejos)
    ladera = (
        (hoja.ancho * 0.2, float(hoja.alto)),
        (hoja.ancho * 0.62, hoja.alto * 0.76),
        (hoja.ancho * 1.0, hoja.alto * 0.68),
        (float(hoja.ancho), float(hoja.alto)),
    )
    hoja.poligono(ladera, p.cerca)
    talla = hoja.ancho * 0.17
    muro = mezclar(p.acento, p.horizonte, 0.35)
    casa(
        hoja,
        hoja.ancho * 0.68,
        hoja.alto * 0.765,
        talla,
        muro,
        mezclar(p.acento, (90, 40, 30), 0.6),
    )
    grieta = [(0.705, 0.69), (0.715, 0.71), (0.708, 0.725), (0.722, 0.75)]
    hoja.linea([(hoja.ancho * x, hoja.alto * y) for x, y in grieta], p.cerca, hoja.ancho * 0.004)
    _arbol_inclinado(hoja, p, hoja.ancho * 0.5, hoja.alto * 0.825)
    agua = mezclar(p.horizonte, (190, 225, 245), 0.6)
    cauce = [(0.6, 0.79), (0.55, 0.84), (0.57, 0.89), (0.5, 0.94), (0.46, 1.0)]
    hoja.linea([(hoja.ancho * x, hoja.alto * y) for x, y in cauce], agua, hoja.ancho * 0.016)
    _gotas(hoja, p, azar)


def _arbol_inclinado(hoja: Lienzo, p: Paleta, x: float, y: float) -> None:
    punta = (x - hoja.ancho * 0.055, y - hoja.alto * 0.12)
    hoja.linea([(x, y), punta], mezclar(p.cerca, (0, 0, 0), 0.35), hoja.ancho * 0.012)
    copa = mezclar(p.lejos, (70, 140, 100), 0.45)
    for dx, dy, radio in ((-0.02, 0.0, 0.04), (0.025, -0.02, 0.036), (-0.01, -0.045, 0.038)):
        hoja.circulo(
            punta[0] + dx * hoja.ancho, punta[1] + dy * hoja.ancho, radio * hoja.ancho, copa
        )


def _gotas(hoja: Lienzo, p: Paleta, azar: random.Random) -> None:
    claro = mezclar(p.horizonte, (255, 255, 255), 0.35)
    for _ in range(130):
        x, y = azar.uniform(0, hoja.ancho), azar.uniform(hoja.alto * 0.5, hoja.alto)
        largo = hoja.alto * azar.uniform(0.018, 0.032)
        hoja.linea([(x, y), (x - largo * 0.35, y + largo)], claro, hoja.ancho * 0.0022)


def parque(hoja: Lienzo, p: Paleta, azar: random.Random) -> None:
    """Un parque con sendero, banca, faroles y árboles."""
    _cielo(hoja, p)
    hoja.circulo(hoja.ancho * 0.2, hoja.alto * 0.52, hoja.ancho * 0.07, p.luz)
    nube(
        hoja,
        hoja.ancho * 0.7,
        hoja.alto * 0.5,
        hoja.ancho * 0.04,
        mezclar(p.horizonte, (255,) * 3, 0.6),
    )
    hoja.loma(hoja.alto * 0.72, hoja.alto * 0.05, 1.5, 0.9, mezclar(p.lejos, p.horizonte, 0.4))
    hoja.loma(hoja.alto * 0.79, hoja.alto * 0.02, 1.0, 0.2, p.lejos)
    for indice in range(9):
        x = hoja.ancho * (0.03 + indice * 0.12) + azar.uniform(-0.02, 0.02) * hoja.ancho
        copa = mezclar(p.cerca, p.lejos, azar.uniform(0.05, 0.55))
        arbol(
            hoja,
            x,
            hoja.alto * azar.uniform(0.79, 0.82),
            hoja.alto * azar.uniform(0.12, 0.2),
            copa,
            p.cerca,
        )
    hoja.loma(hoja.alto * 0.84, hoja.alto * 0.012, 1.0, 2.0, mezclar(p.cerca, p.lejos, 0.35))
    sendero = mezclar(p.horizonte, p.acento, 0.14)
    bordes = ((0.34, 1.0), (0.47, 0.84), (0.52, 0.84), (0.72, 1.0))
    hoja.poligono([(hoja.ancho * x, hoja.alto * y) for x, y in bordes], sendero)
    banca(hoja, p, hoja.ancho * 0.74, hoja.alto * 0.93)
    for x in (0.28, 0.63):
        farol(hoja, p, hoja.ancho * x, hoja.alto * 0.92, hoja.alto * 0.17)


def ciclovia(hoja: Lienzo, p: Paleta, azar: random.Random) -> None:
    """Una avenida cerrada a los carros, con bicicletas apoyadas y conos."""
    _cielo(hoja, p)
    hoja.circulo(hoja.ancho * 0.78, hoja.alto * 0.5, hoja.ancho * 0.08, p.luz)
    hoja.loma(hoja.alto * 0.7, hoja.alto * 0.06, 1.4, 0.6, mezclar(p.lejos, p.horizonte, 0.4))
    edificios(hoja, p, azar, hoja.alto * 0.8, encendidas=False)
    for indice in range(8):
        arbol(
            hoja,
            hoja.ancho * (0.05 + indice * 0.13),
            hoja.alto * 0.825,
            hoja.alto * 0.1,
            p.cerca,
            p.tinta,
        )
    via = mezclar(p.tinta, p.horizonte, 0.55)
    hoja.rectangulo(0, hoja.alto * 0.82, hoja.ancho, hoja.alto * 0.18, via)
    for indice in range(9):
        x = hoja.ancho * (indice * 0.13 - 0.03)
        hoja.rectangulo(x, hoja.alto * 0.955, hoja.ancho * 0.075, hoja.alto * 0.01, p.horizonte, 4)
    for indice, x in enumerate((0.12, 0.42, 0.72)):
        marco = girar_tono(p.acento, (0.0, 0.45, 0.12)[indice])
        bicicleta(hoja, hoja.ancho * x, hoja.alto * 0.925, hoja.ancho * 0.056, marco, p.tinta)
    for x in (0.34, 0.64, 0.94):
        cono(hoja, hoja.ancho * x, hoja.alto * 0.985, hoja.alto * 0.07)


def noche(hoja: Lienzo, p: Paleta, azar: random.Random) -> None:
    """Una avenida de noche con un carril cerrado por conos y una barrera."""
    _cielo(hoja, p)
    for _ in range(60):
        x, y = azar.uniform(0, hoja.ancho), azar.uniform(0, hoja.alto * 0.6)
        hoja.circulo(
            x, y, hoja.ancho * azar.uniform(0.0008, 0.002), mezclar(p.horizonte, p.luz, 0.7)
        )
    hoja.circulo(hoja.ancho * 0.83, hoja.alto * 0.5, hoja.ancho * 0.05, p.luz)
    edificios(hoja, p, azar, hoja.alto * 0.78, encendidas=True)
    via = mezclar(p.cerca, (70, 74, 92), 0.55)
    hoja.rectangulo(0, hoja.alto * 0.8, hoja.ancho, hoja.alto * 0.2, via)
    for indice in range(8):
        x = hoja.ancho * (indice * 0.15 - 0.04)
        hoja.rectangulo(x, hoja.alto * 0.895, hoja.ancho * 0.08, hoja.alto * 0.01, p.luz, 4)
    for indice in range(6):
        cono(
            hoja,
            hoja.ancho * (0.1 + indice * 0.1),
            hoja.alto * (0.97 - indice * 0.012),
            hoja.alto * 0.075,
        )
    barrera(hoja, hoja.ancho * 0.7, hoja.alto * 0.9, hoja.ancho * 0.24)
    for x in (0.06, 0.64):
        farol(hoja, p, hoja.ancho * x, hoja.alto * 0.82, hoja.alto * 0.2)


def concierto(hoja: Lienzo, p: Paleta, azar: random.Random) -> None:
    """Una tarima en el parque al anochecer, con guirnaldas de luces e instrumentos de cuerda."""
    _cielo(hoja, p)
    hoja.loma(hoja.alto * 0.7, hoja.alto * 0.05, 1.3, 1.1, p.lejos)
    for indice in range(6):
        x = hoja.ancho * (0.02 + indice * 0.19)
        copa = mezclar(p.cerca, p.lejos, 0.4)
        arbol(hoja, x, hoja.alto * 0.83, hoja.alto * azar.uniform(0.16, 0.22), copa, p.cerca)
    hoja.rectangulo(0, hoja.alto * 0.82, hoja.ancho, hoja.alto * 0.18, p.cerca)
    tarima(hoja, p)
    for desde, hasta, y in ((0.0, 0.55, 0.5), (0.45, 1.0, 0.48)):
        guirnalda(hoja, p, hoja.ancho * desde, hoja.ancho * hasta, hoja.alto * y)


def quebrada(hoja: Lienzo, p: Paleta, azar: random.Random) -> None:
    """Una quebrada entre piedras y árboles, con bolsas de residuos recogidas en la orilla."""
    _cielo(hoja, p)
    hoja.loma(hoja.alto * 0.66, hoja.alto * 0.06, 1.2, 0.2, mezclar(p.lejos, p.horizonte, 0.4))
    for indice in range(8):
        x, copa = (
            hoja.ancho * (0.02 + indice * 0.135),
            mezclar(p.cerca, p.lejos, azar.uniform(0, 0.6)),
        )
        arbol(
            hoja,
            x,
            hoja.alto * azar.uniform(0.76, 0.8),
            hoja.alto * azar.uniform(0.15, 0.23),
            copa,
            p.cerca,
        )
    hoja.loma(hoja.alto * 0.8, hoja.alto * 0.015, 1.3, 1.8, mezclar(p.cerca, p.lejos, 0.3))
    agua = mezclar((120, 180, 205), p.horizonte, 0.25)
    cauce = ((0.42, 0.79), (0.5, 0.79), (0.63, 0.86), (0.78, 1.0), (0.24, 1.0), (0.44, 0.88))
    hoja.poligono([(hoja.ancho * x, hoja.alto * y) for x, y in cauce], agua)
    for x, y, largo in ((0.46, 0.86, 0.06), (0.5, 0.92, 0.09), (0.42, 0.965, 0.1)):
        hoja.linea(
            [(hoja.ancho * x, hoja.alto * y), (hoja.ancho * (x + largo), hoja.alto * y)],
            mezclar(agua, (255,) * 3, 0.6),
            4,
        )
    for x, y, radio in (
        (0.36, 0.9, 0.03),
        (0.3, 0.95, 0.04),
        (0.68, 0.89, 0.028),
        (0.77, 0.95, 0.038),
    ):
        piedra = mezclar((126, 128, 124), p.cerca, azar.uniform(0.0, 0.3))
        hoja.elipse(
            hoja.ancho * x,
            hoja.alto * y,
            hoja.ancho * radio * 1.3,
            hoja.ancho * radio * 0.8,
            piedra,
        )
    for x, color in ((0.1, (52, 62, 72)), (0.175, (60, 110, 72)), (0.88, (52, 62, 72))):
        bolsa(hoja, hoja.ancho * x, hoja.alto * 0.94, hoja.ancho * 0.045, color)


ESCENAS: Final[Mapping[str, Escena]] = {
    "colinas": colinas,
    "lluvia": lluvia,
    "parque": parque,
    "ciclovia": ciclovia,
    "noche": noche,
    "concierto": concierto,
    "quebrada": quebrada,
}
