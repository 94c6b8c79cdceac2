"""Los dibujos y el video de una pieza, subidos a la mediateca como los subiría una persona."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from conectores.contrato import Red
from piezas.almacen import Almacen
from piezas.ingreso import copia, guardar_subtitulos, recibir_archivo, recibir_medio
from piezas.medios import Medio
from piezas.redaccion import MedioElegido
from publicador.armado import Casa
from publicador.demo.contenido import ImagenDemo, PiezaDemo
from publicador.demo.dibujos import dibujar
from publicador.demo.video import Filme, filmar, subtitular


class Dibujante:
    """Dibuja por adelantado en un hilo aparte, mientras lo ya dibujado se sube y se copia."""

    def __init__(self, piezas: Iterable[PiezaDemo]) -> None:
        self._mano = ThreadPoolExecutor(1, "dibujante")
        self._pedidos = {
            id(imagen): self._mano.submit(dibujar, imagen.dibujo)
            for pieza in piezas
            for imagen in pieza.imagenes
        }

    def dibujo(self, imagen: ImagenDemo) -> bytes:
        """El dibujo, en cuanto esté."""
        return self._pedidos.pop(id(imagen)).result()

    def soltar(self) -> None:
        """Deja lo que falte por dibujar."""
        self._mano.shutdown(wait=True, cancel_futures=True)


def ilustrar(
    casa: Casa,
    pieza: PiezaDemo,
    redes: frozenset[Red],
    dibujante: Dibujante,
    *,
    por: int,
    ahora: datetime,
) -> tuple[MedioElegido, ...]:
    """Sube lo de una pieza y saca de una vez las copias de cada red, que es lo que tarda."""
    elegidos = []
    for n, imagen in enumerate(pieza.imagenes, start=1):
        nombre, datos = f"{pieza.clave.lower()}-{n}.jpg", dibujante.dibujo(imagen)
        elegidos.append(
            _imagen(casa, datos, imagen.alt, redes, nombre=nombre, por=por, ahora=ahora)
        )
    if pieza.video is not None:
        elegidos.append(
            _video(casa, pieza.video, redes, nombre=pieza.clave.lower(), por=por, ahora=ahora)
        )
    return tuple(elegidos)


def _imagen(
    casa: Casa,
    datos: bytes,
    alt: str,
    redes: frozenset[Red],
    *,
    nombre: str,
    por: int,
    ahora: datetime,
) -> MedioElegido:
    with casa.sesiones.begin() as sesion:
        medio = recibir_medio(sesion, casa.almacen, datos, nombre=nombre, por=por, ahora=ahora)
        _copiar(sesion, casa.almacen, medio, redes)
        return MedioElegido(medio_id=medio.id, texto_alternativo=alt)


def _video(
    casa: Casa, filme: Filme, redes: frozenset[Red], *, nombre: str, por: int, ahora: datetime
) -> MedioElegido:
    with TemporaryDirectory() as carpeta:
        ruta = Path(carpeta) / f"{nombre}.mp4"
        filmar(filme, ruta)
        subtitulos = guardar_subtitulos(casa.almacen, subtitular(filme).encode())
        with casa.sesiones.begin() as sesion:
            medio = recibir_archivo(
                sesion, casa.almacen, ruta, nombre=ruta.name, por=por, ahora=ahora
            )
            _copiar(sesion, casa.almacen, medio, redes)
            return MedioElegido(
                medio_id=medio.id, texto_alternativo=filme.alt, subtitulos_huella=subtitulos
            )


def _copiar(sesion: Session, almacen: Almacen, medio: Medio, redes: frozenset[Red]) -> None:
    for red in sorted(redes):
        copia(sesion, almacen, medio, red)
