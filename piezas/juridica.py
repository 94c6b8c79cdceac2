"""El visto bueno de jurídica: qué piezas lo piden, por qué, y quién lo dio sobre qué versión."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from piezas.base import Base
from piezas.bitacora import anotar
from piezas.errores import CuatroOjos, DatosInvalidos, EstadoNoPermite, FaltaJuridica
from piezas.personas import Papel, Persona
from piezas.redaccion import CERRADAS, pieza_para_cambiar
from piezas.usuarios import persona_de
from piezas.versiones import Aprobacion, Decision, EstadoPieza, Pieza, Version

PIDEN = (Papel.REDACCION, Papel.COMMUNITY, Papel.REVISION, Papel.JEFATURA, Papel.JURIDICA)
"""Quiénes pueden marcar una pieza; quitar la marca es solo de jurídica."""
MOTIVO_MINIMO = 10
MOTIVOS = (
    "Aparece o se nombra a un gobernante",
    "Inauguración o entrega de obra",
    "Inicio de un programa social",
    "Cifras de gestión",
    "Contratación",
    "Menores de edad identificables",
    "Ventana electoral",
)
"""Los motivos de siempre, para no escribirlos."""
_SE_FIRMAN = frozenset({EstadoPieza.EN_REVISION, EstadoPieza.REVISADA})


class ExigenciaJuridica(Base):
    """Una pieza que no se aprueba sin jurídica; a lo sumo una marca por pieza."""

    __tablename__ = "exigencia_juridica"

    id: Mapped[int] = mapped_column(primary_key=True)
    pieza_id: Mapped[int] = mapped_column(ForeignKey("pieza.id"), unique=True)
    motivo: Mapped[str]
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    en: Mapped[datetime]


def exigencia_de(sesion: Session, pieza_id: int) -> ExigenciaJuridica | None:
    """La marca de la pieza, o `None` si no pide jurídica."""
    return sesion.scalar(select(ExigenciaJuridica).where(ExigenciaJuridica.pieza_id == pieza_id))


def exigencias_de(sesion: Session, piezas: Iterable[int]) -> dict[int, ExigenciaJuridica]:
    """Las marcas de varias piezas, de una vez."""
    marcas = sesion.scalars(
        select(ExigenciaJuridica).where(ExigenciaJuridica.pieza_id.in_(list(piezas)))
    )
    return {marca.pieza_id: marca for marca in marcas}


def exigir_juridica(
    sesion: Session, pieza_id: int, *, motivo: str, por: int, ahora: datetime
) -> bool:
    """Marca la pieza. Si ya estaba aprobada sin jurídica, la aprobación cae: devuelve `True`."""
    persona = persona_de(sesion, por, *PIDEN)
    motivo = " ".join(motivo.split())
    if len(motivo) < MOTIVO_MINIMO:
        raise DatosInvalidos(f"Diga por qué, con al menos {MOTIVO_MINIMO} caracteres.")
    pieza = pieza_para_cambiar(sesion, pieza_id)
    if pieza.estado in CERRADAS:
        raise EstadoNoPermite(f"Una pieza «{pieza.estado}» ya no se marca.")
    marca = exigencia_de(sesion, pieza_id)
    if marca is None:
        marca = ExigenciaJuridica(pieza_id=pieza_id)
        sesion.add(marca)
    marca.motivo, marca.persona_id, marca.en = motivo, persona.id, ahora
    _anotar(sesion, "exigir jurídica", pieza, persona, ahora, motivo)
    sesion.flush()
    return _anular_si_hace_falta(sesion, pieza, persona, ahora)


def _anular_si_hace_falta(sesion: Session, pieza: Pieza, persona: Persona, ahora: datetime) -> bool:
    if pieza.estado is not EstadoPieza.APROBADA or pieza.version is None:
        return False
    if quien_firmo(sesion, pieza.version) is not None:
        return False
    sesion.add(
        Aprobacion(
            version_id=pieza.version.id,
            persona_id=persona.id,
            decision=Decision.ANULADA,
            motivo="Después de aprobada se pidió el visto bueno de jurídica.",
            en=ahora,
        )
    )
    pieza.estado = EstadoPieza.EN_REVISION
    sesion.flush()
    return True


def levantar_exigencia(
    sesion: Session, pieza_id: int, *, motivo: str, por: int, ahora: datetime
) -> None:
    """Jurídica dice que la pieza no la necesita."""
    persona = persona_de(sesion, por, Papel.JURIDICA)
    motivo = " ".join(motivo.split())
    if len(motivo) < MOTIVO_MINIMO:
        raise DatosInvalidos(f"Diga por qué, con al menos {MOTIVO_MINIMO} caracteres.")
    pieza = pieza_para_cambiar(sesion, pieza_id)
    marca = exigencia_de(sesion, pieza_id)
    if marca is None:
        raise EstadoNoPermite("Esa pieza no pide el visto bueno de jurídica.")
    sesion.delete(marca)
    _anotar(sesion, "levantar jurídica", pieza, persona, ahora, motivo)
    sesion.flush()


def dar_visto_bueno(sesion: Session, pieza_id: int, *, por: int, ahora: datetime) -> None:
    """Jurídica aprueba esta versión exacta; otra versión pide otro visto bueno."""
    persona = persona_de(sesion, por, Papel.JURIDICA)
    pieza = pieza_para_cambiar(sesion, pieza_id)
    if pieza.estado not in _SE_FIRMAN or pieza.version is None:
        raise EstadoNoPermite(
            f"La pieza «{pieza.titulo}» está «{pieza.estado}»: jurídica la mira en revisión."
        )
    if exigencia_de(sesion, pieza_id) is None:
        raise EstadoNoPermite("Esa pieza no pide el visto bueno de jurídica.")
    if persona.id in (pieza.autor_id, pieza.version.editor_id):
        raise CuatroOjos(
            "Quien escribió o editó por última vez una pieza no da su visto bueno jurídico."
        )
    if quien_firmo(sesion, pieza.version) is not None:
        raise EstadoNoPermite("Esta versión ya tiene el visto bueno de jurídica.")
    sesion.add(
        Aprobacion(
            version_id=pieza.version.id,
            persona_id=persona.id,
            decision=Decision.JURIDICA,
            en=ahora,
        )
    )
    _anotar(sesion, "visto bueno jurídico", pieza, persona, ahora, None)
    sesion.flush()


def quien_firmo(sesion: Session, version: Version) -> int | None:
    """La persona de jurídica que dio el visto bueno a esa versión."""
    return sesion.scalar(
        select(Aprobacion.persona_id)
        .where(Aprobacion.version_id == version.id, Aprobacion.decision == Decision.JURIDICA)
        .order_by(Aprobacion.id.desc())
        .limit(1)
    )


def quienes_firmaron(sesion: Session, versiones: Iterable[int]) -> dict[int, int]:
    """Por versión, la persona de jurídica que le dio el visto bueno; de una vez."""
    consulta = (
        select(Aprobacion.version_id, Aprobacion.persona_id)
        .where(Aprobacion.version_id.in_(list(versiones)), Aprobacion.decision == Decision.JURIDICA)
        .order_by(Aprobacion.id)
    )
    return {fila.version_id: fila.persona_id for fila in sesion.execute(consulta)}


def exigir_visto_bueno(sesion: Session, pieza: Pieza, version: Version, aprueba: Persona) -> None:
    """Lanza `FaltaJuridica` si la pieza lo pide y otra persona de jurídica no firmó la versión."""
    marca = exigencia_de(sesion, pieza.id)
    if marca is None:
        return
    firmo = quien_firmo(sesion, version)
    if firmo is None:
        raise FaltaJuridica(
            f"Falta el visto bueno de jurídica sobre esta versión ({marca.motivo}). "
            "Pídalo antes de aprobar."
        )
    if firmo == aprueba.id:
        raise CuatroOjos("Usted ya dio el visto bueno jurídico: la aprobación es de otra persona.")


def _anotar(
    sesion: Session,
    accion: str,
    pieza: Pieza,
    persona: Persona,
    ahora: datetime,
    motivo: str | None,
) -> None:
    anotar(
        sesion,
        accion,
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="pieza",
        objeto_id=pieza.id,
        motivo=motivo,
    )
