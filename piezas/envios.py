"""De una versión al sobre: componer lo que sale a cada red, cerrarlo en JSON y volverlo a abrir."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from conectores.contrato import Adjunto, Clase, Envio, Red, Web
from conectores.texto import partir_en_hilo
from piezas.enlaces import Utm, enlace_para

FORMATO = 1
"""Versión del JSON del sobre; un sobre viejo se abre siempre con las reglas con que se cerró."""

# Una etiqueta dentro de un texto: ni pegada a una palabra ni parte de una dirección.
_ETIQUETA = re.compile(r"(?<![\w/&=])[#＃](\w+)")
_RAYA_DE_ENIE = "\N{COMBINING TILDE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contenido:
    """Lo que dice una versión, sin base de datos: de aquí sale cada sobre."""

    titulo: str
    texto: str = ""
    texto_facebook: str | None = None
    texto_x: str | None = None
    texto_wordpress: str | None = None
    enlace: str | None = None
    utm: Utm = field(default_factory=Utm)
    etiquetas: tuple[str, ...] = ()
    primer_comentario: str | None = None
    en_hilo: bool = False
    web: Web = field(default_factory=Web)
    adjuntos: tuple[Adjunto, ...] = ()
    """Las copias de la red a la que va."""

    def texto_para(self, red: Red) -> str:
        """El texto propio de la red o, si no tiene, el común."""
        propios = {
            Red.FACEBOOK: self.texto_facebook,
            Red.X: self.texto_x,
            Red.WORDPRESS: self.texto_wordpress,
        }
        return propios.get(red) or self.texto


def componer(contenido: Contenido, red: Red, *, clave: str) -> Envio:
    """El sobre de `contenido` para `red`: texto, enlace donde no va aparte y etiquetas que falten.

    No mira si cabe: eso lo dice `conectores.limites.revisar`, para poder mostrarlo antes.
    """
    base = contenido.texto_para(red)
    aparte = _lleva_enlace_aparte(red, contenido.adjuntos)
    enlace = enlace_para(contenido.enlace, contenido.utm, red)
    bloques = (
        base,
        "" if aparte else (enlace or ""),
        " ".join(etiquetas_que_faltan(base, contenido.etiquetas)),
    )
    texto = "\n\n".join(bloque for bloque in bloques if bloque)
    en_hilo = red is Red.X and contenido.en_hilo
    return Envio(
        red=red,
        clave=clave,
        titulo=contenido.titulo,
        segmentos=partir_en_hilo(texto) if en_hilo else (texto,),
        enlace=enlace if aparte else None,
        adjuntos=contenido.adjuntos,
        primer_comentario=contenido.primer_comentario if red is Red.FACEBOOK else None,
        web=contenido.web if red is Red.WORDPRESS else Web(),
    )


def _lleva_enlace_aparte(red: Red, adjuntos: Sequence[Adjunto]) -> bool:
    # Facebook no muestra tarjeta de enlace junto a fotos o video: ahí el enlace va en el texto.
    return red is Red.WORDPRESS or (red is Red.FACEBOOK and not adjuntos)


def etiquetas_que_faltan(texto: str, etiquetas: Iterable[str]) -> tuple[str, ...]:
    """Las etiquetas, con `#`, que el texto no trae; sin repetir, en su orden.

    Compara la etiqueta entera, sin distinguir mayúsculas ni tildes (la ñ sí es otra letra).
    """
    # En NFC una vocal con tilde es una letra; suelta, la tilde cortaría la etiqueta en dos.
    compuesto = unicodedata.normalize("NFC", texto)
    vistas = {_llana(hallada) for hallada in _ETIQUETA.findall(compuesto)}
    faltan: list[str] = []
    for etiqueta in etiquetas:
        nombre = etiqueta.strip("#＃")
        if nombre and _llana(nombre) not in vistas:
            vistas.add(_llana(nombre))
            faltan.append(f"#{nombre}")
    return tuple(faltan)


def _llana(etiqueta: str) -> str:
    letras: list[str] = []
    for letra in unicodedata.normalize("NFD", etiqueta.casefold()):
        es_enie = letra == _RAYA_DE_ENIE and letras[-1:] == ["n"]
        if es_enie or not unicodedata.combining(letra):
            letras.append(letra)
    return "".join(letras)


def a_json(envio: Envio) -> str:
    """El sobre cerrado: JSON canónico, con la huella de cada archivo y nunca su camino."""
    datos = {
        "formato": FORMATO,
        "red": envio.red.value,
        "clave": envio.clave,
        "titulo": envio.titulo,
        "segmentos": list(envio.segmentos),
        "enlace": envio.enlace,
        "adjuntos": [_adjunto_a_datos(adjunto) for adjunto in envio.adjuntos],
        "primer_comentario": envio.primer_comentario,
        "web": asdict(envio.web),
    }
    return canonico(datos)


def canonico(datos: dict[str, Any]) -> str:
    """JSON con un solo modo de escribirse: claves en orden y sin espacios."""
    return json.dumps(datos, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def huella(texto: str) -> str:
    """SHA-256 hexadecimal de un texto."""
    return hashlib.sha256(texto.encode("utf-8", "surrogatepass")).hexdigest()


def abrir(texto: str, camino: Callable[[str], Path]) -> Envio:
    """El envío de un sobre; `camino` dice dónde está cada archivo, o lanza `MedioFalta`."""
    datos: dict[str, Any] = json.loads(texto)
    if datos["formato"] != FORMATO:
        raise ValueError(f"sobre de formato desconocido: {datos['formato']}")
    return Envio(
        red=Red(datos["red"]),
        clave=datos["clave"],
        titulo=datos["titulo"],
        segmentos=tuple(datos["segmentos"]),
        enlace=datos["enlace"],
        adjuntos=tuple(_adjunto_de_datos(adjunto, camino) for adjunto in datos["adjuntos"]),
        primer_comentario=datos["primer_comentario"],
        web=web_de_datos(datos["web"]),
    )


def web_de_datos(datos: dict[str, Any]) -> Web:
    """`Web` a partir de su JSON."""
    return Web(
        extracto=datos.get("extracto", ""),
        categorias=tuple(datos.get("categorias", ())),
        etiquetas=tuple(datos.get("etiquetas", ())),
        autor=datos.get("autor"),
        es_pagina=datos.get("es_pagina", False),
        pagina_padre=datos.get("pagina_padre"),
    )


def _adjunto_a_datos(adjunto: Adjunto) -> dict[str, Any]:
    return {
        "clase": adjunto.clase.value,
        "huella": adjunto.huella,
        "tipo": adjunto.tipo,
        "nombre": adjunto.nombre,
        "peso_bytes": adjunto.peso_bytes,
        "ancho_px": adjunto.ancho_px,
        "alto_px": adjunto.alto_px,
        "texto_alternativo": adjunto.texto_alternativo,
        "duracion_s": adjunto.duracion_s,
        # En el almacén el nombre de un archivo es su huella.
        "subtitulos": adjunto.subtitulos.name if adjunto.subtitulos else None,
    }


def _adjunto_de_datos(datos: dict[str, Any], camino: Callable[[str], Path]) -> Adjunto:
    subtitulos = datos["subtitulos"]
    return Adjunto(
        clase=Clase(datos["clase"]),
        huella=datos["huella"],
        tipo=datos["tipo"],
        nombre=datos["nombre"],
        archivo=camino(datos["huella"]),
        peso_bytes=datos["peso_bytes"],
        ancho_px=datos["ancho_px"],
        alto_px=datos["alto_px"],
        texto_alternativo=datos["texto_alternativo"],
        duracion_s=datos.get("duracion_s"),
        subtitulos=camino(subtitulos) if subtitulos else None,
    )
