"""Guardar lo del editor y, si se pide, enviarlo a revisión en el mismo paso: todo o nada."""

from dataclasses import dataclass, field
from datetime import datetime

from flask import g
from sqlalchemy.orm import Session

from cola.edicion import editar
from conectores.contrato import Red
from panel.acceso import REDACTORES, Presente
from panel.redaccion import pendientes
from panel.redaccion.formulario import GENERAL, Formulario, Leido
from piezas.aprobacion import pedir_revision
from piezas.composicion import Compuesto, juntar, prever
from piezas.errores import DatosInvalidos, NoCabe
from piezas.marcas import exigir_marca
from piezas.redaccion import crear_pieza, pieza_para_cambiar
from piezas.versiones import EstadoPieza, Pieza

SE_ENVIAN = frozenset({EstadoPieza.BORRADOR, EstadoPieza.DEVUELTA})
EN_RED = {Red.FACEBOOK: "En Facebook", Red.X: "En X", Red.WORDPRESS: "En el sitio web"}
_DEL_ARCHIVO = ("Imagen", "Video", "GIF", "Lleva", "En ")


class ConErrores(Exception):
    """El formulario no se guardó; `errores` dice qué corregir, por campo."""

    def __init__(self, errores: dict[str, str]) -> None:
        self.errores = errores
        super().__init__(*errores.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Pedido:
    """Lo que alguien quiere guardar."""

    form: Formulario
    leido: Leido
    persona: Presente
    ahora: datetime
    enviar: bool
    marca: str = ""
    """De qué estado de la pieza partió; vacía en una nueva."""
    borrador_id: int | None = field(default=None)


def crear(sesion: Session, pedido: Pedido) -> Pieza:
    """La pieza nueva; lanza `ConErrores` sin haber guardado nada."""
    _exigir_sin_errores(pedido)
    pieza = crear_pieza(sesion, pedido.leido.borrador, por=pedido.persona.id, ahora=pedido.ahora)
    return _terminar(sesion, pieza, pedido)


def guardar(sesion: Session, pieza_id: int, pedido: Pedido) -> Pieza:
    """La pieza con su versión nueva; lanza `CambioAjeno` si otra persona llegó antes."""
    _exigir_sin_errores(pedido)
    pieza = pieza_para_cambiar(sesion, pieza_id)
    exigir_marca(pieza, pedido.marca)
    editar(sesion, pieza_id, pedido.leido.borrador, por=pedido.persona.id, ahora=pedido.ahora)
    return _terminar(sesion, pieza, pedido)


def puede_editar(quien: Presente) -> bool:
    """Si esa persona puede abrir el editor."""
    return quien.puede(REDACTORES)


def _exigir_sin_errores(pedido: Pedido) -> None:
    if pedido.leido.errores:
        raise ConErrores(dict(pedido.leido.errores))


def _terminar(sesion: Session, pieza: Pieza, pedido: Pedido) -> Pieza:
    sesion.flush()
    if pedido.enviar and pieza.estado in SE_ENVIAN:
        try:
            pedir_revision(sesion, pieza.id, por=pedido.persona.id, ahora=pedido.ahora)
        except NoCabe as error:
            raise ConErrores(_por_campo(pieza, pedido, error.mensajes)) from error
        except DatosInvalidos as error:
            raise ConErrores({GENERAL: error.mensaje}) from error
    pendientes.descartar(sesion, persona_id=pedido.persona.id, cual=pedido.borrador_id)
    return pieza


def _por_campo(pieza: Pieza, pedido: Pedido, mensajes: tuple[str, ...]) -> dict[str, str]:
    """Cada falla junto al campo que la arregla; las que no son de un campo, arriba."""
    errores: dict[str, str] = {}
    compuestos = () if pieza.version is None else prever(pieza.version)
    if not compuestos:
        errores["cuenta"] = "Elija al menos una cuenta."
    for compuesto in compuestos:
        for falla in compuesto.fallas:
            campo = _campo_de(falla, compuesto, pedido.leido)
            errores.setdefault(campo, _con_red(falla, campo, compuesto.red))
    explicadas = {*juntar(compuestos), "Elija al menos una cuenta."}
    if sueltas := [mensaje for mensaje in mensajes if mensaje not in explicadas]:
        errores[GENERAL] = " ".join(sueltas)
    return errores


def _campo_de(falla: str, compuesto: Compuesto, leido: Leido) -> str:
    if "texto alternativo" in falla:
        numero = next((int(p) for p in falla.partition(":")[0].split() if p.isdecimal()), 1)
        medios = leido.borrador.medios
        return f"alterno_{medios[numero - 1].medio_id}" if numero <= len(medios) else "medio"
    if falla.startswith("El primer comentario"):
        return "comentario"
    if falla.startswith("Falta el título"):
        return "titulo"
    if falla.startswith(_DEL_ARCHIVO):
        return "medio"
    propio = getattr(leido.borrador, f"texto_{compuesto.red}", None)
    return "texto" if propio is None else f"texto_{compuesto.red}"


def _con_red(falla: str, campo: str, red: Red) -> str:
    """En el texto común conviene saber qué red es la que se queja."""
    if campo != "texto" or falla.startswith("Falta") or red not in EN_RED:
        return falla
    return f"{EN_RED[red]}: {falla[0].lower()}{falla[1:]}"


def presente() -> Presente:
    """Quien hace la petición."""
    quien: Presente = g.persona
    return quien
