"""La lista de control de quien aprueba: qué se mira, y qué se marcó con cada decisión."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from piezas.base import Base
from piezas.bitacora import anotar
from piezas.errores import DatosInvalidos
from piezas.personas import Papel
from piezas.usuarios import persona_de
from piezas.versiones import Aprobacion

MAXIMO = 10
LARGO = 120
DE_SIEMPRE = (
    "Los hechos, cifras y nombres tienen fuente",
    "Se entiende a la primera, sin siglas sin explicar",
    "Las imágenes dicen en su texto alternativo lo que muestran",
    "Los enlaces abren y llevan a donde dicen",
    "La fecha y la hora son las correctas",
)
"""Lo que se revisa si la oficina no ha escrito su propia lista."""


class PuntoDeControl(Base):
    """Una línea de la lista de la oficina."""

    __tablename__ = "punto_de_control"

    id: Mapped[int] = mapped_column(primary_key=True)
    orden: Mapped[int]
    texto: Mapped[str]


class PuntoMarcado(Base):
    """Lo que alguien tuvo delante al decidir, y si lo marcó. Solo se agrega."""

    __tablename__ = "punto_marcado"
    __table_args__ = (Index(None, "aprobacion_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    aprobacion_id: Mapped[int] = mapped_column(ForeignKey("aprobacion.id"))
    texto: Mapped[str]
    marcado: Mapped[bool]


def puntos(sesion: Session) -> tuple[str, ...]:
    """La lista vigente, en orden."""
    propios = sesion.scalars(select(PuntoDeControl.texto).order_by(PuntoDeControl.orden)).all()
    return tuple(propios) or DE_SIEMPRE


def cambiar_puntos(sesion: Session, textos: Iterable[str], *, por: int, ahora: datetime) -> None:
    """La lista de la oficina, entera; vacía vuelve a la de siempre."""
    persona = persona_de(sesion, por, Papel.JEFATURA, Papel.ADMINISTRACION)
    limpios = list(dict.fromkeys(t for t in (" ".join(texto.split()) for texto in textos) if t))
    fallas = [f"«{texto[:40]}…» es muy largo." for texto in limpios if len(texto) > LARGO]
    if len(limpios) > MAXIMO:
        fallas.append(f"Son {len(limpios)} puntos: deje {MAXIMO} o menos para que se lean todos.")
    if fallas:
        raise DatosInvalidos(fallas)
    sesion.execute(delete(PuntoDeControl))
    sesion.add_all(PuntoDeControl(orden=n, texto=texto) for n, texto in enumerate(limpios))
    anotar(
        sesion,
        "cambiar lista de control",
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="lista_control",
        a=" | ".join(limpios) or "la de siempre",
    )
    sesion.flush()


def guardar_marcas(sesion: Session, version_id: int, por: int, marcados: Sequence[str]) -> None:
    """Deja con la última decisión de esa persona sobre la versión lo que marcó y lo que no."""
    decision = sesion.scalar(
        select(Aprobacion.id)
        .where(Aprobacion.version_id == version_id, Aprobacion.persona_id == por)
        .order_by(Aprobacion.id.desc())
        .limit(1)
    )
    if decision is None:
        return
    elegidos = set(marcados)
    sesion.add_all(
        PuntoMarcado(aprobacion_id=decision, texto=texto, marcado=texto in elegidos)
        for texto in puntos(sesion)
    )
    sesion.flush()


def marcas_de(sesion: Session, decisiones: Iterable[int]) -> dict[int, list[PuntoMarcado]]:
    """Por decisión, sus puntos; una sola consulta."""
    consulta = (
        select(PuntoMarcado)
        .where(PuntoMarcado.aprobacion_id.in_(list(decisiones)))
        .order_by(PuntoMarcado.id)
    )
    por_decision: dict[int, list[PuntoMarcado]] = {}
    for punto in sesion.scalars(consulta):
        por_decision.setdefault(punto.aprobacion_id, []).append(punto)
    return por_decision
