"""Qué puede hacer cada quien con cada pieza del WordPress de ensayo."""

from publicador.ensayo.wordpress_errores import prohibido
from publicador.ensayo.wordpress_estado import Pieza
from publicador.ensayo.wordpress_peticion import Peticion

PLURAL = {"post": "posts", "page": "pages", "attachment": "posts"}


def puede_leer(p: Peticion, pieza: Pieza) -> bool:
    """Lo publicado, cualquiera; lo demás, quien pueda editarlo."""
    return pieza["estado"] in {"publish", "inherit"} or puede_tocar(p, pieza, "edit")


def puede_tocar(p: Peticion, pieza: Pieza, verbo: str) -> bool:
    """Si puede editarla (`edit`) o borrarla (`delete`)."""
    if p.quien is None:
        return False
    plural = PLURAL[pieza["tipo"]]
    hacen_falta = [f"{verbo}_{plural}"]
    if pieza["autor"] != p.quien["id"]:
        hacen_falta.append(f"{verbo}_others_{plural}")
    if pieza["estado"] in {"publish", "future"}:
        hacen_falta.append(f"{verbo}_published_{plural}")
    return all(p.puede(c) for c in hacen_falta)


def exigir_crear(p: Peticion, tipo: str) -> None:
    """Lanza el rechazo si no puede crear piezas de ese tipo."""
    capacidad = "upload_files" if tipo == "attachment" else f"edit_{PLURAL[tipo]}"
    if not p.puede(capacidad):
        frase = "Sorry, you are not allowed to create posts as this user."
        raise prohibido(p.quien is not None, "rest_cannot_create", frase)


def exigir_tocar(p: Peticion, pieza: Pieza, verbo: str) -> None:
    """Lanza el rechazo si no puede editarla o borrarla."""
    if not puede_tocar(p, pieza, verbo):
        frase = f"Sorry, you are not allowed to {verbo} this post."
        raise prohibido(p.quien is not None, f"rest_cannot_{verbo}", frase)


def exigir_publicar(p: Peticion, tipo: str) -> None:
    """Lanza el rechazo si no puede publicar piezas de ese tipo."""
    if not p.puede(f"publish_{PLURAL[tipo]}"):
        frase = "Sorry, you are not allowed to publish posts in this post type."
        raise prohibido(p.quien is not None, "rest_cannot_publish", frase)


def exigir_contexto(p: Peticion, capacidad: str) -> None:
    """Lanza el rechazo si pide `context=edit` sin poder editar."""
    if p.editar and not p.puede(capacidad):
        frase = "Sorry, you are not allowed to edit posts in this post type."
        raise prohibido(p.quien is not None, "rest_forbidden_context", frase)
