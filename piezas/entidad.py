"""La entidad que usa el programa: su nombre y su escudo. Sin lemas: cambian con cada gobierno."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from piezas import taller
from piezas.almacen import Almacen
from piezas.base import Base
from piezas.bitacora import anotar
from piezas.errores import DatosInvalidos, SinPermisoPara
from piezas.imagenes import limpiar
from piezas.personas import Papel, Persona
from piezas.pintura import Molde

UNICA = 1
NOMBRE_MAXIMO = 60
PESO_MAXIMO = 1024 * 1024
LADO_PX = 256
LA_CAMBIAN = frozenset({Papel.ADMINISTRACION, Papel.JEFATURA})
_MOLDE = Molde(lado_px=LADO_PX, jpeg_peso=1 << 18, png_peso=1 << 18, con_alfa=True)


class Entidad(Base):
    """La fila única con que la oficina se presenta dentro del panel."""

    __tablename__ = "entidad"
    __table_args__ = (
        CheckConstraint("id = 1", name="unica"),
        CheckConstraint("(escudo IS NULL) = (escudo_tipo IS NULL)", name="escudo"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nombre: Mapped[str]
    escudo: Mapped[str | None]
    """La huella del escudo en la carpeta de medios, ya vuelto a codificar."""
    escudo_tipo: Mapped[str | None]
    cambiada_en: Mapped[datetime]
    cambiada_por: Mapped[int] = mapped_column(ForeignKey("persona.id"))


def entidad_de(sesion: Session) -> Entidad | None:
    """La entidad, si alguien ya dijo cuál es."""
    return sesion.get(Entidad, UNICA)


def cambiar_nombre(sesion: Session, nombre: str, *, por: int, ahora: datetime) -> None:
    """Pone el nombre. Lanza `DatosInvalidos` o `SinPermisoPara`."""
    quien = _quien_puede(sesion, por)
    limpio = " ".join(nombre.split())
    if not limpio:
        raise DatosInvalidos("Escriba el nombre de la entidad.")
    if len(limpio) > NOMBRE_MAXIMO:
        raise DatosInvalidos(
            f"El nombre tiene {len(limpio)} caracteres y caben {NOMBRE_MAXIMO}. "
            "Deje solo el nombre, sin lema ni eslogan."
        )
    entidad = entidad_de(sesion)
    antes = None if entidad is None else entidad.nombre
    if antes == limpio:
        return
    if entidad is None:
        entidad = Entidad(id=UNICA)
        sesion.add(entidad)
    entidad.nombre = limpio
    _firmar(sesion, entidad, quien, "nombre_de_entidad", ahora=ahora, de=antes, a=limpio)


def poner_escudo(
    sesion: Session, datos: bytes, nombre: str, *, almacen: Almacen, por: int, ahora: datetime
) -> None:
    """Guarda el escudo, abierto y vuelto a codificar. Lanza `ImagenNoSirve` o `DatosInvalidos`.

    `nombre` es el de la entidad si todavía no tiene fila.
    """
    quien = _quien_puede(sesion, por)
    if len(datos) > PESO_MAXIMO:
        raise DatosInvalidos("El escudo pesa más de 1 MB. Expórtelo más liviano.")
    medidas, chico = taller.pedir("ajustar", limpiar(datos).datos, molde=asdict(_MOLDE))
    entidad = entidad_de(sesion)
    if entidad is None:
        entidad = Entidad(id=UNICA, nombre=nombre[:NOMBRE_MAXIMO])
        sesion.add(entidad)
    entidad.escudo, entidad.escudo_tipo = almacen.guardar(chico), medidas["tipo"]
    _firmar(sesion, entidad, quien, "escudo_de_entidad", ahora=ahora, a=entidad.escudo)


def quitar_escudo(sesion: Session, *, por: int, ahora: datetime) -> None:
    """Vuelve al signo propio del programa."""
    quien = _quien_puede(sesion, por)
    entidad = entidad_de(sesion)
    if entidad is None or entidad.escudo is None:
        return
    antes, entidad.escudo, entidad.escudo_tipo = entidad.escudo, None, None
    _firmar(sesion, entidad, quien, "escudo_de_entidad", ahora=ahora, de=antes)


def _quien_puede(sesion: Session, persona_id: int) -> Persona:
    quien = sesion.get_one(Persona, persona_id)
    if not quien.papeles & LA_CAMBIAN:
        raise SinPermisoPara("Solo la jefatura o la administración cambian el nombre y el escudo.")
    return quien


def _firmar(
    sesion: Session,
    entidad: Entidad,
    quien: Persona,
    accion: str,
    *,
    ahora: datetime,
    de: str | None = None,
    a: str | None = None,
) -> None:
    entidad.cambiada_en, entidad.cambiada_por = ahora, quien.id
    anotar(
        sesion, accion, quien=quien.correo, persona_id=quien.id, ahora=ahora, objeto="entidad",
        objeto_id=UNICA, de=de, a=a,
    )  # fmt: skip
