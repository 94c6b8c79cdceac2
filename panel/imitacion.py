"""Cómo muestra cada red un mensaje: qué pinta, dónde dobla el texto y qué imágenes deja ver. Puro.

Nada de aquí arma HTML: da trozos de texto con su clase, y la plantilla los escribe escapados.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from conectores.contrato import Adjunto, Clase, Envio, Red
from conectores.texto import urls_en

DOBLEZ_LETRAS = 480
DOBLEZ_LINEAS = 5
"""Facebook esconde lo que sigue tras «ver más», más o menos aquí: depende de la pantalla."""

_VISIBLES = {Red.FACEBOOK: 5, Red.X: 4}
_DIRECCION = r"(?P<enlace>https?://[^\s<>\"]+|(?<![\w@])www\.[^\s<>\"]+)"
_ETIQUETA = r"(?P<etiqueta>(?<![\w/&=#])[#＃]\w*[^\W\d_]\w*)"
_MENCION = r"(?P<mencion>(?<![\w@/])@\w{1,30})"
_PINTADOS = {
    Red.FACEBOOK: re.compile(f"{_DIRECCION}|{_ETIQUETA}|{_MENCION}", re.IGNORECASE),
    Red.X: re.compile(f"{_ETIQUETA}|{_MENCION}"),
}
_SOLO_ENLACES = re.compile(_DIRECCION, re.IGNORECASE)
_PALABRA = re.compile(r"\S+|\s+")
_FIN_DE_FRASE = ".,;:!?…»”’)]}'"


@dataclass(frozen=True, slots=True)
class Trozo:
    """Un pedazo de texto y cómo lo pinta la red: vacío, `enlace`, `etiqueta` o `mencion`."""

    texto: str
    clase: str = ""

    @property
    def direccion(self) -> str | None:
        """A dónde lleva, si es un enlace que se puede abrir."""
        es_web = self.texto.lower().startswith(("https://", "http://"))
        return self.texto if self.clase == "enlace" and es_web else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parte:
    """Una publicación, o un eslabón de un hilo: lo que se ve y lo que queda tras el doblez."""

    numero: int
    visible: tuple[Trozo, ...]
    doblado: tuple[Trozo, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Imitada:
    """Un envío como lo muestra su red."""

    partes: tuple[Parte, ...]
    reja: tuple[Adjunto, ...]
    """Las imágenes que se ven sin abrir nada."""
    ocultas: int
    """Cuántas quedan detrás de «+N»."""
    video: Adjunto | None
    comentario: tuple[Trozo, ...]
    tarjeta: str | None
    """El enlace que la red muestra como tarjeta."""

    @property
    def es_hilo(self) -> bool:
        """Si son varias publicaciones seguidas."""
        return len(self.partes) > 1

    @property
    def sitio(self) -> str:
        """El dominio que rotula la tarjeta."""
        return dominio(self.tarjeta or "")


def imitar(envio: Envio) -> Imitada:
    """Lo que mostrará la red de ese envío."""
    videos = [a for a in envio.adjuntos if a.clase is Clase.VIDEO]
    imagenes = [a for a in envio.adjuntos if a.clase is not Clase.VIDEO]
    # El sitio web las pone una debajo de otra: allí no se esconde ninguna.
    tope = _VISIBLES.get(envio.red, len(imagenes))
    return Imitada(
        partes=tuple(
            _parte(numero, texto, envio.red) for numero, texto in enumerate(envio.segmentos, 1)
        ),
        reja=tuple(imagenes[:tope]),
        ocultas=max(0, len(imagenes) - tope),
        video=videos[0] if videos else None,
        comentario=trozos(envio.primer_comentario or "", envio.red),
        tarjeta=_tarjeta(envio),
    )


def iniciales(nombre: str) -> str:
    """Las de una cuenta, para su retrato: «Alcaldía de Bucaramanga» → `AB`."""
    palabras = [p for p in re.findall(r"[^\W\d_]+", nombre) if p[0].isupper()]
    return "".join(p[0] for p in palabras[:2]) or nombre[:1].upper() or "?"


def dominio(url: str) -> str:
    """El sitio de una dirección, como lo rotula una tarjeta."""
    try:
        anfitrion = urlsplit(url).hostname or ""
    except ValueError:
        anfitrion = ""
    return anfitrion.removeprefix("www.") or url


def trozos(texto: str, red: Red) -> tuple[Trozo, ...]:
    """El texto entero, partido por lo que la red pinta; juntarlos da el mismo texto."""
    crudos = _trozos_de_x(texto) if red is Red.X else _por_patron(texto, _patron(red))
    return tuple(trozo for trozo in crudos if trozo.texto)


def doblar(
    partidos: tuple[Trozo, ...], letras: int = DOBLEZ_LETRAS, lineas: int = DOBLEZ_LINEAS
) -> tuple[tuple[Trozo, ...], tuple[Trozo, ...]]:
    """Lo que se ve y lo que queda tras «ver más»; nunca parte una palabra ni un enlace."""
    atomos = [
        Trozo(palabra, trozo.clase)
        for trozo in partidos
        for palabra in (_PALABRA.findall(trozo.texto) if not trozo.clase else [trozo.texto])
    ]
    van = saltos = 0
    for indice, atomo in enumerate(atomos):
        van += len(atomo.texto)
        saltos += atomo.texto.count("\n")
        if (van > letras or saltos >= lineas) and indice and atomo.texto.strip():
            # El blanco que queda en el corte va con lo escondido: «ver más» sigue al texto.
            corte = indice - (not atomos[indice - 1].texto.strip())
            return _juntar(atomos[:corte]), _juntar(atomos[corte:])
    return partidos, ()


def _parte(numero: int, texto: str, red: Red) -> Parte:
    partidos = trozos(texto, red)
    visible, doblado = doblar(partidos) if red is Red.FACEBOOK else (partidos, ())
    return Parte(numero=numero, visible=visible, doblado=doblado)


def _tarjeta(envio: Envio) -> str | None:
    if envio.red is Red.FACEBOOK:
        return envio.enlace
    if envio.red is Red.X and not envio.adjuntos:
        # X arma la tarjeta con el último enlace del texto, si no hay medios.
        enlaces = urls_en(envio.segmentos[0])
        return enlaces[-1] if enlaces else None
    return None


def _patron(red: Red) -> re.Pattern[str]:
    return _PINTADOS.get(red, _SOLO_ENLACES)


def _por_patron(texto: str, patron: re.Pattern[str]) -> Iterator[Trozo]:
    hasta = 0
    for hallado in patron.finditer(texto):
        clase = hallado.lastgroup or ""
        pintado = hallado.group()
        if clase == "enlace":
            pintado = pintado.rstrip(_FIN_DE_FRASE)
        yield Trozo(texto[hasta : hallado.start()])
        yield Trozo(pintado, clase)
        hasta = hallado.start() + len(pintado)
    yield Trozo(texto[hasta:])


def _trozos_de_x(texto: str) -> Iterator[Trozo]:
    """En X un enlace es lo que su contador cobra como tal, también el que nadie quiso escribir."""
    pendiente = ""
    for palabra in _PALABRA.findall(texto):
        resto = palabra
        for url in urls_en(palabra) if "." in palabra else ():
            antes, hallada, despues = resto.partition(url)
            if not hallada:
                continue
            yield from _por_patron(pendiente + antes, _PINTADOS[Red.X])
            yield Trozo(url, "enlace")
            pendiente, resto = "", despues
        pendiente += resto
    yield from _por_patron(pendiente, _PINTADOS[Red.X])


def _juntar(atomos: list[Trozo]) -> tuple[Trozo, ...]:
    juntos: list[Trozo] = []
    for atomo in atomos:
        if juntos and not atomo.clase and not juntos[-1].clase:
            juntos[-1] = Trozo(juntos[-1].texto + atomo.texto)
        else:
            juntos.append(atomo)
    return tuple(juntos)
