"""Cómo recibirá cada red un mensaje: el mismo sobre que sale, sin imitar nada que no diga."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from cola.cuentas import Cuenta
from cola.publicaciones import Publicacion
from conectores.contrato import Envio, Red
from conectores.costos import costo_x
from conectores.limites import LIMITES
from conectores.texto import largo_facebook, largo_x, urls_accidentales, urls_en
from panel.filtros import dolares, numero, plural
from panel.imitacion import Imitada, imitar, iniciales
from panel.palabras import Rotulo, rotulo_de_entrega
from panel.servicios import servicios
from piezas import envios
from piezas.composicion import Compuesto, prever
from piezas.versiones import Pieza, Sobre, Version, VersionMedio

ESTRECHO = 1_000
"""Con un tope de hasta tantos caracteres, cada letra cuenta."""
PARA_VERLAS = (
    selectinload(Pieza.momentos),
    joinedload(Pieza.version).options(
        joinedload(Version.editor),
        selectinload(Version.destinos),
        selectinload(Version.medios).joinedload(VersionMedio.medio),
    ),
)
"""Lo que hay que traer con las piezas para componer sus mensajes sin volver a preguntar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contador:
    """Cuánto mide un texto, como lo cuenta su red, y cuánto admite."""

    van: int
    tope: int | None
    rotulo: str = ""
    """De qué parte se habla, si el mensaje tiene varias."""

    @property
    def sobran(self) -> int:
        """Lo que no cabe; cero si cabe todo."""
        return max(0, self.van - self.tope) if self.tope is not None else 0

    @property
    def es_estrecho(self) -> bool:
        """Si el tope está tan cerca que conviene verlo mientras se escribe."""
        return self.tope is not None and self.tope <= ESTRECHO

    @property
    def frase(self) -> str:
        """`212 de 280 caracteres`, con lo que sobra; o solo cuántos van, si caben de sobra."""
        if self.tope is None or not (self.es_estrecho or self.sobran):
            return plural(self.van, "carácter", "caracteres")
        de = f"{numero(self.van)} de {numero(self.tope)} caracteres"
        return f"{de}, sobran {numero(self.sobran)}" if self.sobran else de


@dataclass(frozen=True, slots=True, kw_only=True)
class Vista:
    """Un mensaje en una cuenta, y lo que conviene saber antes de que salga."""

    red: Red
    cuenta: str
    envio: Envio | None
    fallas: tuple[str, ...] = ()
    notas: tuple[str, ...] = ()
    cuentas: tuple[Contador, ...] = ()
    costo: Decimal | None = None
    razon_costo: str = ""
    momento: datetime | None = None
    rotulo: Rotulo | None = None
    id_texto: str = ""

    @property
    def imitada(self) -> Imitada | None:
        """El mensaje como lo muestra su red."""
        return None if self.envio is None else imitar(self.envio)

    @property
    def iniciales(self) -> str:
        """El retrato de la cuenta, mientras no tenga imagen."""
        return iniciales(self.cuenta)


def vista_de_sobre(p: Publicacion) -> Vista:
    """El mensaje sellado de una entrega, tal como sale o salió."""
    envio = _abrir(p.sobre)
    return Vista(
        red=p.cuenta.red,
        cuenta=p.cuenta.nombre,
        envio=envio,
        notas=tuple(_notas(envio)),
        cuentas=contar(envio),
        costo=_costo(envio),
        razon_costo=razon_del_costo(envio),
        momento=p.publicada_en or p.programada_para,
        id_texto="texto-para-copiar",
    )


def vista_prevista(previsto: Compuesto, cuenta: str, momento: datetime | None) -> Vista:
    """Lo que saldría de un texto que todavía no se guarda."""
    return Vista(
        red=previsto.red,
        cuenta=cuenta,
        envio=previsto.envio,
        fallas=previsto.fallas,
        notas=tuple(_notas(previsto.envio)),
        cuentas=contar(previsto.envio),
        costo=_costo(previsto.envio),
        razon_costo=razon_del_costo(previsto.envio),
        momento=momento,
    )


def vistas_de_pieza(sesion: Session, pieza: Pieza) -> tuple[Vista, ...]:
    """Un mensaje por cuenta: el sellado si ya se aprobó; si no, el que se sellaría."""
    return vistas_de_piezas(sesion, [pieza])[pieza.id]


def vistas_de_piezas(sesion: Session, piezas: Sequence[Pieza]) -> dict[int, tuple[Vista, ...]]:
    """Las de varias, con las mismas consultas que una si vienen cargadas `PARA_VERLAS`."""
    a_mano = _AMano.traer(sesion, piezas)
    return {pieza.id: tuple(_vistas(pieza, a_mano)) for pieza in piezas}


@dataclass(frozen=True, slots=True, kw_only=True)
class _AMano:
    """Lo que se consulta una vez para todas las piezas que se van a mostrar."""

    cuentas: dict[int, Cuenta]
    sellados: dict[tuple[int, int], str]
    entregas: dict[tuple[int, int], Publicacion]

    @classmethod
    def traer(cls, sesion: Session, piezas: Sequence[Pieza]) -> "_AMano":
        """Por versión y cuenta, lo sellado; por pieza y cuenta, su última entrega."""
        sobres = select(Sobre).where(Sobre.version_id.in_([p.version_vigente_id for p in piezas]))
        entregas = (
            select(Publicacion)
            .where(Publicacion.pieza_id.in_([p.id for p in piezas]))
            .options(joinedload(Publicacion.cuenta))
            .order_by(Publicacion.id)
        )
        return cls(
            cuentas={c.id: c for c in sesion.scalars(select(Cuenta))},
            sellados={(s.version_id, s.cuenta_id): s.contenido for s in sesion.scalars(sobres)},
            entregas={(p.pieza_id, p.cuenta_id): p for p in sesion.scalars(entregas)},
        )


def _vistas(pieza: Pieza, a_mano: _AMano) -> Iterator[Vista]:
    version = pieza.version
    if version is None:
        return
    momentos = {m.cuenta_id: m.programada_para for m in pieza.momentos}
    for previsto in prever(version):
        cuenta = a_mano.cuentas[previsto.cuenta_id]
        sellado = a_mano.sellados.get((version.id, cuenta.id))
        envio = _abrir(sellado) if sellado else previsto.envio
        entrega = a_mano.entregas.get((pieza.id, cuenta.id))
        yield Vista(
            red=cuenta.red,
            cuenta=cuenta.nombre,
            envio=envio,
            fallas=() if sellado else previsto.fallas,
            notas=tuple(_notas(envio)),
            cuentas=contar(envio),
            costo=_costo(envio),
            razon_costo=razon_del_costo(envio),
            momento=momentos.get(cuenta.id),
            rotulo=None if entrega is None else rotulo_de_entrega(entrega),
        )


def costo_total(vistas: Iterable[Vista]) -> Decimal:
    """Lo que cuesta en dólares que salgan todas."""
    return sum((vista.costo or Decimal(0) for vista in vistas), Decimal(0))


def _abrir(sobre: str) -> Envio:
    # Para mostrarlo basta la huella de cada archivo: el panel los sirve por ella.
    return envios.abrir(sobre, Path)


def _costo(envio: Envio) -> Decimal | None:
    return costo_x(envio, servicios().tarifas_x) or None


def contar(envio: Envio) -> tuple[Contador, ...]:
    """El largo de cada parte, con la cuenta de su red."""
    tope = LIMITES[envio.red].texto_max
    es_hilo = len(envio.segmentos) > 1
    return tuple(
        Contador(
            van=largo_x(texto) if envio.red is Red.X else largo_facebook(texto),
            tope=tope,
            rotulo=str(indice) if es_hilo else "",
        )
        for indice, texto in enumerate(envio.segmentos, start=1)
    )


def razon_del_costo(envio: Envio) -> str:
    """Por qué cuesta más de lo corriente publicarlo en X; vacío si no cuesta más."""
    if envio.red is not Red.X:
        return ""
    enlaces = [url for texto in envio.segmentos for url in urls_en(texto)]
    if not enlaces:
        return ""
    tarifas = servicios().tarifas_x
    normal, con_enlace = dolares(tarifas.publicar), dolares(tarifas.publicar_con_enlace)
    accidentales = [url for texto in envio.segmentos for url in urls_accidentales(texto)]
    if accidentales and len(accidentales) == len(enlaces):
        return f"X tomará «{accidentales[0]}» por un enlace. Sin él, cada publicación vale {normal}"
    return f"con enlace X cobra {con_enlace} por publicación; sin enlace, {normal}"


def _notas(envio: Envio) -> Iterator[str]:
    if envio.red is Red.X and len(envio.segmentos) > 1:
        yield f"Hilo de {len(envio.segmentos)}"
    if len(envio.adjuntos) > 1:
        yield plural(len(envio.adjuntos), "archivo", "archivos")
