"""Franjas: a qué horas suele publicar cada cuenta, y cuál es la próxima que está libre."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from cola.carriles import cuenta_por_alias
from cola.cuentas import Cuenta
from cola.errores import NoSePuede
from cola.estados import Estado
from cola.publicaciones import Publicacion
from conectores.contrato import Red
from piezas.base import Base
from piezas.bitacora import anotar
from piezas.personas import Papel
from piezas.usuarios import persona_de
from piezas.versiones import EstadoPieza, Momento, Pieza
from piezas.zona import desde_bogota, en_bogota

_GESTIONAN = (Papel.COMMUNITY, Papel.JEFATURA)
HORIZONTE = timedelta(days=60)
"""Hasta dónde se busca una franja libre."""
SIN_FRANJAS = (time(7), time(19))
"""Entre qué horas se propone la próxima media hora cuando la cuenta no tiene franjas."""
FRANJAS_MAXIMAS = 100
MEDIA_HORA = timedelta(minutes=30)
DE_LA_RED: Mapping[Red, timedelta] = {Red.FACEBOOK: timedelta(minutes=2)}
"""El espaciado de cada red mientras nadie diga otro; los ajustes pueden cambiarlo."""
VIVAS = (Estado.PROGRAMADA, Estado.TOMADA, Estado.ENVIANDO, Estado.DETENIDA, Estado.EN_DUDA)
CERRADAS = (EstadoPieza.CANCELADA, EstadoPieza.ARCHIVADA)


class Franja(Base):
    """Una hora de un día de la semana en que una cuenta suele publicar."""

    __tablename__ = "franja"
    __table_args__ = (
        UniqueConstraint("cuenta_id", "dia", "minuto"),
        CheckConstraint("dia BETWEEN 1 AND 7", name="dia"),
        CheckConstraint("minuto BETWEEN 0 AND 1439", name="minuto"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cuenta_id: Mapped[int] = mapped_column(ForeignKey("cuenta.id"))
    dia: Mapped[int]
    """1 = lunes … 7 = domingo."""
    minuto: Mapped[int]
    """Minutos desde la medianoche de Bogotá."""


@dataclass(frozen=True, slots=True, order=True)
class Hueco:
    """Un día de la semana y una hora."""

    dia: int
    hora: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Ocupacion:
    """Una salida prevista de una cuenta."""

    pieza_id: int
    cuenta_id: int
    en: datetime


def franjas_de(sesion: Session, cuenta_id: int) -> tuple[Hueco, ...]:
    """Las franjas de una cuenta, de lunes a domingo."""
    return _huecos_de(sesion, (cuenta_id,)).get(cuenta_id, ())


def _huecos_de(sesion: Session, cuentas: Sequence[int]) -> dict[int, tuple[Hueco, ...]]:
    filas = sesion.scalars(
        select(Franja).where(Franja.cuenta_id.in_(cuentas)).order_by(Franja.dia, Franja.minuto)
    )
    huecos: dict[int, tuple[Hueco, ...]] = {}
    for f in filas:
        hueco = Hueco(f.dia, time(f.minuto // 60, f.minuto % 60))
        huecos[f.cuenta_id] = (*huecos.get(f.cuenta_id, ()), hueco)
    return huecos


def fijar_franjas(
    sesion: Session, alias: str, huecos: Iterable[Hueco], *, por: int, ahora: datetime
) -> tuple[Hueco, ...]:
    """Cambia de una vez todas las franjas de una cuenta; las repetidas cuentan una vez."""
    persona = persona_de(sesion, por, *_GESTIONAN)
    cuenta = cuenta_por_alias(sesion, alias)
    nuevos = tuple(sorted(set(huecos)))
    if len(nuevos) > FRANJAS_MAXIMAS:
        raise NoSePuede(f"Una cuenta lleva hasta {FRANJAS_MAXIMAS} franjas.")
    antes = franjas_de(sesion, cuenta.id)
    if antes == nuevos:
        return nuevos
    sesion.execute(delete(Franja).where(Franja.cuenta_id == cuenta.id))
    sesion.add_all(
        Franja(cuenta_id=cuenta.id, dia=h.dia, minuto=h.hora.hour * 60 + h.hora.minute)
        for h in nuevos
    )
    anotar(
        sesion,
        "fijar_franjas",
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="cuenta",
        objeto_id=cuenta.id,
        de=_en_corto(antes),
        a=_en_corto(nuevos),
    )
    return nuevos


def proxima_libre(
    sesion: Session,
    cuenta_id: int,
    desde: datetime,
    *,
    espaciados: Mapping[Red, timedelta] = DE_LA_RED,
) -> datetime | None:
    """La primera franja libre desde ese momento, o `None` si no hay en dos meses.

    Libre = ninguna salida de la cuenta cae más cerca que su espaciado. Una cuenta sin franjas usa
    la próxima media hora entre las 7:00 y las 19:00 de Bogotá.
    """
    cuenta = sesion.get_one(Cuenta, cuenta_id)
    return proximas_libres(sesion, (cuenta,), desde, espaciados=espaciados)[cuenta_id]


def proximas_libres(
    sesion: Session,
    cuentas: Sequence[Cuenta],
    desde: datetime,
    *,
    espaciados: Mapping[Red, timedelta] = DE_LA_RED,
) -> dict[int, datetime | None]:
    """La de cada cuenta, con tres consultas en total."""
    ids = [cuenta.id for cuenta in cuentas]
    hasta = desde + HORIZONTE
    aparte = {c.id: max(espaciado_de(c, espaciados), timedelta(minutes=1)) for c in cuentas}
    margen = max(aparte.values(), default=timedelta(0))
    ocupadas: dict[int, list[datetime]] = {numero: [] for numero in ids}
    for una in ocupaciones(sesion, desde - margen, hasta + margen, cuentas=ids):
        ocupadas[una.cuenta_id].append(una.en)
    huecos = _huecos_de(sesion, ids)
    return {
        numero: _primera_libre(
            _candidatas(huecos.get(numero, ()), desde, hasta),
            sorted(ocupadas[numero]),
            aparte[numero],
        )
        for numero in ids
    }


def _primera_libre(
    candidatas: Iterable[datetime], ocupadas: Sequence[datetime], aparte: timedelta
) -> datetime | None:
    """La primera lejos de todas; las dos que la rodean dicen si cabe."""
    for momento in candidatas:
        lugar = bisect_left(ocupadas, momento)
        vecinas = ocupadas[max(lugar - 1, 0) : lugar + 1]
        if all(abs(momento - otra) >= aparte for otra in vecinas):
            return momento
    return None


def espaciado_de(cuenta: Cuenta, espaciados: Mapping[Red, timedelta] = DE_LA_RED) -> timedelta:
    """El tiempo mínimo entre dos salidas de una cuenta."""
    if cuenta.espaciado_s is not None:
        return timedelta(seconds=cuenta.espaciado_s)
    return espaciados.get(cuenta.red, timedelta(0))


def ocupaciones(
    sesion: Session, desde: datetime, hasta: datetime, *, cuentas: Sequence[int] | None = None
) -> list[Ocupacion]:
    """Lo que está por salir en [`desde`, `hasta`): lo de la cola y lo que aún no se aprueba."""
    en_cola = (
        select(Publicacion.pieza_id, Publicacion.cuenta_id, Publicacion.programada_para)
        .where(
            Publicacion.programada_para >= desde,
            Publicacion.programada_para < hasta,
            Publicacion.estado.in_(VIVAS),
        )
    )  # fmt: skip
    otra = select(Publicacion.id).where(
        Publicacion.pieza_id == Momento.pieza_id,
        Publicacion.cuenta_id == Momento.cuenta_id,
        Publicacion.estado != Estado.CANCELADA,
    )
    deseos = (
        select(Momento.pieza_id, Momento.cuenta_id, Momento.programada_para)
        .join(Pieza, Pieza.id == Momento.pieza_id)
        .where(
            Momento.programada_para >= desde,
            Momento.programada_para < hasta,
            Pieza.estado.not_in((*CERRADAS, EstadoPieza.APROBADA)),
            ~otra.exists(),
        )
    )
    if cuentas is not None:
        en_cola = en_cola.where(Publicacion.cuenta_id.in_(cuentas))
        deseos = deseos.where(Momento.cuenta_id.in_(cuentas))
    return [
        Ocupacion(pieza_id=pieza, cuenta_id=cuenta, en=en)
        for consulta in (en_cola, deseos)
        for pieza, cuenta, en in sesion.execute(consulta)
    ]


def choques(
    salidas: Iterable[Ocupacion], espaciado: Mapping[int, timedelta]
) -> list[tuple[Ocupacion, Ocupacion]]:
    """Los pares seguidos de una cuenta que caen a la misma hora o más cerca que su espaciado."""
    anterior: dict[int, Ocupacion] = {}
    pares = []
    for salida in sorted(salidas, key=lambda s: (s.cuenta_id, s.en, s.pieza_id)):
        previa = anterior.get(salida.cuenta_id)
        aparte = max(espaciado.get(salida.cuenta_id, timedelta(0)), timedelta(seconds=1))
        if previa is not None and salida.en - previa.en < aparte:
            pares.append((previa, salida))
        anterior[salida.cuenta_id] = salida
    return pares


def dias_vacios(con_salidas: Iterable[date], desde: date, hasta: date) -> tuple[date, ...]:
    """Los días de [`desde`, `hasta`) en que no sale nada."""
    llenos = frozenset(con_salidas)
    dias = (desde + timedelta(days=n) for n in range((hasta - desde).days))
    return tuple(dia for dia in dias if dia not in llenos)


def _candidatas(huecos: Sequence[Hueco], desde: datetime, hasta: datetime) -> Iterator[datetime]:
    if not huecos:
        yield from _medias_horas(desde, hasta)
        return
    dia = en_bogota(desde).date()
    while (comienzo := desde_bogota(datetime.combine(dia, time()))) < hasta:
        for hueco in huecos:
            momento = comienzo + timedelta(hours=hueco.hora.hour, minutes=hueco.hora.minute)
            if hueco.dia == dia.isoweekday() and momento >= desde:
                yield momento
        dia += timedelta(days=1)


def _medias_horas(desde: datetime, hasta: datetime) -> Iterator[datetime]:
    local = en_bogota(desde)
    pasados = timedelta(
        minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond
    )
    momento = desde if not pasados else desde + MEDIA_HORA - pasados
    while momento < hasta:
        if SIN_FRANJAS[0] <= en_bogota(momento).time() <= SIN_FRANJAS[1]:
            yield momento
        momento += MEDIA_HORA


def _en_corto(huecos: Sequence[Hueco]) -> str:
    return " ".join(f"{'LMXJVSD'[h.dia - 1]}{h.hora:%H:%M}" for h in huecos) or "ninguna"
