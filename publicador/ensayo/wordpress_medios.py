"""La biblioteca de medios del WordPress de ensayo."""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from flask import Response, jsonify, make_response, request

from publicador.ensayo.fotos import Foto, abrir_filme, abrir_foto
from publicador.ensayo.wordpress_errores import Rechazo, no_esta
from publicador.ensayo.wordpress_estado import ZONA, Estado, Pieza, slug_de
from publicador.ensayo.wordpress_permisos import exigir_contexto, exigir_crear, exigir_tocar
from publicador.ensayo.wordpress_peticion import Peticion
from publicador.ensayo.wordpress_texto import aplanar, colar
from publicador.ensayo.wordpress_vista import como_json

_NOMBRE: Final = re.compile(r'filename\s*=\s*(?:"([^"]*)"|([^;\s]+))', re.IGNORECASE)
_EXTENSION: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
}
_IMAGENES: Final = frozenset({"jpg", "jpeg", "jpe", "png", "gif", "webp"})
_VIDEOS: Final = {"mp4": "video/mp4", "m4v": "video/mp4", "mov": "video/quicktime"}
_TEXTOS: Final = {"vtt": "text/vtt", "pdf": "application/pdf"}
_EJECUTABLE: Final = re.compile(r"\.(php\d?|phtml|cgi|pl|py|exe)(?=\.)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archivo:
    """Un archivo que WordPress aceptó."""

    nombre: str
    datos: bytes
    mime: str
    foto: Foto | None = None


class Medios:
    """La ruta `/wp/v2/media` sobre un sitio."""

    def __init__(self, estado: Estado) -> None:
        """Guarda el sitio."""
        self._estado = estado

    def subir(self, p: Peticion) -> Response:
        """`POST /wp/v2/media`: 201. Subir dos veces lo mismo deja dos medios, como allá."""
        exigir_crear(p, "attachment")
        assert p.quien is not None  # noqa: S101 -- exigir_crear ya rechazó al visitante
        archivo = _recibido()
        with self._estado.mundo.cerrojo:
            pieza = self._estado.nueva("attachment", p.quien["id"])
            base, _, extension = archivo.nombre.rpartition(".")
            nombre = self._nombre_libre(base, extension)
            foto = archivo.foto
            pieza |= {
                "estado": "inherit",
                "fecha": pieza["creada"],
                "archivo": nombre,
                "mime": archivo.mime,
                "peso": len(archivo.datos),
                "sha256": self._estado.mundo.guardar_medio(archivo.datos, archivo.mime),
                "ancho": foto.ancho_px if foto else None,
                "alto": foto.alto_px if foto else None,
                "alt": "",
                # Sin título ni leyenda, WordPress los toma de los metadatos de la cámara.
                "titulo": (foto.descripcion if foto else "") or nombre[8:].rpartition(".")[0],
                "extracto": foto.descripcion if foto else "",
            }
            self._aplicar(p, pieza)
            self._estado.guardar(pieza)
        respuesta = self._responder(pieza, 201)
        respuesta.headers["X-WP-Upload-Attachment-ID"] = str(pieza["id"])
        return respuesta

    def cambiar(self, p: Peticion) -> Response:
        """`POST /wp/v2/media/{id}`."""
        with self._estado.mundo.cerrojo:
            pieza = self._hallar(p)
            exigir_tocar(p, pieza, "edit")
            self._aplicar(p, pieza)
            self._estado.guardar(pieza)
        return self._responder(pieza, 200)

    def ver(self, p: Peticion) -> Response:
        """`GET /wp/v2/media/{id}`."""
        pieza = self._hallar(p)
        exigir_contexto(p, "upload_files")
        return make_response(jsonify(como_json(self._estado, pieza, editar=p.editar)))

    def borrar(self, p: Peticion) -> Response:
        """`DELETE /wp/v2/media/{id}?force=true`; los medios no tienen papelera."""
        with self._estado.mundo.cerrojo:
            pieza = self._hallar(p)
            exigir_tocar(p, pieza, "delete")
            if not p.cierto("force"):
                frase = "The post does not support trashing. Set 'force=true' to delete."
                raise Rechazo(501, "rest_trash_not_supported", frase)
            antes = como_json(self._estado, pieza, editar=True)
            self._estado.quitar(pieza)
        return make_response(jsonify({"deleted": True, "previous": antes}))

    def archivo(self, nombre: str) -> Pieza | None:
        """El medio de un archivo público, también por el nombre de uno de sus tamaños."""
        limpio = re.sub(r"(-\d+x\d+|-scaled)(?=\.\w+$)", "", nombre)
        medios = self._estado.piezas("attachment")
        return next((m for m in medios if m["archivo"] in {nombre, limpio}), None)

    def _aplicar(self, p: Peticion, pieza: Pieza) -> None:
        for campo, nombre in (
            ("title", "titulo"),
            ("caption", "extracto"),
            ("description", "contenido"),
        ):
            if (texto := p.texto(campo)) is not None:
                pieza[nombre] = texto if p.puede("unfiltered_html") else colar(texto)
        if (alternativo := p.texto("alt_text")) is not None:
            pieza["alt"] = aplanar(alternativo)
        if (padre := p.entero("post")) is not None:
            if padre and self._estado.pieza(padre, "post", "page") is None:
                raise Rechazo(400, "rest_invalid_param", "Invalid parent type.")
            pieza["padre"] = padre
        escrito = p.texto("slug")
        if escrito or not pieza["slug"]:
            deseado = slug_de(escrito or pieza["titulo"]) or str(pieza["id"])
            pieza["slug"] = self._estado.slug_libre(pieza, deseado)

    def _nombre_libre(self, base: str, extension: str) -> str:
        carpeta = f"{self._estado.mundo.ahora().astimezone(ZONA):%Y/%m}"
        usados = {m["archivo"] for m in self._estado.cajon("piezas").values() if "archivo" in m}
        nombre, numero = f"{carpeta}/{base}.{extension}", 0
        while nombre in usados:
            numero += 1
            nombre = f"{carpeta}/{base}-{numero}.{extension}"
        return nombre

    def _hallar(self, p: Peticion) -> Pieza:
        pieza = self._estado.pieza(p.id, "attachment")
        if pieza is None:
            raise no_esta()
        return pieza

    def _responder(self, pieza: Pieza, codigo: int) -> Response:
        return make_response(jsonify(como_json(self._estado, pieza, editar=True)), codigo)


def _recibido() -> Archivo:
    """El archivo de la petición: el cuerpo a secas o la parte `file` de un formulario."""
    if request.mimetype == "multipart/form-data":
        if "file" not in request.files:
            raise Rechazo(400, "rest_upload_no_content_disposition", "No Content-Disposition.")
        parte = request.files["file"]
        return _revisado(parte.filename or "archivo", parte.read())
    datos = request.get_data()
    if not datos:
        raise Rechazo(400, "rest_upload_no_data", "No data supplied.")
    if not request.mimetype:
        raise Rechazo(400, "rest_upload_no_content_type", "No Content-Type supplied.")
    esperado = request.headers.get("Content-MD5", "")
    propio = hashlib.md5(datos, usedforsecurity=False).hexdigest()
    if esperado and esperado.strip().lower() != propio:
        raise Rechazo(412, "rest_upload_hash_mismatch", "Content hash did not match expected.")
    return _revisado(_nombre_dicho(), datos)


def _nombre_dicho() -> str:
    dicho = request.headers.get("Content-Disposition")
    if not dicho:
        raise Rechazo(400, "rest_upload_no_content_disposition", "No Content-Disposition.")
    hallado = _NOMBRE.search(dicho)
    if hallado is None or not (hallado[1] or hallado[2]):
        frase = "Invalid Content-Disposition supplied."
        raise Rechazo(400, "rest_upload_invalid_disposition", frase)
    return hallado[1] or hallado[2]


def _revisado(dicho: str, datos: bytes) -> Archivo:
    """El archivo con su nombre saneado y su tipo de verdad; lo que no se admite es 500."""
    nombre = _EJECUTABLE.sub(r".\1_", dicho.replace("\\", "/").rsplit("/", 1)[-1])
    base, _, extension = nombre.rpartition(".")
    extension = extension.lower()
    base = ".".join(slug_de(parte) for parte in base.split(".") if slug_de(parte)) or "archivo"
    if (
        extension in _IMAGENES
        and (foto := abrir_foto(datos)) is not None
        and foto.tipo in _EXTENSION
    ):
        # La extensión equivocada se corrige según los bytes.
        buena = extension if _misma(extension, foto.tipo) else _EXTENSION[foto.tipo]
        return Archivo(nombre=f"{base}.{buena}", datos=datos, mime=foto.tipo, foto=foto)
    if extension in _VIDEOS and abrir_filme(datos) is not None:
        return Archivo(nombre=f"{base}.{extension}", datos=datos, mime=_VIDEOS[extension])
    if extension in _TEXTOS:
        return Archivo(nombre=f"{base}.{extension}", datos=datos, mime=_TEXTOS[extension])
    frase = "Sorry, you are not allowed to upload this file type."
    raise Rechazo(500, "rest_upload_sideload_error", frase)


def _misma(extension: str, tipo: str) -> bool:
    return _EXTENSION[tipo] == {"jpeg": "jpg", "jpe": "jpg"}.get(extension, extension)
