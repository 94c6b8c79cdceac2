"""Los pasos de una entrega en X: una publicación, o los segmentos de un hilo, en orden."""

import hashlib
from dataclasses import dataclass

from conectores.contrato import Envio, Libreta, Paso

UNICO = "publicar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turno:
    """El paso que sigue y de qué publicación cuelga."""

    indice: int
    paso: Paso
    en_respuesta_a: str | None


def nombre_del_paso(envio: Envio, indice: int) -> str:
    """`publicar` si es una sola; si es un hilo, `segmento-0`, `segmento-1`…"""
    return UNICO if len(envio.segmentos) == 1 else f"segmento-{indice}"


def indice_del_paso(envio: Envio, paso: str) -> int:
    """Qué segmento sale en un paso. Lanza `ValueError` si el envío no tiene ese paso."""
    nombres = [nombre_del_paso(envio, i) for i in range(len(envio.segmentos))]
    return nombres.index(paso)


def turno(envio: Envio, libreta: Libreta) -> Turno | None:
    """El primer segmento sin confirmar, o `None` si ya salieron todos."""
    anterior: str | None = None
    for indice, texto in enumerate(envio.segmentos):
        nombre = nombre_del_paso(envio, indice)
        confirmado = libreta.leer(nombre)
        if not confirmado:
            huella = hashlib.sha256(texto.encode("utf-8", "surrogatepass")).hexdigest()
            paso = Paso(nombre=nombre, huella=huella)
            return Turno(indice=indice, paso=paso, en_respuesta_a=anterior)
        anterior = confirmado
    return None
