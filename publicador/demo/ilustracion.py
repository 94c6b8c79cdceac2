"""Los dibujos y el video de una pieza, subidos a la mediateca como los subiría una persona."""

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


def ilustrar(
    casa: Casa, pieza: PiezaDemo, redes: frozenset[Red], *, por: int, ahora: datetime
) -> tuple[MedioElegido, ...]:
    """Dibuja, sube y saca de una vez las copias de cada red, que es lo que tarda."""
    elegidos = []
    for n, imagen in enumerate(pieza.imagenes, start=1):
        nombre = f"{pieza.clave.lower()}-{n}.jpg"
        elegidos.append(_imagen(casa, imagen, redes, nombre=nombre, por=por, ahora=ahora))
    if pieza.video is not None:
        elegidos.append(
            _video(casa, pieza.video, redes, nombre=pieza.clave.lower(), por=por, ahora=ahora)
        )
    return tuple(elegidos)


def _imagen(
    casa: Casa, imagen: ImagenDemo, redes: frozenset[Red], *, nombre: str, por: int, ahora: datetime
) -> MedioElegido:
    datos = dibujar(imagen.dibujo)
    with casa.sesiones.begin() as sesion:
        medio = recibir_medio(sesion, casa.almacen, datos, nombre=nombre, por=por, ahora=ahora)
        _copiar(sesion, casa.almacen, medio, redes)
        return MedioElegido(medio_id=medio.id, texto_alternativo=imagen.alt)


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
