"""Motores mal hechos a propósito: la matriz que no los descubra no prueba nada."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from cola import transiciones
from cola.desenlaces import Desenlace, Duda, Espera
from cola.estados import Estado
from publicador import obrero

VARIABLE = "CAIDAS_MUTANTE"


def mutar(nombre: str) -> None:
    """Cambia el motor de este proceso; vacío = el de verdad."""
    if nombre:
        MUTANTES[nombre]()


def _rescate_que_reenvia() -> None:
    """El error de toda cola de tareas: lo que quedó en manos de un muerto se repite."""
    transiciones.tras_rescate = lambda estado: Estado.PROGRAMADA  # type: ignore[assignment]


def _reintento_ciego() -> None:
    """El otro: sin respuesta, se intenta de nuevo."""
    de_verdad = obrero.decidir

    def decidir(error: Any, momento: Any, *, ahora: Any, **mas: Any) -> Desenlace:
        hecho = de_verdad(error, momento, ahora=ahora, **mas)
        if isinstance(hecho, Duda):
            return Espera(ahora + timedelta(seconds=0.1), hecho.motivo)
        return hecho

    obrero.decidir = decidir


def _adopta_sin_mirar() -> None:
    """Dar por publicada una duda sin haberla visto en la red."""
    de_verdad = obrero.tras_mirar

    def tras_mirar(hallado: Any, momento: Any, **mas: Any) -> Desenlace:
        inventado = obrero.Recibo(id_remoto="1001_1", url="https://red.example/1")
        return de_verdad(hallado or inventado, momento, **mas)

    obrero.tras_mirar = tras_mirar


MUTANTES: dict[str, Callable[[], None]] = {
    "rescate que reenvía": _rescate_que_reenvia,
    "reintento ciego": _reintento_ciego,
    "adopta sin mirar": _adopta_sin_mirar,
}
