"""La cola de este momento, por partes: en mano, lo que sigue y lo que espera a alguien."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from cola.cuentas import Cuenta
from cola.enmiendas import Enmienda, EstadoEnmienda
from cola.estados import Estado
from cola.publicaciones import Publicacion
from panel.acceso import Presente
from panel.historias import historias
from panel.renglones import Renglon, en_renglones, entregas

POR_PARTE = 12
RECIENTE = timedelta(minutes=30)
"""Lo que salió hace menos se ve en la cola: así se sabe que salió."""
_MIRANDO = and_(Publicacion.estado == Estado.EN_DUDA, ~Publicacion.requiere_persona)
_PARTES: tuple[tuple[str, str, str, str, ColumnElement[bool]], ...] = (
    (
        "en_mano",
        "En mano",
        "Nada está saliendo en este momento.",
        "por_salir",
        or_(Publicacion.estado.in_((Estado.TOMADA, Estado.ENVIANDO)), _MIRANDO),
    ),
    (
        "en_duda",
        "En duda",
        "",
        "en_duda",
        and_(Publicacion.estado == Estado.EN_DUDA, Publicacion.requiere_persona),
    ),
    ("detenidas", "Detenidas", "", "detenida", Publicacion.estado == Estado.DETENIDA),
    ("fallidas", "Fallaron", "", "fallida", Publicacion.estado == Estado.FALLIDA),
    ("recientes", "Acaban de salir", "", "publicada", Publicacion.estado == Estado.PUBLICADA),
    (
        "sigue",
        "Sigue",
        "No hay nada programado.",
        "programada",
        Publicacion.estado == Estado.PROGRAMADA,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parte:
    """Una parte de la cola; `vacia` es lo que se dice sin filas, o nada si no se muestra."""

    clave: str
    nombre: str
    vacia: str
    estado: str
    filas: tuple[Renglon, ...]
    cuantas: int
    historias: dict[int, str]

    @property
    def se_muestra(self) -> bool:
        """Lo que espera a alguien aparece solo si lo hay."""
        return bool(self.filas or self.vacia)


def partes(sesion: Session, quien: Presente, cuenta: str, *, ahora: datetime) -> list[Parte]:
    """Cada parte con sus primeras filas: las consultas no crecen con la cola."""
    de_cuenta = (Cuenta.alias == cuenta,) if cuenta else ()
    hace_poco = (Publicacion.publicada_en >= ahora - RECIENTE,)
    return [
        _parte(
            sesion,
            quien,
            (*de_cuenta, condicion, *(hace_poco if datos[0] == "recientes" else ())),
            datos,
        )
        for *datos, condicion in _PARTES
    ]


def _parte(
    sesion: Session,
    quien: Presente,
    condiciones: tuple[ColumnElement[bool], ...],
    datos: list[str],
) -> Parte:
    clave, nombre, vacia, estado = datos
    base = entregas().join(Publicacion.cuenta).where(*condiciones)
    orden: tuple[ColumnElement[Any], ...] = (
        func.coalesce(Publicacion.vence, Publicacion.programada_para),
        Publicacion.id,
    )
    if clave == "recientes":
        orden = (Publicacion.publicada_en.desc(), Publicacion.id.desc())
    filas = en_renglones(sesion, base.order_by(*orden).limit(POR_PARTE), quien)
    cuantas = len(filas)
    if cuantas == POR_PARTE:
        total = select(func.count()).select_from(Publicacion).join(Publicacion.cuenta)
        cuantas = sesion.scalar(total.where(*condiciones)) or 0
    return Parte(
        clave=clave,
        nombre=nombre,
        vacia=vacia,
        estado=estado,
        filas=filas,
        cuantas=cuantas,
        historias=historias(sesion, [fila.id for fila in filas]) if filas else {},
    )


def enmiendas_abiertas(sesion: Session) -> list[Enmienda]:
    """Los retiros y correcciones que no han terminado."""
    cerradas = (EstadoEnmienda.HECHA, EstadoEnmienda.DESCARTADA)
    return list(
        sesion.scalars(
            select(Enmienda).where(Enmienda.estado.not_in(cerradas)).order_by(Enmienda.id).limit(20)
        )
    )
