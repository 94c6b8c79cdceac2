"""El segundo factor: un código que cambia cada 30 segundos, y códigos de recuperación."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import pyotp
from sqlalchemy import ForeignKey, Index, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from piezas.base import Base
from piezas.bitacora import anotar
from piezas.errores import DatosInvalidos
from piezas.personas import Papel, Persona

PASO_S = 30
DE_RECUPERACION = 10
LO_NECESITAN = frozenset({Papel.JEFATURA, Papel.COMMUNITY, Papel.ADMINISTRACION})
"""Quienes aprueban, manejan cuentas o administran: una clave robada no debe bastar."""
_ALFABETO = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Sin letras y cifras que se confunden al copiarlas de un papel."""
NO_ES = "Ese código no es, o ya se usó. Espere el siguiente en su aplicación y escríbalo."


class Cofre(Protocol):
    """Lo que sella secretos con la clave de la instalación."""

    def sellar(self, contexto: str, datos: Mapping[str, str]) -> str:
        """Texto opaco para guardar."""

    def abrir(self, contexto: str, sello: str) -> dict[str, str]:
        """Lo sellado, si es de ese contexto."""


class CodigoRecuperacion(Base):
    """Un código para cuando el teléfono no está. Solo se guarda su resumen, y sirve una vez."""

    __tablename__ = "codigo_recuperacion"
    __table_args__ = (Index(None, "persona_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    resumen: Mapped[str]
    usado_en: Mapped[datetime | None]


def lo_necesita(papeles: frozenset[Papel]) -> bool:
    """Si con esos papeles el segundo factor es de rigor."""
    return bool(papeles & LO_NECESITAN)


def nuevo_secreto() -> str:
    """Un secreto para ofrecer; no vale hasta que se active."""
    return pyotp.random_base32()


def direccion_de(secreto: str, *, correo: str, emisor: str) -> str:
    """Lo que lleva el QR."""
    return pyotp.TOTP(secreto).provisioning_uri(name=correo, issuer_name=emisor)


def activar(
    sesion: Session, persona: Persona, secreto: str, codigo: str, *, cofre: Cofre, ahora: datetime
) -> list[str]:
    """Guarda el secreto sellado si el código es suyo; devuelve los códigos de recuperación."""
    paso = _paso_de(secreto, codigo, ahora)
    if paso is None:
        raise DatosInvalidos(NO_ES)
    persona.factor = cofre.sellar(_contexto(persona.id), {"secreto": secreto})
    persona.factor_paso = paso
    _anotar(sesion, "activar segundo factor", persona, ahora)
    return renovar_recuperacion(sesion, persona, ahora=ahora)


def quitar(
    sesion: Session, persona: Persona, *, ahora: datetime, quien: str, por: int | None
) -> None:
    """Deja de pedirlo. `quien`: la persona misma, o quien administra si perdió el teléfono."""
    persona.factor = persona.factor_paso = None
    sesion.execute(delete(CodigoRecuperacion).where(CodigoRecuperacion.persona_id == persona.id))
    anotar(
        sesion,
        "quitar segundo factor",
        quien=quien,
        persona_id=por,
        ahora=ahora,
        objeto="persona",
        objeto_id=persona.id,
    )


def acepta(
    sesion: Session, persona: Persona, codigo: str, *, cofre: Cofre, ahora: datetime
) -> bool:
    """Si el código es el de ahora (o uno de recuperación) y no se ha usado; lo gasta."""
    limpio = "".join(codigo.split()).replace("-", "").upper()
    if persona.factor is None:
        return False
    if not limpio.isdecimal() or len(limpio) != 6:
        return _gastar_recuperacion(sesion, persona, limpio, ahora)
    secreto = cofre.abrir(_contexto(persona.id), persona.factor)["secreto"]
    paso = _paso_de(secreto, limpio, ahora)
    if paso is None:
        return False
    # El paso va en el WHERE: el mismo código enviado dos veces a la vez sirve una.
    gastado = sesion.scalar(
        update(Persona)
        .where(
            Persona.id == persona.id,
            func.coalesce(Persona.factor_paso, -1) < paso,
            Persona.factor == persona.factor,
        )
        .values(factor_paso=paso)
        .returning(Persona.id)
        .execution_options(synchronize_session=False)
    )
    return gastado is not None


def renovar_recuperacion(sesion: Session, persona: Persona, *, ahora: datetime) -> list[str]:
    """Diez códigos nuevos, que se muestran una vez; los anteriores dejan de servir."""
    sesion.execute(delete(CodigoRecuperacion).where(CodigoRecuperacion.persona_id == persona.id))
    codigos = [
        "".join(secrets.choice(_ALFABETO) for _ in range(16)) for _ in range(DE_RECUPERACION)
    ]
    sesion.add_all(
        CodigoRecuperacion(persona_id=persona.id, resumen=_resumir(persona.id, codigo))
        for codigo in codigos
    )
    _anotar(sesion, "crear códigos de recuperación", persona, ahora)
    return ["-".join(c[i : i + 4] for i in range(0, 16, 4)) for c in codigos]


def cuantos_quedan(sesion: Session, persona_id: int) -> int:
    """Códigos de recuperación sin usar."""
    cuenta = select(func.count()).select_from(CodigoRecuperacion)
    sin_usar = CodigoRecuperacion.usado_en.is_(None)
    return sesion.scalar(cuenta.where(CodigoRecuperacion.persona_id == persona_id, sin_usar)) or 0


def _gastar_recuperacion(sesion: Session, persona: Persona, codigo: str, ahora: datetime) -> bool:
    gastado = sesion.scalar(
        update(CodigoRecuperacion)
        .where(
            CodigoRecuperacion.persona_id == persona.id,
            CodigoRecuperacion.resumen == _resumir(persona.id, codigo),
            CodigoRecuperacion.usado_en.is_(None),
        )
        .values(usado_en=ahora)
        .returning(CodigoRecuperacion.id)
        .execution_options(synchronize_session=False)
    )
    if gastado is not None:
        _anotar(sesion, "usar código de recuperación", persona, ahora)
    return gastado is not None


def _paso_de(secreto: str, codigo: str, ahora: datetime) -> int | None:
    """El paso de reloj al que corresponde: el de ahora, el anterior o el siguiente."""
    totp, actual = pyotp.TOTP(secreto), int(ahora.timestamp()) // PASO_S
    limpio = "".join(codigo.split())
    for paso in (actual, actual - 1, actual + 1):
        if secrets.compare_digest(totp.generate_otp(paso).encode(), limpio.encode()):
            return paso
    return None


def _contexto(persona_id: int) -> str:
    return f"segundo_factor:{persona_id}"


def _resumir(persona_id: int, codigo: str) -> str:
    return hashlib.sha256(f"{persona_id}:{codigo}".encode()).hexdigest()


def _anotar(sesion: Session, accion: str, persona: Persona, ahora: datetime) -> None:
    anotar(
        sesion,
        accion,
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="persona",
        objeto_id=persona.id,
    )
