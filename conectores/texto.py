"""Cómo cuenta y corta el texto cada red; puro: nada de aquí habla con nadie.

X cuenta con twitter-text v3 (Fuente: twitter-text `config/v3.json`, consultado 2026-08): 280 de
largo ponderado, 23 por enlace, 2 por emoji y por lo que no sea latino. Lo cuenta la biblioteca
`twitter-text-parser`; aquí se la envuelve, porque importa un módulo que no declara, se vuelve
cuadrática con palabras hostiles y no soporta sustitutos sueltos.
"""

import importlib
import re
import sys
import threading
import unicodedata
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from conectores.cortes import cortar

LIMITE_X = 280
"""Largo ponderado que admite X en una cuenta sin suscripción."""
LIMITE_MINIMO = 40
"""El segmento más corto que se acepta pedir: cabe un enlace (23) y su número."""

# Ninguna palabra real pasa de aquí; el analizador tarda segundos con «a.a.a.a…».
_PUNTOS_MAX = 40
_PUNTO_DE_DOMINIO = re.compile(r"(?<=\w)\.(?=\w)")
# Un texto así no cabe en X de ninguna manera: basta una estimación.
_CODIGOS_MAX = 6_000
_BLANCOS = re.compile(r"([ \t\n]+)")
_SUSTITUTOS = re.compile("[\ud800-\udfff]")
_PROHIBIDOS = re.compile("[\ufffe\ufeff\uffff\ud800-\udfff]")
_CON_PROTOCOLO = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_LIGEROS = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_cerrojo = threading.Lock()


def largo_x(texto: str) -> int:
    """El largo ponderado, como lo cuenta X.

    De un texto larguísimo, o de una palabra hostil, da una estimación que nunca se queda corta.
    """
    limpio = _limpio(texto)
    if len(limpio) > _CODIGOS_MAX:
        return _estimado(limpio)
    # Ningún enlace ni emoji atraviesa un espacio: contar por palabras da lo mismo y acota el costo.
    return sum(
        len(parte) if indice % 2 else _peso_palabra(parte)
        for indice, parte in enumerate(_BLANCOS.split(limpio))
    )


def cabe_en_x(texto: str, limite: int = LIMITE_X) -> bool:
    """Si X lo aceptaría como texto de una publicación."""
    return not tiene_prohibidos(texto) and 0 < largo_x(texto) <= limite


def tiene_prohibidos(texto: str) -> bool:
    """Si lleva caracteres que X rechaza: marcas de orden de bytes o mitades de un carácter."""
    return _PROHIBIDOS.search(texto) is not None


def urls_en(texto: str) -> tuple[str, ...]:
    """Lo que X convertiría en enlace, en orden y con repeticiones."""
    palabras = _BLANCOS.split(_limpio(texto))[::2]
    return tuple(url for palabra in palabras for url, _, _ in _enlaces(palabra))


def urls_accidentales(texto: str) -> tuple[str, ...]:
    """Los enlaces que nadie escribió como tales: sin `http` ni `www` («terminó.No»).

    Conviene mostrarlos antes de aprobar: cada uno cuenta 23 y encarece la publicación.
    """
    return tuple(
        url for url in urls_en(texto) if not url.lower().startswith(("http://", "https://", "www."))
    )


def normalizar(texto: str) -> str:
    """El texto para comparar: NFC, y cualquier blanco seguido vale por un espacio."""
    return " ".join(unicodedata.normalize("NFC", texto).split())


def partir_en_hilo(texto: str, limite: int = LIMITE_X, *, numerar: bool = False) -> tuple[str, ...]:
    """Los segmentos de un hilo, cada uno de a lo sumo `limite`; uno solo si el texto cabe.

    Solo se pierden los blancos de los cortes. No se numeran salvo que se pida: X ya muestra el hilo
    unido, y así sale lo que se escribió. Con `numerar`, cada uno termina en « (1/3)» y eso cuenta.
    Lanza `ValueError` si `limite` es menor que `LIMITE_MINIMO`.
    """
    if limite < LIMITE_MINIMO:
        raise ValueError(f"un segmento no puede ser de menos de {LIMITE_MINIMO}")
    entero = texto.replace("\r\n", "\n").replace("\r", "\n").strip()
    if largo_x(entero) <= limite:
        return (entero,)
    if not numerar:
        return cortar(entero, limite, largo=largo_x, enlaces=_enlaces)
    return _numerados(entero, limite)


def _numerados(texto: str, limite: int) -> tuple[str, ...]:
    cifras = 0
    partes: tuple[str, ...] = ()
    while len(str(len(partes))) > cifras or not cifras:
        cifras += 1
        reserva = len(f" ({'9' * cifras}/{'9' * cifras})")
        partes = cortar(texto, limite - reserva, largo=largo_x, enlaces=_enlaces)
    return tuple(f"{parte} ({n}/{len(partes)})" for n, parte in enumerate(partes, start=1))


def largo_facebook(texto: str) -> int:
    """Los caracteres que cuenta Facebook: puntos de código.

    Meta no dice su unidad; el límite queda tan lejos que la diferencia no importa.
    """
    return len(texto)


def _limpio(texto: str) -> str:
    """NFC, saltos de línea de uno y los sustitutos sueltos por U+FFFD, que pesa lo mismo."""
    sin_sueltos = _SUSTITUTOS.sub("\ufffd", texto)
    return unicodedata.normalize("NFC", sin_sueltos.replace("\r\n", "\n").replace("\r", "\n"))


@lru_cache(maxsize=8192)
def _peso_palabra(palabra: str) -> int:
    if not palabra:
        return 0
    if _puntos(palabra) > _PUNTOS_MAX:
        return _estimado(palabra)
    return int(_biblioteca().parse_tweet(palabra).weightedLength)


def _estimado(texto: str) -> int:
    """El peso sin reconocer emojis ni enlaces, o más: cada punto podría armar un enlace corto."""
    por_rango = sum(1 if _es_ligero(ord(c)) else 2 for c in texto)
    return por_rango + 23 * _puntos(texto)


def _puntos(texto: str) -> int:
    """Cuántos puntos podrían armar un dominio: los que tienen letra a cada lado."""
    return len(_PUNTO_DE_DOMINIO.findall(texto))


def _es_ligero(codigo: int) -> bool:
    return any(desde <= codigo <= hasta for desde, hasta in _LIGEROS)


@lru_cache(maxsize=8192)
def _enlaces(palabra: str) -> tuple[tuple[str, int, int], ...]:
    """Los enlaces de una palabra, con dónde empiezan y terminan."""
    if "." not in palabra:
        return ()
    if _puntos(palabra) > _PUNTOS_MAX:
        hallados = _CON_PROTOCOLO.finditer(palabra)
        return tuple((h.group(), h.start(), h.end()) for h in hallados)
    return tuple(
        (str(e["url"]), int(e["indices"][0]), int(e["indices"][1]))
        for e in _biblioteca().extract_urls_with_indices(palabra)
    )


def _leer_recurso(modulo: str, nombre: str) -> bytes:
    """Lo único que la biblioteca le pide a `pkg_resources`: un archivo junto a un módulo suyo."""
    archivo = sys.modules[modulo].__file__
    if archivo is None:
        raise FileNotFoundError(nombre)
    return (Path(archivo).parent / nombre).read_bytes()


def _biblioteca() -> Any:
    """La biblioteca, cargada la primera vez que hace falta: tarda un tercio de segundo."""
    cargada = sys.modules.get("twitter_text")
    if cargada is not None and hasattr(cargada, "extract_emojis_with_indices"):
        return cargada
    with _cerrojo:
        # twitter-text-parser 3.0.0 importa `pkg_resources` sin declararlo, y setuptools 82 ya no
        # lo trae: se le pone uno nuestro mientras carga, y después se deja todo como estaba.
        anterior = sys.modules.get("pkg_resources")
        propio = ModuleType("pkg_resources")
        propio.__dict__["resource_string"] = _leer_recurso
        sys.modules["pkg_resources"] = propio
        try:
            return importlib.import_module("twitter_text")
        finally:
            if anterior is None:
                del sys.modules["pkg_resources"]
            else:
                sys.modules["pkg_resources"] = anterior
