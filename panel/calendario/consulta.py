"""Lo que sale en un periodo: lo de la cola con su estado, y lo que todavía no se aprueba."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from cola.cuentas import Cuenta
from cola.estados import Causa, Estado
from cola.mudanzas import ESPERAN, MUEVEN_APROBADAS
from cola.publicaciones import Publicacion
from conectores.contrato import Red
from panel.acceso import REDACTORES, Presente
from panel.palabras import ESTADOS_PIEZA, Rotulo, rotulo_de
from piezas.campanias import Campania, Dependencia
from piezas.versiones import EstadoPieza, Momento, Pieza, Version

CERRADAS = (EstadoPieza.CANCELADA, EstadoPieza.ARCHIVADA)
VIVAS = frozenset(
    {Estado.PROGRAMADA, Estado.TOMADA, Estado.ENVIANDO, Estado.DETENIDA, Estado.EN_DUDA}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Salida:
    """Una pieza en una cuenta, a una hora."""

    pieza_id: int
    cuenta_id: int
    titulo: str
    en: datetime
    red: Red
    cuenta: str
    espaciado_s: int | None
    rotulo: Rotulo
    estado: str
    mueve: bool
    """Si quien mira puede darle otra hora."""
    por_salir: bool
    al_aprobarse: bool
    """Sin hora fija: sale en cuanto se apruebe."""
    autor_id: int
    campania_id: int | None
    dependencia_id: int | None


def salidas_entre(
    sesion: Session,
    desde: datetime,
    hasta: datetime,
    *,
    quien: Presente | None = None,
    pieza_id: int | None = None,
) -> list[Salida]:
    """Lo que sale en [`desde`, `hasta`), por hora: dos consultas, tenga las filas que tenga."""
    consultas = _entregas(desde, hasta), _deseos(desde, hasta)
    if pieza_id is not None:
        consultas = (
            consultas[0].where(Publicacion.pieza_id == pieza_id),
            consultas[1].where(Momento.pieza_id == pieza_id),
        )
    entregas = (_de_entrega(fila, quien) for fila in sesion.execute(consultas[0]))
    deseos = (_de_deseo(fila, quien) for fila in sesion.execute(consultas[1]))
    return sorted((*entregas, *deseos), key=lambda s: (s.en, s.pieza_id, s.red))


_COMUNES = (
    Pieza.id.label("pieza_id"),
    Pieza.titulo,
    Pieza.estado.label("estado_pieza"),
    Pieza.autor_id,
    Pieza.campania_id,
    Pieza.dependencia_id,
    Version.editor_id,
    Cuenta.id.label("cuenta_id"),
    Cuenta.red,
    Cuenta.nombre.label("cuenta"),
    Cuenta.espaciado_s,
)


def _entregas(desde: datetime, hasta: datetime) -> "Select[*tuple[Any, ...]]":
    return (
        select(
            *_COMUNES,
            Publicacion.programada_para.label("en"),
            Publicacion.estado,
            Publicacion.causa,
            Publicacion.requiere_persona,
            Publicacion.fallos,
            Publicacion.avance.contains('.url"', autoescape=True).label("algo_publico"),
        )
        .join(Pieza, Pieza.id == Publicacion.pieza_id)
        .join(Version, Version.id == Pieza.version_vigente_id)
        .join(Cuenta, Cuenta.id == Publicacion.cuenta_id)
        .where(
            Publicacion.programada_para >= desde,
            Publicacion.programada_para < hasta,
            Publicacion.estado != Estado.CANCELADA,
        )
    )


def _deseos(desde: datetime, hasta: datetime) -> "Select[*tuple[Any, ...]]":
    en_cola = select(Publicacion.id).where(
        Publicacion.pieza_id == Momento.pieza_id, Publicacion.cuenta_id == Momento.cuenta_id
    )
    return (
        select(*_COMUNES, Momento.programada_para.label("en"), Momento.al_aprobarse)
        .join(Pieza, Pieza.id == Momento.pieza_id)
        .join(Version, Version.id == Pieza.version_vigente_id)
        .join(Cuenta, Cuenta.id == Momento.cuenta_id)
        .where(
            Momento.programada_para >= desde,
            Momento.programada_para < hasta,
            Pieza.estado.not_in(CERRADAS),
            ~en_cola.exists(),
        )
    )


def _de_entrega(fila: "Row[*tuple[Any, ...]]", quien: Presente | None) -> Salida:
    rotulo = rotulo_de(
        fila.estado, red=fila.red, requiere_persona=fila.requiere_persona, fallos=fila.fallos
    )
    espera = fila.estado is Estado.PROGRAMADA or _se_suelta(fila.estado, fila.causa, fila)
    return _salida(
        fila,
        rotulo,
        estado=fila.estado.value,
        mueve=espera and not fila.algo_publico and _puede(fila, quien),
        por_salir=fila.estado in VIVAS,
        al_aprobarse=False,
    )


def _se_suelta(estado: Estado, causa: Causa | None, fila: "Row[*tuple[Any, ...]]") -> bool:
    """Lo detenido que la hora nueva devuelve a la fila, o que espera otra aprobación."""
    sin_aprobar = fila.estado_pieza not in (EstadoPieza.APROBADA, *CERRADAS)
    return estado is Estado.DETENIDA and (causa in ESPERAN or sin_aprobar)


def _de_deseo(fila: "Row[*tuple[Any, ...]]", quien: Presente | None) -> Salida:
    estado: EstadoPieza = fila.estado_pieza
    return _salida(
        fila,
        ESTADOS_PIEZA[estado],
        estado=estado.value,
        mueve=_puede(fila, quien),
        por_salir=True,
        al_aprobarse=fila.al_aprobarse,
    )


def _puede(fila: "Row[*tuple[Any, ...]]", quien: Presente | None) -> bool:
    """Lo mismo que exige `cola.mudanzas`: aquí solo se decide si se ofrece."""
    if quien is None:
        return False
    if quien.puede(MUEVEN_APROBADAS):
        return True
    suya = quien.id in (fila.autor_id, fila.editor_id)
    return suya and quien.puede(REDACTORES) and fila.estado_pieza is not EstadoPieza.APROBADA


def _salida(
    fila: "Row[*tuple[Any, ...]]",
    rotulo: Rotulo,
    *,
    estado: str,
    mueve: bool,
    por_salir: bool,
    al_aprobarse: bool,
) -> Salida:
    return Salida(
        pieza_id=fila.pieza_id,
        cuenta_id=fila.cuenta_id,
        titulo=fila.titulo,
        en=fila.en,
        red=fila.red,
        cuenta=fila.cuenta,
        espaciado_s=fila.espaciado_s,
        rotulo=rotulo,
        estado=estado,
        mueve=mueve,
        por_salir=por_salir,
        al_aprobarse=al_aprobarse,
        autor_id=fila.autor_id,
        campania_id=fila.campania_id,
        dependencia_id=fila.dependencia_id,
    )


def campanias_y_dependencias(
    sesion: Session,
) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Para las listas de los filtros: (id, nombre)."""
    campanias = sesion.execute(select(Campania.id, Campania.nombre).order_by(Campania.nombre))
    dependencias = sesion.execute(
        select(Dependencia.id, Dependencia.nombre).order_by(Dependencia.nombre)
    )
    return [(i, n) for i, n in campanias], [(i, n) for i, n in dependencias]


def juntar(salidas: list[Salida]) -> Iterator[tuple[Salida, ...]]:
    """Las salidas de una pieza a la misma hora van juntas, si corren la misma suerte."""
    grupos: dict[tuple[int, datetime, bool], list[Salida]] = {}
    for salida in salidas:
        grupos.setdefault((salida.pieza_id, salida.en, salida.mueve), []).append(salida)
    yield from (tuple(grupo) for grupo in grupos.values())
