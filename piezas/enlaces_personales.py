"""Enlaces de un solo uso para poner la contraseña: al llegar a la oficina, o al olvidarla."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from piezas.base import Base
from piezas.bitacora import anotar
from piezas.claves_de_entrada import cifrar, fallas_de_clave
from piezas.errores import DatosInvalidos, EnlaceNoSirve
from piezas.personas import Persona


class ClaseEnlace(StrEnum):
    """Para qué se dio."""

    INVITACION = "invitacion"
    OLVIDO = "olvido"


DURAN = {ClaseEnlace.INVITACION: timedelta(hours=72), ClaseEnlace.OLVIDO: timedelta(minutes=30)}
NO_SIRVE = "Este enlace no sirve: venció, ya se usó o lo reemplazó otro. Pida uno nuevo."


class EnlacePersonal(Base):
    """Un enlace dado a una persona. Del secreto solo se guarda su resumen."""

    __tablename__ = "enlace_personal"
    __table_args__ = (Index(None, "persona_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clase: Mapped[ClaseEnlace]
    resumen: Mapped[str] = mapped_column(unique=True)
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    creado_en: Mapped[datetime]
    vence_en: Mapped[datetime]
    cerrado_en: Mapped[datetime | None]
    """Cuando se usó, o cuando otro lo reemplazó."""

    persona: Mapped[Persona] = relationship()


def _resumir(secreto: str) -> str:
    return hashlib.sha256(secreto.encode()).hexdigest()


def dar(sesion: Session, persona: Persona, clase: ClaseEnlace, *, ahora: datetime) -> str:
    """Un enlace nuevo, que deja sin efecto los anteriores; devuelve su secreto."""
    cerrar_todos(sesion, persona.id, ahora=ahora)
    secreto = secrets.token_urlsafe(32)
    sesion.add(
        EnlacePersonal(
            clase=clase,
            resumen=_resumir(secreto),
            persona_id=persona.id,
            creado_en=ahora,
            vence_en=ahora + DURAN[clase],
        )
    )
    return secreto


def cerrar_todos(sesion: Session, persona_id: int, *, ahora: datetime) -> None:
    """Ningún enlace de esa persona vuelve a abrir."""
    sesion.execute(
        update(EnlacePersonal)
        .where(EnlacePersonal.persona_id == persona_id, EnlacePersonal.cerrado_en.is_(None))
        .values(cerrado_en=ahora)
        .execution_options(synchronize_session=False)
    )


def abrir(sesion: Session, secreto: str, clase: ClaseEnlace, *, ahora: datetime) -> Persona:
    """De quién es, si todavía sirve; todas las razones para no servir se dicen igual."""
    fila = sesion.scalar(
        select(EnlacePersonal).where(
            EnlacePersonal.resumen == _resumir(secreto), EnlacePersonal.clase == clase
        )
    )
    sirve = fila is not None and fila.cerrado_en is None and fila.vence_en > ahora
    if fila is None or not sirve or not fila.persona.activa:
        raise EnlaceNoSirve(NO_SIRVE)
    return fila.persona


def poner_clave(
    sesion: Session, secreto: str, clase: ClaseEnlace, clave: str, *, ahora: datetime
) -> Persona:
    """Gasta el enlace y pone la contraseña. Quien llama cierra las sesiones de la persona."""
    persona = abrir(sesion, secreto, clase, ahora=ahora)
    if fallas := fallas_de_clave(clave):
        raise DatosInvalidos(fallas)
    gastado = sesion.scalar(
        update(EnlacePersonal)
        .where(EnlacePersonal.resumen == _resumir(secreto), EnlacePersonal.cerrado_en.is_(None))
        .values(cerrado_en=ahora)
        .returning(EnlacePersonal.id)
        .execution_options(synchronize_session=False)
    )
    if gastado is None:  # otra petición llegó antes
        raise EnlaceNoSirve(NO_SIRVE)
    persona.clave = cifrar(clave)
    cerrar_todos(sesion, persona.id, ahora=ahora)
    anotar(
        sesion,
        "aceptar invitación" if clase is ClaseEnlace.INVITACION else "restablecer contraseña",
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="persona",
        objeto_id=persona.id,
    )
    return persona
