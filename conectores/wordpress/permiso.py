"""Preguntar al sitio si el usuario sigue en pie, qué puede hacer y qué conviene mirar."""

from collections.abc import Iterator

from conectores.contrato import Permiso
from conectores.errores import SinPermiso
from conectores.wordpress.respuestas import Json
from conectores.wordpress.sitio import Sitio
from conectores.wordpress.terminos import puede

NECESARIAS = ("edit_posts", "publish_posts", "upload_files")
"""Sin estas no sale ninguna entrada con imagen."""
CONVENIENTES = {
    "publish_pages": "publicar páginas",
    "manage_categories": "crear categorías",
    "edit_others_posts": "publicar a nombre de otra persona",
}
_DIFUSORES = (
    "jetpack",
    "publicize",
    "social",
    "blog2social",
    "autopost",
    "wp-to-twitter",
    "fs-poster",
)


def verificar(sitio: Sitio, identificador: str) -> Permiso:
    """Lo que el sitio dice de la credencial."""
    indice = sitio.indice()
    avisos = list(_del_sitio(indice))
    try:
        yo = sitio.yo()
    except SinPermiso as error:
        return Permiso(
            vale=False,
            identificador=identificador,
            nombre=str(indice.get("name") or ""),
            advertencias=(error.mensaje, *avisos),
        )
    faltan = tuple(capacidad for capacidad in NECESARIAS if not puede(yo, capacidad))
    return Permiso(
        vale="publish_posts" not in faltan and "edit_posts" not in faltan,
        identificador=identificador,
        nombre=_nombre(indice, yo),
        alcances=tuple(c for c in (*NECESARIAS, *CONVENIENTES) if puede(yo, c)),
        faltan=faltan,
        advertencias=(*_del_usuario(yo, faltan), *avisos),
    )


def _nombre(indice: Json, yo: Json) -> str:
    quien = str(yo.get("name") or yo.get("slug") or "")
    sitio = str(indice.get("name") or indice.get("home") or "")
    return f"{sitio} ({quien})" if sitio and quien else sitio or quien


def _del_usuario(yo: Json, faltan: tuple[str, ...]) -> Iterator[str]:
    if faltan:
        yield (
            f"Al usuario del sitio le falta permiso para: {', '.join(faltan)}. Pida a quien "
            "administra el sitio que le dé el papel de editor."
        )
    for capacidad, para in CONVENIENTES.items():
        if not puede(yo, capacidad):
            yield f"El usuario del sitio no puede {para} ({capacidad})."
    if "administrator" in (yo.get("roles") or []):
        yield (
            "El usuario es administrador del sitio y para publicar basta un editor. "
            "Use uno con menos poder."
        )


def _del_sitio(indice: Json) -> Iterator[str]:
    # PHP escribe `[]` cuando el objeto va vacío.
    if not indice.get("authentication"):
        yield (
            "El sitio no ofrece contraseñas de aplicación: falta https o un complemento las apagó. "
            "Pida a quien lo administra que las encienda."
        )
    espacios = [str(nombre).lower() for nombre in indice.get("namespaces") or []]
    difusores = sorted({e for e in espacios if any(marca in e for marca in _DIFUSORES)})
    if difusores:
        yield (
            f"El sitio tiene un complemento que puede difundir en redes al publicar "
            f"({', '.join(difusores)}). Apáguelo o la noticia saldrá dos veces."
        )
