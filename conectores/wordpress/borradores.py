"""El borrador de una entrada: hallarlo sin crear otro, crearlo una vez y ponerlo al día.

Crear no es repetible; publicar por id sí. Por eso el borrador lleva la clave del envío como slug y
como marca en un atributo de bloque (el público no la ve), y se busca por ambos antes de crear.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from conectores.bloques import hay_marca
from conectores.contrato import Envio, Libreta
from conectores.errores import AunNo, ContenidoRechazado, ErrorDeConector, SinRespuesta, YaNoEsta
from conectores.wordpress.respuestas import Json
from conectores.wordpress.sitio import Sitio

ENTRADAS = "/wp/v2/posts"
PAGINAS = "/wp/v2/pages"

_EN_PAPELERA = (
    "Alguien mandó esta entrada a la papelera del sitio. Si debe salir, cancele esta entrega y "
    "prográmela de nuevo; si no, cancélela."
)


def ruta_de(envio: Envio) -> str:
    """Dónde vive el envío en la API: entre las páginas o entre las entradas."""
    return PAGINAS if envio.web.es_pagina else ENTRADAS


def hallar(sitio: Sitio, envio: Envio, libreta: Libreta, *, espera: timedelta) -> Json | None:
    """La entrada de este envío en el sitio, o `None` si se puede crear sin temor a repetirla.

    Lanza `AunNo` si una creación quedó sin respuesta y todavía puede aparecer.
    """
    anotado = libreta.leer("borrador")
    entrada = None if anotado is None else _por_id(sitio, envio, anotado)
    if entrada is None:
        entrada = reconciliar(sitio, envio)
    if entrada is not None:
        _exigir_viva(entrada)
        if anotado != str(entrada["id"]):
            libreta.anotar("borrador", str(entrada["id"]))
        return entrada
    if anotado is not None or _en_papelera(sitio, envio):
        raise ContenidoRechazado(_EN_PAPELERA)
    if libreta.leer("creacion") == "en curso":
        # PHP sigue trabajando aunque el cliente se haya ido: crear ya podría dejar dos iguales.
        libreta.anotar("creacion", "esperada")
        raise AunNo(
            "El sitio no confirmó si creó el borrador. Se mira de nuevo en un momento.",
            espera=espera,
        )
    return None


def crear(
    sitio: Sitio, envio: Envio, cuerpo: Mapping[str, object], libreta: Libreta, *, ahora: datetime
) -> Json:
    """Crea el borrador y anota su id. Si resultó gemelo de otro, queda el más antiguo."""
    libreta.anotar("creacion", "en curso")
    try:
        entrada = sitio.guardar(ruta_de(envio), {**cuerpo, "status": "draft", "slug": envio.clave})
    except SinRespuesta:
        raise
    except ErrorDeConector:
        libreta.anotar("creacion", "rechazada")
        raise
    libreta.anotar("borrador", str(entrada["id"]))
    # WordPress mira el slug y guarda en dos pasos: quien creara a la vez no se vio. Ahora sí, y por
    # marca aunque el otro ya lo haya publicado y cambiado de slug.
    elegida = reconciliar(sitio, envio, desde=ahora) or entrada
    if elegida["id"] != entrada["id"]:
        libreta.anotar("borrador", str(elegida["id"]))
        return elegida
    return entrada


def poner_al_dia(sitio: Sitio, envio: Envio, entrada: Json, cuerpo: Mapping[str, object]) -> Json:
    """Deja el borrador como se aprobó, aunque alguien lo haya tocado en el sitio."""
    cambios: dict[str, object] = {**cuerpo, "status": "draft", "slug": envio.clave}
    if entrada.get("status") == "future":
        cambios["date"] = None  # sin esto volvería a quedar programada en el sitio
    try:
        return sitio.guardar(f"{ruta_de(envio)}/{entrada['id']}", cambios)
    except YaNoEsta:
        raise ContenidoRechazado(_EN_PAPELERA) from None


def reconciliar(sitio: Sitio, envio: Envio, *, desde: datetime | None = None) -> Json | None:
    """La entrada que lleva la clave del envío, si la hay; de varios borradores queda uno.

    Supone que `Sitio.yo` acaba de responder: sin credencial válida esta búsqueda sale vacía.
    `desde` acorta la búsqueda por marca en sitios grandes.
    """
    halladas = buscar_todas(sitio, envio, desde=desde)
    publicadas = [entrada for entrada in halladas if entrada.get("status") == "publish"]
    elegida = min(publicadas or halladas, key=lambda entrada: int(entrada["id"]), default=None)
    for otra in halladas:
        if elegida is not None and otra["id"] != elegida["id"] and _es_borrador(otra, envio):
            _borrar_gemelo(sitio, envio, otra)
    return elegida


def buscar_todas(sitio: Sitio, envio: Envio, *, desde: datetime | None = None) -> list[Json]:
    """Todas las entradas vivas con la clave del envío, de la más antigua a la más nueva."""
    ruta = ruta_de(envio)
    comunes: dict[str, str | int] = {"status": "any", "context": "edit", "per_page": 100}
    por_slug = sitio.listar(ruta, {**comunes, "slug": envio.clave})
    por_marca: dict[str, str | int] = {**comunes, "search": envio.clave}
    if desde is not None:
        # Las fechas del sitio pueden ir en su hora local: un día de margen las cubre todas.
        por_marca["after"] = (desde - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S")
    unicas = {int(e["id"]): e for e in (*por_slug, *sitio.listar(ruta, por_marca))}
    return [unicas[numero] for numero in sorted(unicas) if es_de(unicas[numero], envio)]


def es_de(entrada: Json, envio: Envio) -> bool:
    """Si una entrada es de este envío: por su marca, o por su slug si aún es borrador."""
    return entrada.get("slug") == envio.clave or hay_marca(crudo(entrada, "content"), envio.clave)


def crudo(entrada: Json, campo: str) -> str:
    """El valor guardado de un campo, sin lo que el tema le agrega al mostrarlo."""
    valor = entrada.get(campo)
    return str(valor.get("raw", "")) if isinstance(valor, dict) else ""


def _por_id(sitio: Sitio, envio: Envio, id_entrada: str) -> Json | None:
    try:
        entrada = sitio.leer(f"{ruta_de(envio)}/{id_entrada}", {"context": "edit"})
    except YaNoEsta:
        return None
    return entrada if isinstance(entrada, dict) else None


def _exigir_viva(entrada: Json) -> None:
    if entrada.get("status") == "trash":
        raise ContenidoRechazado(_EN_PAPELERA)


def _en_papelera(sitio: Sitio, envio: Envio) -> bool:
    # `any` nunca incluye la papelera, y en ella el slug lleva otro final.
    botadas = sitio.listar(
        ruta_de(envio),
        {"slug": f"{envio.clave}__trashed", "status": "trash", "context": "edit"},
    )
    return bool(botadas)


def _es_borrador(entrada: Json, envio: Envio) -> bool:
    """Solo se borra lo que sin duda es nuestro: un borrador con la marca y el slug de la clave."""
    return (
        entrada.get("status") == "draft"
        and str(entrada.get("slug", "")).startswith(envio.clave)
        and hay_marca(crudo(entrada, "content"), envio.clave)
    )


def _borrar_gemelo(sitio: Sitio, envio: Envio, gemelo: Json) -> None:
    try:
        sitio.borrar(f"{ruta_de(envio)}/{gemelo['id']}", del_todo=True)
    except YaNoEsta:
        return
