"""De la respuesta de un sitio a lo que hay que hacer: por estado y `code`, nunca por su mensaje.

Un 401 es «no lo reconozco» (la credencial); un 403 con código, «lo reconozco y no puede»: le falta
papel para ESTA pieza. Por eso el 403 devuelve la pieza a una persona y no detiene la cuenta.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from requests import Response

from conectores.errores import (
    ContenidoRechazado,
    ErrorDeConector,
    LimiteAlcanzado,
    MalConfigurada,
    Pasajero,
    SinPermiso,
    SinRespuesta,
    YaNoEsta,
)

Json = dict[str, Any]

ESPERA_DE_CORTAFUEGOS = timedelta(minutes=10)
_ESPERA_MAXIMA = timedelta(hours=6)

# Con estos códigos WordPress responde 5xx aunque el rechazo es definitivo.
_ARCHIVO_RECHAZADO = frozenset({"rest_upload_sideload_error", "rest_upload_unknown_error"})

_CAPACIDADES: Mapping[str, str] = {
    "rest_cannot_create": "crear entradas o subir medios (edit_posts, upload_files)",
    "rest_cannot_publish": "publicar (publish_posts o publish_pages)",
    "rest_cannot_edit": "editar esa entrada (edit_posts)",
    "rest_cannot_edit_others": "publicar a nombre de otra persona (edit_others_posts)",
    "rest_cannot_delete": "borrar esa entrada (delete_published_posts)",
    "rest_cannot_assign_term": "usar esa categoría o etiqueta (assign_terms)",
}
_SIN_PERMISO = (
    "El sitio no reconoce al usuario o su contraseña de aplicación. Cree otra en el perfil del "
    "usuario del sitio y cámbiela en Cuentas."
)
_RARO = "El sitio no respondió con claridad."


def clasificar(respuesta: Response, *, ahora: datetime) -> ErrorDeConector:
    """El error que corresponde a una respuesta que no fue de éxito."""
    estado = respuesta.status_code
    codigo, datos = leer_fallo(respuesta)
    detalle = f"HTTP {estado} {codigo}".strip()
    if 300 <= estado < 400:
        return _redireccion(respuesta, detalle)
    if estado >= 500:
        return _del_servidor(respuesta, codigo, detalle, ahora)
    if estado == 429:
        hasta = espera_pedida(respuesta, ahora)
        return LimiteAlcanzado(
            "El sitio pide esperar: recibió demasiadas llamadas.",
            detalle=detalle,
            hasta=None if hasta is None else ahora + hasta,
        )
    if estado == 401:
        return SinPermiso(_SIN_PERMISO, detalle=detalle)
    return _de_la_pieza(estado, codigo, datos, detalle)


def leer_fallo(respuesta: Response) -> tuple[str, Json]:
    """El `code` y los `data` de un error de WordPress; vacíos si no es uno de los suyos."""
    if not es_json(respuesta):
        return "", {}
    try:
        cuerpo = respuesta.json()
    except ValueError:
        return "", {}
    if not isinstance(cuerpo, dict):
        return "", {}
    datos = cuerpo.get("data")
    codigo = cuerpo.get("code")
    return (
        codigo if isinstance(codigo, str) else "",
        datos if isinstance(datos, dict) else {},
    )


def es_json(respuesta: Response) -> bool:
    """Si la respuesta dice ser JSON."""
    return "json" in str(respuesta.headers.get("Content-Type", "")).lower()


def espera_pedida(respuesta: Response, ahora: datetime) -> timedelta | None:
    """Lo que dice `Retry-After`, en segundos o como fecha; nunca más de seis horas."""
    pedida = str(respuesta.headers.get("Retry-After", "")).strip()
    if not pedida:
        return None
    if pedida.isascii() and pedida.isdigit():
        espera = timedelta(seconds=min(int(pedida), 10**6))
    else:
        try:
            hasta = parsedate_to_datetime(pedida)
        except ValueError:
            return None
        espera = (hasta if hasta.tzinfo else hasta.replace(tzinfo=UTC)) - ahora
    return min(max(espera, timedelta(0)), _ESPERA_MAXIMA)


def _redireccion(respuesta: Response, detalle: str) -> ErrorDeConector:
    try:
        destino = urlsplit(str(respuesta.headers.get("Location", "")))
        sitio = f" ({destino.scheme}://{destino.netloc})" if destino.netloc else ""
    except ValueError:
        sitio = ""
    # Seguirla convertiría el envío en una lectura que parece un éxito.
    return MalConfigurada(
        f"El sitio manda a otra dirección{sitio}. Escriba en la cuenta la dirección final, "
        "con https y con o sin www tal como abre en el navegador.",
        detalle=detalle,
    )


def _del_servidor(
    respuesta: Response, codigo: str, detalle: str, ahora: datetime
) -> ErrorDeConector:
    if codigo in _ARCHIVO_RECHAZADO:
        return ContenidoRechazado(
            "El sitio no aceptó uno de los archivos: su tipo o su peso no se admiten. "
            "Cámbielo en la pieza.",
            detalle=detalle,
        )
    if codigo == "application_passwords_disabled":
        return MalConfigurada(
            "El sitio tiene apagadas las contraseñas de aplicación. Pida a quien lo administra "
            "que las encienda.",
            detalle=detalle,
        )
    espera = espera_pedida(respuesta, ahora)
    if respuesta.status_code == 503 and espera is not None:
        return Pasajero(
            "El sitio está en mantenimiento. Se intentará de nuevo cuando termine.",
            detalle=detalle,
            espera=espera,
        )
    return SinRespuesta(_RARO, detalle=detalle)


def _de_la_pieza(estado: int, codigo: str, datos: Json, detalle: str) -> ErrorDeConector:
    if estado == 403:
        return _prohibido(codigo, detalle)
    if estado in {404, 405, 406}:
        return _sin_ruta(estado, codigo, detalle)
    if estado == 410:
        return YaNoEsta(detalle=detalle)
    if estado == 408:
        return SinRespuesta(_RARO, detalle=detalle)
    if estado == 412:
        return Pasajero("El archivo llegó dañado al sitio. Se subirá otra vez.", detalle=detalle)
    if estado == 413:
        return ContenidoRechazado(
            "El sitio no recibe archivos de ese peso. Ponga uno más liviano, o pida a quien "
            "administra el sitio que suba el tope.",
            detalle=detalle,
        )
    return _rechazo(codigo, datos, detalle)


def _prohibido(codigo: str, detalle: str) -> ErrorDeConector:
    if not codigo.startswith("rest_"):
        return Pasajero(
            "Un cortafuegos del sitio frenó la llamada. Si se repite, pida a quien administra "
            "el sitio que permita la API a esta aplicación.",
            detalle=detalle,
            espera=ESPERA_DE_CORTAFUEGOS,
        )
    capacidad = _CAPACIDADES.get(codigo, f"hacer esto ({codigo})")
    return ContenidoRechazado(
        f"Al usuario del sitio le falta permiso para {capacidad}. Pida a quien administra el "
        "sitio que le dé el papel de editor y reintente.",
        detalle=detalle,
    )


def _sin_ruta(estado: int, codigo: str, detalle: str) -> ErrorDeConector:
    if estado == 404 and codigo and codigo != "rest_no_route":
        return YaNoEsta(detalle=detalle)
    return MalConfigurada(
        "En esa dirección no responde la API de WordPress. Revise la dirección del sitio y que "
        "ningún complemento la haya apagado.",
        detalle=detalle,
    )


def _rechazo(codigo: str, datos: Json, detalle: str) -> ErrorDeConector:
    parametros = datos.get("params")
    nombres = ", ".join(map(str, parametros)) if isinstance(parametros, dict | list) else ""
    que = f" ({nombres})" if nombres else ""
    return ContenidoRechazado(
        f"El sitio rechazó la entrada{que}. Revise la pieza; si está bien, avise a quien "
        "administra el sistema.",
        detalle=f"{detalle} {nombres}".strip(),
    )
