"""Letra para los dibujos, con la fuente que trae Pillow: aquí se le ponen las tildes que no tiene.

La fuente incorporada solo cubre el inglés. Depender de una fuente del sistema haría que la misma
tarjeta se viera distinta en cada máquina, así que la tilde, la virgulilla y los signos de apertura
se dibujan.
"""

import math
import unicodedata
from functools import cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

Color = tuple[int, int, int]
FINO: Final = 2
"""Cuántas veces más grande se dibuja cada renglón antes de reducirlo: sin dientes."""
_AGUDA, _VIRGULILLA, _DIERESIS = "\N{COMBINING ACUTE ACCENT}", "\N{COMBINING TILDE}", "̈"
_AL_REVES: Final = {"¿": "?", "¡": "!"}
_RAYAS: Final = {"–": 0.55, "—": 0.95}
_TRAE: Final = frozenset(map(chr, range(32, 127))) | frozenset("«»·°…")


@cache
def _fuente(tamanio: int) -> ImageFont.FreeTypeFont:
    fuente = ImageFont.load_default(size=tamanio)
    if not isinstance(fuente, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow se instaló sin FreeType: no hay con qué escribir.")
    # El trazado básico da lo mismo en toda máquina; el otro depende de bibliotecas del sistema.
    return fuente.font_variant(layout_engine=ImageFont.Layout.BASIC)


def _letra(simbolo: str) -> tuple[str, str]:
    """(letra que sí trae la fuente, marca que hay que dibujarle)."""
    if simbolo in _AL_REVES:
        return _AL_REVES[simbolo], simbolo
    if simbolo in _RAYAS:
        return simbolo, simbolo
    partes = unicodedata.normalize("NFD", simbolo)
    base, marca = partes[0], partes[1:]
    if base not in _TRAE or marca not in ("", _AGUDA, _VIRGULILLA, _DIERESIS):
        raise ValueError(f"No sé escribir «{simbolo}» en un dibujo.")
    return base, marca


def ancho_de(texto: str, tamanio: int) -> float:
    """Lo que ocupa un renglón, en píxeles."""
    return _avances(texto, _fuente(tamanio * FINO), tamanio * FINO, 0)[-1] / FINO


def _avances(texto: str, fuente: ImageFont.FreeTypeFont, tamanio: int, trazo: int) -> list[float]:
    """Dónde empieza cada letra, y al final dónde acaba la última."""
    avances, x = [0.0], 0.0
    for simbolo in texto:
        base, _ = _letra(simbolo)
        x += _RAYAS[base] * tamanio if base in _RAYAS else fuente.getlength(base)
        x += trazo * 0.7  # la negrilla engorda cada letra: sin esto se tocan
        avances.append(x)
    return avances


def partir(texto: str, tamanio: int, ancho: float) -> list[str]:
    """El texto en renglones que caben en `ancho`; respeta los saltos que ya trae."""
    renglones: list[str] = []
    for parrafo in texto.split("\n"):
        actual = ""
        for palabra in parrafo.split():
            junto = f"{actual} {palabra}".strip()
            if actual and ancho_de(junto, tamanio) > ancho:
                renglones.append(actual)
                actual = palabra
            else:
                actual = junto
        renglones.append(actual)
    return renglones


def escribir(
    imagen: Image.Image,
    x: float,
    base: float,
    texto: str,
    tamanio: int,
    color: Color,
    *,
    grueso: float = 0.0,
    ancla: str = "izquierda",
) -> None:
    """Escribe un renglón con su línea de base en `base`. `grueso`: fracción del tamaño."""
    tam = tamanio * FINO
    fuente, trazo = _fuente(tam), round(grueso * tam)
    avances = _avances(texto, fuente, tam, trazo)
    margen = tam // 2
    mascara = Image.new("L", (int(avances[-1]) + 2 * margen, tam * 2), 0)
    linea_base = round(tam * 1.35)
    for simbolo, avance in zip(texto, avances, strict=False):
        _poner(mascara, margen + avance, linea_base, simbolo, fuente, tam, trazo)
    chica = mascara.reduce(FINO)
    corrido = {"izquierda": 0.0, "centro": 0.5, "derecha": 1.0}[ancla] * avances[-1] / FINO
    donde = (round(x - corrido - margen / FINO), round(base - linea_base / FINO))
    imagen.paste(color, donde, chica)


def _poner(
    mascara: Image.Image,
    x: float,
    base: int,
    simbolo: str,
    fuente: ImageFont.FreeTypeFont,
    tam: int,
    trazo: int,
) -> None:
    letra, marca = _letra(simbolo)
    pincel = ImageDraw.Draw(mascara)
    if letra in _RAYAS:
        medio, alto = base - round(tam * 0.27), max(round(tam * 0.035) + trazo // 2, 1)
        largo = _RAYAS[letra] * tam
        pincel.rectangle((x + tam * 0.06, medio - alto, x + largo - tam * 0.06, medio + alto), 255)
        return
    if marca in _AL_REVES:
        _voltear(mascara, x, base, letra, fuente, trazo)
        return
    con_punto = letra in "ij" and marca != ""
    if con_punto:
        _sin_punto(mascara, x, base, letra, fuente, trazo)
    else:
        pincel.text((x, base), letra, 255, fuente, anchor="ls", stroke_width=trazo)
    if marca:
        caja = fuente.getbbox(letra, anchor="ls")
        tope = base + (fuente.getbbox("x", anchor="ls")[1] if con_punto else caja[1]) - trazo
        _marcar(pincel, marca, x + (caja[0] + caja[2]) / 2, tope, tam, trazo)


def _glifo(letra: str, fuente: ImageFont.FreeTypeFont, trazo: int) -> tuple[Image.Image, int, int]:
    """La letra suelta, con lo que hay que sumarle a (x, base) para ponerla en su sitio."""
    izquierda, arriba, derecha, abajo = fuente.getbbox(letra, anchor="ls", stroke_width=trazo)
    tamanio = (math.ceil(derecha - izquierda) + 2, math.ceil(abajo - arriba) + 2)
    glifo = Image.new("L", tamanio, 0)
    ImageDraw.Draw(glifo).text(
        (-izquierda, -arriba), letra, 255, fuente, anchor="ls", stroke_width=trazo
    )
    return glifo, math.floor(izquierda), math.floor(arriba)


def _voltear(
    mascara: Image.Image,
    x: float,
    base: int,
    letra: str,
    fuente: ImageFont.FreeTypeFont,
    trazo: int,
) -> None:
    glifo, dx, dy = _glifo(letra, fuente, trazo)
    # El signo de apertura cuelga: su tope queda a la altura de las minúsculas.
    caida = fuente.getbbox("x", anchor="ls")[1] - fuente.getbbox("H", anchor="ls")[1]
    girado = glifo.transpose(Image.Transpose.ROTATE_180)
    mascara.paste(255, (round(x) + dx, base + dy + round(caida)), girado)


def _sin_punto(
    mascara: Image.Image,
    x: float,
    base: int,
    letra: str,
    fuente: ImageFont.FreeTypeFont,
    trazo: int,
) -> None:
    glifo, dx, dy = _glifo(letra, fuente, trazo)
    corte = round(fuente.getbbox("x", anchor="ls")[1]) - trazo - dy
    glifo.paste(0, (0, 0, glifo.width, max(corte, 0)))
    mascara.paste(255, (round(x) + dx, base + dy), glifo)


def _marcar(
    pincel: ImageDraw.ImageDraw, marca: str, x: float, y: float, tam: int, trazo: int
) -> None:
    grueso = tam * 0.075 + trazo * 1.4
    if marca == _AGUDA:
        alto, sesgo = tam * 0.15, tam * 0.075
        suelo = y - tam * 0.055
        pincel.polygon(
            (
                (x - sesgo - grueso * 0.25, suelo),
                (x - sesgo + grueso * 0.55, suelo),
                (x + sesgo + grueso * 0.75, suelo - alto),
                (x + sesgo - grueso * 0.55, suelo - alto),
            ),
            255,
        )
        return
    radio = grueso / 2
    if marca == _DIERESIS:
        for lado in (-0.12, 0.12):
            cx, cy = x + lado * tam, y - tam * 0.12
            pincel.ellipse((cx - radio, cy - radio, cx + radio, cy + radio), 255)
        return
    radio *= 0.85
    for paso in range(41):
        avance = paso / 40
        cx = x + (avance - 0.5) * tam * 0.34
        cy = y - tam * 0.12 - math.sin(avance * 2 * math.pi) * tam * 0.04
        pincel.ellipse((cx - radio, cy - radio, cx + radio, cy + radio), 255)
