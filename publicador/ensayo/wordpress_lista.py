"""Listar y filtrar entradas, páginas y medios como la API de WordPress."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import Response, jsonify, make_response

from publicador.ensayo.wordpress_errores import Rechazo, invalido
from publicador.ensayo.wordpress_estado import ZONA, Estado, Pieza, instante, slug_de
from publicador.ensayo.wordpress_permisos import exigir_contexto, puede_leer
from publicador.ensayo.wordpress_peticion import ESTADOS, Peticion
from publicador.ensayo.wordpress_vista import como_json

Filtro = Callable[[Pieza], bool]
_DE_ENTRADA = (*ESTADOS, "any", "trash")
_DE_MEDIO = ("inherit", "private", "trash")


def listar(estado: Estado, tipo: str, p: Peticion) -> Response:
    """`GET` de una colección, con `X-WP-Total` y `X-WP-TotalPages`."""
    exigir_contexto(p, "edit_pages" if tipo == "page" else "edit_posts")
    filtros = [_por_estado(p, tipo), *_por_fecha(p), *_por_campo(p)]
    elegidas = [
        pieza
        for pieza in estado.piezas(tipo)
        if all(f(pieza) for f in filtros) and puede_leer(p, pieza)
    ]
    clave = {"id": lambda x: x["id"], "slug": lambda x: x["slug"], "title": lambda x: x["titulo"]}
    ordenar = clave.get(str(p.datos.get("orderby", "date")), lambda x: (estado.fecha(x), x["id"]))
    elegidas.sort(key=ordenar, reverse=p.datos.get("order", "desc") != "asc")
    return paginar(p, elegidas, lambda pieza: como_json(estado, pieza, editar=p.editar))


def paginar(
    p: Peticion, todos: Sequence[Any], mostrar: Callable[[Any], dict[str, Any]]
) -> Response:
    """Una página de una lista, con sus cabeceras; pasarse de la última es 400."""
    por_pagina, pagina = p.entero("per_page"), p.entero("page")
    por_pagina, pagina = 10 if por_pagina is None else por_pagina, 1 if pagina is None else pagina
    if not 1 <= por_pagina <= 100:
        frase = "per_page must be between 1 (inclusive) and 100 (inclusive)"
        raise invalido("per_page", frase, "rest_out_of_bounds")
    if pagina < 1:
        raise invalido("page", "page must be greater than or equal to 1", "rest_out_of_bounds")
    paginas = -(-len(todos) // por_pagina)
    if pagina > max(1, paginas):
        frase = "The page number requested is larger than the number of pages available."
        raise Rechazo(400, "rest_post_invalid_page_number", frase)
    desde = (pagina - 1) * por_pagina
    respuesta = make_response(jsonify([mostrar(x) for x in todos[desde : desde + por_pagina]]))
    respuesta.headers["X-WP-Total"] = str(len(todos))
    respuesta.headers["X-WP-TotalPages"] = str(paginas)
    return respuesta


def _por_estado(p: Peticion, tipo: str) -> Filtro:
    es_medio = tipo == "attachment"
    pedidos = p.lista("status") or ["inherit" if es_medio else "publish"]
    validos = _DE_MEDIO if es_medio else _DE_ENTRADA
    if malos := [e for e in pedidos if e not in validos]:
        frase = f"status[0] is not one of {', '.join(validos)}."
        raise invalido("status", frase, "rest_not_in_enum" if malos else None)
    if pedidos not in (["publish"], ["inherit"]) and not p.puede("edit_posts"):
        raise invalido("status", "Status is forbidden.", "rest_forbidden_status")
    # `any` no incluye la papelera.
    admitidos = {*pedidos, *(ESTADOS if "any" in pedidos else ())}
    return lambda pieza: pieza["estado"] in admitidos


def _por_fecha(p: Peticion) -> list[Filtro]:
    filtros: list[Filtro] = []
    for campo, atributo, sentido in (
        ("after", "fecha", 1),
        ("before", "fecha", -1),
        ("modified_after", "modificada", 1),
        ("modified_before", "modificada", -1),
    ):
        if valor := p.texto(campo):
            try:
                limite = instante(valor, ZONA)
            except ValueError:
                raise invalido(campo, "Invalid date.", "rest_invalid_date") from None
            filtros.append(_comparar(atributo, limite, sentido))
    return filtros


def _comparar(atributo: str, limite: datetime, sentido: int) -> Filtro:
    def cumple(pieza: Pieza) -> bool:
        momento = datetime.fromisoformat(pieza[atributo] or pieza["modificada"])
        return (momento - limite).total_seconds() * sentido > 0

    return cumple


def _por_campo(p: Peticion) -> list[Filtro]:
    filtros: list[Filtro] = []
    if slugs := p.lista("slug"):
        buscados = {slug_de(s) for s in slugs}
        filtros.append(lambda pieza: pieza["slug"] in buscados)
    if (palabras := (p.texto("search") or "").casefold().split()) != []:
        filtros.append(lambda pieza: all(x in _buscable(pieza) for x in palabras))
    for campo, atributo in (("include", "id"), ("author", "autor"), ("parent", "padre")):
        if ids := p.enteros(campo):
            filtros.append(_entre(atributo, set(ids)))
    if fuera := p.enteros("exclude"):
        filtros.append(lambda pieza: pieza["id"] not in fuera)
    for campo, atributo in (("categories", "categorias"), ("tags", "etiquetas")):
        if ids := p.enteros(campo):
            filtros.append(_cruza(atributo, set(ids)))
    return filtros


def _entre(atributo: str, ids: set[int]) -> Filtro:
    return lambda pieza: pieza[atributo] in ids


def _cruza(atributo: str, ids: set[int]) -> Filtro:
    return lambda pieza: bool(ids.intersection(pieza[atributo]))


def _buscable(pieza: Pieza) -> str:
    return f"{pieza['titulo']}\n{pieza['extracto']}\n{pieza['contenido']}".casefold()
