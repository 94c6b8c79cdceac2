"""Cómo presenta la API de WordPress una entrada, una página o un medio."""

from datetime import UTC, datetime
from typing import Any

from publicador.ensayo.wordpress_estado import ZONA, Estado, Pieza, raiz
from publicador.ensayo.wordpress_texto import mostrar, resumir, titulo_visible

RUTAS = {"post": "posts", "page": "pages", "attachment": "media"}


def _local(momento: datetime) -> str:
    return momento.astimezone(ZONA).strftime("%Y-%m-%dT%H:%M:%S")


def _utc(momento: datetime) -> str:
    return momento.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _campo(crudo: str, hecho: str, editar: bool, **mas: Any) -> dict[str, Any]:
    return {**({"raw": crudo} if editar else {}), "rendered": hecho, **mas}


def como_json(estado: Estado, pieza: Pieza, *, editar: bool) -> dict[str, Any]:
    """El objeto de la API; con `editar` lleva también lo guardado (`raw`)."""
    fecha = estado.fecha(pieza)
    modificada = datetime.fromisoformat(pieza["modificada"])
    enlace = estado.enlace(pieza)
    simple = f"{raiz()}/?p={pieza['id']}"
    propio = f"{raiz()}/wp-json/wp/v2/{RUTAS[pieza['tipo']]}/{pieza['id']}"
    datos: dict[str, Any] = {
        "id": pieza["id"],
        "date": _local(fecha),
        "date_gmt": _utc(fecha),
        "guid": _campo(simple, simple, editar),
        "modified": _local(modificada),
        "modified_gmt": _utc(modificada),
        "slug": pieza["slug"],
        "status": pieza["estado"],
        "type": pieza["tipo"],
        "link": enlace,
        "title": _campo(pieza["titulo"], titulo_visible(pieza["titulo"]), editar),
        "author": pieza["autor"],
        "comment_status": pieza["comentarios"],
        "ping_status": "closed",
        "template": pieza["plantilla"],
        "meta": [],
        "_links": {"self": [{"href": propio}]},
    }
    if editar:
        datos |= {"permalink_template": enlace, "generated_slug": pieza["slug"]}
    propios = _del_medio if pieza["tipo"] == "attachment" else _del_texto
    return datos | propios(pieza, editar)


def _del_texto(pieza: Pieza, editar: bool) -> dict[str, Any]:
    contenido, extracto = pieza["contenido"], pieza["extracto"]
    resumen = f"<p>{extracto}</p>\n" if extracto else resumir(contenido)
    version = {"block_version": 1 if "<!-- wp:" in contenido else 0} if editar else {}
    datos: dict[str, Any] = {
        "content": _campo(contenido, mostrar(contenido), editar, protected=False, **version),
        "excerpt": _campo(extracto, resumen, editar, protected=False),
        "featured_media": pieza["destacada"],
    }
    if editar:
        datos["password"] = ""
    if pieza["tipo"] == "page":
        return {**datos, "parent": pieza["padre"], "menu_order": pieza["orden"]}
    return {
        **datos,
        "sticky": pieza["pegada"],
        "format": pieza["formato"],
        "categories": pieza["categorias"],
        "tags": pieza["etiquetas"],
    }


def _del_medio(pieza: Pieza, editar: bool) -> dict[str, Any]:
    es_imagen = pieza["mime"].startswith("image/")
    datos: dict[str, Any] = {
        "description": _campo(pieza["contenido"], f"<p>{pieza['contenido']}</p>", editar),
        "caption": _campo(pieza["extracto"], f"<p>{pieza['extracto']}</p>", editar),
        "alt_text": pieza["alt"],
        "media_type": "image" if es_imagen else "file",
        "mime_type": pieza["mime"],
        "media_details": _detalles(pieza) if es_imagen else {"filesize": pieza["peso"]},
        "post": pieza["padre"] or None,
        "source_url": direccion_de(pieza),
    }
    return {**datos, "missing_image_sizes": []} if editar else datos


def direccion_de(pieza: Pieza, sufijo: str = "") -> str:
    """La dirección pública del archivo, o de uno de sus tamaños."""
    base, _, extension = pieza["archivo"].rpartition(".")
    reducida = max(pieza["ancho"] or 0, pieza["alto"] or 0) > 2560
    sufijo = sufijo or ("-scaled" if reducida and extension != "png" else "")
    return f"{raiz()}/wp-content/uploads/{base}{sufijo}.{extension}"


def _detalles(pieza: Pieza) -> dict[str, Any]:
    ancho, alto = pieza["ancho"], pieza["alto"]
    tamanios: dict[str, Any] = {}
    for nombre, lado in (("thumbnail", 150), ("medium", 300), ("large", 1024)):
        if max(ancho, alto) > lado:
            razon = lado / max(ancho, alto)
            w, h = (lado, lado) if lado == 150 else (round(ancho * razon), round(alto * razon))
            tamanios[nombre] = _tamanio(pieza, w, h, f"-{w}x{h}")
    tamanios["full"] = _tamanio(pieza, ancho, alto, "")
    return {"width": ancho, "height": alto, "file": pieza["archivo"], "sizes": tamanios}


def _tamanio(pieza: Pieza, ancho: int, alto: int, sufijo: str) -> dict[str, Any]:
    direccion = direccion_de(pieza, sufijo)
    return {
        "file": direccion.rsplit("/", 1)[1],
        "width": ancho,
        "height": alto,
        "mime_type": pieza["mime"],
        "source_url": direccion,
    }
