"""Las rutas del editor: abrir, guardar, enviar, clonar, y no perder nada de lo escrito."""

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from panel.acceso import REDACTORES, persona, requiere
from panel.redaccion import guardado, pendientes
from panel.redaccion.campos import campos_de
from panel.redaccion.choques import comparar
from panel.redaccion.formulario import GENERAL, Formulario, leer_formulario
from panel.redaccion.guardado import ConErrores, Pedido
from panel.redaccion.hoja import Abierta, Hoja, armar, campos_para_empezar
from panel.redaccion.pendientes import BorradorDePantalla
from panel.servicios import servicios
from piezas.errores import ErrorDePiezas, NoEncontrada
from piezas.marcas import CambioAjeno, marca_de
from piezas.redaccion import CERRADAS
from piezas.versiones import EstadoPieza, Pieza, Version

pantalla = Blueprint("redaccion", __name__)

EMPIEZAN_DE_CERO = frozenset({"limpio", "campania", "fecha"})
"""Con esto en la dirección se pide otra pieza, no la que quedó a medias."""
HORA_SUGERIDA = "08:00"


@pantalla.get("/piezas/nueva")
@requiere(REDACTORES)
def nueva() -> str:
    """El editor vacío, o lo que esta persona dejó a medias."""
    ahora = servicios().ahora()
    with servicios().leer() as sesion:
        suyos = pendientes.pendientes(sesion, persona_id=persona().id, pieza_id=None, ahora=ahora)
        cual = request.args.get("borrador", type=int)
        previo = None if EMPIEZAN_DE_CERO & request.args.keys() else _elegir(suyos, cual)
        campos = previo.formulario if previo else campos_para_empezar(sesion, persona().id)
        if previo is None:
            _poner_lo_pedido(campos)
        return _pintar(armar(sesion, campos, ahora, **_de_antes(previo, suyos)))


@pantalla.get("/piezas/<int:pieza_id>/editar")
@requiere(REDACTORES)
def editar(pieza_id: int) -> str:
    """El editor con la pieza, o con lo que esta persona dejó a medias en ella."""
    ahora = servicios().ahora()
    with servicios().leer() as sesion:
        pieza, version = _editable(sesion, pieza_id)
        suyos = pendientes.pendientes(
            sesion, persona_id=persona().id, pieza_id=pieza_id, ahora=ahora
        )
        previo = _elegir(suyos, request.args.get("borrador", type=int))
        campos = previo.formulario if previo else campos_de(pieza, version)
        marca = campos.get("marca") or marca_de(pieza)
        hoja = armar(
            sesion, campos, ahora, pieza=_abierta(pieza), marca=marca, **_de_antes(previo, suyos)
        )
        return _pintar(hoja)


@pantalla.post("/piezas/nueva")
@requiere(REDACTORES)
def crear() -> Response | tuple[str, int]:
    """Guarda la pieza nueva, o la envía a revisión de una vez."""
    pedido = _pedido()
    try:
        with servicios().sesiones.begin() as sesion:
            pieza = guardado.crear(sesion, pedido)
            return _listo(pieza)
    except (ConErrores, ErrorDePiezas) as error:
        return _con_errores(None, pedido, error)


@pantalla.post("/piezas/<int:pieza_id>/editar")
@requiere(REDACTORES)
def guardar(pieza_id: int) -> Response | tuple[str, int]:
    """Guarda los cambios; si otra persona guardó antes, muestra en qué difieren."""
    pedido = _pedido()
    try:
        with servicios().sesiones.begin() as sesion:
            pieza = guardado.guardar(sesion, pieza_id, pedido)
            return _listo(pieza)
    except CambioAjeno:
        return _con_choque(pieza_id, pedido)
    except NoEncontrada:
        abort(404)
    except (ConErrores, ErrorDePiezas) as error:
        return _con_errores(pieza_id, pedido, error)


@pantalla.post("/piezas/<int:pieza_id>/clonar")
@requiere(REDACTORES)
def clonar(pieza_id: int) -> Response:
    """Abre un editor nuevo con lo mismo que dice esa pieza, sin sus horas."""
    ahora = servicios().ahora()
    with servicios().sesiones.begin() as sesion:
        pieza = sesion.get(Pieza, pieza_id)
        if pieza is None or pieza.version is None:
            abort(404)
        campos = campos_de(pieza, pieza.version)
        sin_hora = [
            (nombre, valor)
            for nombre, valor in campos.items(multi=True)
            if not nombre.startswith(("fecha_", "hora_"))
        ]
        copia = pendientes.guardar(
            sesion, sin_hora, persona_id=persona().id, pieza_id=None, cual=None, serie=None,
            ahora=ahora,
        )  # fmt: skip
        cual = copia.id
    flash("Es una copia: la pieza de la que salió no cambia.", "bien")
    return redirect(url_for(".nueva", borrador=cual), code=303)


@pantalla.post("/redaccion/autoguardar")
@requiere(REDACTORES)
def autoguardar() -> Response | tuple[Response, int]:
    """Guarda lo que se va escribiendo; responde dónde quedó."""
    pieza_id = request.form.get("pieza_id", type=int)
    with servicios().sesiones.begin() as sesion:
        if pieza_id is not None and sesion.get(Pieza, pieza_id) is None:
            return jsonify(frase="Esa pieza ya no está."), 404
        fila = pendientes.guardar(
            sesion,
            request.form.items(multi=True),
            persona_id=persona().id,
            pieza_id=pieza_id,
            cual=request.form.get("borrador", type=int),
            serie=request.form.get("serie", type=int),
            ahora=servicios().ahora(),
        )
        return jsonify(id=fila.id, serie=fila.serie)


@pantalla.post("/redaccion/descartar")
@requiere(REDACTORES)
def descartar() -> Response:
    """Olvida lo que quedó a medias y vuelve a empezar."""
    with servicios().sesiones.begin() as sesion:
        pendientes.descartar(
            sesion, persona_id=persona().id, cual=request.form.get("borrador", type=int)
        )
    pieza_id = request.form.get("pieza_id", type=int)
    flash("Quedó descartado lo que estaba a medias.", "bien")
    destino = (
        url_for(".nueva", limpio=1) if pieza_id is None else url_for(".editar", pieza_id=pieza_id)
    )
    return redirect(destino, code=303)


@pantalla.get("/redaccion/ficha")
@requiere(REDACTORES)
def ficha() -> Response:
    """Una ficha CSRF de ahora: la pide la página que volvió a entrar sin irse."""
    return jsonify(ficha=generate_csrf(), persona=persona().nombre)


def _poner_lo_pedido(campos: Formulario) -> None:
    """Lo que trae la dirección: una campaña, o el día y la hora que se tocó en el calendario."""
    campos["campania"] = request.args.get("campania", "")[:300]
    fecha, _, hora = request.args.get("fecha", "").partition("T")
    if fecha:
        for cuenta_id in campos.getlist("cuenta"):
            campos[f"fecha_{cuenta_id}"] = fecha[:10]
            campos[f"hora_{cuenta_id}"] = hora[:5] or HORA_SUGERIDA


def _pedido() -> Pedido:
    # La copia evita que dos lecturas del mismo formulario digan cosas distintas.
    form = MultiDict(request.form.items(multi=True))
    return Pedido(
        form=form,
        leido=leer_formulario(form),
        persona=persona(),
        ahora=servicios().ahora(),
        enviar=form.get("accion") == "enviar",
        marca=form.get("marca", ""),
        borrador_id=form.get("borrador", type=int),
    )


def _listo(pieza: Pieza) -> Response:
    if pieza.estado is EstadoPieza.EN_REVISION:
        flash("Quedó en revisión: otra persona la aprueba.", "bien")
    else:
        flash("Quedó guardada.", "bien")
    return redirect(url_for("piezas.ver", pieza_id=pieza.id), code=303)


def _con_errores(
    pieza_id: int | None, pedido: Pedido, error: ConErrores | ErrorDePiezas
) -> tuple[str, int]:
    """El mismo editor con lo escrito y las fallas; nada se guardó y nada se perdió."""
    errores = error.errores if isinstance(error, ConErrores) else {GENERAL: error.mensaje}
    with servicios().leer() as sesion:
        pieza = None if pieza_id is None else sesion.get(Pieza, pieza_id)
        hoja = armar(
            sesion,
            pedido.form,
            pedido.ahora,
            pieza=None if pieza is None else _abierta(pieza),
            marca=pedido.marca,
            errores=errores,
            borrador_id=pedido.borrador_id,
            serie=pedido.form.get("serie", type=int),
        )
        return _pintar(hoja), 422


def _con_choque(pieza_id: int, pedido: Pedido) -> tuple[str, int]:
    with servicios().leer() as sesion:
        pieza, version = _editable(sesion, pieza_id)
        choque = comparar(sesion, pieza, version, pedido.form, pedido.marca)
        hoja = armar(
            sesion,
            choque.campos,
            pedido.ahora,
            pieza=_abierta(pieza),
            marca=marca_de(pieza),
            choque=choque,
            borrador_id=pedido.borrador_id,
            serie=pedido.form.get("serie", type=int),
        )
        return _pintar(hoja), 409


def _pintar(hoja: Hoja) -> str:
    return render_template("redaccion/editor.html", hoja=hoja)


def _editable(sesion: Session, pieza_id: int) -> tuple[Pieza, Version]:
    pieza = sesion.scalar(select(Pieza).where(Pieza.id == pieza_id))
    if pieza is None or pieza.version is None or pieza.estado in CERRADAS:
        abort(404)
    return pieza, pieza.version


def _abierta(pieza: Pieza) -> Abierta:
    return Abierta(id=pieza.id, titulo=pieza.titulo, estado=pieza.estado, motivo=pieza.motivo)


def _elegir(suyos: list[BorradorDePantalla], cual: int | None) -> BorradorDePantalla | None:
    """El que se pidió o, si no se pidió ninguno, el último."""
    if cual is not None:
        return next((uno for uno in suyos if uno.id == cual), None)
    return suyos[0] if suyos else None


def _de_antes(
    previo: BorradorDePantalla | None, suyos: list[BorradorDePantalla]
) -> dict[str, object]:
    otros = tuple(uno for uno in suyos if uno is not previo)
    if previo is None:
        return {"otros": otros}
    return {
        "restaurado": previo.guardado_en,
        "borrador_id": previo.id,
        "serie": previo.serie,
        "otros": otros,
    }
