"""Cómo presenta X una publicación al leerla, en sus dos dialectos."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from publicador.ensayo import x_cifras, x_cuentas
from publicador.ensayo.mundo import Entrada, Imagen, Mundo
from publicador.ensayo.x_errores import PROBLEMAS

_MEDIO: Final = {"imagen": "photo", "gif": "animated_gif", "video": "video"}
PRIVADOS: Final = ("non_public_metrics", "organic_metrics", "promoted_metrics")


def instante(momento: datetime) -> str:
    """Como los escribe X: UTC, milisegundos y `Z`."""
    utc = momento.astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"


class Vista:
    """Una petición de lectura: quién pregunta, qué campos quiere y en qué dialecto.

    `campos`: los de `tweet.fields` o `post.fields`; los que X no conoce se descartan en silencio.
    """

    def __init__(self, mundo: Mundo, cuenta: str, campos: set[str], *, nuevo: bool) -> None:
        """Prepara la vista; `nuevo` es el dialecto de `post.fields`."""
        self._mundo = mundo
        self._cuenta = cuenta
        self._campos = campos
        self._nuevo = nuevo
        self.errores: list[dict[str, Any]] = []
        self._lectores: dict[str, Callable[[Entrada], Any]] = {
            "created_at": lambda e: instante(e.creada_en),
            "entities": lambda e: e.extra.get("entidades") or None,
            "attachments": self._adjuntos,
            "conversation_id": lambda e: e.extra.get("conversacion", e.id),
            "lang": lambda _: "es",
            "possibly_sensitive": lambda _: False,
            "reply_settings": lambda _: "everyone",
            "public_metrics": lambda e: x_cifras.publicas(self._cifras(e), nuevo=nuevo),
            "non_public_metrics": lambda e: x_cifras.privadas(
                self._cifras(e), con_enlace=e.enlace is not None
            ),
            "organic_metrics": lambda e: x_cifras.organicas(
                self._cifras(e), con_enlace=e.enlace is not None, nuevo=nuevo
            ),
        }
        if not nuevo:
            # En el dialecto nuevo estos tres son expansiones, no campos.
            self._lectores["author_id"] = lambda e: e.cuenta
            self._lectores["referenced_tweets"] = self._referidas
            self._lectores["in_reply_to_user_id"] = self._respondida

    def publicacion(self, entrada: Entrada) -> dict[str, Any]:
        """El objeto de una publicación; lo negado queda en `errores`."""
        datos: dict[str, Any] = {
            "id": entrada.id,
            "text": entrada.extra.get("texto_red", entrada.texto),
            "edit_history_post_ids" if self._nuevo else "edit_history_tweet_ids": [entrada.id],
        }
        for nombre in sorted(self._campos & self._lectores.keys()):
            valor = None if self._negado(entrada, nombre) else self._lectores[nombre](entrada)
            if valor is not None:
                datos[nombre] = valor
        return datos

    def medio(self, imagen: Imagen, campos: set[str], raiz: str) -> dict[str, Any]:
        """El objeto de un medio en `includes.media`."""
        completo: dict[str, Any] = {
            "width": imagen.ancho_px,
            "height": imagen.alto_px,
            "alt_text": imagen.alt,
            "url": f"{raiz}x/medios/{imagen.sha256}" if imagen.clase == "imagen" else None,
        }
        pedido = {n: v for n, v in completo.items() if n in campos and v is not None}
        return {"media_key": imagen.id, "type": _MEDIO[imagen.clase], **pedido}

    def _negado(self, entrada: Entrada, nombre: str) -> bool:
        if nombre not in PRIVADOS:
            return False
        edad = self._mundo.ahora() - entrada.creada_en
        if entrada.cuenta == self._cuenta and edad <= x_cifras.PRIVADAS_HASTA:
            return False
        self.errores.append(
            {
                "resource_id": entrada.id,
                "parameter": "post.fields" if self._nuevo else "tweet.fields",
                "resource_type": "tweet",
                "field": nombre,
                "title": "Field Authorization Error",
                "section": "data",
                "detail": f"Sorry, you are not authorized to access the field '{nombre}' "
                f"on the Tweet with ids: [{entrada.id}].",
                "type": PROBLEMAS + "not-authorized-for-field",
            }
        )
        return True

    def _cifras(self, entrada: Entrada) -> dict[str, int]:
        dados = self._mundo.datos_de("x", entrada.cuenta).get("seguidores")
        ahora = self._mundo.ahora()
        total = x_cifras.seguidores_de(entrada.cuenta, dados, ahora)
        return x_cifras.cifras(entrada, total, ahora)

    def _adjuntos(self, entrada: Entrada) -> dict[str, Any] | None:
        return {"media_keys": [i.id for i in entrada.imagenes]} if entrada.imagenes else None

    def _referidas(self, entrada: Entrada) -> list[dict[str, str]] | None:
        if entrada.en_respuesta_a is None:
            return None
        return [{"type": "replied_to", "id": entrada.en_respuesta_a}]

    def _respondida(self, entrada: Entrada) -> str | None:
        madre = self._mundo.entrada("x", entrada.en_respuesta_a or "")
        return madre.cuenta if madre is not None else None

    def persona(self, cuenta: str, campos: set[str]) -> dict[str, Any]:
        """El objeto `user` de una cuenta."""
        return x_cuentas.como_json(self._mundo, cuenta, campos, nuevo=self._nuevo)
