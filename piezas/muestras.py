"""Lo que saldría de un borrador sin guardar: la misma composición que sella, sobre una muestra."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from piezas.borradores import Borrador
from piezas.composicion import Compuesto, prever
from piezas.contenidos import utm_a_json, web_a_json
from piezas.medios import Medio
from piezas.versiones import Version, VersionDestino, VersionMedio


def prever_borrador(sesion: Session, borrador: Borrador) -> tuple[Compuesto, ...]:
    """Un mensaje por cuenta, con sus fallas. No escribe: la versión de muestra nunca se guarda."""
    return prever(_muestra(borrador, _medios(sesion, borrador)))


def _medios(sesion: Session, borrador: Borrador) -> dict[int, Medio]:
    pedidos = {elegido.medio_id for elegido in borrador.medios}
    if not pedidos:
        return {}
    return {m.id: m for m in sesion.scalars(select(Medio).where(Medio.id.in_(pedidos)))}


def _muestra(borrador: Borrador, medios: dict[int, Medio]) -> Version:
    return Version(
        titulo=borrador.titulo,
        texto=borrador.texto,
        texto_facebook=borrador.texto_facebook,
        texto_x=borrador.texto_x,
        texto_wordpress=borrador.texto_wordpress,
        enlace=borrador.enlace,
        utm=utm_a_json(borrador.utm),
        etiquetas=" ".join(borrador.etiquetas),
        primer_comentario=borrador.primer_comentario,
        en_hilo=borrador.en_hilo,
        web=web_a_json(borrador.web),
        # Un medio que ya no está lo dice el formulario; aquí se muestra lo que sí hay.
        medios=[
            VersionMedio(
                orden=orden,
                medio=medios[elegido.medio_id],
                texto_alternativo=elegido.texto_alternativo,
                subtitulos_huella=elegido.subtitulos_huella,
            )
            for orden, elegido in enumerate(borrador.medios)
            if elegido.medio_id in medios
        ],
        destinos=[
            VersionDestino(cuenta_id=destino.cuenta_id, red=destino.red, alias=destino.alias)
            for destino in borrador.destinos
        ],
    )
