"""El contenido de una versión: su hash, y lo que de ella sale a cada red."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from conectores.contrato import Adjunto, Web
from piezas.borradores import Borrador
from piezas.enlaces import Utm
from piezas.envios import Contenido, canonico, huella, web_de_datos
from piezas.medios import Medio
from piezas.versiones import Version


def hash_de(borrador: Borrador, medios: Mapping[int, Medio]) -> str:
    """SHA-256 de todo lo que una persona aprueba: textos, archivos, descripciones y cuentas.

    Los momentos quedan fuera: cambiar solo la hora no anula la aprobación.
    """
    return huella(
        canonico(
            {
                "titulo": borrador.titulo,
                "texto": borrador.texto,
                "texto_facebook": borrador.texto_facebook,
                "texto_x": borrador.texto_x,
                "texto_wordpress": borrador.texto_wordpress,
                "enlace": borrador.enlace,
                "utm": asdict(borrador.utm),
                "etiquetas": list(borrador.etiquetas),
                "primer_comentario": borrador.primer_comentario,
                "en_hilo": borrador.en_hilo,
                "web": asdict(borrador.web),
                "medios": [
                    [medios[m.medio_id].huella, m.texto_alternativo, m.subtitulos_huella]
                    for m in borrador.medios
                ],
                "destinos": sorted([d.cuenta_id, d.red.value] for d in borrador.destinos),
            }
        )
    )


def web_a_json(web: Web) -> str:
    """Los campos de web, como se guardan en la versión."""
    return canonico(asdict(web))


def utm_a_json(utm: Utm) -> str:
    """Las marcas de medición, como se guardan en la versión."""
    return canonico(asdict(utm))


def utm_de(version: Version) -> Utm:
    """Las marcas de medición de una versión."""
    return Utm(**json.loads(version.utm))


def contenido_de(version: Version, adjuntos: Sequence[Adjunto]) -> Contenido:
    """Lo que dice una versión, con las copias de la red a la que va."""
    return Contenido(
        titulo=version.titulo,
        texto=version.texto,
        texto_facebook=version.texto_facebook,
        texto_x=version.texto_x,
        texto_wordpress=version.texto_wordpress,
        enlace=version.enlace,
        utm=utm_de(version),
        etiquetas=tuple(version.etiquetas.split()),
        primer_comentario=version.primer_comentario,
        en_hilo=version.en_hilo,
        web=web_de_datos(json.loads(version.web)),
        adjuntos=tuple(adjuntos),
    )
