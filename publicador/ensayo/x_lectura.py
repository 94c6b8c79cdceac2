"""Leer la red X de ensayo: publicaciones, línea de tiempo propia y cuentas."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from publicador.ensayo import x_errores
from publicador.ensayo.fallas import con_fallas
from publicador.ensayo.mundo import Entrada, Mundo
from publicador.ensayo.x_errores import invalido, no_esta, prohibido
from publicador.ensayo.x_esquema import faltas_de_consulta
from publicador.ensayo.x_permiso import quien
from publicador.ensayo.x_vista import Vista

ALCANZA: Final = 3200
ALCANZA_SIN_RESPUESTAS: Final = 800


def _lista(nombre: str) -> list[str]:
    return [parte for parte in request.args.get(nombre, "").split(",") if parte]


class Lectura:
    """Las rutas de lectura sobre un mundo."""

    def __init__(self, mundo: Mundo) -> None:
        """Guarda el mundo."""
        self._mundo = mundo

    def _vista(self, ruta: str) -> Vista:
        cuenta = quien(self._mundo)
        if faltas := faltas_de_consulta("GET", ruta, request.args):
            raise invalido(faltas)
        nuevo = "post.fields" in request.args
        campos = {*_lista("tweet.fields"), *_lista("post.fields")}
        return Vista(self._mundo, cuenta, campos, nuevo=nuevo)

    def varias(self) -> ResponseReturnValue:
        """`GET /2/tweets?ids=`."""
        vista = self._vista("/2/tweets")
        halladas: list[Entrada] = []
        for id_ in _lista("ids"):
            entrada = self._visible(id_)
            if entrada is None:
                vista.errores.append({**no_esta(id_), "parameter": "ids"})
            else:
                halladas.append(entrada)
        return self._responder(vista, halladas, None)

    def una(self, id_: str) -> ResponseReturnValue:
        """`GET /2/tweets/{id}`; si no está, 200 con `errors` y sin `data`, como responde X."""
        vista = self._vista("/2/tweets/{id}")
        if not (id_.isdecimal() and len(id_) <= 19):
            raise invalido([("id", f"The `id` value [{id_}] is not valid")])
        entrada = self._visible(id_)
        if entrada is None:
            return jsonify({"errors": [no_esta(id_)]})
        cuerpo = self._cuerpo(vista, [entrada])
        return jsonify({**cuerpo, "data": cuerpo["data"][0]})

    def yo(self) -> ResponseReturnValue:
        """`GET /2/users/me`."""
        vista = self._vista("/2/users/me")
        return jsonify({"data": vista.persona(quien(self._mundo), set(_lista("user.fields")))})

    def linea(self, id_: str) -> ResponseReturnValue:
        """`GET /2/users/{id}/tweets`: de la más nueva a la más vieja."""
        vista = self._vista("/2/users/{id}/tweets")
        if not (id_.isdecimal() and len(id_) <= 19):
            raise invalido([("id", f"The `id` value [{id_}] is not valid")])
        excluye = _lista("exclude")
        tope = ALCANZA_SIN_RESPUESTAS if "replies" in excluye else ALCANZA
        todas = sorted(self._mundo.visibles("x", id_), key=lambda e: int(e.id), reverse=True)
        if "replies" in excluye:
            todas = [e for e in todas if e.en_respuesta_a is None]
        cumple = _filtro()
        elegidas = [e for e in todas[:tope] if cumple(e)]
        return self._paginar(vista, elegidas)

    def _paginar(self, vista: Vista, elegidas: Sequence[Entrada]) -> ResponseReturnValue:
        cuantas = int(request.args.get("max_results", 10))
        desde = _abrir(request.args.get("pagination_token"))
        pagina = elegidas[desde : desde + cuantas]
        meta: dict[str, Any] = {"result_count": len(pagina)}
        if pagina:
            meta |= {"newest_id": pagina[0].id, "oldest_id": pagina[-1].id}
        if desde + cuantas < len(elegidas):
            meta["next_token"] = _cerrar(desde + cuantas)
        if desde:
            meta["previous_token"] = _cerrar(max(0, desde - cuantas))
        return self._responder(vista, pagina, meta)

    def _responder(
        self, vista: Vista, entradas: Sequence[Entrada], meta: dict[str, Any] | None
    ) -> ResponseReturnValue:
        cuerpo = self._cuerpo(vista, entradas)
        if meta is not None:
            cuerpo["meta"] = meta
        return jsonify(cuerpo)

    def _cuerpo(self, vista: Vista, entradas: Sequence[Entrada]) -> dict[str, Any]:
        cuerpo: dict[str, Any] = {}
        if entradas:
            cuerpo["data"] = [vista.publicacion(e) for e in entradas]
        if incluye := self._incluido(vista, entradas):
            cuerpo["includes"] = incluye
        if vista.errores:
            cuerpo["errors"] = vista.errores
        return cuerpo

    def _incluido(self, vista: Vista, entradas: Sequence[Entrada]) -> dict[str, Any]:
        expansiones = set(_lista("expansions"))
        incluye: dict[str, Any] = {}
        imagenes = {i.id: i for e in entradas for i in e.imagenes}
        if "attachments.media_keys" in expansiones and imagenes:
            campos = set(_lista("media.fields"))
            raiz = request.host_url
            incluye["media"] = [vista.medio(i, campos, raiz) for i in imagenes.values()]
        if "author_id" in expansiones and entradas:
            cuentas = sorted({e.cuenta for e in entradas})
            campos = set(_lista("user.fields"))
            incluye["users"] = [vista.persona(c, campos) for c in cuentas]
        return incluye

    def _visible(self, id_: str) -> Entrada | None:
        entrada = self._mundo.entrada("x", id_)
        if entrada is None or entrada.borrada or entrada.visible_en > self._mundo.ahora():
            return None
        return entrada

    def analitica(self) -> ResponseReturnValue:
        """`GET /2/tweets/analytics` y otras de planes mayores: esta aplicación no las tiene."""
        quien(self._mundo)
        raise prohibido(
            "This endpoint is not available in your current plan.",
            "client-forbidden",
            reason="client-not-enrolled",
        )


def _filtro() -> Callable[[Entrada], bool]:
    """Lo que piden `start_time`, `end_time`, `since_id` y `until_id`."""
    desde, hasta = _momento("start_time"), _momento("end_time")
    tras, antes = request.args.get("since_id"), request.args.get("until_id")

    def cumple(entrada: Entrada) -> bool:
        return (
            (desde is None or entrada.creada_en >= desde)
            and (hasta is None or entrada.creada_en < hasta)
            and (tras is None or int(entrada.id) > int(tras))
            and (antes is None or int(entrada.id) < int(antes))
        )

    return cumple


def _momento(nombre: str) -> datetime | None:
    crudo = request.args.get(nombre)
    if not crudo:
        return None
    try:
        return datetime.fromisoformat(crudo)
    except ValueError:
        raise invalido([(nombre, f"{nombre}: is an invalid date-time (RFC 3339, UTC)")]) from None


def _cerrar(desde: int) -> str:
    return base64.b32encode(f"p{desde}".encode()).decode().rstrip("=").lower()


def _abrir(ficha: str | None) -> int:
    if ficha is None:
        return 0
    try:
        crudo = base64.b32decode(ficha.upper() + "=" * (-len(ficha) % 8)).decode()
        return int(crudo.removeprefix("p"))
    except (binascii.Error, ValueError):
        raise invalido([("pagination_token", f"Invalid pagination_token [{ficha}]")]) from None


def montar(bp: Blueprint, mundo: Mundo) -> None:
    """Agrega las rutas de lectura; todas son la llamada `leer`."""
    lectura = Lectura(mundo)
    leer = con_fallas(mundo, "x", "leer", x_errores.respuestas(mundo))
    bp.get("/2/tweets")(leer(lectura.varias))
    bp.get("/2/tweets/<id_>")(leer(lectura.una))
    bp.get("/2/users/me")(leer(lectura.yo))
    bp.get("/2/users/<id_>/tweets")(leer(lectura.linea))
    bp.add_url_rule("/2/tweets/analytics", "analitica", leer(lectura.analitica))
