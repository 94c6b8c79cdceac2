"""Una entrega como la ve la gente: su rótulo, su motivo y el único botón que la resuelve."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer, joinedload

from cola.estados import FINALES, Causa, Estado
from cola.publicaciones import Publicacion
from conectores.contrato import Red
from panel.acceso import GESTION, Presente
from panel.palabras import Rotulo, rotulo_de_entrega

PREGUNTA_ENVIAR = "Saldrá de inmediato en {cuenta}. ¿La envía?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedio:
    """El botón que resuelve una entrega: un enlace, o un envío si `es_envio`."""

    texto: str
    direccion: str
    es_envio: bool = False
    pregunta: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renglon:
    """Una entrega, en datos: nada de la base sale de su transacción."""

    id: int
    pieza_id: int
    titulo: str
    red: Red
    cuenta: str
    estado: Estado
    rotulo: Rotulo
    programada_para: datetime
    publicada_en: datetime | None
    url: str | None
    motivo: str | None
    remedio: Remedio | None
    ya_paso: bool


def entregas() -> Select[Publicacion]:
    """Las entregas con su pieza y su cuenta, en una sola consulta; el sobre, si se mira."""
    return select(Publicacion).options(
        joinedload(Publicacion.pieza), joinedload(Publicacion.cuenta), defer(Publicacion.sobre)
    )


def en_renglones(
    sesion: Session, consulta: Select[Publicacion], quien: Presente
) -> tuple[Renglon, ...]:
    """El resultado de una consulta de entregas, listo para mostrarse."""
    return tuple(renglones(sesion.scalars(consulta), quien))


def renglones(publicaciones: Iterable[Publicacion], quien: Presente) -> Iterable[Renglon]:
    """Cada entrega con el remedio que esa persona puede usar."""
    decide = quien.puede(GESTION)
    for p in publicaciones:
        yield Renglon(
            id=p.id,
            pieza_id=p.pieza_id,
            titulo=p.pieza.titulo,
            red=p.cuenta.red,
            cuenta=p.cuenta.nombre,
            estado=p.estado,
            rotulo=rotulo_de_entrega(p),
            programada_para=p.vence
            if p.estado is Estado.PROGRAMADA and p.vence
            else p.programada_para,
            publicada_en=p.publicada_en,
            url=direccion_visible(p.url),
            motivo=motivo_visible(p),
            remedio=remedio_de(p) if decide else None,
            ya_paso=p.estado is Estado.PUBLICADA or p.estado in FINALES,
        )


def direccion_visible(url: str | None) -> str | None:
    """La dirección si se puede abrir; la evidencia de una entrega a mano no siempre es una."""
    return url if url and url.startswith(("https://", "http://")) else None


def es_entrega_a_mano(p: Publicacion) -> bool:
    """Si espera que una persona la haga y lo confirme."""
    return p.cuenta.red is Red.MANUAL and p.estado is Estado.EN_DUDA and p.requiere_persona


def motivo_visible(p: Publicacion) -> str | None:
    """Por qué está como está, si eso le sirve a alguien."""
    if es_entrega_a_mano(p):
        return "Copie el texto, envíelo y confirme aquí con la fecha y la evidencia."
    if p.estado is Estado.DETENIDA and p.cuenta.pausada_motivo and p.causa is not Causa.CUENTA:
        # El botón reanuda la cuenta: que se lea por qué.
        return f"{p.motivo} Además, la cuenta está en pausa: {p.cuenta.pausada_motivo}"
    return p.motivo


def remedio_de(p: Publicacion) -> Remedio | None:
    """El botón que resuelve la entrega, o `None` si no hay nada que decidir."""
    ver = url_for("publicaciones.ver", publicacion_id=p.id)
    if es_entrega_a_mano(p):
        return Remedio(texto="Entregar y confirmar", direccion=f"{ver}#decidir")
    if p.estado is Estado.EN_DUDA and p.requiere_persona:
        return Remedio(
            texto="Resolver la duda",
            direccion=url_for("dudas.mirar", publicacion_id=p.id),
        )
    if p.estado is Estado.DETENIDA:
        return _remedio_de_detenida(p)
    if p.estado is Estado.FALLIDA:
        return _reenvio(p, "Reintentar")
    return None


def _remedio_de_detenida(p: Publicacion) -> Remedio:
    if p.causa in {Causa.CAMBIO, Causa.APROBACION, Causa.DERECHOS}:
        direccion = url_for("piezas.ver", pieza_id=p.pieza_id)
        return Remedio(texto="Ver la pieza", direccion=direccion)
    if p.cuenta.pausada_por is not None:
        return Remedio(
            texto="Reanudar la cuenta",
            direccion=url_for("pausas.reanudar_cuenta", alias=p.cuenta.alias),
            es_envio=True,
            pregunta=f"¿Ya está resuelto? {p.cuenta.nombre} volverá a publicar.",
        )
    return _reenvio(p, "Enviar ahora")


def _reenvio(p: Publicacion, texto: str) -> Remedio:
    return Remedio(
        texto=texto,
        direccion=url_for("publicaciones.reintentar", publicacion_id=p.id),
        es_envio=True,
        pregunta=PREGUNTA_ENVIAR.format(cuenta=p.cuenta.nombre),
    )
