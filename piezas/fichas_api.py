"""Fichas personales: con ellas un programa actúa por una persona, y nunca puede más que ella."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from piezas.base import Base
from piezas.bitacora import anotar
from piezas.errores import DatosInvalidos, NoEncontrada
from piezas.personas import Papel, Persona
from piezas.usuarios import persona_de

ALCANCES = {
    "piezas:leer": "Ver piezas, versiones y comentarios",
    "piezas:escribir": "Crear y cambiar piezas, comentarlas y enviarlas a revisión",
    "piezas:devolver": "Devolver piezas con observaciones",
    "calendario:leer": "Ver el calendario",
    "calendario:mover": "Cambiar la hora de lo que no ha salido",
    "cola:leer": "Ver la cola y la historia de cada entrega",
    "cola:decidir": "Reintentar, cancelar, aplazar, resolver dudas y pausar",
    "medios:leer": "Ver la mediateca",
    "medios:escribir": "Subir archivos y cambiar sus fichas",
    "campanias:leer": "Ver campañas y dependencias",
    "campanias:escribir": "Crear y cambiar campañas y dependencias",
    "cuentas:leer": "Ver la salud de las cuentas",
    "bitacora:leer": "Leer la bitácora",
}
"""Lo que se le puede dejar hacer a un programa. Aprobar no está, ni estará: es de personas."""
PLAZOS = tuple(timedelta(days=dias) for dias in (30, 90, 180, 365))
PLAZO_MAXIMO = timedelta(days=365)
NOMBRE_MAXIMO, FICHAS_MAXIMAS = 80, 20
ENTRE_TOQUES = timedelta(seconds=60)
COMIENZO = "pub_"


class FichaApi(Base):
    """Una ficha. El secreto se muestra una vez; aquí solo queda su resumen."""

    __tablename__ = "ficha_api"
    __table_args__ = (
        Index(None, "persona_id"),
        CheckConstraint("length(huella) = 64", name="huella"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    nombre: Mapped[str]
    """Para qué es, en palabras de su dueña."""
    comienzo: Mapped[str]
    """Las primeras letras del secreto: bastan para reconocerla, no para usarla."""
    huella: Mapped[str] = mapped_column(unique=True)
    """SHA-256 del secreto."""
    alcances: Mapped[str]
    """Separados por un espacio."""
    creada_en: Mapped[datetime]
    vence_en: Mapped[datetime]
    usada_en: Mapped[datetime | None]
    revocada_en: Mapped[datetime | None]

    persona: Mapped[Persona] = relationship()

    @property
    def deja(self) -> frozenset[str]:
        """Sus alcances."""
        return frozenset(self.alcances.split())


def crear(
    sesion: Session,
    *,
    nombre: str,
    alcances: Collection[str],
    plazo: timedelta,
    por: int,
    ahora: datetime,
) -> tuple[FichaApi, str]:
    """La ficha y su secreto, que no se vuelve a ver. Lanza `DatosInvalidos`."""
    persona = persona_de(sesion, por, *Papel)
    nombre, elegidos = " ".join(nombre.split()), [a for a in ALCANCES if a in set(alcances)]
    fallas = _fallas(nombre, elegidos, plazo)
    if len([f for f in de_persona(sesion, por) if esta_viva(f, ahora)]) >= FICHAS_MAXIMAS:
        fallas.append(f"Ya tiene {FICHAS_MAXIMAS} fichas vivas. Revoque las que no use.")
    if fallas:
        raise DatosInvalidos(fallas)
    secreto = COMIENZO + secrets.token_urlsafe(32)
    ficha = FichaApi(
        persona_id=persona.id,
        nombre=nombre,
        comienzo=secreto[:10],
        huella=_resumir(secreto),
        alcances=" ".join(elegidos),
        creada_en=ahora,
        vence_en=ahora + plazo,
    )
    sesion.add(ficha)
    sesion.flush()
    _anotar(sesion, "crear ficha", ficha, persona, ahora, a=ficha.alcances)
    return ficha, secreto


def _fallas(nombre: str, alcances: Collection[str], plazo: timedelta) -> list[str]:
    fallas = []
    if not nombre or len(nombre) > NOMBRE_MAXIMO or not nombre.isprintable():
        fallas.append(f"Escriba para qué es la ficha, en hasta {NOMBRE_MAXIMO} letras.")
    if not alcances:
        fallas.append("Elija al menos una cosa que la ficha pueda hacer.")
    if not timedelta(0) < plazo <= PLAZO_MAXIMO:
        fallas.append("Una ficha vale hasta un año. Elija cuánto.")
    return fallas


def vigente(sesion: Session, secreto: str, *, ahora: datetime) -> FichaApi | None:
    """La ficha de ese secreto, si sigue viva y su dueña está activa."""
    ficha = sesion.scalar(select(FichaApi).where(FichaApi.huella == _resumir(secreto)))
    if ficha is None or not esta_viva(ficha, ahora) or not ficha.persona.activa:
        return None
    return ficha


def esta_viva(ficha: FichaApi, ahora: datetime) -> bool:
    """Si no venció ni se revocó."""
    return ficha.revocada_en is None and ahora < ficha.vence_en


def tocar(sesion: Session, ficha_id: int, *, ahora: datetime) -> None:
    """Anota que se usó."""
    ficha = sesion.get(FichaApi, ficha_id)
    if ficha is not None:
        ficha.usada_en = ahora


def revocar(sesion: Session, ficha_id: int, *, por: int, ahora: datetime) -> FichaApi:
    """Deja de valer en este instante; la de otra persona no se encuentra."""
    persona = persona_de(sesion, por, *Papel)
    ficha = sesion.get(FichaApi, ficha_id)
    if ficha is None or ficha.persona_id != persona.id:
        raise NoEncontrada("Esa ficha no existe.")
    if ficha.revocada_en is None:
        ficha.revocada_en = ahora
        _anotar(sesion, "revocar ficha", ficha, persona, ahora)
    return ficha


def de_persona(sesion: Session, persona_id: int) -> list[FichaApi]:
    """Las suyas, la más nueva primero."""
    consulta = select(FichaApi).where(FichaApi.persona_id == persona_id)
    return list(sesion.scalars(consulta.order_by(FichaApi.id.desc())))


def _resumir(secreto: str) -> str:
    return hashlib.sha256(secreto.encode("utf-8", "replace")).hexdigest()


def _anotar(
    sesion: Session,
    accion: str,
    ficha: FichaApi,
    persona: Persona,
    ahora: datetime,
    a: str | None = None,
) -> None:
    anotar(
        sesion,
        accion,
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="ficha",
        objeto_id=ficha.id,
        a=a,
        motivo=ficha.nombre,
    )
