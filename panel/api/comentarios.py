"""Los comentarios de una pieza desde un programa."""

from sqlalchemy.orm import Session

from panel.acceso import TODOS, persona
from panel.api.base import Pedido, operacion
from panel.api.formas import ID
from panel.api.formas_piezas import ComentarioEntrada, ComentarioSalida, ComentariosSalida
from panel.api.piezas import ESCRIBIR, LEER, TEMA, UNA, la_pieza
from panel.comentarios import COMENTAN
from panel.servicios import servicios
from piezas import comentarios


@operacion(
    "GET", UNA + "/comentarios", papeles=TODOS, alcance=LEER, tema=TEMA,
    respuesta=ComentariosSalida,
)  # fmt: skip
def listar_comentarios(sesion: Session, pedido: Pedido) -> ComentariosSalida:
    """Los comentarios de una pieza, del primero al último."""
    pieza, _ = la_pieza(sesion, pedido)
    hallados = comentarios.comentarios_de(sesion, pieza.id)
    return ComentariosSalida(datos=[_comentario(uno) for uno in hallados])


@operacion(
    "POST", UNA + "/comentarios", papeles=COMENTAN, alcance=ESCRIBIR, tema=TEMA,
    cuerpo=ComentarioEntrada, respuesta=ComentarioSalida, codigo=201,
)  # fmt: skip
def comentar_pieza(sesion: Session, pedido: Pedido) -> ComentarioSalida:
    """Deja un comentario en la versión vigente."""
    nuevo = comentarios.comentar(
        sesion,
        pedido.ruta["pieza_id"],
        pedido.cuerpo.texto,
        por=persona().id,
        ahora=servicios().ahora(),
    )
    return _comentario(nuevo)


@operacion(
    "POST", f"/comentarios/<{ID}:comentario_id>/resolver", papeles=COMENTAN, alcance=ESCRIBIR,
    tema=TEMA, respuesta=ComentarioSalida,
)  # fmt: skip
def resolver_comentario(sesion: Session, pedido: Pedido) -> ComentarioSalida:
    """Da un comentario por resuelto."""
    resuelto = comentarios.resolver(
        sesion, pedido.ruta["comentario_id"], por=persona().id, ahora=servicios().ahora()
    )
    return _comentario(resuelto)


def _comentario(uno: comentarios.Comentario) -> ComentarioSalida:
    return ComentarioSalida(
        id=uno.id,
        version=uno.version.numero,
        autor=uno.autor.correo,
        texto=uno.texto,
        en=uno.en,
        resuelto_en=uno.resuelto_en,
        menciones=[mencion.persona.correo for mencion in uno.menciones],
    )
