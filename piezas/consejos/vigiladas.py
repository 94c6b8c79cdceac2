"""Las palabras que la oficina decidió mirar dos veces: nombres, lemas y lo que pida la ley."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from piezas.base import Base
from piezas.bitacora import anotar
from piezas.consejos.consejo import ClaseConsejo, Consejo, Escrito
from piezas.errores import DatosInvalidos, NoEncontrada
from piezas.llano import llano
from piezas.personas import Papel
from piezas.usuarios import persona_de

VIGILAN = (Papel.JEFATURA, Papel.ADMINISTRACION)
PALABRA_MAXIMA, MOTIVO_MAXIMO = 80, 300


class PalabraVigilada(Base):
    """Una palabra o frase, y por qué conviene no usarla."""

    __tablename__ = "palabra_vigilada"

    id: Mapped[int] = mapped_column(primary_key=True)
    palabra: Mapped[str]
    llana: Mapped[str] = mapped_column(unique=True)
    """Sin mayúsculas ni tildes: así se busca y así no se repite."""
    motivo: Mapped[str]
    puesta_por: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    puesta_en: Mapped[datetime]


def palabras_vigiladas(sesion: Session) -> list[PalabraVigilada]:
    """Todas, por orden alfabético."""
    return list(sesion.scalars(select(PalabraVigilada).order_by(PalabraVigilada.llana)))


def vigilar(
    sesion: Session, palabra: str, motivo: str, *, por: int, ahora: datetime
) -> PalabraVigilada:
    """Agrega una; lanza `DatosInvalidos` si falta algo o ya estaba."""
    quien = persona_de(sesion, por, *VIGILAN)
    palabra, motivo = " ".join(palabra.split()), " ".join(motivo.split())
    fallas = tuple(_fallas(sesion, palabra, motivo))
    if fallas:
        raise DatosInvalidos(fallas)
    nueva = PalabraVigilada(
        palabra=palabra,
        llana=llano(palabra),
        motivo=motivo,
        puesta_por=quien.id,
        puesta_en=ahora,
    )
    sesion.add(nueva)
    sesion.flush()
    _anotar(sesion, "vigilar palabra", nueva, quien.correo, quien.id, ahora)
    return nueva


def dejar_de_vigilar(sesion: Session, palabra_id: int, *, por: int, ahora: datetime) -> str:
    """La quita y devuelve cuál era."""
    quien = persona_de(sesion, por, *VIGILAN)
    fila = sesion.get(PalabraVigilada, palabra_id)
    if fila is None:
        raise NoEncontrada("Esa palabra ya no está en la lista.")
    _anotar(sesion, "dejar de vigilar palabra", fila, quien.correo, quien.id, ahora)
    sesion.delete(fila)
    return fila.palabra


def palabra_vigilada(escrito: Escrito, palabras: Iterable[PalabraVigilada]) -> Iterator[Consejo]:
    """Las que aparecen enteras en lo escrito, con la razón de la primera."""
    dicho = " \n ".join(llano(texto) for texto in (*escrito.textos, *escrito.alternos))
    halladas = [una for una in palabras if _aparece(una.llana, dicho)]
    if not halladas:
        return
    cuales = ", ".join(f"«{una.palabra}»" for una in halladas[:4])
    yield Consejo(
        clase=ClaseConsejo.VIGILADA,
        frase=f"Dice {cuales}, de la lista de la oficina: {halladas[0].motivo.rstrip('.')}. "
        "Cámbielo, o consulte antes de enviar.",
    )


def _aparece(llana: str, dicho: str) -> bool:
    # En un hashtag las palabras van pegadas: se busca también sin espacios.
    pegada = llana.replace(" ", "")
    return bool(re.search(rf"(?<!\w)(?:{re.escape(llana)}|{re.escape(pegada)})(?!\w)", dicho))


def _fallas(sesion: Session, palabra: str, motivo: str) -> Iterator[str]:
    if not re.search(r"\w\w", palabra):
        yield "Escriba la palabra o la frase, de al menos dos letras."
    elif len(palabra) > PALABRA_MAXIMA:
        yield f"La palabra pasa de {PALABRA_MAXIMA} caracteres."
    elif sesion.scalar(select(PalabraVigilada).where(PalabraVigilada.llana == llano(palabra))):
        yield f"«{palabra}» ya está en la lista."
    if not motivo:
        yield "Diga por qué: lo lee quien está escribiendo."
    elif len(motivo) > MOTIVO_MAXIMO:
        yield f"El motivo pasa de {MOTIVO_MAXIMO} caracteres."


def _anotar(
    sesion: Session, accion: str, fila: PalabraVigilada, quien: str, quien_id: int, ahora: datetime
) -> None:
    anotar(
        sesion,
        accion,
        quien=quien,
        persona_id=quien_id,
        ahora=ahora,
        objeto="palabra",
        objeto_id=fila.id,
        a=fila.palabra,
        motivo=fila.motivo,
    )
