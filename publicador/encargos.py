"""Lo que el enmendador recibe: una enmienda en datos planos, y la libreta del conector."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cola.enmiendas import ClaseEnmienda, Enmienda
from cola.publicaciones import Intento, Suceso
from cola.tomas import Credencial
from conectores.contrato import Red

_SEGMENTO = re.compile(r"segmento-(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Encargo:
    """Una enmienda arrendada, en datos planos."""

    id: int
    ficha: int
    clase: ClaseEnmienda
    publicacion_id: int
    pudo_salir: bool
    fallos: int
    ids: tuple[tuple[str, str], ...]
    """Pares (paso, id en la red) por retirar; de un hilo, del último al primero."""
    id_remoto: str
    sobre: str
    huella_sobre: str
    clave: str
    notas: dict[str, str]
    publicada_en: datetime
    pedida_en: datetime
    credencial: Credencial


class LibretaFija:
    """Lo que se anotó al publicar; mirar no escribe."""

    def __init__(self, notas: dict[str, str]) -> None:
        self.notas = notas

    def leer(self, clave: str) -> str | None:
        """Lo anotado, o `None`."""
        return self.notas.get(clave)

    def anotar(self, clave: str, valor: str) -> None:
        """Solo en la memoria."""
        self.notas[clave] = valor


class LibretaDurable(LibretaFija):
    """La de una corrección: cada línea queda en la base."""

    def __init__(self, notas: dict[str, str], guardar: Callable[[str, str], None]) -> None:
        super().__init__(dict(notas))
        self._guardar = guardar

    def anotar(self, clave: str, valor: str) -> None:
        """Vuelve solo cuando la base lo guardó."""
        self._guardar(clave, valor)
        self.notas[clave] = valor


def encargo_de(fila: Enmienda) -> Encargo:
    """De la fila a los datos; nada de la base sale de su transacción."""
    publicacion = fila.publicacion
    cuenta = publicacion.cuenta
    es_retiro = fila.clase is ClaseEnmienda.RETIRO
    notas: dict[str, str] = json.loads(publicacion.avance if es_retiro else fila.avance)
    id_remoto = publicacion.id_remoto or ""
    return Encargo(
        id=fila.id,
        ficha=fila.ficha,
        clase=fila.clase,
        publicacion_id=publicacion.id,
        pudo_salir=fila.pudo_salir,
        fallos=fila.fallos,
        ids=tuple(_por_retirar(cuenta.red, id_remoto, notas))[fila.hechos :] if es_retiro else (),
        id_remoto=id_remoto,
        sobre=publicacion.sobre if es_retiro else fila.sobre or "",
        huella_sobre=publicacion.huella_sobre if es_retiro else fila.huella_sobre or "",
        clave=publicacion.clave,
        notas=notas,
        publicada_en=publicacion.publicada_en or fila.pedida_en,
        pedida_en=fila.pedida_en,
        credencial=Credencial(
            cuenta_id=cuenta.id,
            alias=cuenta.alias,
            red=cuenta.red,
            identificador=cuenta.identificador,
            sellada=cuenta.credencial,
            serie=cuenta.credencial_serie,
            base_url=cuenta.base_url,
        ),
    )


def _por_retirar(red: Red, id_remoto: str, notas: dict[str, str]) -> list[tuple[str, str]]:
    """De un hilo de X, cada parte, de la última a la primera: nunca queda una respuesta suelta."""
    partes = sorted(
        (int(hallado.group(1)), clave)
        for clave in notas
        if red is Red.X and (hallado := _SEGMENTO.fullmatch(clave))
    )
    ids = [(clave, notas[clave]) for _, clave in reversed(partes)]
    return [par for par in ids if par[1] != id_remoto] + [
        (partes[0][1] if partes else "publicar", id_remoto)
    ]


def linea(
    fila: Enmienda, suceso: Suceso, ahora: datetime, huella: str, detalle: str = ""
) -> Intento:
    """Una línea del libro de la publicación, con el nombre de este paso."""
    return Intento(
        publicacion_id=fila.publicacion_id,
        ficha=fila.ficha,
        paso=fila.paso,
        suceso=suceso,
        en=ahora,
        huella=huella or None,
        detalle=detalle or None,
    )
