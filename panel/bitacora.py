"""La bitácora en pantalla: buscar, sacar copia y comprobar que nadie la tocó."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy.orm import Session

from panel.acceso import persona, requiere
from panel.filtros import comienzo_del_dia, dia_de
from panel.servicios import servicios
from piezas.bitacora import Anotacion, anotar
from piezas.consulta_bitacora import Busqueda, nombres, pagina, recorrer
from piezas.copia_bitacora import FORMAS
from piezas.personas import Papel
from piezas.verificacion import Cabeza, Verificacion, cabeza_de, verificar

pantalla = Blueprint("bitacora", __name__)

MIRAN = frozenset({Papel.JEFATURA, Papel.ADMINISTRACION, Papel.CONSULTA})
TIPOS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
CAMPOS = ("quien", "accion", "objeto", "objeto_id", "desde", "hasta")


@pantalla.get("/bitacora")
@requiere(MIRAN)
def listar() -> str:
    """Lo que pasó, lo más reciente primero."""
    with servicios().leer() as sesion:
        return _hoja(sesion)


def _hoja(sesion: Session, *, hallado: Verificacion | None = None, falla: str = "") -> str:
    filas, sigue = pagina(sesion, _busqueda(), antes_de=request.args.get("antes", type=int))
    acciones, objetos = nombres(sesion)
    puesto = {campo: request.args.get(campo, "").strip() for campo in CAMPOS}
    return render_template(
        "bitacora.html",
        filas=filas,
        direccion_de_objeto=direccion_de_objeto,
        en_palabras=en_palabras,
        sigue=sigue,
        acciones=acciones,
        objetos=objetos,
        puesto=puesto,
        con_filtro={campo: valor for campo, valor in puesto.items() if valor},
        es_primera="antes" not in request.args,
        cabeza=cabeza_de(sesion),
        hallado=hallado,
        falla=falla,
    )


def _busqueda() -> Busqueda:
    return Busqueda(
        quien=request.args.get("quien", "").strip()[:254],
        accion=request.args.get("accion", ""),
        objeto=request.args.get("objeto", ""),
        objeto_id=_entero(request.args.get("objeto_id", "")),
        desde=_dia(request.args.get("desde", ""), 0),
        hasta=_dia(request.args.get("hasta", ""), 1),
    )


def _entero(texto: str) -> int | None:
    return int(texto) if texto.isdecimal() and len(texto) < 10 else None


def _dia(texto: str, mas: int) -> datetime | None:
    try:
        return comienzo_del_dia(date.fromisoformat(texto) + timedelta(days=mas))
    except (ValueError, OverflowError):
        return None


_PANTALLAS = {"pieza": "/piezas/{}", "publicacion": "/cola/{}", "persona": "/usuarios/{}"}


_PALABRAS = {
    "sesion": "sesión",
    "publicacion": "entrega",
    "bitacora": "bitácora",
    "campania": "campaña",
    "en_revision": "en revisión",
    "diseno": "diseño",
    "redaccion": "redacción",
    "suscripcion": "suscripción",
    "autorizacion": "autorización",
}


def en_palabras(nombre: str) -> str:
    """Un nombre de la bitácora como se lee: con tilde y sin guiones bajos."""
    return _PALABRAS.get(nombre, nombre.replace("_", " "))


def direccion_de_objeto(hecho: Anotacion) -> str:
    """La pantalla de aquello sobre lo que se hizo, si la hay."""
    camino = _PANTALLAS.get(hecho.objeto, "")
    return camino.format(hecho.objeto_id) if camino and hecho.objeto_id is not None else ""


@pantalla.post("/bitacora/verificar")
@requiere(MIRAN)
def comprobar() -> str | tuple[str, int]:
    """Recorre la cadena y dice en palabras lo que halló."""
    texto = request.form.get("cabeza", "").strip()
    try:
        conocida = Cabeza.de_texto(texto) if texto else None
    except ValueError:
        with servicios().leer() as sesion:
            return _hoja(
                sesion, falla="Péguela como llegó: un número, dos puntos y su huella."
            ), 422
    with servicios().leer() as sesion:
        return _hoja(sesion, hallado=verificar(sesion, conocida=conocida))


@pantalla.post("/bitacora/exportar/<forma>")
@requiere(MIRAN)
def exportar(forma: str) -> Response:
    """Un archivo con lo que se buscó; sacar copia también queda anotado."""
    if forma not in FORMAS:
        abort(404)
    busqueda, ahora = _busqueda(), servicios().ahora()
    with servicios().sesiones.begin() as sesion:
        anotar(
            sesion, "exportar bitácora", quien=persona().correo, persona_id=persona().id,
            ahora=ahora, objeto="bitacora", a=forma,
        )  # fmt: skip
    nombre = f"bitacora-{dia_de(ahora).isoformat()}.{forma}"
    return Response(
        _por_partes(servicios().leer, busqueda, forma),
        content_type=TIPOS[forma],
        headers={"Content-Disposition": f'attachment; filename="{nombre}"'},
    )


def _por_partes(leer: Callable[[], Session], busqueda: Busqueda, forma: str) -> Iterator[str]:
    with leer() as sesion:
        yield from FORMAS[forma](recorrer(sesion, busqueda))
