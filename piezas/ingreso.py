"""Ingreso de archivos: del archivo que alguien sube al medio de la mediateca y sus copias."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from conectores.contrato import Clase, Red
from piezas.almacen import Almacen
from piezas.bitacora import anotar
from piezas.imagenes import ImagenLimpia, copia_para, limpiar
from piezas.llano import llano
from piezas.medios import Copia, Medio
from piezas.personas import Persona
from piezas.usuarios import ESCRIBEN, persona_de
from piezas.videos import medir, revisar_subtitulos

FINALES_DE_VIDEO = frozenset({".mp4", ".mov", ".m4v", ".webm"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MedioListo:
    """Un archivo ya revisado y guardado en el almacén; solo falta anotarlo en la base."""

    huella: str
    clase: Clase
    tipo: str
    nombre: str
    peso_bytes: int
    ancho_px: int
    alto_px: int
    duracion_s: float | None = None
    huella_pixeles: str | None = None
    huella_visual: str | None = None


def preparar_imagen(almacen: Almacen, datos: bytes, *, nombre: str) -> MedioListo:
    """Limpia y guarda una imagen sin tocar la base: lo largo va antes de la transacción."""
    return listo_de(almacen, limpiar(datos), nombre=nombre)


def listo_de(almacen: Almacen, limpia: ImagenLimpia, *, nombre: str) -> MedioListo:
    """Guarda una imagen ya limpia."""
    return MedioListo(
        huella=almacen.guardar(limpia.datos),
        clase=Clase.GIF if limpia.es_animada else Clase.IMAGEN,
        tipo=limpia.tipo,
        nombre=PurePath(nombre).name[:200],
        peso_bytes=len(limpia.datos),
        ancho_px=limpia.ancho,
        alto_px=limpia.alto,
        huella_pixeles=limpia.huella_pixeles,
        huella_visual=limpia.huella_visual,
    )


def preparar_video(almacen: Almacen, ruta: Path, *, nombre: str) -> MedioListo:
    """Mide y guarda un video, sin tocar la base. Se publica tal como llegó."""
    medido = medir(ruta)
    return MedioListo(
        huella=almacen.guardar_archivo(ruta),
        clase=Clase.VIDEO,
        tipo=medido.tipo,
        nombre=PurePath(nombre).name[:200],
        peso_bytes=ruta.stat().st_size,
        ancho_px=medido.ancho_px,
        alto_px=medido.alto_px,
        duracion_s=medido.duracion_s,
    )


def guardar_subtitulos(almacen: Almacen, datos: bytes) -> str:
    """Revisa y guarda unos subtítulos SRT o VTT; devuelve su huella."""
    revisar_subtitulos(datos)
    return almacen.guardar(datos)


def registrar(sesion: Session, listo: MedioListo, *, por: int, ahora: datetime) -> Medio:
    """El medio de esos bytes: el que ya estaba, o uno nuevo."""
    return registrar_o_hallar(sesion, listo, por=por, ahora=ahora)[0]


def registrar_o_hallar(
    sesion: Session, listo: MedioListo, *, por: int, ahora: datetime
) -> tuple[Medio, bool]:
    """El medio, y si es nuevo. El mismo por sus bytes o por sus píxeles no se guarda dos veces."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    existente = _el_mismo(sesion, listo)
    if existente is None:
        try:
            with sesion.begin_nested():
                medio = _nuevo(sesion, listo, persona, ahora)
        except IntegrityError:
            # Otra persona subió lo mismo en este instante.
            existente = _el_mismo(sesion, listo)
            if existente is None:
                raise
        else:
            return medio, True
    if existente.archivado_en is not None:
        existente.archivado_en = None
    return existente, False


def _el_mismo(sesion: Session, listo: MedioListo) -> Medio | None:
    es_igual = Medio.huella == listo.huella
    if listo.huella_pixeles is not None:
        es_igual |= Medio.huella_pixeles == listo.huella_pixeles
    # El de los mismos bytes va primero; entre los de iguales píxeles, el más viejo.
    orden = ((Medio.huella == listo.huella).desc(), Medio.id)
    return sesion.scalars(select(Medio).where(es_igual).order_by(*orden).limit(1)).first()


def _nuevo(sesion: Session, listo: MedioListo, persona: Persona, ahora: datetime) -> Medio:
    medio = Medio(
        huella=listo.huella,
        clase=listo.clase,
        tipo=listo.tipo,
        nombre_original=listo.nombre,
        peso_bytes=listo.peso_bytes,
        ancho_px=listo.ancho_px,
        alto_px=listo.alto_px,
        duracion_s=listo.duracion_s,
        huella_pixeles=listo.huella_pixeles,
        huella_visual=listo.huella_visual,
        buscable=llano(listo.nombre),
        subido_por=persona.id,
        subido_en=ahora,
    )
    sesion.add(medio)
    sesion.flush()
    anotar(
        sesion,
        "subir medio",
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="medio",
        objeto_id=medio.id,
        a=listo.nombre,
    )
    return medio


def recibir_medio(
    sesion: Session, almacen: Almacen, datos: bytes, *, nombre: str, por: int, ahora: datetime
) -> Medio:
    """Recibe una imagen: la limpia, la guarda y la anota una sola vez aunque llegue repetida."""
    listo = preparar_imagen(almacen, datos, nombre=nombre)
    return registrar(sesion, listo, por=por, ahora=ahora)


def recibir_archivo(
    sesion: Session, almacen: Almacen, ruta: Path, *, nombre: str, por: int, ahora: datetime
) -> Medio:
    """Recibe un archivo del disco; por el final del nombre sabe si es video."""
    if PurePath(nombre).suffix.lower() in FINALES_DE_VIDEO:
        listo = preparar_video(almacen, ruta, nombre=nombre)
    else:
        listo = preparar_imagen(almacen, ruta.read_bytes(), nombre=nombre)
    return registrar(sesion, listo, por=por, ahora=ahora)


def copia(sesion: Session, almacen: Almacen, medio: Medio, red: Red) -> Copia:
    """La copia de un medio para una red; una vez hecha, son los mismos bytes para siempre."""
    hecha = copia_hecha(sesion, medio.id, red)
    if hecha is None:
        hecha = sacar_copia(almacen, medio, red)
        sesion.add(hecha)
        sesion.flush()
    almacen.camino(hecha.huella)
    return hecha


def copia_hecha(sesion: Session, medio_id: int, red: Red) -> Copia | None:
    """La copia que ya se sacó, si se sacó."""
    return sesion.scalar(select(Copia).where(Copia.medio_id == medio_id, Copia.red == red))


def sacar_copia(almacen: Almacen, medio: Medio, red: Red) -> Copia:
    """Saca y guarda la copia de un medio, sin tocar la base: falta agregarla a la sesión."""
    if medio.clase is Clase.VIDEO:
        return Copia(
            medio_id=medio.id,
            red=red,
            huella=medio.huella,
            tipo=medio.tipo,
            peso_bytes=medio.peso_bytes,
            ancho_px=medio.ancho_px,
            alto_px=medio.alto_px,
        )
    lista = copia_para(almacen.camino(medio.huella).read_bytes(), red)
    return Copia(
        medio_id=medio.id,
        red=red,
        huella=almacen.guardar(lista.datos),
        tipo=lista.tipo,
        peso_bytes=len(lista.datos),
        ancho_px=lista.ancho,
        alto_px=lista.alto,
    )
