"""Lenguaje claro: frases cortas, siglas explicadas y sin gritar. Puro."""

import re
from collections.abc import Iterator

from piezas.consejos.consejo import ClaseConsejo, Consejo, Escrito

PALABRAS_MAXIMAS = 30
"""Con 25 o menos se lee de corrido; hasta 30 no se dice nada."""
_AJENO = re.compile(r"https?://\S+|www\.\S+|[#＃@]\w+", re.IGNORECASE)
_ABREVIATURA = re.compile(r"\b(?:[aApP]\.\s?[mM]|Dra?|Sra?|No|Núm|Cra?|Cl|Av|Art|Ing|Tel)\.")
_FIN = re.compile(r"(?<=[.!?…])\s+|\n+")
_PALABRA = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d[\d.,:%$]*")
_SIGLA = re.compile(r"(?<![\w-])[A-ZÁÉÍÓÚÜÑ]{2,7}(?![\w-])")
_ROMANO = re.compile(r"[IVXLCM]+")
_CORRIDA = re.compile(r"[A-ZÁÉÍÓÚÜÑ]{2,}(?:[\s,;:¡!¿?-]+[A-ZÁÉÍÓÚÜÑ0-9]+){3,}")
_LETRA = re.compile(r"[^\W\d_]")

CONOCIDAS = frozenset(
    [
        "EPS",
        "IVA",
        "DIAN",
        "SENA",
        "ICBF",
        "TV",
        "PDF",
        "QR",
        "COVID",
        "SOAT",
        "CC",
        "NIT",
        "RUT",
        "WIFI",
        "GPS",
        "USB",
        "SMS",
        "OK",
        "AM",
        "PM",
        "EE",
        "UU",
        "ONU",
        "VIH",
        "FM",
        "COP",
        "USD",
    ]
)
"""Las que casi todo el mundo reconoce sin explicación."""


def frases(texto: str) -> list[str]:
    """Las frases de un texto; un renglón nuevo también separa."""
    limpio = _ABREVIATURA.sub(lambda h: h.group().replace(".", ""), _AJENO.sub("", texto))
    return [frase.strip() for frase in _FIN.split(limpio) if frase.strip()]


def frase_larga(escrito: Escrito) -> Iterator[Consejo]:
    """La más larga, si pasa del máximo."""
    todas = [frase for texto in escrito.textos for frase in frases(texto)]
    larga = max(todas, key=cuantas_palabras, default="")
    cuantas = cuantas_palabras(larga)
    if cuantas > PALABRAS_MAXIMAS:
        yield Consejo(
            clase=ClaseConsejo.FRASE_LARGA,
            frase=f"Una frase tiene {cuantas} palabras («{_comienzo(larga)}»). "
            "Pártala en dos: con 25 o menos se lee de corrido.",
        )


def cuantas_palabras(frase: str) -> int:
    """Las palabras y cifras de una frase."""
    return len(_PALABRA.findall(frase))


def siglas_sin_explicar(texto: str) -> list[str]:
    """Las siglas que nadie explica en el mismo texto, en orden y sin repetir."""
    sin_gritos = _CORRIDA.sub("", _AJENO.sub("", texto))
    halladas = dict.fromkeys(_SIGLA.findall(sin_gritos))
    return [
        sigla
        for sigla in halladas
        if sigla not in CONOCIDAS
        and not _ROMANO.fullmatch(sigla)
        and not _se_explica(sigla, sin_gritos)
    ]


def siglas(escrito: Escrito) -> Iterator[Consejo]:
    """Las que conviene escribir completas la primera vez."""
    sueltas = list(dict.fromkeys(s for t in escrito.textos for s in siglas_sin_explicar(t)))
    if sueltas:
        cuales = ", ".join(f"«{sigla}»" for sigla in sueltas[:4])
        yield Consejo(
            clase=ClaseConsejo.SIGLA,
            frase=f"Escriba completo la primera vez qué es {cuales}: no todo el mundo lo sabe.",
        )


def mayusculas(escrito: Escrito) -> Iterator[Consejo]:
    """Lo escrito a gritos: cuesta leerlo, y un lector de pantalla puede deletrearlo."""
    for texto in escrito.textos:
        limpio = _AJENO.sub("", texto)
        corrida = _CORRIDA.search(limpio)
        if corrida or _grita(limpio):
            trozo = _comienzo(corrida.group() if corrida else limpio)
            yield Consejo(
                clase=ClaseConsejo.MAYUSCULAS,
                frase=f"«{trozo}» va en mayúsculas sostenidas. Escríbalo en minúsculas: se lee "
                "mejor y los lectores de pantalla no lo deletrean.",
            )
            return


def _grita(texto: str) -> bool:
    letras = _LETRA.findall(texto)
    return len(letras) > 20 and sum(letra.isupper() for letra in letras) > 0.6 * len(letras)


def _se_explica(sigla: str, texto: str) -> bool:
    """`Plan de Ordenamiento (POT)`, `POT (Plan de…)` o `POT: Plan de…`."""
    propia = re.escape(sigla)
    return bool(
        re.search(rf"\(\s*{propia}\s*\)|{propia}\s*(?:\(|:\s|,\s+(?:el|la|los|las)\s)", texto)
    )


def _comienzo(frase: str, palabras: int = 6) -> str:
    partes = frase.split()
    return " ".join(partes[:palabras]) + ("…" if len(partes) > palabras else "")
