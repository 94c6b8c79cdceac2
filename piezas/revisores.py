"""Enlaces para alguien de fuera: leer una versión y opinar una sola vez. No reemplaza a nadie."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from piezas.base import Base
from piezas.bitacora import anotar
from piezas.errores import DatosInvalidos, EnlaceNoSirve, EstadoNoPermite
from piezas.personas import Papel, Persona
from piezas.redaccion import CERRADAS, pieza_para_cambiar
from piezas.usuarios import ESCRIBEN, persona_de
from piezas.versiones import Pieza, Version

INVITAN = tuple({*ESCRIBEN, Papel.REVISION, Papel.JURIDICA})
PLAZOS = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
COMENTARIO_MAXIMO = 2000
ABIERTOS_MAXIMO = 20
"""Por pieza: más sería una difusión, no una consulta."""


class Opinion(StrEnum):
    """Lo que respondió quien recibió el enlace."""

    VISTO_BUENO = "visto_bueno"
    OBSERVACIONES = "observaciones"


class EnlaceRevision(Base):
    """Un enlace de una persona a una versión. Del secreto solo se guarda su resumen."""

    __tablename__ = "enlace_revision"
    __table_args__ = (
        CheckConstraint("(opinion IS NULL) = (respondido_en IS NULL)", name="respuesta"),
        Index(None, "pieza_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pieza_id: Mapped[int] = mapped_column(ForeignKey("pieza.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    resumen: Mapped[str] = mapped_column(unique=True)
    para: Mapped[str]
    """A quién se le dio: nombre y cargo, como lo escribió quien invita."""
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    creado_en: Mapped[datetime]
    vence_en: Mapped[datetime]
    abierto_en: Mapped[datetime | None]
    revocado_en: Mapped[datetime | None]
    respondido_en: Mapped[datetime | None]
    opinion: Mapped[Opinion | None]
    comentario: Mapped[str | None]

    pieza: Mapped[Pieza] = relationship()
    version: Mapped[Version] = relationship()
    persona: Mapped[Persona] = relationship()


def resumen_de(secreto: str) -> str:
    """Lo que se guarda: sin el secreto no se puede volver a armar el enlace."""
    return hashlib.sha256(secreto.encode()).hexdigest()


def invitar(
    sesion: Session, pieza_id: int, *, para: str, plazo: timedelta, por: int, ahora: datetime
) -> tuple[EnlaceRevision, str]:
    """Un enlace nuevo a la versión vigente y su secreto, que no se vuelve a mostrar."""
    persona = persona_de(sesion, por, *INVITAN)
    para = " ".join(para.split())[:200]
    if len(para) < 3:
        raise DatosInvalidos("Escriba a quién le da el enlace: nombre y cargo o entidad.")
    if plazo not in PLAZOS:
        raise DatosInvalidos("Elija hasta cuándo sirve el enlace.")
    pieza = pieza_para_cambiar(sesion, pieza_id)
    if pieza.estado in CERRADAS or pieza.version is None:
        raise EstadoNoPermite(f"Una pieza «{pieza.estado}» ya no se consulta con nadie.")
    abiertos = [e for e in enlaces_de(sesion, pieza_id) if _esta_abierto(e, ahora)]
    if len(abiertos) >= ABIERTOS_MAXIMO:
        raise EstadoNoPermite("La pieza ya tiene muchos enlaces abiertos. Revoque alguno antes.")
    secreto = secrets.token_urlsafe(32)
    enlace = EnlaceRevision(
        pieza_id=pieza.id,
        version_id=pieza.version.id,
        resumen=resumen_de(secreto),
        para=para,
        persona_id=persona.id,
        creado_en=ahora,
        vence_en=ahora + plazo,
    )
    sesion.add(enlace)
    sesion.flush()
    _anotar(sesion, "invitar a revisar", enlace, persona.correo, ahora, persona_id=persona.id)
    return enlace, secreto


def enlaces_de(sesion: Session, pieza_id: int) -> list[EnlaceRevision]:
    """Los de una pieza, del más nuevo al más viejo."""
    consulta = select(EnlaceRevision).where(EnlaceRevision.pieza_id == pieza_id)
    return list(sesion.scalars(consulta.order_by(EnlaceRevision.id.desc())))


def revocar(sesion: Session, enlace_id: int, *, por: int, ahora: datetime) -> EnlaceRevision:
    """El enlace deja de abrir desde ya; lo que se respondió queda."""
    persona = persona_de(sesion, por, *INVITAN)
    enlace = sesion.get(EnlaceRevision, enlace_id, with_for_update=True)
    if enlace is None:
        raise EnlaceNoSirve("No existe ese enlace.")
    if enlace.revocado_en is None:
        enlace.revocado_en = ahora
        _anotar(sesion, "revocar enlace", enlace, persona.correo, ahora, persona_id=persona.id)
    sesion.flush()
    return enlace


def _esta_abierto(enlace: EnlaceRevision, ahora: datetime) -> bool:
    return enlace.revocado_en is None and enlace.respondido_en is None and enlace.vence_en > ahora


def abrir(sesion: Session, secreto: str, *, ahora: datetime) -> EnlaceRevision:
    """El enlace de ese secreto, si todavía sirve; lanza `EnlaceNoSirve` con la razón.

    Un secreto desconocido, uno vencido y uno revocado dicen lo mismo a quien prueba secretos.
    """
    enlace = sesion.scalar(
        select(EnlaceRevision).where(EnlaceRevision.resumen == resumen_de(secreto))
    )
    if enlace is None or enlace.revocado_en is not None or enlace.vence_en <= ahora:
        raise EnlaceNoSirve
    if enlace.respondido_en is not None:
        raise EnlaceNoSirve("Este enlace ya se usó. Su respuesta quedó guardada: gracias.")
    if enlace.pieza.version_vigente_id != enlace.version_id or enlace.pieza.estado in CERRADAS:
        raise EnlaceNoSirve(
            "El contenido cambió después de que le dieron este enlace. Pida uno nuevo."
        )
    return enlace


def anotar_apertura(sesion: Session, enlace_id: int, *, ahora: datetime) -> None:
    """La primera vez que alguien lo abre."""
    sesion.execute(
        update(EnlaceRevision)
        .where(EnlaceRevision.id == enlace_id, EnlaceRevision.abierto_en.is_(None))
        .values(abierto_en=ahora)
        .execution_options(synchronize_session=False)
    )


def opinar(
    sesion: Session, secreto: str, *, opinion: str, comentario: str, ahora: datetime
) -> EnlaceRevision:
    """Guarda la única respuesta de ese enlace: dos envíos a la vez dejan uno."""
    enlace = abrir(sesion, secreto, ahora=ahora)
    texto = comentario.strip()
    if opinion not in set(Opinion):
        raise DatosInvalidos("Diga si le da su visto bueno o si tiene observaciones.")
    elegida = Opinion(opinion)
    if elegida is Opinion.OBSERVACIONES and len(texto) < 3:
        raise DatosInvalidos("Escriba sus observaciones: las lee quien redacta.")
    if len(texto) > COMENTARIO_MAXIMO:
        raise DatosInvalidos(f"El comentario puede tener hasta {COMENTARIO_MAXIMO} caracteres.")
    hecho = sesion.execute(
        update(EnlaceRevision)
        .where(
            EnlaceRevision.id == enlace.id,
            EnlaceRevision.respondido_en.is_(None),
            EnlaceRevision.revocado_en.is_(None),
        )
        .values(opinion=elegida, comentario=texto or None, respondido_en=ahora)
        .returning(EnlaceRevision.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if hecho is None:
        raise EnlaceNoSirve("Este enlace ya se usó. Su respuesta quedó guardada: gracias.")
    sesion.refresh(enlace)
    _anotar(sesion, "opinión externa", enlace, f"enlace:{enlace.para}", ahora, a=elegida)
    return enlace


def _anotar(
    sesion: Session,
    accion: str,
    enlace: EnlaceRevision,
    quien: str,
    ahora: datetime,
    *,
    persona_id: int | None = None,
    a: str | None = None,
) -> None:
    anotar(
        sesion,
        accion,
        quien=quien,
        persona_id=persona_id,
        ahora=ahora,
        objeto="pieza",
        objeto_id=enlace.pieza_id,
        a=a,
        motivo=enlace.para,
    )
