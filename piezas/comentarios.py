"""Comentarios sobre una versión, con menciones: se conversa junto a la pieza y queda escrito."""

import re
from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, Session, aliased, joinedload, mapped_column, relationship

from piezas.base import Base
from piezas.bitacora import anotar
from piezas.borradores import falla_de_texto
from piezas.errores import DatosInvalidos, EstadoNoPermite, NoEncontrada
from piezas.miradas import pieza_a_la_vista
from piezas.personas import Papel, Persona
from piezas.usuarios import persona_de
from piezas.versiones import Pieza, Version

COMENTARIO_MAXIMO = 2_000
MENCIONES_MAXIMAS = 20
COMENTAN = tuple(papel for papel in Papel if papel is not Papel.CONSULTA)
_MENCION = re.compile(r"(?<![\w@.])@([\w.+-]*\w)")


class Comentario(Base):
    """Algo que alguien dijo de una versión. Se resuelve; no se borra."""

    __tablename__ = "comentario"
    __table_args__ = (Index(None, "pieza_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pieza_id: Mapped[int] = mapped_column(ForeignKey("pieza.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    autor_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    texto: Mapped[str]
    en: Mapped[datetime]
    resuelto_en: Mapped[datetime | None]
    resuelto_por_id: Mapped[int | None] = mapped_column(ForeignKey("persona.id"))

    autor: Mapped[Persona] = relationship(foreign_keys=[autor_id])
    resuelto_por: Mapped[Persona | None] = relationship(foreign_keys=[resuelto_por_id])
    pieza: Mapped[Pieza] = relationship()
    version: Mapped[Version] = relationship()
    menciones: Mapped[list["Mencion"]] = relationship(order_by="Mencion.id")


class Mencion(Base):
    """A quién se le pidió mirar un comentario."""

    __tablename__ = "mencion"
    __table_args__ = (UniqueConstraint("comentario_id", "persona_id"), Index(None, "persona_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    comentario_id: Mapped[int] = mapped_column(ForeignKey("comentario.id"))
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))

    persona: Mapped[Persona] = relationship()


def comentar(
    sesion: Session,
    pieza_id: int,
    texto: str,
    *,
    por: int,
    ahora: datetime,
    a: Collection[int] = (),
) -> Comentario:
    """Deja un comentario en la versión vigente; `a` y los `@nombre` del texto son los avisados."""
    quien = persona_de(sesion, por, *COMENTAN)
    pieza = pieza_a_la_vista(sesion, pieza_id, quien=quien.id, papeles=quien.papeles)
    if pieza.version_vigente_id is None:
        raise EstadoNoPermite("La pieza todavía no tiene nada que comentar.")
    texto = texto.replace("\r\n", "\n").replace("\r", "\n").strip()
    fallas = tuple(_fallas(texto))
    if fallas:
        raise DatosInvalidos(fallas)
    avisados = _avisados(sesion, pieza, texto, a, quien)
    nuevo = Comentario(
        pieza_id=pieza.id,
        version_id=pieza.version_vigente_id,
        autor_id=quien.id,
        texto=texto,
        en=ahora,
        menciones=[Mencion(persona_id=persona.id) for persona in avisados],
    )
    sesion.add(nuevo)
    sesion.flush()
    _anotar(sesion, "comentar", nuevo, quien, ahora)
    return nuevo


def resolver(sesion: Session, comentario_id: int, *, por: int, ahora: datetime) -> Comentario:
    """Lo da por resuelto; quien no ve la pieza no lo encuentra."""
    quien = persona_de(sesion, por, *COMENTAN)
    comentario = sesion.get(Comentario, comentario_id)
    if comentario is None:
        raise NoEncontrada("Ese comentario no existe.")
    pieza_a_la_vista(sesion, comentario.pieza_id, quien=quien.id, papeles=quien.papeles)
    if comentario.resuelto_en is None:
        comentario.resuelto_en = ahora
        comentario.resuelto_por_id = quien.id
        _anotar(sesion, "resolver comentario", comentario, quien, ahora)
    return comentario


def comentarios_de(sesion: Session, pieza_id: int) -> list[Comentario]:
    """Los de una pieza, del primero al último, en consultas que no crecen con ellos."""
    consulta = (
        select(Comentario)
        .where(Comentario.pieza_id == pieza_id)
        .options(
            joinedload(Comentario.autor),
            joinedload(Comentario.resuelto_por),
            joinedload(Comentario.version),
            joinedload(Comentario.menciones).joinedload(Mencion.persona),
        )
        .order_by(Comentario.id)
    )
    return list(sesion.scalars(consulta).unique())


def menciones_sin_atender(sesion: Session, persona_id: int) -> list[Comentario]:
    """Los comentarios que esperan a esa persona: sin resolver, y en los que no ha respondido."""
    respuesta = aliased(Comentario)
    respondio = exists().where(
        respuesta.pieza_id == Comentario.pieza_id,
        respuesta.autor_id == persona_id,
        respuesta.id > Comentario.id,
    )
    consulta = (
        select(Comentario)
        .join(Mencion, Mencion.comentario_id == Comentario.id)
        .where(Mencion.persona_id == persona_id, Comentario.resuelto_en.is_(None), ~respondio)
        .options(joinedload(Comentario.autor), joinedload(Comentario.pieza))
        .order_by(Comentario.id)
    )
    return list(sesion.scalars(consulta))


def mencionables(sesion: Session, pieza: Pieza) -> list[Persona]:
    """A quién se puede avisar: las personas activas que ven la pieza y pueden responder."""
    personas = sesion.scalars(select(Persona).where(Persona.activa).order_by(Persona.nombre))
    return [p for p in personas if set(p.papeles) - {Papel.CONSULTA} and _la_ve(p, pieza)]


def nombre_de_mencion(correo: str) -> str:
    """Cómo se la nombra en un comentario: lo que va antes de la arroba de su correo."""
    return correo.partition("@")[0]


def _la_ve(persona: Persona, pieza: Pieza) -> bool:
    return bool(persona.papeles - {Papel.SOLICITANTE}) or pieza.autor_id == persona.id


def _avisados(
    sesion: Session, pieza: Pieza, texto: str, elegidos: Collection[int], autor: Persona
) -> list[Persona]:
    nombrados = {nombre.lower() for nombre in _MENCION.findall(texto)}
    posibles = mencionables(sesion, pieza)
    avisados = [
        p
        for p in posibles
        if p.id != autor.id and (p.id in elegidos or nombre_de_mencion(p.correo) in nombrados)
    ]
    return avisados[:MENCIONES_MAXIMAS]


def _fallas(texto: str) -> Iterator[str]:
    if not texto:
        yield "Escriba el comentario."
    elif len(texto) > COMENTARIO_MAXIMO:
        yield f"El comentario pasa de {COMENTARIO_MAXIMO} caracteres. Acórtelo."
    elif falla := falla_de_texto("El comentario", texto):
        yield falla


def _anotar(
    sesion: Session, accion: str, comentario: Comentario, quien: Persona, ahora: datetime
) -> None:
    anotar(
        sesion,
        accion,
        quien=quien.correo,
        persona_id=quien.id,
        ahora=ahora,
        objeto="pieza",
        objeto_id=comentario.pieza_id,
        motivo=comentario.texto[:200],
    )
