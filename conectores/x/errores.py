"""Qué significa cada negativa de X; de su respuesta a uno de nuestros errores, sin decidir nada.

Fuente: documentación de errores de X y lo observado por terceros, consultado 2026-08. Los textos de
X pueden cambiar: se comparan sin mayúsculas, y lo que no se reconoce nunca se toma por éxito.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from conectores.errores import (
    ContenidoRechazado,
    CuentaBloqueada,
    ErrorDeConector,
    LimiteAlcanzado,
    MalConfigurada,
    MedioPerdido,
    Pasajero,
    PosibleDuplicado,
    SinPermiso,
    SinRespuesta,
    SinSaldo,
    YaNoEsta,
)

ESPERA_MIN = timedelta(seconds=60)
ESPERA_MAX = timedelta(hours=24)
ESPERA_SIN_DATOS = timedelta(minutes=15)
_FAMILIAS_24H = ("x-app-limit-24hour", "x-user-limit-24hour")


@dataclass(frozen=True, slots=True, kw_only=True)
class Negativa:
    """La respuesta de X, ya leída: lo que hace falta para clasificarla."""

    estado: int
    tipo: str
    """Último tramo de `type`: `credits`, `invalid-request`… (el dominio cambia)."""
    texto: str
    """Título, detalle y mensajes, en minúsculas."""
    codigos: frozenset[int]
    """Códigos de la v1.1, que también llegan por la v2."""
    es_json: bool


def leer_json(respuesta: requests.Response) -> dict[str, Any] | None:
    """El objeto JSON de la respuesta, o `None` si no es un objeto JSON."""
    try:
        datos = respuesta.json()
    except ValueError:
        return None
    return datos if isinstance(datos, dict) else None


def leer(respuesta: requests.Response) -> Negativa:
    """Lee una respuesta de error en cualquiera de las dos formas que usa X."""
    datos = leer_json(respuesta)
    cuerpo = datos or {}
    lista = cuerpo.get("errors")
    errores = [e for e in lista if isinstance(e, dict)] if isinstance(lista, list) else []
    palabras = [cuerpo.get(c) for c in ("title", "detail", "reason", "error", "error_description")]
    palabras += [e.get("message") for e in errores]
    return Negativa(
        estado=respuesta.status_code,
        tipo=str(cuerpo.get("type") or "").rstrip("/").rsplit("/", 1)[-1].lower(),
        texto=" · ".join(str(p) for p in palabras if p).lower(),
        codigos=frozenset(e["code"] for e in errores if isinstance(e.get("code"), int)),
        es_json=datos is not None,
    )


def clasificar(
    respuesta: requests.Response, *, publica: bool, ahora: datetime, detalle: str = ""
) -> ErrorDeConector:
    """El error que corresponde a una respuesta que no es 2xx.

    `publica`: si la llamada era la que publica; entonces una falla de X deja duda.
    """
    n = leer(respuesta)
    if n.estado < 300:
        return SinRespuesta(detalle=detalle)
    if n.estado >= 500 or n.estado == 408:
        # Un 5xx puede llegar con la publicación ya hecha; al leer o subir no pasa nada.
        return (SinRespuesta if publica else Pasajero)(detalle=detalle)
    if n.estado == 429:
        return _limite(n, respuesta, ahora, detalle)
    for regla in _REGLAS:
        if regla.vale(n):
            return regla.clase(regla.mensaje, detalle=detalle)
    return ContenidoRechazado(
        "X rechazó la publicación sin decir con claridad por qué. Revise el texto y los medios.",
        detalle=detalle,
    )


def _limite(
    n: Negativa, respuesta: requests.Response, ahora: datetime, detalle: str
) -> ErrorDeConector:
    if "usage-capped" in n.tipo or "usagecapexceeded" in n.texto or "usage cap" in n.texto:
        return LimiteAlcanzado(
            "La aplicación de X llegó a su tope de consumo del mes. "
            "Amplíelo en la consola de X o espere al próximo ciclo.",
            detalle=detalle,
            hasta=ahora + ESPERA_MAX,
        )
    return LimiteAlcanzado(detalle=detalle, hasta=hasta_cuando(respuesta, ahora))


def hasta_cuando(respuesta: requests.Response, ahora: datetime) -> datetime:
    """Cuándo volver a llamar, según los encabezados; a lo sumo un día.

    Los momentos que da X se estiran a un minuto: su reloj y el nuestro no son el mismo.
    """
    # La cuota de 24 horas puede estar agotada aunque `x-rate-limit-remaining` muestre saldo.
    diarios = [
        momento
        for familia in _FAMILIAS_24H
        if _entero(respuesta, f"{familia}-remaining") == 0
        and (momento := _momento(respuesta, f"{familia}-reset")) is not None
    ]
    hasta = max(diarios) if diarios else _momento(respuesta, "x-rate-limit-reset")
    if hasta is None:
        segundos = _entero(respuesta, "retry-after")
        espera = ESPERA_SIN_DATOS if segundos is None else timedelta(seconds=max(segundos, 1))
        return ahora + min(espera, ESPERA_MAX)
    return min(max(hasta, ahora + ESPERA_MIN), ahora + ESPERA_MAX)


def _momento(respuesta: requests.Response, encabezado: str) -> datetime | None:
    segundos = _entero(respuesta, encabezado)
    try:
        return None if segundos is None else datetime.fromtimestamp(segundos, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _entero(respuesta: requests.Response, encabezado: str) -> int | None:
    valor = respuesta.headers.get(encabezado, "").strip()
    # Más de doce cifras no es un momento ni una espera: es basura.
    return int(valor) if valor.isascii() and valor.isdigit() and len(valor) <= 12 else None


@dataclass(frozen=True, slots=True)
class _Regla:
    vale: Callable[[Negativa], bool]
    clase: type[ErrorDeConector]
    mensaje: str | None = None


def _es(
    *estados: int, tipo: str = "", frases: tuple[str, ...] = (), codigos: tuple[int, ...] = ()
) -> Callable[[Negativa], bool]:
    """Vale si el estado está entre `estados` y coincide alguna seña (o no se pidió ninguna)."""

    def vale(n: Negativa) -> bool:
        if estados and n.estado not in estados:
            return False
        return all(not s for s in (tipo, frases, codigos)) or any(_senias(n))

    def _senias(n: Negativa) -> Iterator[bool]:
        yield bool(tipo) and tipo in n.tipo
        yield any(frase in n.texto for frase in frases)
        yield not n.codigos.isdisjoint(codigos)

    return vale


# El orden importa: de arriba abajo, vale la primera.
_REGLAS = (
    _Regla(
        lambda n: 300 <= n.estado < 400,
        MalConfigurada,
        "La dirección de X responde con un desvío. Revise la dirección de la API en los ajustes.",
    ),
    _Regla(_es(402), SinSaldo),
    _Regla(_es(tipo="credits", frases=("creditsdepleted",)), SinSaldo),
    _Regla(
        _es(400, 401, 403, codigos=(135,), frases=("timestamp out of bounds",)),
        SinPermiso,
        "X no acepta la hora de este servidor. Ponga el reloj en hora y reanude la cuenta.",
    ),
    _Regla(
        _es(
            tipo="suspended",
            codigos=(64, 326, 226),
            frases=(
                "account is suspended",
                "account is temporarily locked",
                "looks like it might be automated",
            ),
        ),
        CuentaBloqueada,
    ),
    _Regla(
        _es(codigos=(185,), frases=("daily limit",)),
        LimiteAlcanzado,
        "La cuenta llegó al máximo de publicaciones del día en X. Seguirá cuando X lo permita.",
    ),
    _Regla(_es(401), SinPermiso),
    _Regla(_es(codigos=(32, 89, 215)), SinPermiso),
    _Regla(
        _es(400, 403, frases=("duplicate content", "status is a duplicate"), codigos=(187,)),
        PosibleDuplicado,
    ),
    _Regla(
        _es(403, tipo="oauth1-permissions", codigos=(261,)),
        SinPermiso,
        "Las llaves de X son de solo lectura. Dé permiso de escritura a la aplicación, "
        "genere llaves nuevas y vuelva a conectar la cuenta.",
    ),
    _Regla(
        _es(403, tipo="client-forbidden", frases=("client-not-enrolled",)),
        MalConfigurada,
        "La aplicación de X no está inscrita en un proyecto. Revísela en la consola de X.",
    ),
    _Regla(
        _es(403, tipo="unsupported-authentication", codigos=(453,)),
        MalConfigurada,
        "La credencial de X no sirve para publicar en nombre de la cuenta. Conéctela de nuevo.",
    ),
    _Regla(_es(400, 403, frases=("media ids are invalid",), codigos=(324, 325)), MedioPerdido),
    _Regla(
        _es(
            400, 403, frases=("text is too long", "tweet needs to be a bit shorter"), codigos=(186,)
        ),
        ContenidoRechazado,
        "El texto es más largo de lo que admite X. Acórtelo o envíelo como hilo.",
    ),
    _Regla(
        _es(
            403,
            frases=("reply to this conversation is not allowed", "deleted or not visible"),
            codigos=(385,),
        ),
        ContenidoRechazado,
        "X no deja responder a la publicación anterior: se borró o ya no es visible.",
    ),
    _Regla(
        _es(403, frases=("maximum of one cashtag",)),
        ContenidoRechazado,
        "X admite un solo símbolo bursátil por publicación ($ y letras). Quite los demás.",
    ),
    _Regla(
        _es(400, 403, frases=("invalid url",), codigos=(407,)),
        ContenidoRechazado,
        "X no acepta el enlace de la publicación. Revíselo.",
    ),
    _Regla(
        _es(403, frases=("video longer than",)),
        ContenidoRechazado,
        "El video es más largo de lo que X permite a esta cuenta.",
    ),
    _Regla(
        _es(400, 403, codigos=(323, 386)),
        ContenidoRechazado,
        "X no admite esa combinación de medios: hasta cuatro imágenes, o un GIF, o un video.",
    ),
    _Regla(
        _es(413),
        ContenidoRechazado,
        "X rechazó un archivo por su tamaño. Use uno más liviano.",
    ),
    _Regla(
        _es(404, tipo="resource-not-found", frases=("not found error",), codigos=(34, 144)),
        YaNoEsta,
    ),
    _Regla(
        lambda n: n.estado == 404,
        MalConfigurada,
        "La dirección de X no responde como la API. Revísela en los ajustes.",
    ),
    # Una página en vez de JSON la puso un intermediario: X no llegó a mirar el contenido.
    _Regla(lambda n: not n.es_json, Pasajero),
    _Regla(
        _es(403, frases=("not permitted to perform this action",)),
        ContenidoRechazado,
        "X no permite esta publicación a la cuenta: puede ser el texto, un medio o un privilegio. "
        "Pruébela a mano en X.",
    ),
    _Regla(
        _es(400, tipo="invalid-request"),
        ContenidoRechazado,
        "X no entendió la publicación. Revise el texto y los medios.",
    ),
)
