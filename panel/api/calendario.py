"""El calendario desde un programa: lo que sale en un periodo, y cambiarle la hora."""

from datetime import datetime, timedelta

from pydantic import Field
from sqlalchemy.orm import Session

from cola.errores import NoSePuede
from cola.mudanzas import TOPE, Mudanza, mover_varias
from conectores.contrato import Red
from panel.acceso import EQUIPO, REDACTORES, persona
from panel.api.base import Pedido, operacion
from panel.api.formas import Consulta, Cuando, Entrada, Id, Momento, Salida
from panel.calendario.consulta import salidas_entre
from panel.servicios import servicios
from piezas.gestion_campanias import FallasDeCampo

TEMA = "calendario"
PERIODO_MAXIMO = timedelta(days=93)


class CalendarioConsulta(Consulta):
    """El periodo, de `desde` a `hasta` sin incluirlo: hasta tres meses."""

    desde: Momento
    hasta: Momento


class SalidaSalida(Salida):
    """Una pieza en una cuenta, a una hora."""

    pieza_id: int
    cuenta_id: int
    titulo: str
    en: Cuando
    al_aprobarse: bool
    red: Red
    cuenta: str = Field(description="El nombre de la cuenta.")
    estado: str = Field(description="El de la entrega; si no está en la cola, el de la pieza.")
    se_mueve: bool = Field(description="Si usted le puede cambiar la hora.")


class CalendarioSalida(Salida):
    """Lo que sale en el periodo, por su hora."""

    datos: list[SalidaSalida]


class MovidaEntrada(Entrada):
    """Una pieza en una cuenta, a otra hora; `de` es la hora que se vio, si se quiere exigir."""

    pieza_id: Id
    cuenta_id: Id
    para: Momento
    de: Momento | None = None


class MoverEntrada(Entrada):
    """Un lote: se mueven todas o ninguna."""

    movidas: list[MovidaEntrada] = Field(min_length=1, max_length=TOPE)


class MovidaSalida(Salida):
    """Cómo quedó una."""

    pieza_id: int
    cuenta_id: int
    de: Cuando | None
    para: Cuando


class MovidasSalida(Salida):
    """Lo que se movió."""

    datos: list[MovidaSalida]


@operacion(
    "GET", "/calendario", papeles=EQUIPO, alcance="calendario:leer", tema=TEMA,
    consulta=CalendarioConsulta, respuesta=CalendarioSalida,
)  # fmt: skip
def leer_calendario(sesion: Session, pedido: Pedido) -> CalendarioSalida:
    """Lo que sale en un periodo: lo de la cola y lo que falta aprobar."""
    desde, hasta = _periodo(pedido.consulta)
    return CalendarioSalida(
        datos=[
            SalidaSalida(
                pieza_id=una.pieza_id,
                cuenta_id=una.cuenta_id,
                titulo=una.titulo,
                en=una.en,
                al_aprobarse=una.al_aprobarse,
                red=una.red,
                cuenta=una.cuenta,
                estado=una.estado,
                se_mueve=una.mueve,
            )
            for una in salidas_entre(sesion, desde, hasta, quien=persona())
        ]
    )


def _periodo(consulta: CalendarioConsulta) -> tuple[datetime, datetime]:
    if not timedelta(0) < consulta.hasta - consulta.desde <= PERIODO_MAXIMO:
        raise FallasDeCampo({"hasta": "Debe ir después de «desde», y a lo sumo 93 días."})
    return consulta.desde, consulta.hasta


@operacion(
    "POST", "/calendario/mover", papeles=REDACTORES, alcance="calendario:mover", tema=TEMA,
    cuerpo=MoverEntrada, respuesta=MovidasSalida, despierta=True,
)  # fmt: skip
def mover_en_calendario(sesion: Session, pedido: Pedido) -> MovidasSalida:
    """Cambia la hora de un lote que no ha salido: todas o ninguna."""
    pedidos = [
        Mudanza(pieza_id=m.pieza_id, cuenta_id=m.cuenta_id, para=m.para, de=m.de)
        for m in pedido.cuerpo.movidas
    ]
    tanda = mover_varias(sesion, pedidos, por=persona().id, ahora=servicios().ahora())
    if not tanda.movida:
        mala = next(resultado for resultado in tanda.resultados if not resultado.cabe)
        raise NoSePuede(
            f"No se movió ninguna. La pieza {mala.pedido.pieza_id} en la cuenta "
            f"{mala.pedido.cuenta_id}: {mala.frase}"
        )
    return MovidasSalida(
        datos=[
            MovidaSalida(
                pieza_id=r.pedido.pieza_id,
                cuenta_id=r.pedido.cuenta_id,
                de=r.de,
                para=r.pedido.para,
            )
            for r in tanda.resultados
        ]
    )
