"""Una operación de la API: qué pide, quién puede, con qué alcance y qué responde."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, abort
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.acceso import requiere
from panel.api.formas import ENTERO_MAXIMO, Consulta, Entrada
from panel.api.lectura import leer_consulta, leer_cuerpo, leer_llave, leer_marca
from panel.servicios import servicios
from piezas.personas import Papel
from piezas.repeticiones import Llave, apartar, ya_respondido

pantalla = Blueprint("api", __name__, url_prefix="/api/v1")
ALCANCE = "_alcance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pedido:
    """Lo que llegó, ya revisado."""

    ruta: dict[str, Any]
    consulta: Any = None
    cuerpo: Any = None
    marca: str | None = None
    """La de `If-Match`: de qué estado partió quien cambia."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConMarca:
    """Una respuesta con su ETag."""

    cuerpo: BaseModel
    marca: str


Respuesta = BaseModel | ConMarca
Cumplir = Callable[[Session, Pedido], Respuesta]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operacion:
    """Una fila de la tabla de rutas: de ella sale también el documento OpenAPI."""

    nombre: str
    metodo: str
    camino: str
    tema: str
    resumen: str
    papeles: frozenset[Papel]
    alcance: str | None
    cumplir: Cumplir
    respuesta: type[BaseModel]
    codigo: int = 200
    consulta: type[Consulta] | None = None
    cuerpo: type[Entrada] | None = None
    archivo: Callable[[], Any] | None = None
    """Cómo leer un envío con archivo, antes de abrir la transacción."""
    pide_marca: bool = False
    da_marca: bool = False
    despierta: bool = False
    """Si al terminar hay que avisarle al motor."""
    fallas: tuple[int, ...] = field(default=())

    @property
    def es_lectura(self) -> bool:
        """Si no cambia nada."""
        return self.metodo == "GET"


OPERACIONES: list[Operacion] = []


def operacion(
    metodo: str, camino: str, *, papeles: frozenset[Papel], alcance: str | None, **lo_demas: Any
) -> Callable[[Cumplir], Cumplir]:
    """Registra una operación en la tabla y en la aplicación."""

    def registrar(cumplir: Cumplir) -> Cumplir:
        una = Operacion(
            nombre=cumplir.__name__,
            metodo=metodo,
            camino=camino,
            resumen=(cumplir.__doc__ or "").strip().split("\n")[0],
            papeles=papeles,
            alcance=alcance,
            cumplir=cumplir,
            **lo_demas,
        )
        OPERACIONES.append(una)
        pantalla.add_url_rule(camino, una.nombre, _vista(una), methods=[metodo])
        return cumplir

    return registrar


def _vista(una: Operacion) -> Callable[..., Response]:
    @requiere(una.papeles)
    def atender(**ruta: Any) -> Response:
        if any(isinstance(n, int) and not 0 < n <= ENTERO_MAXIMO for n in ruta.values()):
            abort(404)  # ninguna base guarda ese número
        pedido = Pedido(
            ruta=ruta,
            consulta=None if una.consulta is None else leer_consulta(una.consulta),
            cuerpo=_cuerpo(una),
            marca=leer_marca() if una.pide_marca else None,
        )
        if una.es_lectura:
            with servicios().leer() as sesion:
                return _responder(una, una.cumplir(sesion, pedido))
        respuesta = _escribir(una, pedido)
        if una.despierta:
            servicios().despertar()
        return respuesta

    setattr(atender, ALCANCE, una.alcance)
    return atender


def _cuerpo(una: Operacion) -> Any:
    if una.archivo is not None:
        return una.archivo()
    return None if una.cuerpo is None else leer_cuerpo(una.cuerpo)


def _escribir(una: Operacion, pedido: Pedido) -> Response:
    llave = leer_llave(pedido.cuerpo) if una.metodo == "POST" else None
    if llave is None:
        with servicios().sesiones.begin() as sesion:
            return _responder(una, una.cumplir(sesion, pedido))
    try:
        return _una_vez(una, pedido, llave)
    except IntegrityError as error:
        if "pedido_repetible" not in str(error.orig):
            raise
        # Otro pedido con la misma llave llegó primero: ya respondió, y esa es la respuesta.
        return _una_vez(una, pedido, llave)


def _una_vez(una: Operacion, pedido: Pedido, llave: Llave) -> Response:
    with servicios().sesiones.begin() as sesion:
        previa = ya_respondido(sesion, llave)
        if previa is not None:
            cabeceras = {"Idempotency-Replayed": "true"}
            if previa.marca is not None:
                cabeceras["ETag"] = previa.marca
            return _en_json(previa.cuerpo, previa.codigo, cabeceras)
        fila = apartar(sesion, llave, ahora=servicios().ahora())
        respuesta = _responder(una, una.cumplir(sesion, pedido))
        fila.codigo, fila.cuerpo = respuesta.status_code, respuesta.get_data(as_text=True)
        fila.marca = respuesta.headers.get("ETag")
        return respuesta


def _responder(una: Operacion, dicho: Respuesta) -> Response:
    cabeceras = {}
    if isinstance(dicho, ConMarca):
        cabeceras["ETag"] = f'"{dicho.marca}"'
        dicho = dicho.cuerpo
    return _en_json(dicho.model_dump_json(), una.codigo, cabeceras)


def _en_json(texto: str, codigo: int, cabeceras: dict[str, str]) -> Response:
    return Response(texto, codigo, content_type="application/json", headers=cabeceras)
