"""Todas las pantallas del panel, sacadas de sus rutas: una nueva entra sola en fotos y pruebas."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter, Rule

from cola.estados import Estado
from cola.publicaciones import Publicacion
from panel.acceso import papeles_de
from piezas.base import Base
from piezas.personas import Papel
from piezas.versiones import EstadoPieza, Pieza

DE_MAS = (
    "/cola?estado=todas",
    "/cola?estado=por_resolver",
    "/calendario?vista=semana",
    "/no-existe",
)
"""Lo que una ruta muestra de otra manera según lo que se le pida. Aquí se agregan más."""
CON_EJEMPLO = {"mes": "2026-11", "periodo": "2026-11", "red": "facebook"}
"""Valores de las partes de una ruta que no son un número de la base."""
ESPECIALES = {
    "aprobacion.ver": select(func.max(Pieza.id)).where(Pieza.estado == EstadoPieza.EN_REVISION),
    "dudas.mirar": select(func.max(Publicacion.id)).where(Publicacion.estado == Estado.EN_DUDA),
}
"""De dónde sale el número donde no sirve cualquiera."""
QUIENES = (Papel.JEFATURA, Papel.COMMUNITY, Papel.REDACCION, Papel.ADMINISTRACION, Papel.REVISION)
"""Con quién se abre cada una: el primero de esta lista que pueda."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pantalla:
    """Una pantalla y quién la abre; `papel` nulo si no pide entrar."""

    nombre: str
    camino: str
    papel: Papel | None


def pantallas_de(app: Flask, sesion: Session) -> list[Pantalla]:
    """Las que se pueden abrir con lo que hay en esa base, con ejemplos en cada parte."""
    halladas = list(_de_las_rutas(app, sesion))
    halladas += [
        Pantalla(nombre=_en_nombre(camino), camino=camino, papel=Papel.JEFATURA)
        for camino in DE_MAS
    ]
    return halladas


def _de_las_rutas(app: Flask, sesion: Session) -> Iterator[Pantalla]:
    ejemplos: dict[str, Any] = {"alias": _un_alias(sesion)} | CON_EJEMPLO
    for regla in app.url_map.iter_rules():
        if "GET" not in (regla.methods or ()):
            continue
        valores = {
            parte: _una_especial(sesion, regla.endpoint) or _un_numero(sesion, parte)
            if isinstance(conversor, IntegerConverter)
            else ejemplos.get(parte)
            for parte, conversor in regla._converters.items()
        }
        if None not in valores.values():
            camino = app.url_map.bind("127.0.0.1").build(regla.endpoint, valores)
            yield Pantalla(nombre=regla.endpoint, camino=camino, papel=_quien(app, regla))


def _quien(app: Flask, regla: Rule) -> Papel | None:
    papeles = papeles_de(app.view_functions[regla.endpoint])
    if papeles is None:
        return None
    return next((papel for papel in QUIENES if papel in papeles), None)


def _un_numero(sesion: Session, parte: str) -> int | None:
    """El de la fila más nueva de la tabla que nombra la parte: `pieza_id` → `pieza`."""
    tabla = Base.metadata.tables.get(parte.removesuffix("_id"))
    if tabla is None:
        return None
    return sesion.scalar(select(func.max(tabla.c.id)))


def _una_especial(sesion: Session, ruta: str) -> int | None:
    """Donde no sirve cualquier fila: solo se decide una pieza que espera, o una duda abierta."""
    condicion = ESPECIALES.get(ruta)
    return sesion.scalar(condicion) if condicion is not None else None


def _un_alias(sesion: Session) -> str | None:
    cuenta = Base.metadata.tables["cuenta"]
    return sesion.scalar(select(func.min(cuenta.c.alias)))


def _en_nombre(camino: str) -> str:
    return re.sub(r"\W+", "-", camino).strip("-")
