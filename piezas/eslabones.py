"""Cómo se sella un hecho de la bitácora con el anterior, igual en Python y dentro de la base."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, String, event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

COMIENZO = "0" * 64
"""Lo que precede al primer hecho."""
_FUNCION_SQLITE = "publicador_sellar"


class Sellado(GenericFunction[str]):
    """`sellar` dentro de una orden SQL: recibe la huella anterior y el texto canónico."""

    type = String()
    inherit_cache = True
    name = _FUNCION_SQLITE


@compiles(Sellado, "postgresql")
def _en_postgresql(elemento: Sellado, compilador: SQLCompiler, **kw: Any) -> str:
    anterior, texto = (compilador.process(parte, **kw) for parte in elemento.clauses)
    junto = f"CAST({anterior} AS text) || CAST({texto} AS text)"
    return f"encode(sha256(convert_to({junto}, 'UTF8')), 'hex')"


@event.listens_for(Engine, "connect")
def _al_conectar(conexion: Any, _registro: object) -> None:
    if isinstance(conexion, sqlite3.Connection):
        conexion.create_function(_FUNCION_SQLITE, 2, sellar, deterministic=True)


def sellar(anterior: str, texto: str) -> str:
    """La huella de un hecho: SHA-256 de la anterior seguida de su texto canónico."""
    return hashlib.sha256((anterior + texto).encode()).hexdigest()


def canonico(hecho: Mapping[str, Any]) -> str:
    """El hecho en JSON con un solo modo de escribirse: claves en orden, UTC y microsegundos."""
    listo = {nombre: _valor(valor) for nombre, valor in hecho.items()}
    return json.dumps(listo, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _valor(valor: Any) -> Any:
    if isinstance(valor, datetime):
        return valor.astimezone(UTC).isoformat(timespec="microseconds")
    return valor
