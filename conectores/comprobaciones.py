"""Del permiso que dice la red a una lista de comprobaciones que se leen una por una; puro."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from conectores.contrato import Permiso, Red
from conectores.enlace import Comprobacion

_FACEBOOK: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        "pages_show_list": ("Ver la lista de páginas", True),
        "pages_manage_posts": ("Publicar, corregir y retirar en la página", True),
        "pages_read_engagement": ("Leer lo publicado, para saber si salió", True),
        "pages_read_user_content": ("Leer los comentarios de otras personas", False),
        "pages_manage_engagement": ("Escribir el primer comentario", False),
        "read_insights": ("Leer las cifras de la página", False),
    }
)
_WORDPRESS: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        "edit_posts": ("Crear borradores", True),
        "publish_posts": ("Publicar entradas", True),
        "upload_files": ("Subir imágenes y videos", True),
        "publish_pages": ("Publicar páginas", False),
        "manage_categories": ("Crear categorías", False),
        "edit_others_posts": ("Publicar a nombre de otra persona", False),
    }
)
_X: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        "read": ("Leer lo publicado, para saber si salió", True),
        "write": ("Publicar y retirar", True),
    }
)
_POR_RED: Mapping[Red, Mapping[str, tuple[str, bool]]] = MappingProxyType(
    {Red.FACEBOOK: _FACEBOOK, Red.WORDPRESS: _WORDPRESS, Red.X: _X}
)
_REMEDIO: Mapping[Red, str] = MappingProxyType(
    {
        Red.FACEBOOK: (
            "Vuelva a conectar la página y, en la pantalla de Facebook, deje marcado este permiso."
        ),
        Red.WORDPRESS: (
            "Pida a quien administra el sitio que dé este permiso al usuario, o use uno con papel "
            "de editor."
        ),
        Red.X: (
            "Dé a la aplicación permiso de lectura y escritura en la consola de X, genere llaves "
            "nuevas y vuelva a conectar."
        ),
    }
)
_TAREAS: tuple[tuple[str, str, bool], ...] = (
    ("CREATE_CONTENT", "Quien conecta puede crear contenido en la página", True),
    ("MODERATE", "Quien conecta puede responder comentarios", False),
    ("ANALYZE", "Quien conecta puede ver las cifras", False),
)


def por_alcances(red: Red, dados: Iterable[str]) -> tuple[Comprobacion, ...]:
    """Una comprobación por cada permiso que esta casa usa en la red."""
    tiene = frozenset(dados)
    return tuple(
        Comprobacion(
            que=que,
            bien=alcance in tiene,
            remedio="" if alcance in tiene else _REMEDIO[red],
            impide=impide,
        )
        for alcance, (que, impide) in _POR_RED.get(red, {}).items()
    )


def por_tareas(tareas: Iterable[str]) -> tuple[Comprobacion, ...]:
    """Lo que la persona puede hacer en su página de Facebook."""
    tiene = frozenset(tareas)
    return tuple(
        Comprobacion(
            que=que,
            bien=tarea in tiene,
            remedio=""
            if tarea in tiene
            else "Pida a quien administra la página que le dé esa tarea, y vuelva a conectar.",
            impide=impide,
        )
        for tarea, que, impide in _TAREAS
    )


def de_permiso(red: Red, permiso: Permiso) -> tuple[Comprobacion, ...]:
    """Lo que dijo la red al verificar, una cosa por renglón."""
    viva = Comprobacion(
        que="La red acepta la conexión",
        bien=permiso.vale or bool(permiso.alcances),
        remedio="" if permiso.vale or permiso.alcances else _primera(permiso),
    )
    if not viva.bien:
        return (viva,)
    suya = Comprobacion(
        que="La conexión es de esta misma cuenta",
        bien=permiso.vale or bool(permiso.faltan),
        remedio="" if permiso.vale or permiso.faltan else _primera(permiso),
    )
    # Facebook sin la llave de la aplicación no dice qué cubre: callar no es tener.
    dichos = por_alcances(red, permiso.alcances) if permiso.alcances else ()
    return (viva, suya, *dichos)


def _primera(permiso: Permiso) -> str:
    return next(iter(permiso.advertencias), "Vuelva a conectar la cuenta.")
