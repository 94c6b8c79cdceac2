"""Recorrer la cadena de la bitácora y decir cuál es el primer hecho que no cuadra."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from piezas.bitacora import Anotacion, CabezaBitacora
from piezas.eslabones import COMIENZO, canonico, sellar

CAMPOS = ("en", "persona_id", "quien", "accion", "objeto", "objeto_id", "de", "a", "motivo")
POR_TANDA = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cabeza:
    """Hasta dónde llegaba la cadena en un momento: un número y su huella."""

    numero: int
    huella: str

    @classmethod
    def de_texto(cls, texto: str) -> "Cabeza":
        """De `1240:ab12…`, como la muestran el correo diario y la orden. Lanza `ValueError`."""
        numero, _, huella = texto.strip().partition(":")
        if not numero.isdigit() or len(huella) != 64:
            raise ValueError(texto)
        return cls(numero=int(numero), huella=huella.lower())

    def __str__(self) -> str:
        return f"{self.numero}:{self.huella}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verificacion:
    """Lo que se halló al recorrerla."""

    cabeza: Cabeza
    """Hasta dónde está bien."""
    mala: int | None = None
    """El número del primer hecho que no cuadra."""
    razon: str = ""

    @property
    def esta_bien(self) -> bool:
        """Si nada se cambió, se quitó ni se movió."""
        return self.mala is None


def cabeza_de(sesion: Session) -> Cabeza:
    """La punta actual, para anotarla en otra parte."""
    fila = sesion.get(CabezaBitacora, 1)
    return Cabeza(numero=fila.numero if fila else 0, huella=fila.huella if fila else COMIENZO)


def verificar(sesion: Session, *, conocida: Cabeza | None = None) -> Verificacion:
    """Recorre todo y se detiene en el primer hecho que no cuadra.

    `conocida`: una cabeza copiada antes en otra parte; sin ella, quien pueda escribir en la base
    podría rehacer la cadena entera, o cortarle el final, sin que se note.
    """
    punta = cabeza_de(sesion)
    va = Cabeza(numero=0, huella=COMIENZO)
    for numero, huella, hecho in _hechos(sesion):
        razon = _falla(va, numero, huella, hecho, conocida)
        if razon:
            return Verificacion(cabeza=va, mala=min(numero, va.numero + 1), razon=razon)
        va = Cabeza(numero=numero, huella=huella)
    return _final(va, punta, conocida)


def _falla(
    va: Cabeza, numero: int, huella: str, hecho: Mapping[str, Any], conocida: Cabeza | None
) -> str:
    esperado = va.numero + 1
    if numero > esperado:
        return f"Falta el hecho {esperado}: alguien lo quitó."
    if numero < esperado or sellar(va.huella, canonico(hecho)) != huella:
        return f"El hecho {numero} no es el que se anotó: cambió, o no va en ese lugar."
    if conocida is not None and conocida.numero == numero and conocida.huella != huella:
        return (
            f"El hecho {numero} no tiene la huella que se había copiado afuera: "
            "la bitácora se rehízo en ese hecho o antes."
        )
    return ""


def _final(va: Cabeza, punta: Cabeza, conocida: Cabeza | None) -> Verificacion:
    hasta = max(punta.numero, conocida.numero if conocida else 0)
    if hasta > va.numero:
        razon = f"Faltan los hechos desde el {va.numero + 1} hasta el {hasta}: alguien los quitó."
        return Verificacion(cabeza=va, mala=va.numero + 1, razon=razon)
    if punta != va:
        razon = "La cabeza de la cadena no es la del último hecho: alguien la cambió."
        return Verificacion(cabeza=va, mala=va.numero, razon=razon)
    return Verificacion(cabeza=va)


def _hechos(sesion: Session) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Los hechos en orden, por tandas: la memoria no crece con la bitácora."""
    columnas = [getattr(Anotacion, nombre) for nombre in CAMPOS]
    desde: int | None = None
    while True:
        consulta = select(Anotacion.id, Anotacion.huella, *columnas).order_by(Anotacion.id)
        if desde is not None:
            consulta = consulta.where(Anotacion.id > desde)
        filas = sesion.execute(consulta.limit(POR_TANDA)).all()
        for fila in filas:
            yield fila[0], fila[1], dict(zip(CAMPOS, fila[2:], strict=True))
        if len(filas) < POR_TANDA:
            return
        desde = filas[-1][0]
