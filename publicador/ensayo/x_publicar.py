"""Publicar y borrar en la red X de ensayo, con los rechazos de la de verdad."""

from datetime import datetime, timedelta
from typing import Any, Final

from flask import Blueprint, jsonify, make_response, request
from flask.typing import ResponseReturnValue

from conectores.texto import LIMITE_X, largo_x, tiene_prohibidos, urls_en
from publicador.ensayo import x_errores
from publicador.ensayo.ajustes_red import ajuste
from publicador.ensayo.fallas import con_fallas
from publicador.ensayo.mundo import Entrada, Imagen, Mundo
from publicador.ensayo.x_cuentas import direccion, id_nuevo, usuario
from publicador.ensayo.x_errores import Rechazo, invalido, no_esta, problema, prohibido
from publicador.ensayo.x_esquema import faltas_de_cuerpo
from publicador.ensayo.x_permiso import quien
from publicador.ensayo.x_subidas import Subidas
from publicador.ensayo.x_texto import cuantas_cashtags, huella, presentar

VENTANA_REPETIDO_S: Final = 86_400
_EXCLUYENTES: Final = ("media", "poll", "quote_tweet_id", "card_uri")
# Solo para planes de empresa o cuentas con suscripción: la de ensayo no lo es.
_FUERA_DEL_PLAN: Final = ("quote_tweet_id", "edit_options", "nullcast", "card_uri")


class Escritura:
    """`POST` y `DELETE` de `/2/tweets` sobre un mundo."""

    def __init__(self, mundo: Mundo) -> None:
        """Guarda el mundo y aprende a escribir a mano."""
        self._mundo = mundo
        self._subidas = Subidas(mundo)
        # Por cuenta y huella del texto, los ids que lo llevan: mirar todo sería lento con miles.
        self._por_texto: dict[tuple[str, str], list[str]] = {}
        for entrada in mundo.entradas("x"):
            self._recordar(entrada)
        mundo.a_mano["x"] = self.a_mano

    def _recordar(self, entrada: Entrada) -> Entrada:
        clave = (entrada.cuenta, huella(entrada.texto))
        self._por_texto.setdefault(clave, []).append(entrada.id)
        return entrada

    def publicar(self) -> ResponseReturnValue:
        """`POST /2/tweets`."""
        cuenta = quien(self._mundo)
        cuerpo = request.get_json(silent=True)
        if not isinstance(cuerpo, dict):
            raise invalido([("body", "Requests with bodies must have valid JSON.")])
        _revisar_forma(cuerpo)
        texto = str(cuerpo.get("text", "")).strip()
        _revisar_texto(texto)
        ids = cuerpo.get("media", {}).get("media_ids", [])
        if not texto and not ids and "poll" not in cuerpo:
            raise invalido([("text", "Either `text` or `media.media_ids` is required.")])
        with self._mundo.cerrojo:
            imagenes = self._subidas.imagenes(cuenta, ids) if ids else []
            respuesta_a = cuerpo.get("reply", {}).get("in_reply_to_tweet_id")
            if respuesta_a is not None:
                self._revisar_respuesta(cuenta, respuesta_a)
            self._revisar_repetido(cuenta, texto)
            nueva = self._armar(cuenta, texto, self._mundo.ahora(), imagenes, respuesta_a)
            entrada = self._recordar(self._mundo.agregar(nueva))
        return _creada(entrada)

    def borrar(self, id_: str) -> ResponseReturnValue:
        """`DELETE /2/tweets/{id}`."""
        cuenta = quien(self._mundo)
        if not (id_.isdecimal() and len(id_) <= 19):
            raise invalido([("id", f"The `id` value [{id_}] is not valid")])
        with self._mundo.cerrojo:
            entrada = self._mundo.entrada("x", id_)
            if entrada is None or entrada.borrada:
                falta = no_esta(id_)
                raise Rechazo(
                    problema(404, "Not Found Error", falta["detail"], "resource-not-found")
                )
            if entrada.cuenta != cuenta:
                raise prohibido("You are not authorized to delete this Tweet.")
            entrada.borrada = True
            self._mundo.guardar(entrada)
        return jsonify({"data": {"deleted": True}})

    def a_mano(self, datos: dict[str, Any]) -> Entrada:
        """Una persona publica desde la aplicación de X; con `creada_en` ISO, en el pasado."""
        cuando = datos.get("creada_en")
        momento = datetime.fromisoformat(cuando) if cuando else self._mundo.ahora()
        texto, cuenta = str(datos["texto"]).strip(), str(datos["cuenta"])
        respuesta_a = datos.get("en_respuesta_a")
        with self._mundo.cerrojo:
            nueva = self._armar(cuenta, texto, momento, [], respuesta_a)
            return self._recordar(self._mundo.agregar(nueva))

    def _armar(
        self,
        cuenta: str,
        texto: str,
        momento: datetime,
        imagenes: list[Imagen],
        respuesta_a: str | None,
    ) -> Entrada:
        id_ = id_nuevo(self._mundo, momento)
        url = direccion(self._mundo, cuenta, id_)
        hecho = presentar(texto, id_, url, [(i.id, i.clase) for i in imagenes])
        madre = None if respuesta_a is None else self._mundo.entrada("x", respuesta_a)
        conversacion = id_ if madre is None else madre.extra.get("conversacion", madre.id)
        return Entrada(
            red="x",
            cuenta=cuenta,
            id=id_,
            texto=texto,
            url=url,
            creada_en=momento,
            visible_en=momento,
            imagenes=imagenes,
            enlace=next(iter(urls_en(texto)), None),
            en_respuesta_a=respuesta_a,
            extra={
                "texto_red": hecho.texto,
                "entidades": hecho.entidades,
                "conversacion": conversacion,
                "tipo": _tipo(imagenes, texto, respuesta_a),
            },
        )

    def _revisar_respuesta(self, cuenta: str, id_: str) -> None:
        madre = self._mundo.entrada("x", id_)
        if madre is None or madre.borrada:
            raise prohibido(
                "You attempted to reply to a Tweet that is deleted or not visible to you."
            )
        arroba = f"@{usuario(self._mundo, cuenta)}".casefold()
        if madre.cuenta != cuenta and arroba not in madre.texto.casefold():
            raise prohibido(
                "Reply to this conversation is not allowed because you have not been mentioned "
                "or otherwise engaged by the author of the post you are replying to."
            )

    def _revisar_repetido(self, cuenta: str, texto: str) -> None:
        """X rechaza por sí misma el texto que la cuenta ya publicó hace poco y no ha borrado."""
        ventana = float(ajuste(self._mundo, "x", "ventana_repetido_s", VENTANA_REPETIDO_S))
        if not texto or not ajuste(self._mundo, "x", "rechaza_repetidos", True):
            return
        desde = self._mundo.ahora() - timedelta(seconds=ventana)
        for id_ in self._por_texto.get((cuenta, huella(texto)), []):
            otra = self._mundo.entrada("x", id_)
            if otra is not None and not otra.borrada and otra.creada_en > desde:
                raise prohibido(x_errores.FRASE_REPETIDO)


def _revisar_forma(cuerpo: dict[str, Any]) -> None:
    if faltas := faltas_de_cuerpo("CreatePostsRequest", cuerpo):
        raise invalido(faltas)
    varios = [c for c in _EXCLUYENTES if c in cuerpo]
    if len(varios) > 1:
        frase = f"Only one of {', '.join(varios)} can be provided."
        raise invalido([(c, frase) for c in varios])
    if fuera := [c for c in _FUERA_DEL_PLAN if cuerpo.get(c)]:
        raise prohibido(
            f"Your access level does not allow: {', '.join(fuera)}.",
            "client-forbidden",
            reason="client-not-enrolled",
        )


def _revisar_texto(texto: str) -> None:
    if tiene_prohibidos(texto):
        raise invalido([("text", "The text contains characters that are not allowed.")])
    if largo_x(texto) > LIMITE_X:
        raise prohibido("Your Tweet text is too long.")
    if cuantas_cashtags(texto) > 1:
        raise prohibido("You may use a maximum of one cashtag per post.")


def _tipo(imagenes: list[Imagen], texto: str, respuesta_a: str | None) -> str:
    if respuesta_a is not None:
        return "hilo"
    if imagenes:
        primera = imagenes[0].clase
        if primera == "imagen":
            return "album" if len(imagenes) > 1 else "foto"
        return "video"
    return "enlace" if urls_en(texto) else "estado"


def _creada(entrada: Entrada) -> ResponseReturnValue:
    datos = {
        "id": entrada.id,
        "text": entrada.extra["texto_red"],
        "edit_history_tweet_ids": [entrada.id],
    }
    respuesta = make_response(jsonify({"data": datos}), 201)
    respuesta.headers["location"] = f"https://api.x.com/2/tweets/{entrada.id}"
    return respuesta


def montar(bp: Blueprint, mundo: Mundo) -> None:
    """Agrega `POST /2/tweets` (llamada `publicar`) y `DELETE /2/tweets/{id}` (`borrar`)."""
    escritura = Escritura(mundo)
    respuestas = x_errores.respuestas(mundo)
    bp.post("/2/tweets")(con_fallas(mundo, "x", "publicar", respuestas)(escritura.publicar))
    borrar = con_fallas(mundo, "x", "borrar", respuestas)(escritura.borrar)
    bp.delete("/2/tweets/<id_>")(borrar)
