"""La mesa: una parrilla subida que se corrige celda por celda antes de importarla.

Queda guardada en el servidor: nada se pierde si la persona se va, y enviar dos veces lo mismo
importa una sola vez, porque cada fila recuerda en qué pieza se volvió.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from cola.errores import NoEncontrada, NoSePuede
from cola.parrilla.columnas import COLUMNAS
from cola.parrilla.fallas import Falla
from cola.parrilla.importar import asentar, revisar
from cola.parrilla.leer import Fila, leer
from cola.parrilla.renglones import Renglon, entender
from cola.parrilla.subidos import ArchivosSubidos, Subido, de_datos
from piezas.base import Base
from piezas.usuarios import ESCRIBEN, persona_de

FILAS_EN_MESA = 500


class MesaParrilla(Base):
    """Una parrilla subida por una persona, mientras la corrige."""

    __tablename__ = "mesa_parrilla"
    __table_args__ = (Index(None, "persona_id", "creada_en"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    nombre: Mapped[str]
    """El del archivo que subió."""
    filas: Mapped[str]
    """JSON: lista de filas, con sus celdas, si se omite y la pieza en que se volvió."""
    archivos: Mapped[str] = mapped_column(default="{}")
    """JSON: los archivos subidos con ella, ya revisados, por su nombre."""
    creada_en: Mapped[datetime]
    cambiada_en: Mapped[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilaEnMesa:
    """Una fila de la parrilla, como está ahora."""

    numero: int
    celdas: Mapping[str, str]
    omitida: bool = False
    pieza_id: int | None = None

    @property
    def pendiente(self) -> bool:
        """Si todavía se puede importar."""
        return not self.omitida and self.pieza_id is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """La parrilla revisada: sus filas y qué le falta a cada una."""

    mesa_id: int
    nombre: str
    filas: tuple[FilaEnMesa, ...]
    fallas: Mapping[int, tuple[Falla, ...]]
    """Por número de fila; las que no están no tienen fallas."""
    archivos: tuple[str, ...]

    @property
    def buenas(self) -> tuple[int, ...]:
        """Los números de las filas que se pueden importar ya."""
        return tuple(f.numero for f in self.filas if f.pendiente and f.numero not in self.fallas)

    @property
    def malas(self) -> tuple[int, ...]:
        """Los números de las filas con alguna falla."""
        return tuple(f.numero for f in self.filas if f.pendiente and f.numero in self.fallas)

    def en_celda(self, numero: int, columna: str) -> tuple[str, ...]:
        """Las frases de una celda."""
        return tuple(f.mensaje for f in self.fallas.get(numero, ()) if f.columna == columna)

    def de_fila(self, numero: int) -> tuple[str, ...]:
        """Las frases que son de toda la fila."""
        conocidas = frozenset(COLUMNAS)
        return tuple(f.mensaje for f in self.fallas.get(numero, ()) if f.columna not in conocidas)


def poner_en_mesa(
    sesion: Session,
    ruta: Path,
    subidos: Mapping[str, Subido],
    *,
    nombre: str,
    por: int,
    ahora: datetime,
) -> int:
    """Guarda la parrilla para corregirla; lanza `ParrillaConFallas` si no se deja leer."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    filas = leer(ruta)
    if len(filas) > FILAS_EN_MESA:
        raise NoSePuede(f"La parrilla tiene más de {FILAS_EN_MESA} filas. Divídala en dos.")
    mesa = MesaParrilla(
        persona_id=persona.id,
        nombre=nombre[:200],
        filas=_a_json(FilaEnMesa(numero=f.numero, celdas=f.celdas) for f in filas),
        archivos=json.dumps({n: s.a_datos() for n, s in subidos.items()}, ensure_ascii=False),
        creada_en=ahora,
        cambiada_en=ahora,
    )
    sesion.add(mesa)
    sesion.flush()
    return mesa.id


def mesas_de(sesion: Session, persona_id: int, cuantas: int = 5) -> list[MesaParrilla]:
    """Las últimas parrillas de una persona."""
    suyas = select(MesaParrilla).where(MesaParrilla.persona_id == persona_id)
    return list(sesion.scalars(suyas.order_by(MesaParrilla.id.desc()).limit(cuantas)))


def revisar_mesa(sesion: Session, mesa_id: int, *, por: int) -> Revision:
    """La parrilla con sus fallas de este momento. Cada quien ve solo las suyas."""
    return _revisar(sesion, _suya(sesion, mesa_id, por, solo_mirar=True))


def corregir(
    sesion: Session,
    mesa_id: int,
    celdas: Mapping[tuple[int, str], str],
    *,
    omitidas: Collection[int] | None = None,
    subidos: Mapping[str, Subido] | None = None,
    por: int,
    ahora: datetime,
) -> Revision:
    """Guarda lo corregido y vuelve a revisar. `omitidas=None` deja como estaban."""
    mesa = _suya(sesion, mesa_id, por)
    filas = [
        _corregida(fila, celdas, omitidas) if fila.pieza_id is None else fila
        for fila in _filas(mesa)
    ]
    mesa.filas = _a_json(filas)
    if subidos:
        hay = json.loads(mesa.archivos)
        mesa.archivos = json.dumps(
            hay | {n: s.a_datos() for n, s in subidos.items()}, ensure_ascii=False
        )
    mesa.cambiada_en = ahora
    sesion.flush()
    return _revisar(sesion, mesa)


def importar_mesa(
    sesion: Session,
    mesa_id: int,
    *,
    elegidas: Collection[int] | None = None,
    en_revision: bool = False,
    por: int,
    ahora: datetime,
) -> tuple[int, ...]:
    """Crea las piezas de las filas buenas (o de las elegidas entre ellas); una sola vez cada una.

    Devuelve los números de las filas que entraron ahora.
    """
    mesa = _suya(sesion, mesa_id, por)
    revision = _revisar(sesion, mesa)
    van = [n for n in revision.buenas if elegidas is None or n in elegidas]
    por_numero = {r.fila.numero: r for r in _renglones(mesa, revision.filas)}
    hechas = asentar(
        sesion, [por_numero[n] for n in van], por=por, ahora=ahora, en_revision=en_revision
    )
    pieza_de = dict(zip(van, hechas.piezas, strict=True))
    mesa.filas = _a_json(
        replace(fila, pieza_id=pieza_de.get(fila.numero, fila.pieza_id)) for fila in revision.filas
    )
    mesa.cambiada_en = ahora
    sesion.flush()
    return tuple(van)


def _suya(sesion: Session, mesa_id: int, por: int, *, solo_mirar: bool = False) -> MesaParrilla:
    persona = persona_de(sesion, por, *ESCRIBEN)
    pedido = select(MesaParrilla).where(
        MesaParrilla.id == mesa_id, MesaParrilla.persona_id == persona.id
    )
    if not solo_mirar:
        # Dos envíos a la vez hacen cola aquí: el segundo ya ve lo que importó el primero.
        pedido = pedido.with_for_update()
    mesa = sesion.scalar(pedido.execution_options(populate_existing=True))
    if mesa is None:
        raise NoEncontrada("No existe esa parrilla, o la subió otra persona.")
    return mesa


def _corregida(
    fila: FilaEnMesa, celdas: Mapping[tuple[int, str], str], omitidas: Collection[int] | None
) -> FilaEnMesa:
    suyas = {c: v for (numero, c), v in celdas.items() if numero == fila.numero and c in COLUMNAS}
    omitida = fila.omitida if omitidas is None else fila.numero in omitidas
    return replace(fila, celdas={**fila.celdas, **suyas}, omitida=omitida)


def _revisar(sesion: Session, mesa: MesaParrilla) -> Revision:
    filas = _filas(mesa)
    por_fila: dict[int, list[Falla]] = {}
    for falla in revisar(sesion, _renglones(mesa, filas)):
        por_fila.setdefault(falla.fila or 0, []).append(falla)
    return Revision(
        mesa_id=mesa.id,
        nombre=mesa.nombre,
        filas=filas,
        fallas={numero: tuple(fallas) for numero, fallas in por_fila.items()},
        archivos=tuple(json.loads(mesa.archivos)),
    )


def _renglones(mesa: MesaParrilla, filas: Iterable[FilaEnMesa]) -> tuple[Renglon, ...]:
    archivos = ArchivosSubidos(de_datos(json.loads(mesa.archivos)))
    return tuple(
        entender(Fila(fila.numero, dict(fila.celdas)), archivos) for fila in filas if fila.pendiente
    )


def _filas(mesa: MesaParrilla) -> tuple[FilaEnMesa, ...]:
    return tuple(FilaEnMesa(**datos) for datos in json.loads(mesa.filas))


def _a_json(filas: Iterable[FilaEnMesa]) -> str:
    return json.dumps(
        [
            {
                "numero": f.numero,
                "celdas": dict(f.celdas),
                "omitida": f.omitida,
                "pieza_id": f.pieza_id,
            }
            for f in filas
        ],
        ensure_ascii=False,
    )
