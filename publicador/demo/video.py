"""El video de la demostración: unos segundos dibujados cuadro a cuadro, con sus subtítulos."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
from PIL import Image

from publicador.demo.dibujos import BLANCO, paisaje_de
from publicador.demo.lienzo import PALETAS, mezclar
from publicador.demo.rotulos import escribir

ANCHO: Final = 960
ALTO: Final = 540
POR_SEGUNDO: Final = 4
SEGUNDOS_POR_FRASE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Filme:
    """Qué se ve: un paisaje quieto y unas frases que aparecen una por una."""

    paleta: str
    escena: str
    titulo: str
    cuadros: tuple[str, ...]
    alt: str


def filmar(filme: Filme, destino: Path) -> None:
    """Escribe el MP4 en `destino`; un solo hilo, para que el resultado sea siempre el mismo."""
    fondo = paisaje_de(filme.escena, filme.paleta, filme.titulo, ANCHO, ALTO)
    por_frase = SEGUNDOS_POR_FRASE * POR_SEGUNDO
    with av.open(str(destino), "w", format="mp4", options={"movflags": "faststart"}) as caja:
        pista = caja.add_stream("libx264", rate=POR_SEGUNDO)
        pista.width, pista.height, pista.pix_fmt = ANCHO, ALTO, "yuv420p"
        pista.options = {"preset": "ultrafast", "threads": "1"}
        for n in range(len(filme.cuadros) * por_frase):
            imagen = _cuadro(filme, fondo, n // por_frase, n % por_frase)
            cuadro = av.VideoFrame.from_image(imagen)  # type: ignore[no-untyped-call]
            cuadro.pts = n
            caja.mux(pista.encode(cuadro))
        caja.mux(pista.encode())


def subtitular(filme: Filme) -> str:
    """Los subtítulos, en SRT."""
    bloques = []
    for n, frase in enumerate(filme.cuadros):
        desde, hasta = n * SEGUNDOS_POR_FRASE, (n + 1) * SEGUNDOS_POR_FRASE
        bloques.append(f"{n + 1}\n00:00:{desde:02},000 --> 00:00:{hasta:02},000\n{frase}\n")
    return "\n".join(bloques)


def _cuadro(filme: Filme, fondo: Image.Image, cual: int, paso: int) -> Image.Image:
    paleta = PALETAS[filme.paleta]
    imagen = fondo.copy()
    banda = mezclar(paleta.cerca, (0, 0, 0), 0.25)
    imagen.paste(banda, (0, ALTO - 140, ANCHO, ALTO))
    # La frase entra deslizándose en los primeros cuadros.
    entrada = max(3 - paso, 0) * 26
    x = 44 + entrada
    escribir(imagen, x, ALTO - 96, f"{cual + 1} de {len(filme.cuadros)}", 26, paleta.acento)
    escribir(imagen, x, ALTO - 38, filme.cuadros[cual], 48, BLANCO, grueso=0.03)
    return imagen
