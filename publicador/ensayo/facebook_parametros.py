"""Qué parámetros y campos acepta cada llamada de la Graph API, según su especificación."""

import functools
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from publicador.ensayo.facebook_errores import ErrorGraph, parametro

_ESPECIFICACION: Final = Path(__file__).parent / "datos" / "graph-spec.json"

UNIVERSALES: Final = frozenset(
    {"fields", "appsecret_proof", "appsecret_time", "locale", "format", "pretty", "summary"}
)
DE_LISTA: Final = frozenset({"limit", "after", "before", "offset", "since", "until", "order"})

# Aristas que también se leen como campo, aunque la especificación las liste aparte.
CAMPOS_DE_ARISTA: Final[Mapping[str, frozenset[str]]] = {
    "PagePost": frozenset(
        {"attachments", "comments", "reactions", "likes", "insights", "sharedposts"}
    ),
    "Page": frozenset({"picture", "tasks", "published_posts"}),
    "Photo": frozenset({"comments", "likes"}),
    "AdVideo": frozenset({"comments", "likes", "thumbnails", "video_insights", "captions"}),
    "Comment": frozenset({"comments", "reactions"}),
}


@functools.cache
def especificacion() -> dict[str, Any]:
    """La especificación, leída una vez."""
    cruda: dict[str, Any] = json.loads(_ESPECIFICACION.read_text(encoding="utf-8"))
    return cruda


@functools.cache
def _arista(verbo: str, nodo: str, arista: str) -> dict[str, str] | None:
    for una in especificacion()["nodes"][nodo].get("edges", []):
        if una["method"] == verbo and una["path"].split("/")[2:] == ([arista] if arista else []):
            parametros: dict[str, str] = una["params"]
            return parametros
    return None


def revisar_parametros(verbo: str, nodo: str, arista: str, dados: Mapping[str, str]) -> None:
    """Lanza (#100) si algún parámetro no existe en esa llamada o no es de su tipo."""
    conocidos = _arista(verbo, nodo, arista)
    if conocidos is None:
        raise ErrorGraph(
            100, f"Unsupported {verbo.lower()} request: nonexisting edge ({arista})", subcodigo=33
        )
    for nombre, valor in dados.items():
        base = nombre.partition("[")[0]
        if base in UNIVERSALES or (verbo == "GET" and base in DE_LISTA):
            continue
        tipo = conocidos.get(base)
        if tipo is None:
            raise parametro(f"Unknown parameter: {base}")
        if base != nombre:
            _revisar_indexado(nombre, tipo, valor)
        elif not _es(tipo, valor):
            raise parametro(f"Param {nombre} must be of type {tipo}")


def _revisar_indexado(nombre: str, tipo: str, valor: str) -> None:
    if not re.fullmatch(r"\w+\[\d+\]", nombre) or not tipo.startswith("list"):
        raise parametro(f"Invalid parameter key: {nombre}")
    if tipo == "list<Object>" and not isinstance(leer_json(valor), dict):
        raise parametro(f"Param {nombre} must be a JSON object")


def leer_json(valor: str) -> Any:
    """El valor JSON de un campo, o `None` si no lo es."""
    try:
        return json.loads(valor)
    except ValueError:
        return None


def _es(tipo: str, valor: str) -> bool:
    if tipo.startswith("enum:"):
        return valor.upper() in {str(v).upper() for v in especificacion()["enums"][tipo[5:]]}
    if tipo.startswith("list"):
        return _es_lista(valor)
    prueba = _PRUEBAS.get(tipo)
    return prueba is None or prueba(valor)


def _es_lista(valor: str) -> bool:
    # Graph también toma listas de nombres separados por comas (`metric=a,b`).
    return isinstance(leer_json(valor), list) or bool(re.fullmatch(r"[\w.]+(,[\w.]+)*", valor))


def _es_instante(valor: str) -> bool:
    return instante(valor) is not None


def _es_objeto(valor: str) -> bool:
    # `place` y `parent_comment_id` figuran como objeto y se mandan como identificador.
    return isinstance(leer_json(valor), dict) or bool(re.fullmatch(r"[\d_]+", valor))


_PRUEBAS: Final = {
    # Los valores de Python («True») llegan así cuando el cliente no los convierte: no valen.
    "bool": lambda v: v in {"true", "false", "1", "0"},
    "uint": lambda v: v.isdigit(),
    "int": lambda v: v.lstrip("-").isdigit(),
    "datetime": _es_instante,
    "Object": _es_objeto,
    "map": _es_objeto,
}


def instante(valor: str) -> datetime | None:
    """Un instante en segundos Unix o ISO 8601, en UTC; `None` si no se entiende."""
    if re.fullmatch(r"\d{1,11}", valor):
        return datetime.fromtimestamp(int(valor), UTC)
    try:
        leido = datetime.fromisoformat(valor)
    except ValueError:
        return None
    return leido.astimezone(UTC) if leido.tzinfo else leido.replace(tzinfo=UTC)


def es_cierto(valor: str | None, *, si_falta: bool) -> bool:
    """El valor de un parámetro lógico ya revisado."""
    return si_falta if valor is None else valor in {"true", "1"}


def lista_de_objetos(dados: Mapping[str, str], nombre: str) -> list[dict[str, Any]] | None:
    """Una lista de objetos, venga en un solo campo JSON o en campos `nombre[0]`; `None` si no está.

    Un elemento que no es objeto vuelve como objeto vacío, para que quien lo use lo rechace.
    """
    indexados = sorted(
        (int(clave[len(nombre) + 1 : -1]), valor)
        for clave, valor in dados.items()
        if clave.startswith(f"{nombre}[")
    )
    if indexados:
        crudos = [leer_json(valor) for _, valor in indexados]
    elif nombre in dados:
        crudos = leer_json(dados[nombre]) or [None]
    else:
        return None
    return [crudo if isinstance(crudo, dict) else {} for crudo in crudos]


def partir_campos(texto: str) -> dict[str, str]:
    """`a,b{c,d},e.limit(0).summary(x)` → cada campo con lo que lleva entre llaves."""
    campos: dict[str, str] = {}
    actual, hondura = "", 0
    for letra in texto + ",":
        if letra == "," and hondura == 0:
            nombre = re.match(r"\s*(\w+)", actual)
            if nombre is not None:
                campos[nombre[1]] = actual.partition("{")[2].rpartition("}")[0]
            actual = ""
            continue
        hondura += (letra in "{(") - (letra in "})")
        actual += letra
    return campos


def elegir_campos(nodo: str, pedidos: str | None, por_omision: str) -> dict[str, str]:
    """Los campos pedidos; lanza (#100) si alguno no existe en ese nodo."""
    campos = partir_campos(pedidos or por_omision)
    validos = set(especificacion()["nodes"][nodo]["fields"]) | CAMPOS_DE_ARISTA.get(nodo, set())
    for campo in campos:
        if campo not in validos:
            raise parametro(f"Tried accessing nonexisting field ({campo}) on node type ({nodo})")
    return {"id": "", **campos}
