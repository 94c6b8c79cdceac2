"""La cola de este momento, por partes: en mano, lo que sigue y lo que espera a alguien."""

from collections.abc import Mapping
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

_CLAVES = {
    Estado.TOMADA: "en_mano",
    Estado.ENVIANDO: "en_mano",
    Estado.DETENIDA: "detenidas",
    Estado.FALLIDA: "fallidas",
    Estado.PROGRAMADA: "sigue",
}
Monton = tuple[Estado, bool]
"""Un estado, y si pide una persona."""


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


def contar_entregas(sesion: Session, cuenta: str) -> dict[Monton, int]:
    """Cuántas hay por estado y por si piden una persona: de aquí salen todas las cuentas."""
    consulta = select(Publicacion.estado, Publicacion.requiere_persona, func.count()).group_by(
        Publicacion.estado, Publicacion.requiere_persona
    )
    if cuenta:
        consulta = consulta.join(Publicacion.cuenta).where(Cuenta.alias == cuenta)
    return {(estado, pide): cuantas for estado, pide, cuantas in sesion.execute(consulta)}


def partes(
    sesion: Session,
    quien: Presente,
    cuenta: str,
    montones: Mapping[Monton, int],
    *,
    ahora: datetime,
) -> list[Parte]:
    """Cada parte con sus primeras filas: las consultas no crecen con la cola."""
    de_cuenta = (Cuenta.alias == cuenta,) if cuenta else ()
    hace_poco = (*de_cuenta, Publicacion.publicada_en >= ahora - RECIENTE)
    filas = {
        clave: _filas(
            sesion, quien, clave, (*(hace_poco if clave == "recientes" else de_cuenta), condicion)
        )
        for clave, *_, condicion in _PARTES
    }
    cuantas = _por_parte(montones) | {"recientes": _contar(sesion, hace_poco)}
    dichas = historias(sesion, [fila.id for suyas in filas.values() for fila in suyas])
    return [
        Parte(
            clave=clave,
            nombre=nombre,
            vacia=vacia,
            estado=estado,
            filas=filas[clave],
            cuantas=cuantas.get(clave, 0),
            historias=dichas,
        )
        for clave, nombre, vacia, estado, _ in _PARTES
    ]


def _por_parte(montones: Mapping[Monton, int]) -> dict[str, int]:
    """Lo contado, en las partes de la pantalla; lo terminado no cae en ninguna."""
    cuantas: dict[str, int] = {}
    for (estado, requiere_persona), suyas in montones.items():
        clave = _CLAVES.get(estado, "")
        if estado is Estado.EN_DUDA:
            clave = "en_duda" if requiere_persona else "en_mano"
        cuantas[clave] = cuantas.get(clave, 0) + suyas
    return cuantas


def _contar(sesion: Session, condiciones: tuple[ColumnElement[bool], ...]) -> int:
    consulta = select(func.count()).select_from(Publicacion).join(Publicacion.cuenta)
    publicadas = consulta.where(Publicacion.estado == Estado.PUBLICADA, *condiciones)
    return sesion.scalar(publicadas) or 0


def _filas(
    sesion: Session, quien: Presente, clave: str, condiciones: tuple[ColumnElement[bool], ...]
) -> tuple[Renglon, ...]:
    base = entregas().join(Publicacion.cuenta).where(*condiciones)
    orden: tuple[Any, ...] = (
        func.coalesce(Publicacion.vence, Publicacion.programada_para),
        Publicacion.id,
    )
    if clave == "recientes":
        orden = (Publicacion.publicada_en.desc(), Publicacion.id.desc())
    return en_renglones(sesion, base.order_by(*orden).limit(POR_PARTE), quien)


def enmiendas_abiertas(sesion: Session) -> list[Enmienda]:
    """Los retiros y correcciones que no han terminado."""
    cerradas = (EstadoEnmienda.HECHA, EstadoEnmienda.DESCARTADA)
    return list(
        sesion.scalars(
            select(Enmienda).where(Enmienda.estado.not_in(cerradas)).order_by(Enmienda.id).limit(20)
        )
    )
