"""Los pasos de una enmienda, sin base ni reloj: de un estado a los únicos que le siguen."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cola.enmiendas import EstadoEnmienda
from cola.errores import ArriendoPerdido, NoSePuede

E = EstadoEnmienda
ARRIENDO = timedelta(minutes=10)
"""Más que cualquier corrección con sus imágenes."""
MAX_FALLOS = 6
PASOS: dict[EstadoEnmienda, frozenset[EstadoEnmienda]] = {
    E.PEDIDA: frozenset({E.LISTA, E.HECHA, E.DESCARTADA}),
    E.LISTA: frozenset({E.EN_CURSO, E.DESCARTADA}),
    E.EN_CURSO: frozenset({E.HECHA, E.LISTA, E.EN_DUDA, E.FALLIDA}),
    E.EN_DUDA: frozenset({E.EN_CURSO}),
    E.FALLIDA: frozenset({E.LISTA, E.EN_DUDA, E.DESCARTADA}),
    E.HECHA: frozenset(),
    E.DESCARTADA: frozenset(),
}
"""`pedida → hecha` solo a mano. `fallida → en_duda` al reintentar lo que pudo haber salido."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tramite:
    """Las columnas de `enmienda` que cambian, con sus mismos nombres."""

    estado: EstadoEnmienda
    vence: datetime | None = None
    ficha: int = 0
    arriendo_de: str | None = None
    arriendo_hasta: datetime | None = None
    pudo_salir: bool = False
    fallos: int = 0
    hechos: int = 0
    frase: str | None = None


def _a(t: Tramite, estado: EstadoEnmienda, **cambios: object) -> Tramite:
    if estado not in PASOS[t.estado]:
        raise NoSePuede(f"El pedido está «{t.estado.value}» y no admite ese paso.")
    suelto: dict[str, object] = {"estado": estado, "arriendo_de": None, "arriendo_hasta": None}
    return replace(t, **{**suelto, **cambios})  # type: ignore[arg-type]


def _exigir(t: Tramite, ficha: int) -> None:
    if t.ficha != ficha or t.estado is not E.EN_CURSO:
        raise ArriendoPerdido


def tomar(t: Tramite, *, dueno: str, ahora: datetime) -> Tramite:
    """Un motor la arrienda; la ficha sube y con ella caduca quien la tuviera."""
    return _a(t, E.EN_CURSO, ficha=t.ficha + 1, arriendo_de=dueno, arriendo_hasta=ahora + ARRIENDO)


def salir(t: Tramite, *, ficha: int, ahora: datetime) -> Tramite:
    """Queda escrito ANTES de llamar: desde aquí, lo que no se sepa es duda."""
    _exigir(t, ficha)
    if t.arriendo_hasta is None or t.arriendo_hasta <= ahora:
        raise ArriendoPerdido
    return replace(t, pudo_salir=True, arriendo_hasta=ahora + ARRIENDO)


def una_parte(t: Tramite, *, ficha: int) -> Tramite:
    """Una parte del hilo ya no está; sigue la otra con el mismo arriendo."""
    _exigir(t, ficha)
    return replace(t, hechos=t.hechos + 1, pudo_salir=False, fallos=0)


def hecha(t: Tramite, *, ficha: int) -> Tramite:
    """La red lo confirmó, o se miró y ya estaba."""
    _exigir(t, ficha)
    return _a(t, E.HECHA, pudo_salir=False, vence=None, frase=None)


def esperar(t: Tramite, *, ficha: int, hasta: datetime, frase: str) -> Tramite:
    """Con certeza no cambió nada: se repite más tarde, o falla si ya fueron muchas."""
    _exigir(t, ficha)
    if t.fallos + 1 >= MAX_FALLOS:
        return rendirse(t, ficha=ficha, frase=frase)
    return _a(t, E.LISTA, vence=hasta, pudo_salir=False, fallos=t.fallos + 1, frase=frase)


def aplazar(t: Tramite, *, ficha: int, hasta: datetime, frase: str) -> Tramite:
    """No se intentó (pausa o cuenta caída): espera sin contar como fallo."""
    _exigir(t, ficha)
    destino = E.EN_DUDA if t.pudo_salir else E.LISTA
    return _a(t, destino, vence=hasta, frase=frase)


def dudar(t: Tramite, *, ficha: int, mirar_en: datetime, frase: str) -> Tramite:
    """Se llamó y no se sabe: se mira, nunca se repite a ciegas."""
    _exigir(t, ficha)
    if t.fallos + 1 >= MAX_FALLOS:
        return _a(t, E.FALLIDA, vence=None, frase=frase)  # `pudo_salir` queda: al volver se mira
    return _a(t, E.EN_DUDA, vence=mirar_en, pudo_salir=True, fallos=t.fallos + 1, frase=frase)


def rendirse(t: Tramite, *, ficha: int, frase: str) -> Tramite:
    """La red dijo que no, y repetir no sirve."""
    _exigir(t, ficha)
    return _a(t, E.FALLIDA, vence=None, pudo_salir=False, frase=frase)


def rescatar(t: Tramite, *, ahora: datetime, mirar_en: datetime) -> Tramite:
    """Su motor murió: a la fila si no había llamado; a la duda si pudo llamar."""
    if t.pudo_salir:
        return _a(t, E.EN_DUDA, ficha=t.ficha + 1, vence=mirar_en)
    return _a(t, E.LISTA, ficha=t.ficha + 1, vence=ahora)


def poner_lista(t: Tramite, *, ahora: datetime) -> Tramite:
    """Una persona la confirma o la reintenta."""
    if t.estado is E.FALLIDA and t.pudo_salir:
        return _a(t, E.EN_DUDA, vence=ahora, fallos=0)
    return _a(t, E.LISTA, vence=ahora, fallos=0, frase=None)


def a_mano(t: Tramite) -> Tramite:
    """La hizo una persona en su canal."""
    return _a(t, E.HECHA)


def descartar(t: Tramite, *, frase: str) -> Tramite:
    """Ya no se hace. Lo que pudo haber salido no se descarta: se mira primero."""
    if t.pudo_salir:
        raise NoSePuede("Pudo haberse hecho ya en la red: reinténtela para que se mire primero.")
    return _a(t, E.DESCARTADA, vence=None, frase=frase)
