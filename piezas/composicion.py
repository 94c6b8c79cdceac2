"""Composición: lo que una versión dirá en cada cuenta y si cabe; la usan vista y aprobación."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from conectores.contrato import Adjunto, Clase, Envio, Red
from conectores.limites import NOMBRES, revisar
from piezas.almacen import Almacen
from piezas.contenidos import contenido_de
from piezas.envios import componer
from piezas.firmas import Sello
from piezas.ingreso import MedioListo, copia, copia_hecha, sacar_copia
from piezas.medios import Medio
from piezas.versiones import Pieza, Version, VersionDestino, VersionMedio

_FINALES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
}
_NOMBRES_SUELTOS = {Red.WORDPRESS: "sitio web", Red.CORREO: "correo", Red.MANUAL: "entrega manual"}
_CLAVE_DE_MUESTRA = "pub-0000000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compuesto:
    """El envío de una cuenta y las frases de lo que no cabe."""

    cuenta_id: int
    red: Red
    alias: str
    envio: Envio
    fallas: tuple[str, ...]


def componer_todo(
    sesion: Session, version: Version, *, sello: Sello, almacen: Almacen
) -> tuple[Compuesto, ...]:
    """Lo que saldrá a cada cuenta, con sus copias de verdad; lanza `MedioFalta` si falta alguna."""

    def adjunto(elegido: VersionMedio, red: Red, nombre: str) -> Adjunto:
        return _adjunto(sesion, almacen, elegido, red, nombre)

    return tuple(
        _componer_uno(
            version,
            destino,
            sello.clave_de(version.id, destino.cuenta_id, version.hash_contenido),
            adjunto,
        )
        for destino in version.destinos
    )


def frases_de(version: Version) -> tuple[str, ...]:
    """Lo que le falta a una versión para aprobarse, sin sacar las copias todavía."""
    if not version.destinos:
        return ("Elija al menos una cuenta.",)
    return juntar(prever(version))


def prever(version: Version) -> tuple[Compuesto, ...]:
    """Lo que saldría a cada cuenta, con los originales en el sitio de sus copias; no escribe."""
    return tuple(
        _componer_uno(version, destino, _CLAVE_DE_MUESTRA, _adjunto_previsto)
        for destino in version.destinos
    )


def juntar(compuestos: Iterable[Compuesto]) -> tuple[str, ...]:
    """Las fallas en frases: la misma en varias cuentas se dice una vez, con todas."""
    cuentas: dict[str, list[str]] = {}
    for compuesto in compuestos:
        nombre = _NOMBRES_SUELTOS.get(compuesto.red, NOMBRES[compuesto.red])
        for falla in compuesto.fallas:
            cuentas.setdefault(falla, []).append(f"«{compuesto.alias}» ({nombre})")
    return tuple(f"{', '.join(donde)}: {falla}" for falla, donde in cuentas.items())


def adelantar_copias(sesiones: sessionmaker[Session], almacen: Almacen, pieza_id: int) -> None:
    """Saca las copias de una pieza fuera de la transacción que la aprueba.

    Reducir fotos tarda segundos, y una aprobación que los pasara con la base tomada haría
    esperar al motor. Aprobar sin esto da lo mismo, solo que más despacio.
    """
    with sesiones() as sesion:
        faltan = _copias_que_faltan(sesion, pieza_id)
    for medio, red in faltan:
        nueva = sacar_copia(almacen, medio, red)
        with sesiones.begin() as sesion:
            if copia_hecha(sesion, medio.id, red) is None:
                sesion.add(nueva)


def _copias_que_faltan(sesion: Session, pieza_id: int) -> list[tuple[Medio, Red]]:
    pieza = sesion.get(Pieza, pieza_id)
    if pieza is None or pieza.version is None:
        return []
    redes = sorted({destino.red for destino in pieza.version.destinos})
    return [
        (elegido.medio, red)
        for elegido in pieza.version.medios
        for red in redes
        if copia_hecha(sesion, elegido.medio_id, red) is None
    ]


def _componer_uno(
    version: Version,
    destino: VersionDestino,
    clave: str,
    adjunto: Callable[[VersionMedio, Red, str], Adjunto],
) -> Compuesto:
    adjuntos = [
        adjunto(elegido, destino.red, f"{clave}-{numero}")
        for numero, elegido in enumerate(version.medios, start=1)
    ]
    contenido = contenido_de(version, adjuntos)
    envio = componer(contenido, destino.red, clave=clave)
    fallas = revisar(envio)
    if not contenido.texto_para(destino.red) and not any("vacío" in falla for falla in fallas):
        fallas = ("Falta el texto.", *fallas)
    return Compuesto(
        cuenta_id=destino.cuenta_id,
        red=destino.red,
        alias=destino.alias,
        envio=envio,
        fallas=fallas,
    )


def _adjunto(
    sesion: Session, almacen: Almacen, elegido: VersionMedio, red: Red, nombre: str
) -> Adjunto:
    hecha = copia(sesion, almacen, elegido.medio, red)
    subtitulos = elegido.subtitulos_huella
    return Adjunto(
        clase=_clase_en(elegido.medio.clase, red),
        huella=hecha.huella,
        tipo=hecha.tipo,
        nombre=f"{nombre}.{_FINALES[hecha.tipo]}",
        archivo=almacen.camino(hecha.huella),
        peso_bytes=hecha.peso_bytes,
        ancho_px=hecha.ancho_px,
        alto_px=hecha.alto_px,
        texto_alternativo=elegido.texto_alternativo,
        duracion_s=elegido.medio.duracion_s,
        subtitulos=almacen.camino(subtitulos) if subtitulos else None,
    )


def _adjunto_previsto(elegido: VersionMedio, red: Red, nombre: str) -> Adjunto:
    return adjunto_previsto(elegido.medio, red, elegido.texto_alternativo, nombre=nombre)


def adjunto_previsto(
    medio: Medio | MedioListo, red: Red, texto_alternativo: str, *, nombre: str = "previsto"
) -> Adjunto:
    """El adjunto que habrá: una copia de imagen siempre cabe, un video sale como llegó."""
    clase = _clase_en(medio.clase, red)
    es_video = clase is Clase.VIDEO
    return Adjunto(
        clase=clase,
        huella=medio.huella,
        tipo={Clase.GIF: "image/gif", Clase.IMAGEN: "image/jpeg"}.get(clase, medio.tipo),
        nombre=nombre,
        # Un archivo cualquiera que existe: si el del medio está lo mira la aprobación.
        archivo=Path(__file__),
        peso_bytes=medio.peso_bytes if es_video else 1,
        ancho_px=medio.ancho_px if es_video else 1,
        alto_px=medio.alto_px if es_video else 1,
        texto_alternativo=texto_alternativo,
        duracion_s=medio.duracion_s,
    )


def _clase_en(clase: Clase, red: Red) -> Clase:
    # Solo X muestra un GIF en movimiento; a las demás va como imagen quieta.
    return Clase.IMAGEN if clase is Clase.GIF and red is not Red.X else clase
