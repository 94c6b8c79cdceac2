"""La fila de aprobación desde un programa: verla y devolver. Aprobar es de personas."""

from typing import NoReturn

from sqlalchemy.orm import Session

from panel.acceso import REVISORES, TODOS, persona
from panel.api.base import ConMarca, Pedido, operacion
from panel.api.formas import Hecho, Pagina
from panel.api.formas_piezas import DevolverEntrada, PiezaCompleta, PiezasSalida
from panel.api.piezas import LEER, UNA, exigir_marca, listar, recien
from panel.marco import POR_APROBAR
from panel.servicios import servicios
from piezas import aprobacion
from piezas.errores import SinPermisoPara

TEMA = "aprobaciones"
NO_APRUEBA = (
    "Una ficha no aprueba: aprobar es de una persona de jefatura, con su segundo factor, mirando "
    "la pieza. Ábrala en la pantalla de Aprobación."
)
"""Regla de la casa: ningún programa pone algo en la calle sin que una persona lo apruebe."""


@operacion(
    "GET", "/aprobaciones", papeles=REVISORES, alcance=LEER, tema=TEMA, consulta=Pagina,
    respuesta=PiezasSalida,
)  # fmt: skip
def listar_aprobaciones(sesion: Session, pedido: Pedido) -> PiezasSalida:
    """Las piezas que esperan que alguien las apruebe."""
    return listar(sesion, pedido.consulta, POR_APROBAR)


@operacion(
    "POST", UNA + "/devolver", papeles=REVISORES, alcance="piezas:devolver", tema=TEMA,
    cuerpo=DevolverEntrada, respuesta=PiezaCompleta, pide_marca=True, da_marca=True,
)  # fmt: skip
def devolver_pieza(sesion: Session, pedido: Pedido) -> ConMarca:
    """La devuelve con sus observaciones."""
    pieza = exigir_marca(sesion, pedido)
    aprobacion.devolver(
        sesion,
        pieza.id,
        motivo=pedido.cuerpo.motivo,
        por=persona().id,
        ahora=servicios().ahora(),
    )
    return recien(sesion, pieza)


@operacion("POST", UNA + "/aprobar", papeles=TODOS, alcance=None, tema=TEMA, respuesta=Hecho)
def aprobar_pieza(sesion: Session, pedido: Pedido) -> NoReturn:
    """Siempre se niega: una ficha no aprueba, lo hace una persona en el panel."""
    raise SinPermisoPara(NO_APRUEBA)
