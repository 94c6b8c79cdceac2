"""En qué difieren dos versiones, campo por campo y palabra por palabra. Puro: no lee la base."""

import difflib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from conectores.contrato import Clase
from piezas.contenidos import utm_de
from piezas.envios import web_de_datos
from piezas.versiones import Version, VersionMedio

_ATOMO = re.compile(r"\w+|\s+|[^\w\s]")
COMPARABLES = 4_000
"""Con más palabras distintas que estas se muestra todo cambiado: comparar tardaría segundos."""


class Marca(StrEnum):
    """Qué pasó con un trozo de texto."""

    IGUAL = "igual"
    QUITADO = "quitado"
    PUESTO = "puesto"


@dataclass(frozen=True, slots=True)
class TrozoMarcado:
    """Un pedazo de texto y lo que le pasó."""

    marca: Marca
    texto: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CambioDeMedio:
    """Un archivo que entró, salió, se movió o cambió de descripción."""

    que: str
    medio_id: int
    huella: str
    nombre: str
    es_video: bool
    alterno: tuple[TrozoMarcado, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cambio:
    """Lo que cambió en un campo: su texto marcado, o sus archivos."""

    campo: str
    rotulo: str
    trozos: tuple[TrozoMarcado, ...] = ()
    medios: tuple[CambioDeMedio, ...] = ()


def comparar(antes: Version, despues: Version) -> tuple[Cambio, ...]:
    """Los campos que cambiaron, en el orden en que se escriben."""
    campos_antes, campos_despues = dict(_campos(antes)), dict(_campos(despues))
    cambios = [
        Cambio(campo=campo, rotulo=_ROTULOS[campo], trozos=marcar(campos_antes[campo], nuevo))
        for campo, nuevo in campos_despues.items()
        if campos_antes[campo] != nuevo
    ]
    medios = tuple(_medios(antes.medios, despues.medios))
    if medios:
        cambios.append(Cambio(campo="medios", rotulo="Imágenes y video", medios=medios))
    return tuple(cambios)


def marcar(antes: str, despues: str) -> tuple[TrozoMarcado, ...]:
    """El texto nuevo con lo quitado y lo puesto; sin lo puesto, es exactamente el de antes."""
    unos, otros = _atomos(antes), _atomos(despues)
    inicio = _comunes(unos, otros)
    final = _comunes(unos[inicio:][::-1], otros[inicio:][::-1])
    trozos: list[TrozoMarcado] = []
    _agregar(trozos, Marca.IGUAL, "".join(unos[:inicio]))
    _marcar_medio(trozos, unos[inicio : len(unos) - final], otros[inicio : len(otros) - final])
    _agregar(trozos, Marca.IGUAL, "".join(unos[len(unos) - final :]))
    return tuple(_sin_islas(trozos))


def _marcar_medio(trozos: list[TrozoMarcado], unos: list[str], otros: list[str]) -> None:
    if max(len(unos), len(otros)) > COMPARABLES:
        _agregar(trozos, Marca.QUITADO, "".join(unos))
        _agregar(trozos, Marca.PUESTO, "".join(otros))
        return
    for que, a1, a2, b1, b2 in difflib.SequenceMatcher(None, unos, otros).get_opcodes():
        if que == "equal":
            _agregar(trozos, Marca.IGUAL, "".join(unos[a1:a2]))
        else:
            _agregar(trozos, Marca.QUITADO, "".join(unos[a1:a2]))
            _agregar(trozos, Marca.PUESTO, "".join(otros[b1:b2]))


def _comunes(unos: list[str], otros: list[str]) -> int:
    """Cuántos son iguales desde el comienzo: casi todo, cuando se corrige una palabra."""
    pares = zip(unos, otros, strict=False)
    return next((i for i, (u, o) in enumerate(pares) if u != o), min(len(unos), len(otros)))


def _atomos(texto: str) -> list[str]:
    return _ATOMO.findall(texto)


def _agregar(trozos: list[TrozoMarcado], marca: Marca, texto: str) -> None:
    if texto:
        trozos.append(TrozoMarcado(marca, texto))


def _sin_islas(trozos: list[TrozoMarcado]) -> Iterator[TrozoMarcado]:
    """Un blanco igual entre dos cambios se une a ellos: «la casa» → «el patio» es uno solo."""
    quitado = puesto = ""
    for indice, trozo in enumerate(trozos):
        es_isla = (
            trozo.marca is Marca.IGUAL
            and bool(quitado or puesto)
            and indice + 1 < len(trozos)
            and trozo.texto.isspace()
            and "\n" not in trozo.texto
        )
        if trozo.marca is Marca.IGUAL and not es_isla:
            yield from _soltar(quitado, puesto)
            quitado = puesto = ""
            yield trozo
        if es_isla or trozo.marca is Marca.QUITADO:
            quitado += trozo.texto
        if es_isla or trozo.marca is Marca.PUESTO:
            puesto += trozo.texto
    yield from _soltar(quitado, puesto)


def _soltar(quitado: str, puesto: str) -> Iterator[TrozoMarcado]:
    if quitado:
        yield TrozoMarcado(Marca.QUITADO, quitado)
    if puesto:
        yield TrozoMarcado(Marca.PUESTO, puesto)


_ROTULOS = {
    "titulo": "Título",
    "texto": "Texto común",
    "texto_facebook": "Texto de Facebook",
    "texto_x": "Texto de X",
    "texto_wordpress": "Texto del sitio web",
    "enlace": "Enlace",
    "utm": "Medición del enlace",
    "etiquetas": "Etiquetas",
    "primer_comentario": "Primer comentario",
    "en_hilo": "Hilo en X",
    "extracto": "Extracto del sitio web",
    "categorias": "Categorías del sitio web",
    "etiquetas_web": "Etiquetas del sitio web",
    "destinos": "Cuentas",
}


def _campos(version: Version) -> Iterator[tuple[str, str]]:
    yield "titulo", version.titulo
    yield "texto", version.texto
    yield "texto_facebook", version.texto_facebook or ""
    yield "texto_x", version.texto_x or ""
    yield "texto_wordpress", version.texto_wordpress or ""
    yield "enlace", version.enlace or ""
    utm = utm_de(version)
    yield "utm", " · ".join(filter(None, (utm.fuente, utm.medio, utm.campania, utm.contenido)))
    yield "etiquetas", version.etiquetas
    yield "primer_comentario", version.primer_comentario or ""
    yield "en_hilo", "sí" if version.en_hilo else "no"
    web = web_de_datos(json.loads(version.web))
    yield "extracto", web.extracto
    yield "categorias", ", ".join(web.categorias)
    yield "etiquetas_web", ", ".join(web.etiquetas)
    yield "destinos", ", ".join(sorted(destino.alias for destino in version.destinos))


def _medios(
    antes: Sequence[VersionMedio], despues: Sequence[VersionMedio]
) -> Iterator[CambioDeMedio]:
    viejos = {uno.medio_id: uno for uno in antes}
    nuevos = {uno.medio_id: uno for uno in despues}
    for quitado in antes:
        if quitado.medio_id not in nuevos:
            yield _de_medio("Se quitó", quitado, marcar(quitado.texto_alternativo, ""))
    for nuevo in despues:
        yield from _de_uno(viejos.get(nuevo.medio_id), nuevo)
    lugares = zip(
        (uno.medio_id for uno in antes if uno.medio_id in nuevos),
        (uno for uno in despues if uno.medio_id in viejos),
        strict=True,
    )
    yield from (_de_medio("Cambió de lugar", n, ()) for id_, n in lugares if id_ != n.medio_id)


def _de_uno(viejo: VersionMedio | None, nuevo: VersionMedio) -> Iterator[CambioDeMedio]:
    if viejo is None:
        yield _de_medio("Se agregó", nuevo, marcar("", nuevo.texto_alternativo))
        return
    if viejo.texto_alternativo != nuevo.texto_alternativo:
        marcas = marcar(viejo.texto_alternativo, nuevo.texto_alternativo)
        yield _de_medio("Cambió el texto alternativo", nuevo, marcas)
    if viejo.subtitulos_huella != nuevo.subtitulos_huella:
        yield _de_medio("Cambiaron los subtítulos", nuevo, ())


def _de_medio(que: str, elegido: VersionMedio, alterno: tuple[TrozoMarcado, ...]) -> CambioDeMedio:
    medio = elegido.medio
    return CambioDeMedio(
        que=que,
        medio_id=medio.id,
        huella=medio.huella,
        nombre=medio.nombre_original,
        es_video=medio.clase is Clase.VIDEO,
        alterno=alterno,
    )
