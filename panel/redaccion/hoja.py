"""Lo que muestra el editor: sus campos, sus fallas y todo lo que se puede elegir."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from cola.cuentas import Cuenta
from cola.franjas import proximas_libres
from conectores.contrato import Red
from panel.redaccion.campos import campos_en_blanco, poner_cuenta
from panel.redaccion.choques import Choque
from panel.redaccion.formulario import REDES_CON_TEXTO, Formulario
from panel.redaccion.pendientes import BorradorDePantalla
from piezas.borradores import ACTIVIDADES
from piezas.campanias import Campania, Dependencia
from piezas.enlaces import en_marca
from piezas.medios import Medio
from piezas.personas import Persona
from piezas.usuarios import ESCRIBEN
from piezas.versiones import EstadoPieza, Pieza, Version, VersionDestino
from piezas.zona import en_bogota

CAMPANIAS_MAXIMAS = 300
VERSIONES_DE_MUESTRA = 40
ETIQUETAS_SUGERIDAS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Opcion:
    """Una cuenta que se puede elegir, y cuándo tendría sitio."""

    id: int
    red: Red
    alias: str
    nombre: str
    pausada: bool
    fecha_libre: str
    hora_libre: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sugerencia:
    """Una campaña con lo que trae: su marca para medir y sus hashtags."""

    nombre: str
    marca: str
    etiquetas: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Abierta:
    """La pieza que se edita."""

    id: int
    titulo: str
    estado: EstadoPieza
    motivo: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hoja:
    """Todo lo que la plantilla necesita."""

    campos: Formulario
    opciones: tuple[Opcion, ...]
    medios: tuple[Medio, ...]
    campanias: tuple[Sugerencia, ...]
    dependencias: tuple[str, ...]
    personas: tuple[tuple[int, str], ...]
    pieza: Abierta | None = None
    marca: str = ""
    errores: Mapping[str, str] = field(default_factory=dict)
    choque: Choque | None = None
    restaurado: datetime | None = None
    """De cuándo es el texto que se recuperó, si se recuperó alguno."""
    borrador_id: int | None = None
    serie: int | None = None
    otros: tuple[BorradorDePantalla, ...] = ()
    """Otros textos a medias de la misma persona."""
    actividades: tuple[str, ...] = ACTIVIDADES
    redes_con_texto: tuple[Red, ...] = REDES_CON_TEXTO

    @property
    def cuentas(self) -> frozenset[int]:
        """Las cuentas marcadas."""
        return frozenset(self.campos.getlist("cuenta", type=int))

    @property
    def enviable(self) -> bool:
        """Si guardar puede ser además enviar a revisión."""
        return self.pieza is None or self.pieza.estado in (
            EstadoPieza.BORRADOR,
            EstadoPieza.DEVUELTA,
        )


def armar(sesion: Session, campos: Formulario, ahora: datetime, **mas: object) -> Hoja:
    """La hoja con esos campos; en `mas`, lo propio de cada ocasión."""
    datos: dict[str, object] = {
        "campos": campos,
        "opciones": tuple(_opciones(sesion, ahora)),
        "medios": _medios(sesion, campos),
        "campanias": _campanias(sesion),
        "dependencias": tuple(
            sesion.scalars(select(Dependencia.nombre).order_by(Dependencia.nombre))
        ),
        "personas": _personas(sesion),
    }
    return Hoja(**{**datos, **mas})  # type: ignore[arg-type]


def campos_para_empezar(sesion: Session, persona_id: int) -> Formulario:
    """Un editor vacío, con las cuentas que esa persona usó la última vez."""
    campos = campos_en_blanco()
    ultima = (
        select(Version.id)
        .where(Version.editor_id == persona_id)
        .order_by(Version.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    usadas = sesion.scalars(
        select(Cuenta.id)
        .join(VersionDestino, VersionDestino.cuenta_id == Cuenta.id)
        .where(VersionDestino.version_id == ultima, Cuenta.activa)
        .order_by(Cuenta.id)
    ).all()
    publicas = select(Cuenta.id).where(Cuenta.activa, Cuenta.red.in_(REDES_CON_TEXTO))
    for cuenta_id in usadas or sesion.scalars(publicas.order_by(Cuenta.id)):
        poner_cuenta(campos, cuenta_id, None)
    return campos


def _opciones(sesion: Session, ahora: datetime) -> list[Opcion]:
    opciones = []
    cuentas = sesion.scalars(select(Cuenta).where(Cuenta.activa).order_by(Cuenta.id)).all()
    libres = proximas_libres(sesion, cuentas, ahora)
    for cuenta in cuentas:
        libre = libres[cuenta.id]
        local = None if libre is None else en_bogota(libre)
        opciones.append(
            Opcion(
                id=cuenta.id,
                red=cuenta.red,
                alias=cuenta.alias,
                nombre=cuenta.nombre,
                pausada=cuenta.pausada_por is not None,
                fecha_libre="" if local is None else local.strftime("%Y-%m-%d"),
                hora_libre="" if local is None else local.strftime("%H:%M"),
            )
        )
    return opciones


def _medios(sesion: Session, campos: MultiDict[str, str]) -> tuple[Medio, ...]:
    ids = list(dict.fromkeys(campos.getlist("medio", type=int)))
    hallados = {m.id: m for m in sesion.scalars(select(Medio).where(Medio.id.in_(ids)))}
    return tuple(hallados[i] for i in ids if i in hallados)


def _campanias(sesion: Session) -> tuple[Sugerencia, ...]:
    filas = sesion.scalars(
        select(Campania).order_by(Campania.id.desc()).limit(CAMPANIAS_MAXIMAS)
    ).all()
    usadas = _etiquetas_usadas(sesion)
    return tuple(
        Sugerencia(
            nombre=c.nombre,
            marca=en_marca(c.nombre),
            etiquetas=tuple(
                dict.fromkeys(filter(None, [c.etiqueta_principal, *usadas.get(c.id, ())]))
            )[:ETIQUETAS_SUGERIDAS],
        )
        for c in filas
    )


def _etiquetas_usadas(sesion: Session) -> dict[int, list[str]]:
    """De cada campaña, los hashtags de sus últimas piezas, lo más nuevo primero."""
    orden = func.row_number().over(partition_by=Pieza.campania_id, order_by=Pieza.id.desc())
    recientes = (
        select(Pieza.campania_id, Version.etiquetas, orden.label("puesto"))
        .join(Version, Version.id == Pieza.version_vigente_id)
        .where(Pieza.campania_id.is_not(None), Version.etiquetas != "")
        .subquery()
    )
    usadas: dict[int, list[str]] = {}
    consulta = select(recientes).where(recientes.c.puesto <= VERSIONES_DE_MUESTRA)
    for campania_id, etiquetas, _ in sesion.execute(consulta.order_by(recientes.c.puesto)):
        usadas.setdefault(campania_id, []).extend(f"#{e.lstrip('#＃')}" for e in etiquetas.split())
    return usadas


def _personas(sesion: Session) -> tuple[tuple[int, str], ...]:
    filas = sesion.scalars(select(Persona).where(Persona.activa).order_by(Persona.nombre))
    return tuple((p.id, p.nombre) for p in filas if not p.papeles.isdisjoint(ESCRIBEN))
