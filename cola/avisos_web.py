"""Avisos web: a qué direcciones se cuenta lo que pasa, y lo que falta por contarles.

Los hechos los escribe la base misma, en la transacción que los causó (véase
`publicador.migraciones.sucesos`): ni un cambio en lote ni una caída deja uno sin contar.
"""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from cola.credenciales import Caja
from cola.errores import NoEncontrada, NoSePuede
from piezas.base import Base
from piezas.bitacora import anotar
from piezas.personas import Papel, Persona
from piezas.usuarios import persona_de

MANEJAN = (Papel.JEFATURA, Papel.ADMINISTRACION)
MAXIMOS = 10
SOLAPE = timedelta(hours=24)
"""Tras cambiar el secreto, los avisos van firmados con los dos durante este tiempo."""


class Evento(StrEnum):
    """Lo que se cuenta."""

    PUBLICADA = "publicada"
    DETENIDA = "detenida"
    APROBACION_PEDIDA = "aprobacion_pedida"
    PRUEBA = "prueba"


class AvisoWeb(Base):
    """Una dirección que quiere enterarse. No recibe nada hasta que otra persona la confirme."""

    __tablename__ = "aviso_web"
    __table_args__ = (
        CheckConstraint("confirmado_por IS NULL OR confirmado_por <> pedido_por", name="dos"),
        CheckConstraint("NOT activo OR confirmado_por IS NOT NULL", name="activo"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nombre: Mapped[str]
    url: Mapped[str]
    eventos: Mapped[str]
    """Separados por un espacio."""
    secreto: Mapped[str]
    """Sellado; con él se firma cada aviso."""
    anterior: Mapped[str | None]
    """El secreto de antes, sellado, mientras dura el cambio."""
    anterior_hasta: Mapped[datetime | None]
    activo: Mapped[bool] = mapped_column(default=False)
    pedido_por: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    confirmado_por: Mapped[int | None] = mapped_column(ForeignKey("persona.id"))
    creado_en: Mapped[datetime]
    falla_desde: Mapped[datetime | None]
    """Desde cuándo nada le llega; nulo si lo último le llegó."""
    motivo: Mapped[str | None]
    """Por qué se desactivó."""

    pidio: Mapped[Persona] = relationship(foreign_keys=[pedido_por])


class SucesoWeb(Base):
    """Un hecho por contar: lo escribe la base, y se reparte después."""

    __tablename__ = "suceso_web"
    __table_args__ = (Index(None, "repartido"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    evento: Mapped[Evento]
    objeto_id: Mapped[int]
    en: Mapped[datetime]
    repartido: Mapped[bool] = mapped_column(default=False)


class EntregaWeb(Base):
    """Un hecho para una dirección: lo que se le manda, y cómo le ha ido."""

    __tablename__ = "entrega_web"
    __table_args__ = (
        UniqueConstraint("aviso_id", "suceso_id"),
        Index(None, "proxima_en"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    aviso_id: Mapped[int] = mapped_column(ForeignKey("aviso_web.id"))
    suceso_id: Mapped[int] = mapped_column(ForeignKey("suceso_web.id"))
    cuerpo: Mapped[str]
    intentos: Mapped[int] = mapped_column(default=0)
    proxima_en: Mapped[datetime | None]
    """Cuándo toca; nulo si ya llegó o si se dejó de intentar."""
    entregada_en: Mapped[datetime | None]
    respuesta: Mapped[str | None]
    """Lo último que pasó, en palabras."""

    aviso: Mapped[AvisoWeb] = relationship()
    suceso: Mapped[SucesoWeb] = relationship()


def contexto(aviso_id: int) -> str:
    """Lo que ata el secreto a su dirección."""
    return f"aviso_web:{aviso_id}"


def pedir(
    sesion: Session,
    *,
    nombre: str,
    url: str,
    eventos: list[str],
    caja: Caja,
    por: int,
    ahora: datetime,
) -> tuple[AvisoWeb, str]:
    """La dirección, sin activar, y su secreto, que se muestra una vez. La `url` llega revisada."""
    persona = persona_de(sesion, por, *MANEJAN)
    nombre = " ".join(nombre.split())
    elegidos = [e.value for e in Evento if e.value in eventos and e is not Evento.PRUEBA]
    if not nombre or len(nombre) > 80 or not nombre.isprintable():
        raise NoSePuede("Escriba de quién es la dirección, en hasta 80 letras.")
    if not elegidos:
        raise NoSePuede("Elija al menos una cosa de la que deba enterarse.")
    if len(todos(sesion)) >= MAXIMOS:
        raise NoSePuede(f"Ya hay {MAXIMOS} direcciones. Quite una que no se use.")
    aviso = AvisoWeb(
        nombre=nombre,
        url=url,
        eventos=" ".join(elegidos),
        secreto="",
        pedido_por=persona.id,
        creado_en=ahora,
    )
    sesion.add(aviso)
    sesion.flush()
    secreto = _poner_secreto(aviso, caja)
    _anotar(sesion, "pedir aviso web", aviso, persona, ahora)
    return aviso, secreto


def _poner_secreto(aviso: AvisoWeb, caja: Caja) -> str:
    secreto = "avs_" + secrets.token_urlsafe(32)
    aviso.secreto = caja.sellar(contexto(aviso.id), {"secreto": secreto})
    return secreto


def confirmar(sesion: Session, aviso_id: int, *, por: int, ahora: datetime) -> AvisoWeb:
    """Otra persona dice que sí: desde aquí recibe. También reactiva la que se desactivó."""
    persona, aviso = _el_suyo(sesion, aviso_id, por)
    if aviso.activo:
        raise NoSePuede("Esa dirección ya recibe avisos.")
    if persona.id == aviso.pedido_por:
        raise NoSePuede("La confirma otra persona de jefatura o de administración.")
    aviso.activo, aviso.confirmado_por = True, persona.id
    aviso.falla_desde = aviso.motivo = None
    _anotar(sesion, "confirmar aviso web", aviso, persona, ahora)
    return aviso


def rotar(
    sesion: Session, aviso_id: int, *, caja: Caja, por: int, ahora: datetime
) -> tuple[AvisoWeb, str]:
    """Un secreto nuevo; el de antes firma también durante un día."""
    persona, aviso = _el_suyo(sesion, aviso_id, por)
    aviso.anterior, aviso.anterior_hasta = aviso.secreto, ahora + SOLAPE
    secreto = _poner_secreto(aviso, caja)
    _anotar(sesion, "cambiar secreto de aviso web", aviso, persona, ahora)
    return aviso, secreto


def quitar(sesion: Session, aviso_id: int, *, por: int, ahora: datetime) -> str:
    """Deja de recibir, y se olvida su secreto; sus últimas entregas se borran con ella."""
    persona, aviso = _el_suyo(sesion, aviso_id, por)
    for entrega in sesion.scalars(select(EntregaWeb).where(EntregaWeb.aviso_id == aviso.id)):
        sesion.delete(entrega)
    sesion.flush()
    _anotar(sesion, "quitar aviso web", aviso, persona, ahora)
    nombre = aviso.nombre
    sesion.delete(aviso)
    return nombre


def probar(sesion: Session, aviso_id: int, *, por: int, ahora: datetime) -> None:
    """Pone en la fila un aviso de prueba."""
    persona, aviso = _el_suyo(sesion, aviso_id, por)
    if not aviso.activo:
        raise NoSePuede("Primero la confirma otra persona.")
    suceso = SucesoWeb(evento=Evento.PRUEBA, objeto_id=aviso.id, en=ahora)
    sesion.add(suceso)
    _anotar(sesion, "probar aviso web", aviso, persona, ahora)


def todos(sesion: Session) -> list[AvisoWeb]:
    """Las direcciones, por su nombre."""
    return list(sesion.scalars(select(AvisoWeb).order_by(AvisoWeb.nombre, AvisoWeb.id)))


def ultimas(sesion: Session, aviso_id: int, cuantas: int = 10) -> list[EntregaWeb]:
    """Lo último que se le mandó."""
    consulta = select(EntregaWeb).where(EntregaWeb.aviso_id == aviso_id)
    return list(sesion.scalars(consulta.order_by(EntregaWeb.id.desc()).limit(cuantas)))


def _el_suyo(sesion: Session, aviso_id: int, por: int) -> tuple[Persona, AvisoWeb]:
    persona = persona_de(sesion, por, *MANEJAN)
    aviso = sesion.get(AvisoWeb, aviso_id)
    if aviso is None:
        raise NoEncontrada("Esa dirección ya no está.")
    return persona, aviso


def _anotar(
    sesion: Session, accion: str, aviso: AvisoWeb, persona: Persona, ahora: datetime
) -> None:
    anotar(
        sesion,
        accion,
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="aviso_web",
        objeto_id=aviso.id,
        a=aviso.url,
        motivo=aviso.nombre,
    )
