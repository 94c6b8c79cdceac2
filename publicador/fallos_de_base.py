"""Los fallos de la base de datos, dichos en una frase para las personas."""

import errno

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, TimeoutError

OCUPADA = (
    "La base de datos está ocupada por otro proceso. "
    "Espere a que termine, o ciérrelo, y repita la orden."
)
SIN_ESPACIO = "No queda espacio en el disco de la base de datos. Libere espacio y repita."
SIN_PREPARAR = "La base de datos está sin preparar. Corra `publicador preparar`."
SIN_CONEXION = (
    "No se pudo conectar con el servidor de base de datos. "
    "Revise que esté encendido y la dirección de PUBLICADOR_BASE_DATOS."
)
SIN_ENTRADA = (
    "El servidor de base de datos no aceptó el usuario o la contraseña de PUBLICADOR_BASE_DATOS."
)
SIN_BASE = (
    "El servidor de base de datos no tiene esa base o ese usuario. "
    "Créelos, o corrija PUBLICADOR_BASE_DATOS."
)
SIN_DERECHOS = (
    "El usuario de la base de datos no tiene los permisos que hacen falta. "
    "Hágalo dueño de la base y repita."
)
DESCONOCIDO = (
    "La base de datos no respondió como se esperaba. "
    "Revise que exista y que `publicador preparar` haya terminado bien."
)

# PostgreSQL habla el idioma de su servidor: se reconoce por código, no por palabras.
_POR_CODIGO = {
    "55P03": OCUPADA,
    "40P01": OCUPADA,
    "53100": SIN_ESPACIO,
    "42P01": SIN_PREPARAR,
    "28P01": SIN_ENTRADA,
    "28000": SIN_ENTRADA,
    "3D000": SIN_BASE,
    "42501": SIN_DERECHOS,
    "25P03": "La base de datos cerró una operación que tardó demasiado. Repita la orden.",
}

_POR_PALABRAS = (
    ("database is locked", OCUPADA),
    (
        "readonly database",
        "La base de datos es de solo lectura. "
        "Dé permiso de escritura a la carpeta de datos y al archivo, y repita.",
    ),
    (
        "unable to open database file",
        "No se pudo abrir el archivo de la base de datos. Revise que la carpeta de datos exista "
        "y que este usuario pueda escribir en ella.",
    ),
    ("disk is full", SIN_ESPACIO),
    # SQLite también dice esto si al disco lleno no le cabe ni su archivo de turnos.
    (
        "disk I/O error",
        "El disco de la base de datos no dejó leer o escribir: puede estar lleno o dañado. "
        "Revise el espacio libre y el disco, y repita.",
    ),
    (
        "file is not a database",
        "El archivo de la base de datos no es una base SQLite. Restaure un respaldo.",
    ),
    ("malformed", "El archivo de la base de datos está dañado. Restaure un respaldo."),
    ("no such table", SIN_PREPARAR),
    ("no such column", SIN_PREPARAR),
    ("authentication failed", SIN_ENTRADA),
    ("does not exist", SIN_BASE),
    ("connection", SIN_CONEXION),
)


class ErrorDeBase(Exception):
    """La base de datos no se puede usar; `mensaje` dice por qué y qué hacer."""

    def __init__(self, mensaje: str) -> None:
        self.mensaje = mensaje
        super().__init__(mensaje)


def explicar(error: SQLAlchemyError | OSError) -> str:
    """Qué pasó con la base y qué hacer, en una frase. Sin direcciones, valores ni claves."""
    if isinstance(error, OSError):
        return f"No se pudo usar la carpeta de datos: {_motivo_del_sistema(error)}"
    if isinstance(error, TimeoutError):
        return OCUPADA
    causa: object = error.orig if isinstance(error, DBAPIError) else error
    codigo = getattr(causa, "sqlstate", None)
    if codigo in _POR_CODIGO:
        return _POR_CODIGO[codigo]
    texto = str(causa)
    return next((frase for senial, frase in _POR_PALABRAS if senial in texto), DESCONOCIDO)


def _motivo_del_sistema(error: OSError) -> str:
    ruta = f" ({error.filename})" if error.filename else ""
    match error.errno:
        case errno.EACCES | errno.EPERM:
            return f"este usuario no puede escribir en ella{ruta}. Corrija los permisos y repita."
        case errno.ENOENT:
            return f"no existe{ruta}. Créela y repita."
        case errno.ENOTDIR | errno.EEXIST:
            return f"hay un archivo donde debería haber una carpeta{ruta}. Muévalo y repita."
        case errno.ENOSPC | errno.EDQUOT:
            return "no queda espacio en el disco. Libere espacio y repita."
        case errno.EROFS:
            return f"el disco es de solo lectura{ruta}. Use otra carpeta en PUBLICADOR_DATOS."
    return f"{error.strerror or type(error).__name__}{ruta}."
