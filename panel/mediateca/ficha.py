"""Un medio: lo que se sabe de él, dónde se usa, y guardarlo, archivarlo o bajarlo."""

from pathlib import PurePath
from typing import Any

from flask import Response as Respuesta
from flask import abort, flash, render_template, request, send_file
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from cola.derechos import EN_LA_CALLE, entregas_de, versiones_con
from conectores.contrato import Clase
from panel.acceso import EQUIPO, REDACTORES, persona, requiere
from panel.cabeceras import POLITICA_DE_ARCHIVOS
from panel.mediateca.base import pantalla
from panel.mediateca.filtros import fecha_de
from panel.mediateca.lista import a_la_ficha
from panel.mediateca.palabras import LICENCIAS
from panel.palabras import Rotulo
from panel.servicios import servicios
from piezas.autorizaciones import autorizaciones_de, dia_de, medio_de
from piezas.busqueda import parecidos
from piezas.campanias import Campania
from piezas.derechos import faltas_de
from piezas.errores import ErrorDePiezas, MedioFalta, NoEncontrada
from piezas.fichas import Ficha, desarchivar, guardar_ficha, poner_subtitulos
from piezas.fichas import archivar as sacar_de_la_vista
from piezas.medios import Licencia, Medio
from piezas.personas import Persona
from piezas.versiones import Pieza, Version
from piezas.videos import SUBTITULOS_PESO_MAXIMO

_FINALES = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif",
    "video/mp4": ".mp4", "video/quicktime": ".mov", "video/webm": ".webm",
}  # fmt: skip


@pantalla.get("/<int:medio_id>")
@requiere(EQUIPO)
def ver(medio_id: int) -> str:
    """La ficha."""
    return _pintar(medio_id, {})


def _pintar(medio_id: int, escrito: dict[str, Any], fallas: tuple[str, ...] = ()) -> str:
    """La pantalla; `escrito` es lo que no se pudo guardar, para que nadie lo escriba otra vez."""
    ahora = servicios().ahora()
    with servicios().leer() as sesion:
        medio = sesion.get(Medio, medio_id)
        if medio is None:
            abort(404)
        original = medio_de(sesion, medio.origen_id)
        entregas = entregas_de(sesion, medio.id)
        return render_template(
            "mediateca/ficha.html",
            medio=medio,
            original=original,
            escrito=escrito,
            fallas=fallas,
            campania=sesion.get(Campania, medio.campania_id) if medio.campania_id else None,
            campanias=sesion.scalars(select(Campania.nombre).order_by(Campania.nombre)).all(),
            equipo=sesion.scalars(
                select(Persona.nombre).where(Persona.activa).order_by(Persona.nombre)
            ).all(),
            licencias=LICENCIAS,
            falta=faltas_de(sesion, [medio.id], ahora=ahora).get(medio.id),
            autorizaciones=autorizaciones_de(sesion, medio),
            hoy=dia_de(ahora),
            piezas=_piezas_con(sesion, medio.id),
            entregas=entregas,
            por_retirar=[p for p in entregas if p.estado in EN_LA_CALLE],
            recortes=sesion.scalars(
                select(Medio).where(Medio.derivado_de_id == medio.id, Medio.archivado_en.is_(None))
            ).all(),
            parecidos=parecidos(sesion, medio),
            subio=sesion.get(Persona, medio.subido_por),
            puede_editar=persona().puede(REDACTORES),
            es_imagen=medio.clase is Clase.IMAGEN,
            rotulo=_rotulo,
        )


def _rotulo(tono: str, signo: str, palabra: str) -> Rotulo:
    return Rotulo(tono=tono, signo=signo, palabra=palabra)


def _piezas_con(sesion: Session, medio_id: int) -> list[Pieza]:
    """Las piezas que lo llevan en su versión vigente o en alguna anterior."""
    con = select(Version.pieza_id).where(Version.id.in_(versiones_con(medio_id)))
    pedido = select(Pieza).options(joinedload(Pieza.version)).where(Pieza.id.in_(con))
    return list(sesion.scalars(pedido.order_by(Pieza.id.desc()).limit(100)))


@pantalla.post("/<int:medio_id>")
@requiere(REDACTORES)
def guardar(medio_id: int) -> Response | tuple[str, int]:
    """Guarda la ficha."""
    escrito = request.form.to_dict()
    licencia = escrito.get("licencia", "")
    ficha = Ficha(
        titulo=escrito.get("titulo", ""),
        evento=escrito.get("evento", ""),
        fecha=fecha_de(escrito.get("fecha", "")),
        responsable=escrito.get("responsable", ""),
        credito=escrito.get("credito", ""),
        licencia=Licencia(licencia) if licencia in set(Licencia) else Licencia.SIN_DECIR,
        texto_alternativo=escrito.get("texto_alternativo", ""),
        campania=escrito.get("campania") or None,
        hay_personas="hay_personas" in escrito,
        hay_menores="hay_menores" in escrito,
    )
    try:
        with servicios().sesiones.begin() as sesion:
            guardar_ficha(sesion, medio_id, ficha, por=persona().id, ahora=servicios().ahora())
    except NoEncontrada:
        abort(404)
    except ErrorDePiezas as error:
        return _pintar(medio_id, escrito, tuple(getattr(error, "fallas", (error.mensaje,)))), 422
    flash("Quedó guardado.", "bien")
    return a_la_ficha(medio_id)


@pantalla.post("/<int:medio_id>/archivar")
@requiere(REDACTORES)
def archivar(medio_id: int) -> Response:
    """Lo saca de la vista, o lo devuelve."""
    devuelve = "devolver" in request.form
    hacer = desarchivar if devuelve else sacar_de_la_vista
    try:
        with servicios().sesiones.begin() as sesion:
            hacer(sesion, medio_id, por=persona().id, ahora=servicios().ahora())
    except NoEncontrada:
        abort(404)
    except ErrorDePiezas as error:
        flash(error.mensaje, "mal")
    else:
        frase = "Volvió a la mediateca." if devuelve else "Quedó archivado. Puede devolverlo aquí."
        flash(frase, "bien")
    return a_la_ficha(medio_id)


@pantalla.post("/<int:medio_id>/subtitulos")
@requiere(REDACTORES)
def subtitular(medio_id: int) -> Response:
    """Recibe los subtítulos de un video."""
    archivo = request.files.get("subtitulos")
    datos = archivo.stream.read(SUBTITULOS_PESO_MAXIMO + 1) if archivo is not None else b""
    try:
        if not datos:
            raise ErrorDePiezas("Elija el archivo de subtítulos, SRT o VTT.")
        with servicios().sesiones.begin() as sesion:
            poner_subtitulos(
                sesion,
                servicios().almacen,
                medio_id,
                datos,
                por=persona().id,
                ahora=servicios().ahora(),
            )
    except NoEncontrada:
        abort(404)
    except ErrorDePiezas as error:
        flash(error.mensaje, "mal")
    else:
        flash("Los subtítulos quedaron puestos.", "bien")
    return a_la_ficha(medio_id, "subtitulos")


@pantalla.get("/<int:medio_id>/subtitulos.vtt")
@requiere(EQUIPO)
def ver_subtitulos(medio_id: int) -> Response:
    """Los subtítulos, para el reproductor."""
    with servicios().leer() as sesion:
        medio = sesion.get(Medio, medio_id)
        huella = None if medio is None else medio.subtitulos_huella
    if huella is None or not servicios().almacen.hay(huella):
        abort(404)
    return _servir(send_file(servicios().almacen.camino(huella), mimetype="text/vtt"))


@pantalla.get("/<int:medio_id>/original")
@requiere(EQUIPO)
def bajar(medio_id: int) -> Response:
    """El original, sin metadatos, con un nombre que dice qué es."""
    with servicios().leer() as sesion:
        medio = sesion.get(Medio, medio_id)
        if medio is None:
            abort(404)
        nombre = PurePath(medio.titulo or medio.nombre_original).stem[:80] or "medio"
        tipo, huella = medio.tipo, medio.huella
    try:
        ruta = servicios().almacen.camino(huella)
    except MedioFalta:
        abort(404)
    final = _FINALES.get(tipo, "")
    return _servir(
        send_file(ruta, mimetype=tipo, as_attachment=True, download_name=f"{nombre}{final}")
    )


def _servir(respuesta: Respuesta) -> Response:
    respuesta.headers["Content-Security-Policy"] = POLITICA_DE_ARCHIVOS
    respuesta.headers["Cache-Control"] = "private, no-cache"
    return respuesta
