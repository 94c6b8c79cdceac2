"""Lo que la entrada nombra y el sitio numera: categorías, etiquetas, autor y página superior."""

from html import unescape

from conectores.errores import ContenidoRechazado
from conectores.wordpress.respuestas import Json
from conectores.wordpress.sitio import Sitio

CATEGORIAS = "/wp/v2/categories"
ETIQUETAS = "/wp/v2/tags"


def puede(yo: Json, capacidad: str) -> bool:
    """Si el usuario del sitio tiene una capacidad; si el sitio no las cuenta, se supone que sí."""
    capacidades = yo.get("capabilities")
    return not isinstance(capacidades, dict) or bool(capacidades.get(capacidad))


def categorias(sitio: Sitio, nombres: tuple[str, ...], *, yo: Json) -> list[int]:
    """Los ids de las categorías, creando las que falten."""
    ids = []
    for nombre in nombres:
        hallada = _hallar(sitio, CATEGORIAS, nombre)
        if hallada is None and not puede(yo, "manage_categories"):
            raise ContenidoRechazado(
                f"La categoría «{nombre}» no existe en el sitio y el usuario no puede crearla. "
                "Créela en el sitio o dele al usuario el papel de editor, y reintente."
            )
        ids.append(hallada or sitio.crear_termino(CATEGORIAS, nombre))
    return sorted(set(ids))


def etiquetas(sitio: Sitio, nombres: tuple[str, ...]) -> list[int]:
    """Los ids de las etiquetas, creando las que falten."""
    limpios = [nombre.lstrip("#") for nombre in nombres]
    return sorted(
        {
            _hallar(sitio, ETIQUETAS, nombre) or sitio.crear_termino(ETIQUETAS, nombre)
            for nombre in limpios
            if nombre
        }
    )


def autor(sitio: Sitio, usuario: str, *, yo: Json) -> int:
    """El id de quien firma."""
    if usuario.casefold() in {str(yo.get(c, "")).casefold() for c in ("slug", "username")}:
        return int(yo["id"])
    # `who=authors`: sin él no aparece quien todavía no ha publicado nada.
    hallados = sitio.listar("/wp/v2/users", {"slug": usuario, "who": "authors"})
    for hallado in hallados:
        if str(hallado.get("slug", "")).casefold() == usuario.casefold():
            return int(hallado["id"])
    raise ContenidoRechazado(
        f"En el sitio no hay un autor con el usuario «{usuario}». Revíselo en la pieza."
    )


def pagina_padre(sitio: Sitio, camino: str) -> int:
    """El id de la página con ese slug, o con ese camino de slugs separados por `/`."""
    tramos = [tramo for tramo in camino.split("/") if tramo]
    padre: int | None = None if len(tramos) == 1 else 0
    for tramo in tramos:
        padre = _pagina(sitio, tramo, padre)
        if padre is None:
            break
    if padre is None or not tramos:
        raise ContenidoRechazado(
            f"En el sitio no hay una página «{camino}» de la cual colgar esta. "
            "Revise la página superior en la pieza."
        )
    return padre


def _pagina(sitio: Sitio, slug: str, padre: int | None) -> int | None:
    halladas = sitio.listar(
        "/wp/v2/pages", {"slug": slug, "status": "any", "context": "edit", "per_page": 100}
    )
    iguales = [h for h in halladas if h.get("slug") == slug.casefold()]
    if padre is not None:
        iguales = [h for h in iguales if h.get("parent") == padre]
    # Un slug puede repetirse bajo otra página: si hay varias, la que no cuelga de ninguna.
    iguales.sort(key=lambda hallada: (hallada.get("parent", 0), hallada["id"]))
    return int(iguales[0]["id"]) if iguales else None


def _hallar(sitio: Sitio, ruta: str, nombre: str) -> int | None:
    # Por slug y no por nombre: con otra caja u otra tilde WordPress crearía un término nuevo, y
    # `search` no encuentra nada que lleve `&`. El sitio vuelve a sanear este slug aproximado.
    slug = "-".join(nombre.replace(",", " ").split())
    halladas = sitio.listar(ruta, {"slug": slug, "per_page": 100})
    exactas = [h for h in halladas if unescape(str(h.get("name", ""))) == nombre]
    elegidas = exactas or halladas
    return int(elegidas[0]["id"]) if elegidas else None
