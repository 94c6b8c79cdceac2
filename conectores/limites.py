"""Lo que cabe en cada red, y las frases de lo que no cabe; puro, salvo mirar si el archivo está."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from conectores.contrato import Adjunto, Clase, Envio, Red
from conectores.texto import largo_facebook, largo_x, tiene_prohibidos

MB = 1_000_000
_SIMBOLO_BURSATIL = re.compile(r"(?<![\w$])\$[A-Za-z]{1,6}(?!\w)")

NOMBRES: Mapping[Red, str] = {
    Red.FACEBOOK: "Facebook",
    Red.X: "X",
    Red.WORDPRESS: "el sitio web",
    Red.CORREO: "el correo",
    Red.MANUAL: "la entrega manual",
}
"""Cómo se nombra cada red en una frase, tras una preposición."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limites:
    """Los topes de una red. `None` = la red no pone tope, o no se conoce."""

    texto_max: int | None = None
    segmentos_max: int = 1
    comentario_max: int | None = None
    alternativo_max: int | None = None
    imagenes_max: int
    gifs_max: int = 1
    videos_max: int = 1
    admite_mezcla: bool = False
    """Si pueden ir juntos imágenes y video (o GIF)."""

    imagen_pesos: Mapping[str, int] = field(default_factory=dict)
    """Peso máximo, en bytes, de cada tipo MIME de imagen que se acepta."""
    imagen_lado_px: int
    imagen_calidad: int = 85
    """Calidad JPEG con la que se empieza; se baja hasta que quepa."""
    gif_peso_bytes: int
    gif_ancho_px: int
    gif_alto_px: int
    gif_cuadros_max: int | None = None
    video_tipos: tuple[str, ...]
    video_peso_bytes: int | None = None
    video_ancho_px: int | None = None
    video_alto_px: int | None = None
    video_min_s: float = 0.0
    video_max_s: float | None = None


LIMITES: Mapping[Red, Limites] = {
    # Fuente: documentación de fotos de la Graph API y errores 1366046, consultado 2026-08. El
    # máximo de fotos no está documentado: otras herramientas paran en 10.
    Red.FACEBOOK: Limites(
        texto_max=63_206,
        comentario_max=8_000,
        imagenes_max=10,
        imagen_pesos={"image/jpeg": 4 * MB, "image/png": 1 * MB},
        imagen_lado_px=2_048,
        gif_peso_bytes=4 * MB,
        gif_ancho_px=2_048,
        gif_alto_px=2_048,
        video_tipos=("video/mp4", "video/quicktime"),
        video_peso_bytes=10_000 * MB,
        video_max_s=4 * 3600.0,
    ),
    # Fuente: guía de medios de la API de X, consultado 2026-08.
    Red.X: Limites(
        texto_max=280,
        segmentos_max=25,
        alternativo_max=1_000,
        imagenes_max=4,
        imagen_pesos={"image/jpeg": 5 * MB, "image/png": 5 * MB, "image/webp": 5 * MB},
        imagen_lado_px=4_096,
        gif_peso_bytes=15 * MB,
        gif_ancho_px=1_280,
        gif_alto_px=1_080,
        gif_cuadros_max=350,
        video_tipos=("video/mp4", "video/quicktime"),
        video_peso_bytes=512 * MB,
        video_ancho_px=1_280,
        video_alto_px=1_024,
        video_min_s=0.5,
        video_max_s=140.0,
    ),
    # PHP y nginx traen 2 MB y 1 MB de fábrica: por debajo de eso pasa en cualquier sitio.
    Red.WORDPRESS: Limites(
        imagenes_max=20,
        gifs_max=20,
        admite_mezcla=True,
        imagen_pesos={"image/jpeg": 1 * MB, "image/png": 1 * MB, "image/webp": 1 * MB},
        imagen_lado_px=2_048,
        imagen_calidad=82,
        gif_peso_bytes=1 * MB,
        gif_ancho_px=2_048,
        gif_alto_px=2_048,
        video_tipos=("video/mp4", "video/quicktime"),
    ),
    Red.CORREO: Limites(
        imagenes_max=10,
        gifs_max=10,
        admite_mezcla=True,
        imagen_pesos={"image/jpeg": 2 * MB, "image/png": 2 * MB},
        imagen_lado_px=2_048,
        gif_peso_bytes=2 * MB,
        gif_ancho_px=2_048,
        gif_alto_px=2_048,
        video_tipos=(),
    ),
    Red.MANUAL: Limites(
        imagenes_max=30,
        gifs_max=30,
        videos_max=30,
        admite_mezcla=True,
        imagen_pesos={"image/jpeg": 5 * MB, "image/png": 5 * MB, "image/webp": 5 * MB},
        imagen_lado_px=4_096,
        gif_peso_bytes=16 * MB,
        gif_ancho_px=4_096,
        gif_alto_px=4_096,
        video_tipos=("video/mp4", "video/quicktime"),
    ),
}


def limites_de(red: Red) -> Limites:
    """Los topes de una red."""
    return LIMITES[red]


def revisar(envio: Envio) -> tuple[str, ...]:
    """Las frases de lo que no cabe en la red del envío, para quien escribe; vacío = cabe todo."""
    limites = LIMITES[envio.red]
    return (
        *_del_texto(envio, limites),
        *_de_las_cantidades(envio, limites),
        *(
            frase
            for numero, adjunto in enumerate(envio.adjuntos, start=1)
            for frase in _del_adjunto(numero, adjunto, limites, NOMBRES[envio.red])
        ),
    )


def _del_texto(envio: Envio, limites: Limites) -> Iterator[str]:
    red = NOMBRES[envio.red]
    if len(envio.segmentos) > limites.segmentos_max:
        yield (
            f"Son {len(envio.segmentos)} publicaciones seguidas y en {red} "
            f"se admiten {limites.segmentos_max}."
        )
    if envio.red is Red.WORDPRESS and not envio.titulo.strip():
        yield "Falta el título, que encabeza la entrada en el sitio web."
    for numero, texto in enumerate(envio.segmentos, start=1):
        cual = f"El segmento {numero} del hilo" if len(envio.segmentos) > 1 else "El texto"
        # Una foto sola es una publicación; un segmento posterior o una entrada sin texto, no.
        if not texto.strip() and (numero > 1 or not envio.adjuntos):
            yield f"{cual} está vacío."
        yield from _del_segmento(cual, texto, envio.red, limites)
    sobran = largo_facebook(envio.primer_comentario or "") - (limites.comentario_max or 0)
    if limites.comentario_max is not None and sobran > 0:
        yield (
            f"El primer comentario no cabe en {red}: el máximo es "
            f"{_miles(limites.comentario_max)}; sobran {_miles(sobran)}."
        )


def _del_segmento(cual: str, texto: str, red: Red, limites: Limites) -> Iterator[str]:
    largo = largo_x(texto) if red is Red.X else largo_facebook(texto)
    if limites.texto_max is not None and largo > limites.texto_max:
        yield (
            f"{cual} no cabe en {NOMBRES[red]}: mide {_miles(largo)} y el máximo es "
            f"{_miles(limites.texto_max)}; sobran {_miles(largo - limites.texto_max)}."
        )
    # X admite un solo símbolo bursátil; «$5.000» no lo es. Fuente: reglas de X, consultado 2026-08.
    if red is Red.X and len(_SIMBOLO_BURSATIL.findall(texto)) > 1:
        yield f"{cual} lleva más de un símbolo bursátil ($ y letras) y X admite uno solo."
    if tiene_prohibidos(texto):
        yield f"{cual} lleva un carácter invisible o roto. Bórrelo y escríbalo de nuevo."


def _de_las_cantidades(envio: Envio, limites: Limites) -> Iterator[str]:
    red = NOMBRES[envio.red]
    cuantos = {clase: sum(a.clase is clase for a in envio.adjuntos) for clase in Clase}
    topes = (
        (Clase.IMAGEN, limites.imagenes_max, "imágenes"),
        (Clase.GIF, limites.gifs_max, "GIF"),
        (Clase.VIDEO, limites.videos_max, "videos"),
    )
    for clase, tope, nombre in topes:
        if cuantos[clase] > tope:
            yield f"Lleva {cuantos[clase]} {nombre} y en {red} se admiten {tope} como máximo."
    if not limites.admite_mezcla and sum(1 for n in cuantos.values() if n) > 1:
        yield f"En {red} no van juntos imágenes, GIF y video. Deje uno solo de los tres."


def _del_adjunto(numero: int, adjunto: Adjunto, limites: Limites, red: str) -> Iterator[str]:
    cual = f"{_NOMBRE_DE_CLASE[adjunto.clase]} {numero}"
    if not adjunto.archivo.is_file():
        yield f"{cual}: falta el archivo. Súbalo de nuevo a la mediateca."
    if adjunto.clase is not Clase.VIDEO and not adjunto.texto_alternativo.strip():
        yield f"{cual}: falta el texto alternativo. Describa lo que se ve."
    sobran = len(adjunto.texto_alternativo) - (limites.alternativo_max or 0)
    if limites.alternativo_max is not None and sobran > 0:
        yield (
            f"{cual}: el texto alternativo pasa de {_miles(limites.alternativo_max)} caracteres; "
            f"sobran {_miles(sobran)}."
        )
    yield from _del_archivo(cual, adjunto, limites, red)


def _del_archivo(cual: str, adjunto: Adjunto, limites: Limites, red: str) -> Iterator[str]:
    tipos, peso, ancho, alto = _topes(adjunto, limites)
    if adjunto.tipo not in tipos:
        yield f"{cual}: el tipo {adjunto.tipo} no se admite en {red}."
    if peso is not None and adjunto.peso_bytes > peso:
        yield (
            f"{cual}: pesa {_megas(adjunto.peso_bytes)} MB y el máximo en {red} "
            f"es {_megas(peso)} MB."
        )
    if ancho and alto and (adjunto.ancho_px > ancho or adjunto.alto_px > alto):
        yield (
            f"{cual}: mide {adjunto.ancho_px}×{adjunto.alto_px} y el máximo en {red} "
            f"es {ancho}×{alto}."
        )
    if adjunto.clase is Clase.VIDEO and adjunto.duracion_s is not None:
        yield from _de_la_duracion(cual, adjunto.duracion_s, limites, red)


def _de_la_duracion(cual: str, dura: float, limites: Limites, red: str) -> Iterator[str]:
    if dura < limites.video_min_s:
        yield f"{cual}: dura {dura:.1f} s y el mínimo en {red} es {limites.video_min_s:.1f} s."
    if limites.video_max_s is not None and dura > limites.video_max_s:
        yield f"{cual}: dura {dura:.0f} s y el máximo en {red} es {limites.video_max_s:.0f} s."


def _topes(
    adjunto: Adjunto, limites: Limites
) -> tuple[tuple[str, ...], int | None, int | None, int | None]:
    match adjunto.clase:
        case Clase.IMAGEN:
            lado = limites.imagen_lado_px
            peso = limites.imagen_pesos.get(adjunto.tipo)
            return tuple(limites.imagen_pesos), peso, lado, lado
        case Clase.GIF:
            ancho, alto = limites.gif_ancho_px, limites.gif_alto_px
            return ("image/gif",), limites.gif_peso_bytes, ancho, alto
    ancho_video, alto_video = limites.video_ancho_px, limites.video_alto_px
    return limites.video_tipos, limites.video_peso_bytes, ancho_video, alto_video


_NOMBRE_DE_CLASE = {Clase.IMAGEN: "Imagen", Clase.GIF: "GIF", Clase.VIDEO: "Video"}


def _miles(numero: int) -> str:
    return f"{numero:,}".replace(",", ".")


def _megas(peso: int) -> str:
    return f"{peso / MB:.1f}".removesuffix(".0").replace(".", ",")
