"""De la negativa de Graph a lo que hay que hacer: por código y subcódigo, nunca por estado HTTP.

Fuente: referencia de errores de Graph API y SDK oficiales de Meta, consultado 2026-08.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from conectores.errores import (
    ContenidoRechazado,
    CuentaBloqueada,
    ErrorDeConector,
    LimiteAlcanzado,
    MalConfigurada,
    Pasajero,
    PosibleDuplicado,
    SinPermiso,
    SinRespuesta,
)
from conectores.facebook.respuesta import FalloDeGrafo
from conectores.facebook.uso import espera_pedida

Clase = type[ErrorDeConector]

_RECONECTAR = "Vuelva a conectar la página en Cuentas."

_DE_TOKEN: dict[int, str] = {
    458: f"Alguien retiró la aplicación de la página de Facebook. {_RECONECTAR}",
    459: "Facebook pide revisar la cuenta de quien conectó la página: que entre a facebook.com, "
    "atienda el aviso y vuelva a conectarla en Cuentas.",
    460: f"Quien conectó la página cambió su contraseña de Facebook. {_RECONECTAR}",
    463: f"El permiso de la página de Facebook venció. {_RECONECTAR}",
    464: "La cuenta de quien conectó la página está sin confirmar: que la confirme en "
    "facebook.com y vuelva a conectarla en Cuentas.",
    466: f"Facebook anuló el permiso de la página. {_RECONECTAR}",
    467: f"El permiso de la página de Facebook dejó de valer. {_RECONECTAR}",
    483: "Facebook espera el consentimiento de quien conectó la página: que entre a facebook.com "
    "y vuelva a conectarla en Cuentas.",
    492: "Quien conectó la página ya no tiene un papel en ella. Devuélvaselo en Facebook o "
    "conéctela con otra persona en Cuentas.",
    493: f"La aplicación está inactiva para quien conectó la página. {_RECONECTAR}",
}
_TOKEN = f"Facebook ya no acepta el permiso de la página. {_RECONECTAR}"
_SIN_PERMISO = (
    "A la conexión con Facebook le falta un permiso o venció su acceso a datos. "
    "Vuelva a conectar la página en Cuentas y acepte todos los permisos."
)
_FALTA_PAPEL = (
    "Facebook no deja publicar en la página con esta conexión. Confirme que quien la conectó "
    "puede crear contenido en ella y vuelva a conectarla en Cuentas aceptando todos los permisos."
)
_COMO_PERSONA = (
    "La conexión actúa como una persona y no como la página. "
    "Vuelva a conectar en Cuentas con el permiso de la página."
)
_LIMITE = "Facebook pide esperar: la página llegó a su límite de llamadas. Se seguirá después."
_REPETIDO = "Facebook dice que ya recibió esta publicación. Se revisará la página antes de seguir."
_RARO = (
    "Facebook no respondió con claridad. Se mirará en la página si la publicación salió "
    "antes de hacer algo más."
)
_RARO_LECTURA = "Facebook no respondió con claridad. Se intentará de nuevo."
_ENLACE = (
    "Facebook no pudo abrir el enlace. Confirme que la dirección es pública y abre sin clave, "
    "y apruebe la pieza otra vez."
)
_IMAGEN = "Facebook no aceptó la imagen. Guárdela otra vez como JPG o PNG y cámbiela en la pieza."
_VIDEO = "Facebook no aceptó el video. Expórtelo otra vez en MP4 (H.264 y AAC) y cámbielo."

_POR_SUBCODIGO: dict[int, tuple[Clase, str]] = {
    1366051: (PosibleDuplicado, _REPETIDO),
    1404082: (PosibleDuplicado, _REPETIDO),
    1390008: (
        CuentaBloqueada,
        "Facebook frenó la página por publicar demasiado seguido. Espere un día y aumente el "
        "tiempo entre publicaciones antes de reanudarla.",
    ),
    1346003: (
        CuentaBloqueada,
        "Facebook frenó la página porque alguien denunció el contenido. Entre a Facebook y "
        "revise el aviso antes de reanudarla.",
    ),
    1404112: (
        CuentaBloqueada,
        "Facebook limitó la cuenta por unos días. Entre a Facebook y revise hasta cuándo "
        "antes de reanudarla.",
    ),
    4854002: (
        CuentaBloqueada,
        "Facebook pide confirmar la identidad de quien maneja la página. Hágalo en facebook.com "
        "y después reanude la cuenta.",
    ),
    1404006: (
        CuentaBloqueada,
        "Facebook pide una revisión de seguridad. Entre a facebook.com, complétela y después "
        "reanude la cuenta.",
    ),
    1404102: (
        CuentaBloqueada,
        "Facebook dice que el contenido incumple sus normas y frenó la página. Entre a Facebook "
        "y revise el aviso antes de reanudarla.",
    ),
    1404078: (
        CuentaBloqueada,
        "Facebook exige a la página la autorización para publicar. Una persona que la administre "
        "debe completarla en facebook.com; después reanude la cuenta.",
    ),
    1363120: (SinPermiso, "Facebook aún no deja transmitir: la cuenta es muy nueva."),
    1363144: (SinPermiso, "Facebook aún no deja transmitir: la página tiene pocos seguidores."),
    1363040: (
        ContenidoRechazado,
        "Facebook no acepta la proporción del video. Úselo entre 16:9 y 9:16.",
    ),
    1363127: (
        ContenidoRechazado,
        "Facebook no acepta la resolución del video. Expórtelo con más píxeles.",
    ),
    1363128: (
        ContenidoRechazado,
        "Facebook no acepta la duración del video. Recórtelo y cámbielo en la pieza.",
    ),
    1363129: (
        ContenidoRechazado,
        "Facebook no acepta los cuadros por segundo del video. Expórtelo entre 24 y 60.",
    ),
    1366046: (
        ContenidoRechazado,
        "Facebook no acepta la imagen: pesa más de 4 MB o no es JPG ni PNG. Cámbiela en la pieza.",
    ),
    2069019: (ContenidoRechazado, _IMAGEN),
    1349125: (ContenidoRechazado, _IMAGEN),
    1609005: (ContenidoRechazado, _ENLACE),
    1609008: (
        ContenidoRechazado,
        "Facebook no deja compartir ese enlace de Facebook. Cámbielo en la pieza.",
    ),
    2061006: (ContenidoRechazado, _ENLACE),
}

_POR_CODIGO: dict[int, tuple[Clase, str]] = {
    **dict.fromkeys((4, 9, 17, 32, 341, 613), (LimiteAlcanzado, _LIMITE)),
    **dict.fromkeys((102, 190, 412), (SinPermiso, _TOKEN)),
    3: (
        MalConfigurada,
        "La aplicación de Facebook no tiene habilitada esta función. Revísela en el sitio de "
        "desarrolladores de Meta.",
    ),
    10: (SinPermiso, _SIN_PERMISO),
    104: (
        SinPermiso,
        "Facebook no reconoció la firma de la conexión. Revise el secreto de la aplicación en "
        "Cuentas y vuelva a conectar la página.",
    ),
    324: (ContenidoRechazado, _IMAGEN),
    352: (ContenidoRechazado, _VIDEO),
    368: (
        CuentaBloqueada,
        "Facebook bloqueó la página por un tiempo por sus normas. Entre a Facebook, revise el "
        "aviso y reanude la cuenta cuando se levante.",
    ),
    382: (ContenidoRechazado, "Facebook no aceptó el video: es demasiado pequeño. Cámbielo."),
    389: (ContenidoRechazado, _VIDEO),
    506: (PosibleDuplicado, _REPETIDO),
    1500: (ContenidoRechazado, _ENLACE),
    1705: (SinPermiso, _COMO_PERSONA),
    2500: (
        MalConfigurada,
        "Facebook no entendió la llamada. Revise la dirección de la red y el id de la página.",
    ),
    2635: (
        MalConfigurada,
        "La versión de Facebook con la que trabaja el sistema fue retirada. Pida a quien lo "
        "administra que la actualice.",
    ),
    6000: (ContenidoRechazado, _VIDEO),
    6001: (ContenidoRechazado, _VIDEO),
}
# Los subcódigos mandan, y varios llegan también como código.
_POR_CODIGO |= _POR_SUBCODIGO

CODIGOS_DE_TOKEN = frozenset({102, 190})
_PASAJEROS = frozenset(
    {1, 2, 1363047, 1609010, 1363019, 1363021, 1363030, 1363033, 1363037, 1363041, 1363011}
)
_FIRMA = "appsecret_proof"


def clasificar(fallo: FalloDeGrafo, *, publica: bool, ahora: datetime) -> ErrorDeConector:
    """El error de la casa. `publica`: la llamada podía hacer visible algo, así que ante lo
    ambiguo hay duda; si no, es pasajero."""
    conocido = _conocido(fallo)
    if conocido is not None:
        clase, mensaje = conocido
        if clase is LimiteAlcanzado:
            hasta = espera_pedida(fallo.cabeceras, ahora)
            return LimiteAlcanzado(mensaje, detalle=fallo.detalle, hasta=hasta)
        return clase(mensaje, detalle=fallo.detalle)
    if _es_pasajero(fallo):
        if publica:
            return SinRespuesta(_RARO, detalle=fallo.detalle)
        return Pasajero(
            "Facebook no está disponible por ahora. Se intentará de nuevo.", detalle=fallo.detalle
        )
    return _desconocido(fallo, publica=publica)


def _conocido(fallo: FalloDeGrafo) -> tuple[Clase, str] | None:
    codigo, subcodigo = fallo.codigo, fallo.subcodigo
    if subcodigo is not None and subcodigo in _POR_SUBCODIGO:
        return _POR_SUBCODIGO[subcodigo]
    if codigo in CODIGOS_DE_TOKEN and subcodigo is not None:
        return SinPermiso, _DE_TOKEN.get(subcodigo, _TOKEN)
    if subcodigo in _PASAJEROS:
        return None
    return _por_codigo(fallo, codigo)


def _por_codigo(fallo: FalloDeGrafo, codigo: int | None) -> tuple[Clase, str] | None:
    if codigo is None:
        return (LimiteAlcanzado, _LIMITE) if fallo.estado == 429 else None
    if codigo == 100 and _FIRMA in str(fallo.message):
        return _POR_CODIGO[104]
    if 80_000 <= codigo <= 80_014:
        return LimiteAlcanzado, _LIMITE
    if 200 <= codigo <= 299:
        return SinPermiso, _FALTA_PAPEL
    return _POR_CODIGO.get(codigo)


def _es_pasajero(fallo: FalloDeGrafo) -> bool:
    return fallo.es_pasajero or fallo.codigo in _PASAJEROS or fallo.subcodigo in _PASAJEROS


def _desconocido(fallo: FalloDeGrafo, *, publica: bool) -> ErrorDeConector:
    if 300 <= fallo.estado < 400 and not publica:
        return MalConfigurada(
            "La dirección de Facebook lleva a otro sitio. Revise la dirección de la red en los "
            "ajustes.",
            detalle=fallo.detalle,
        )
    # Sin un error legible no se sabe quién contestó: puede ser un intermediario tras la red.
    if fallo.codigo is None or fallo.estado >= 500:
        return SinRespuesta(_RARO if publica else _RARO_LECTURA, detalle=fallo.detalle)
    if fallo.para_personas:
        mensaje = f"Facebook no aceptó el contenido: {fallo.para_personas}"
    else:
        mensaje = "Facebook no aceptó el contenido. Revise el texto, el enlace y los medios."
    return ContenidoRechazado(mensaje, detalle=fallo.detalle)


@contextmanager
def en_palabras(ahora: Callable[[], datetime], *, publica: bool = False) -> Iterator[None]:
    """Todo `FalloDeGrafo` de adentro sale como un error de la casa, sin encadenar el original."""
    try:
        yield
    except FalloDeGrafo as fallo:
        raise clasificar(fallo, publica=publica, ahora=ahora()) from None
