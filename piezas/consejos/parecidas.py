"""Si una pieza dice casi lo mismo que otra reciente en las mismas cuentas."""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from zlib import crc32

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from piezas.consejos.consejo import ClaseConsejo, Consejo, Escrito
from piezas.llano import llano
from piezas.versiones import EstadoPieza, Pieza, Version, VersionDestino

PLAZO = timedelta(days=60)
PARECIDO = 0.6
"""Qué parte de las tejas, de las dos juntas, deben compartir."""
TEJA = 4
"""Palabras seguidas de cada teja."""
PALABRAS_MINIMAS = 8
MIRADAS = 2_000
_AJENO = re.compile(r"https?://\S+|[#＃]\w+", re.IGNORECASE)
_PALABRA = re.compile(r"\w+")

LOTE = 500
RECORDADAS = 20_000

Tejas = frozenset[int]
_MEMORIA: dict[str, tuple[Tejas, ...]] = {}


class _Reciente(NamedTuple):
    pieza_id: int
    titulo: str
    version_id: int
    huella: str


def tejas(texto: str) -> Tejas:
    """Los grupos de palabras seguidas de un texto; vacío si es tan corto que todo se parece."""
    palabras = _PALABRA.findall(llano(_AJENO.sub(" ", texto)))
    if len(palabras) < PALABRAS_MINIMAS:
        return frozenset()
    return frozenset(
        crc32(" ".join(palabras[i : i + TEJA]).encode()) for i in range(len(palabras) - TEJA + 1)
    )


def parecido(una: Tejas, otra: Tejas) -> float:
    """De 0 (nada en común) a 1 (lo mismo)."""
    menor, mayor = sorted((len(una), len(otra)))
    # El cociente nunca pasa de menor/mayor: casi todas se descartan sin comparar.
    if not menor or menor < PARECIDO * mayor:
        return 0.0
    comunes = len(una & otra)
    return comunes / (menor + mayor - comunes)


def pieza_parecida(
    sesion: Session,
    escrito: Escrito,
    cuentas: Collection[int],
    *,
    pieza_id: int | None,
    ahora: datetime,
) -> Iterator[Consejo]:
    """La más parecida de los últimos días en alguna de esas cuentas."""
    propias = [t for t in map(tejas, escrito.textos) if t]
    if not propias or not cuentas:
        return
    recientes = _recientes(sesion, cuentas, pieza_id, ahora)
    ajenas = _recordar(sesion, recientes)
    cercanas = [(_cuanto(propias, ajenas[una.huella]), una) for una in recientes]
    cuanto, cual = max(cercanas, key=lambda par: par[0], default=(0.0, None))
    if cual is not None and cuanto >= PARECIDO:
        yield Consejo(
            clase=ClaseConsejo.PARECIDA,
            frase=f"Se parece mucho a «{cual.titulo}», que va a alguna de las mismas cuentas. "
            "Mire si ya se dijo, o cambie el enfoque.",
            pieza_id=cual.pieza_id,
        )


def _cuanto(propias: Iterable[Tejas], ajenas: Iterable[Tejas]) -> float:
    return max((parecido(una, otra) for una in propias for otra in ajenas), default=0.0)


def _recientes(
    sesion: Session, cuentas: Collection[int], pieza_id: int | None, ahora: datetime
) -> list[_Reciente]:
    va_a_ellas = exists().where(
        VersionDestino.version_id == Version.id, VersionDestino.cuenta_id.in_(cuentas)
    )
    consulta = (
        select(Pieza.id, Pieza.titulo, Version.id, Version.hash_contenido)
        .join(Version, Version.id == Pieza.version_vigente_id)
        .where(
            Pieza.creada_en >= ahora - PLAZO,
            Pieza.estado.not_in((EstadoPieza.CANCELADA, EstadoPieza.ARCHIVADA)),
            Pieza.id != (pieza_id or 0),
            va_a_ellas,
        )
        .order_by(Pieza.id.desc())
        .limit(MIRADAS)
    )
    return [_Reciente(*fila) for fila in sesion.execute(consulta)]


def _recordar(sesion: Session, recientes: list[_Reciente]) -> dict[str, tuple[Tejas, ...]]:
    """Las tejas de cada una. El mismo contenido da siempre las mismas: se calculan una vez."""
    faltan = [una.version_id for una in recientes if una.huella not in _MEMORIA]
    for desde in range(0, len(faltan), LOTE):
        consulta = select(
            Version.hash_contenido,
            Version.texto,
            Version.texto_facebook,
            Version.texto_x,
            Version.texto_wordpress,
        ).where(Version.id.in_(faltan[desde : desde + LOTE]))
        for huella, *textos in sesion.execute(consulta):
            _MEMORIA[huella] = tuple(filter(None, (tejas(texto or "") for texto in textos)))
    halladas = {una.huella: _MEMORIA.get(una.huella, ()) for una in recientes}
    if len(_MEMORIA) > RECORDADAS:
        _MEMORIA.clear()
    return halladas
