"""Lo que rodea a toda pantalla: el menú de cada quien, la pausa, el motor y la marca de ensayo."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from cola.cuentas import Cuenta
from cola.estados import Estado
from cola.latidos import Latido
from cola.pausas import Pausa, pausa_vigente
from cola.publicaciones import Publicacion
from panel.acceso import Presente
from panel.menu import Menu, menu_de, puede_abrir
from panel.servicios import servicios
from piezas.base import Base
from piezas.versiones import EstadoPieza, Pieza

SIN_ALIENTO = timedelta(seconds=60)
"""Un motor que no respira desde hace más que esto se da por detenido."""
POR_APROBAR = (EstadoPieza.EN_REVISION, EstadoPieza.REVISADA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aviso:
    """La pausa general, en datos."""

    motivo: str
    quien: str
    desde: datetime

    @classmethod
    def de(cls, pausa: Pausa) -> "Aviso":
        """De la fila al dato."""
        return cls(motivo=pausa.motivo, quien=pausa.quien, desde=pausa.desde)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marco:
    """El contorno de una pantalla."""

    menu: Menu
    pausa: Aviso | None
    es_ensayo: bool
    latido: datetime | None
    motor_vivo: bool


def por_resolver() -> tuple[ColumnElement[bool], ...]:
    """La condición de lo que espera una decisión en la cola, para un `where`."""
    return (
        Publicacion.estado.in_((Estado.DETENIDA, Estado.FALLIDA))
        | ((Publicacion.estado == Estado.EN_DUDA) & Publicacion.requiere_persona),
    )


def reunir(quien: Presente) -> Marco | None:
    """El marco para esa persona; `None` si la base no responde, para poder decirlo."""
    try:
        with servicios().leer() as sesion:
            return _reunir(sesion, quien)
    except OperationalError:
        return None


def _reunir(sesion: Session, quien: Presente) -> Marco:
    pausa = pausa_vigente(sesion)
    # Va en toda pantalla: lo demás se pregunta de una sola vez.
    latido, es_ensayo, por_aprobar, por_decidir = sesion.execute(
        select(
            select(func.max(Latido.ultimo_en)).scalar_subquery(),
            exists().where(Cuenta.es_ensayo, Cuenta.activa),
            _cuantas(Pieza, Pieza.estado.in_(POR_APROBAR)),
            _cuantas(Publicacion, *por_resolver()),
        )
    ).one()
    cuantas = {"aprobacion.listar": por_aprobar, "publicaciones.listar": por_decidir}
    return Marco(
        menu=menu_de(quien, {r: n for r, n in cuantas.items() if puede_abrir(quien, r)}),
        pausa=None if pausa is None else Aviso.de(pausa),
        es_ensayo=bool(es_ensayo),
        latido=latido,
        motor_vivo=esta_vivo(latido, servicios().ahora()),
    )


def esta_vivo(latido: datetime | None, ahora: datetime) -> bool:
    """Si un motor que respiró en ese momento sigue en pie."""
    return latido is not None and ahora - latido <= SIN_ALIENTO


def _cuantas(modelo: type[Base], *condiciones: ColumnElement[bool]) -> ScalarSelect[int]:
    """Lo que espera en una pantalla."""
    return select(func.count()).select_from(modelo).where(*condiciones).scalar_subquery()
