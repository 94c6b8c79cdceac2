"""Cómo recibirá cada red un mensaje: el mismo sobre que sale, sin imitar nada que no diga."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cola.cuentas import Cuenta
from cola.publicaciones import Publicacion
from conectores.contrato import Envio, Red
from conectores.costos import costo_x
from conectores.texto import LIMITE_X, largo_facebook, largo_x
from panel.filtros import numero, plural
from panel.palabras import Rotulo, rotulo_de_entrega
from panel.servicios import servicios
from piezas import envios
from piezas.composicion import prever
from piezas.versiones import Pieza, Sobre


@dataclass(frozen=True, slots=True, kw_only=True)
class Vista:
    """Un mensaje en una cuenta, y lo que conviene saber antes de que salga."""

    red: Red
    cuenta: str
    envio: Envio | None
    fallas: tuple[str, ...] = ()
    notas: tuple[str, ...] = ()
    costo: Decimal | None = None
    momento: datetime | None = None
    rotulo: Rotulo | None = None
    id_texto: str = ""


def vista_de_sobre(p: Publicacion) -> Vista:
    """El mensaje sellado de una entrega, tal como sale o salió."""
    envio = _abrir(p.sobre)
    return Vista(
        red=p.cuenta.red,
        cuenta=p.cuenta.nombre,
        envio=envio,
        notas=tuple(_notas(envio)),
        costo=_costo(envio),
        id_texto="texto-para-copiar",
    )


def vistas_de_pieza(sesion: Session, pieza: Pieza) -> tuple[Vista, ...]:
    """Un mensaje por cuenta: el sellado si ya se aprobó; si no, el que se sellaría."""
    version = pieza.version
    if version is None:
        return ()
    sellados = {
        sobre.cuenta_id: sobre.contenido
        for sobre in sesion.scalars(select(Sobre).where(Sobre.version_id == version.id))
    }
    entregas = {
        p.cuenta_id: p
        for p in sesion.scalars(
            select(Publicacion).where(Publicacion.pieza_id == pieza.id).order_by(Publicacion.id)
        )
    }
    momentos = {m.cuenta_id: m.programada_para for m in pieza.momentos}
    vistas = []
    for previsto in prever(version):
        cuenta = sesion.get_one(Cuenta, previsto.cuenta_id)
        sellado = sellados.get(cuenta.id)
        envio = _abrir(sellado) if sellado else previsto.envio
        entrega = entregas.get(cuenta.id)
        vistas.append(
            Vista(
                red=cuenta.red,
                cuenta=cuenta.nombre,
                envio=envio,
                fallas=() if sellado else previsto.fallas,
                notas=tuple(_notas(envio)),
                costo=_costo(envio),
                momento=momentos.get(cuenta.id),
                rotulo=None if entrega is None else rotulo_de_entrega(entrega),
            )
        )
    return tuple(vistas)


def costo_total(vistas: Iterable[Vista]) -> Decimal:
    """Lo que cuesta en dólares que salgan todas."""
    return sum((vista.costo or Decimal(0) for vista in vistas), Decimal(0))


def _abrir(sobre: str) -> Envio:
    # Para mostrarlo basta la huella de cada archivo: el panel los sirve por ella.
    return envios.abrir(sobre, Path)


def _costo(envio: Envio) -> Decimal | None:
    return costo_x(envio, servicios().tarifas_x) or None


def _notas(envio: Envio) -> Iterator[str]:
    if envio.red is Red.X:
        if len(envio.segmentos) > 1:
            yield f"Hilo de {len(envio.segmentos)}"
        else:
            yield f"{numero(largo_x(envio.texto))} de {LIMITE_X} caracteres"
    elif envio.red is Red.FACEBOOK:
        yield plural(largo_facebook(envio.texto), "carácter", "caracteres")
    if len(envio.adjuntos) > 1:
        yield plural(len(envio.adjuntos), "archivo", "archivos")
    if envio.web.categorias:
        yield "Categorías: " + ", ".join(envio.web.categorias)
    if envio.web.extracto:
        yield f"Extracto: {envio.web.extracto}"
