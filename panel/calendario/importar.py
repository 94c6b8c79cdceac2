"""Importar una parrilla con vista previa: cada falla en su celda, y se arregla ahí mismo."""

import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePath

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from cola.errores import ErrorDeCola
from cola.parrilla.columnas import COLUMNAS
from cola.parrilla.fallas import ParrillaConFallas
from cola.parrilla.mesa import (
    Revision,
    corregir,
    importar_mesa,
    mesas_de,
    poner_en_mesa,
    revisar_mesa,
)
from cola.parrilla.subidos import Subido
from cola.parrilla.subidos import recibir as recibir_archivos
from panel.acceso import REDACTORES, requiere
from panel.calendario.base import pantalla
from panel.filtros import plural
from panel.servicios import servicios

TITULOS = {
    "pieza": "Pieza", "texto": "Texto", "texto_facebook": "Texto de Facebook",
    "texto_x": "Texto de X", "texto_wordpress": "Texto del sitio", "enlace": "Enlace",
    "imagenes": "Imágenes", "textos_alternativos": "Textos alternativos", "video": "Video",
    "subtitulos": "Subtítulos", "campania": "Campaña", "etiquetas": "Etiquetas",
    "cuentas": "Cuentas", "fecha": "Fecha", "hora": "Hora", "actividad": "Actividad",
    "dependencia": "Dependencia", "primer_comentario": "Primer comentario", "hilo": "Hilo",
}  # fmt: skip
SIEMPRE = frozenset({"pieza", "texto", "cuentas", "fecha", "hora"})


@pantalla.get("/calendario/importar")
@requiere(REDACTORES)
def elegir_parrilla() -> str:
    """Elegir el archivo, o seguir con uno que quedó a medias."""
    return _elegir(())


@pantalla.post("/calendario/importar")
@requiere(REDACTORES)
def recibir() -> Response | tuple[str, int]:
    """Recibe la parrilla y sus archivos, y la deja en la mesa."""
    parrilla = request.files.get("parrilla")
    if parrilla is None or not parrilla.filename:
        return _elegir(("Elija el archivo de la parrilla, .csv o .xlsx.",)), 422
    try:
        subidos = _subidos()
        with tempfile.TemporaryDirectory() as carpeta:
            ruta = Path(carpeta) / f"parrilla{PurePath(parrilla.filename).suffix.lower()[:8]}"
            parrilla.save(ruta)
            with servicios().sesiones.begin() as sesion:
                mesa_id = poner_en_mesa(
                    sesion,
                    ruta,
                    subidos,
                    nombre=PurePath(parrilla.filename).name,
                    por=g.persona.id,
                    ahora=servicios().ahora(),
                )
    except ParrillaConFallas as error:
        return _elegir(tuple(str(falla) for falla in error.fallas)), 422
    except ErrorDeCola as error:
        return _elegir((error.mensaje,)), 422
    return redirect(url_for(".ver_mesa", mesa_id=mesa_id), code=303)


@pantalla.get("/calendario/importar/<int:mesa_id>")
@requiere(REDACTORES)
def ver_mesa(mesa_id: int) -> str:
    """La vista previa."""
    with servicios().leer() as sesion:
        revision = revisar_mesa(sesion, mesa_id, por=g.persona.id)
    return _mostrar(revision)


@pantalla.post("/calendario/importar/<int:mesa_id>")
@requiere(REDACTORES)
def corregir_mesa(mesa_id: int) -> Response:
    """Guarda lo corregido; si se pidió importar, entran las filas buenas elegidas."""
    celdas = dict(_celdas())
    ahora = servicios().ahora()
    try:
        subidos = _subidos()
    except ErrorDeCola as error:
        subidos = {}
        flash(error.mensaje, "mal")
    with servicios().sesiones.begin() as sesion:
        revision = corregir(
            sesion,
            mesa_id,
            celdas,
            omitidas=_numeros("omitir"),
            subidos=subidos,
            por=g.persona.id,
            ahora=ahora,
        )
        if request.form.get("hacer") == "importar":
            entraron = importar_mesa(
                sesion,
                mesa_id,
                en_revision=request.form.get("en_revision") == "si",
                por=g.persona.id,
                ahora=ahora,
            )
            return _tras_importar(revision, entraron)
    _decir_como_quedo(revision)
    return redirect(url_for(".ver_mesa", mesa_id=mesa_id) + "#filas", code=303)


def _tras_importar(revision: Revision, entraron: tuple[int, ...]) -> Response:
    faltan = len(revision.malas)
    if entraron:
        flash(_cuantas_entraron(len(entraron)), "bien")
    if faltan:
        flash(f"{plural(faltan, 'fila queda', 'filas quedan')} por corregir aquí.", "duda")
        return redirect(url_for(".ver_mesa", mesa_id=revision.mesa_id) + "#filas", code=303)
    if not entraron:
        flash("Todo lo de esta parrilla ya había entrado.", "bien")
    fechas = sorted(f.celdas.get("fecha", "")[:7] for f in revision.filas if not f.omitida)
    return redirect(url_for(".ver", mes=fechas[0] if fechas else None), code=303)


def _cuantas_entraron(cuantas: int) -> str:
    esperan = request.form.get("en_revision") == "si"
    if cuantas == 1:
        return f"Entró 1 pieza {'y espera aprobación' if esperan else 'como borrador'}."
    return f"Entraron {cuantas} piezas {'y esperan aprobación' if esperan else 'como borradores'}."


def _decir_como_quedo(revision: Revision) -> None:
    if revision.malas:
        frase = plural(len(revision.malas), "fila con algo", "filas con algo")
        flash(f"Guardado. Queda {frase} por corregir.", "duda")
    else:
        flash("Guardado. Ya se puede importar todo.", "bien")


def _elegir(fallas: tuple[str, ...]) -> str:
    with servicios().leer() as sesion:
        anteriores = [
            {"id": m.id, "nombre": m.nombre, "en": m.cambiada_en}
            for m in mesas_de(sesion, g.persona.id)
        ]
    return render_template("importar.html", fallas=fallas, anteriores=anteriores, columnas=COLUMNAS)


def _mostrar(revision: Revision) -> str:
    usadas = {c for fila in revision.filas for c, v in fila.celdas.items() if v.strip()}
    falladas = {f.columna for fallas in revision.fallas.values() for f in fallas}
    columnas = [c for c in COLUMNAS if c in SIEMPRE | usadas | falladas]
    return render_template("mesa.html", revision=revision, columnas=columnas, titulos=TITULOS)


def _celdas() -> Iterator[tuple[tuple[int, str], str]]:
    """`celda-3-hora` → ((3, "hora"), lo escrito)."""
    for nombre, valor in request.form.items():
        partes = nombre.split("-", 2)
        if len(partes) == 3 and partes[0] == "celda" and partes[1].isdigit():
            yield (int(partes[1][:9]), partes[2]), valor.replace("\r\n", "\n")


def _numeros(nombre: str) -> frozenset[int]:
    return frozenset(int(n[:9]) for n in request.form.getlist(nombre) if n.isdigit())


def _subidos() -> dict[str, Subido]:
    llegados: list[FileStorage] = [f for f in request.files.getlist("archivos") if f.filename]
    return recibir_archivos(((str(f.filename), f.read()) for f in llegados), servicios().almacen)
