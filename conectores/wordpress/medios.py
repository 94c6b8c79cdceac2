"""Los medios de la entrada en la biblioteca del sitio, una sola vez cada uno."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from conectores.bloques import (
    MedioEnSitio,
    alternativo_seguro,
    es_enlace_seguro,
    titulo_seguro,
)
from conectores.contrato import Adjunto, Clase, Envio, Libreta
from conectores.errores import ContenidoRechazado, MedioPerdido, SinRespuesta, YaNoEsta
from conectores.wordpress.respuestas import Json
from conectores.wordpress.sitio import Sitio

MEDIOS = "/wp/v2/media"
EXTENSIONES: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "text/vtt": "vtt",
}
# Apache corta la línea de una petición en 8190 bytes: lo largo va en una segunda llamada.
_CONSULTA_MAXIMA = 4_000


def subir_todos(sitio: Sitio, envio: Envio, libreta: Libreta) -> list[MedioEnSitio]:
    """Los medios del envío ya en el sitio, en orden; sube solo los que faltan."""
    return [
        _asegurar(sitio, envio, adjunto, numero, libreta)
        for numero, adjunto in enumerate(envio.adjuntos)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Archivo:
    """Lo que se sube: nombre propio en el sitio, bytes y campos, y dónde queda anotado."""

    nombre: str
    anotacion: str
    huella: str
    camino: Path
    tipo: str
    campos: Mapping[str, str]


def _asegurar(
    sitio: Sitio, envio: Envio, adjunto: Adjunto, numero: int, libreta: Libreta
) -> MedioEnSitio:
    archivo = _Archivo(
        nombre=f"{envio.clave}-{numero + 1}",
        anotacion=f"medio-{numero}",
        huella=adjunto.huella,
        camino=adjunto.archivo,
        tipo=adjunto.tipo,
        campos={
            "title": titulo_seguro(envio.titulo),
            "alt_text": alternativo_seguro(adjunto.texto_alternativo),
            # Se manda aunque vaya vacía: así el sitio no la toma de los metadatos del archivo.
            "caption": "",
        },
    )
    medio = _guardado(sitio, archivo, libreta)
    return MedioEnSitio(
        id=str(medio["id"]),
        url=_direccion(medio, grande=adjunto.clase is Clase.IMAGEN),
        texto_alternativo=adjunto.texto_alternativo,
        es_video=adjunto.clase is Clase.VIDEO,
        subtitulos_url=_subtitulos(sitio, envio, adjunto, numero, libreta),
    )


def _subtitulos(
    sitio: Sitio, envio: Envio, adjunto: Adjunto, numero: int, libreta: Libreta
) -> str | None:
    # La pista de un video en la web es WebVTT; un SRT el navegador no lo muestra.
    if adjunto.subtitulos is None or adjunto.subtitulos.suffix.lower() != ".vtt":
        return None
    pista = _Archivo(
        nombre=f"{envio.clave}-{numero + 1}-subtitulos",
        anotacion=f"medio-{numero}-subtitulos",
        huella=adjunto.huella,
        camino=adjunto.subtitulos,
        tipo="text/vtt",
        campos={"title": titulo_seguro(envio.titulo), "caption": ""},
    )
    return _direccion(_guardado(sitio, pista, libreta), grande=False)


def _guardado(sitio: Sitio, archivo: _Archivo, libreta: Libreta) -> Json:
    # Con la huella al lado: al corregir una entrada, la libreta trae anotados los medios viejos.
    id_medio, _, huella = (libreta.leer(archivo.anotacion) or "").partition(" ")
    if id_medio and huella == archivo.huella:
        medio = _por_id(sitio, id_medio)
    else:
        # Subir no es repetible: antes de hacerlo se mira si un intento anterior ya lo logró.
        medio = _por_nombre(sitio, archivo.nombre) or _subir(sitio, archivo)
        libreta.anotar(archivo.anotacion, f"{medio['id']} {archivo.huella}")
    return _completo(sitio, medio, archivo.campos)


def _por_id(sitio: Sitio, id_medio: str) -> Json:
    try:
        medio = sitio.leer(f"{MEDIOS}/{id_medio}", {"context": "edit"})
    except YaNoEsta:
        raise MedioPerdido(detalle="el medio anotado ya no existe") from None
    if not isinstance(medio, dict) or not medio.get("id"):
        raise SinRespuesta("El sitio respondió algo que no se entiende.")
    return medio


def _por_nombre(sitio: Sitio, nombre: str) -> Json | None:
    hallados = sitio.listar(MEDIOS, {"slug": nombre, "context": "edit"})
    return min(hallados, key=lambda medio: int(medio["id"]), default=None)


def _subir(sitio: Sitio, archivo: _Archivo) -> Json:
    extension = EXTENSIONES.get(archivo.tipo)
    if extension is None:
        raise ContenidoRechazado(
            f"El sitio no recibe archivos de tipo {archivo.tipo}. Cámbielo en la pieza."
        )
    parametros = {"slug": archivo.nombre, **archivo.campos}
    if len(urlencode(parametros)) > _CONSULTA_MAXIMA:
        parametros = {"slug": archivo.nombre, "title": archivo.nombre}
    cabeceras = {
        "Content-Type": archivo.tipo,
        "Content-Disposition": f'attachment; filename="{archivo.nombre}.{extension}"',
    }
    with archivo.camino.open("rb") as bytes_del_medio:
        return sitio.subir(MEDIOS, parametros, bytes_del_medio, cabeceras)


def _completo(sitio: Sitio, medio: Json, campos: Mapping[str, str]) -> Json:
    """Termina lo que un corte dejó a medias: tamaños sin hacer o el texto alternativo."""
    ruta = f"{MEDIOS}/{medio['id']}"
    if medio.get("missing_image_sizes"):
        medio = sitio.guardar(f"{ruta}/post-process", {"action": "create-image-subsizes"})
    alternativo = campos.get("alt_text")
    if alternativo is not None and medio.get("alt_text") != alternativo:
        medio = sitio.guardar(ruta, campos)
    return medio


def _direccion(medio: Json, *, grande: bool) -> str:
    """La dirección pública del medio; de una imagen, su tamaño para el cuerpo de la entrada."""
    detalles = medio.get("media_details")
    tamanios = detalles.get("sizes") if isinstance(detalles, dict) else None
    elegido = tamanios.get("large") if grande and isinstance(tamanios, dict) else None
    direccion = elegido.get("source_url") if isinstance(elegido, dict) else None
    direccion = str(direccion or medio.get("source_url") or "")
    if not es_enlace_seguro(direccion):
        raise ContenidoRechazado(
            "El sitio guardó el medio en una dirección que no es https. Pida a quien lo "
            "administra que corrija la dirección de WordPress en sus ajustes."
        )
    return direccion
