"""Los estados de una publicación y los únicos pasos entre ellos."""

from enum import StrEnum

from cola.errores import PasoProhibido


class Estado(StrEnum):
    """Dónde está una publicación. Los nombres son los del contrato con los usuarios."""

    PROGRAMADA = "programada"
    TOMADA = "tomada"
    ENVIANDO = "enviando"
    PUBLICADA = "publicada"
    EN_DUDA = "en_duda"
    DETENIDA = "detenida"
    FALLIDA = "fallida"
    CANCELADA = "cancelada"
    RETIRADA = "retirada"


class Causa(StrEnum):
    """Por qué una publicación está detenida: decide qué la suelta."""

    TARDIA = "tardia"
    PAUSA = "pausa"
    CUENTA = "cuenta"
    APROBACION = "aprobacion"
    CAMBIO = "cambio"
    RESPALDO = "respaldo"
    DERECHOS = "derechos"
    """Lleva la imagen de alguien que no la autorizó, o que retiró su permiso."""


class MotivoPausa(StrEnum):
    """Quién o qué detuvo el carril de una cuenta."""

    PERSONA = "persona"
    CREDENCIAL = "credencial"
    BLOQUEO = "bloqueo"
    SALDO = "saldo"
    CONFIGURACION = "configuracion"


E = Estado
PASOS: dict[Estado, frozenset[Estado]] = {
    E.PROGRAMADA: frozenset({E.TOMADA, E.CANCELADA, E.DETENIDA}),
    # `tomada` vuelve a `programada` si el arriendo vence o si hay que esperar; nada ha salido.
    # Pasa a `en_duda` solo si una parte ya es pública y no puede seguir: la mira una persona.
    E.TOMADA: frozenset({E.PROGRAMADA, E.ENVIANDO, E.DETENIDA, E.FALLIDA, E.PUBLICADA, E.EN_DUDA}),
    # `enviando` vuelve a `programada` solo con una negativa clara de la red o si nada salió.
    E.ENVIANDO: frozenset({E.PUBLICADA, E.PROGRAMADA, E.EN_DUDA, E.DETENIDA, E.FALLIDA}),
    E.EN_DUDA: frozenset({E.PUBLICADA, E.PROGRAMADA, E.FALLIDA}),
    E.DETENIDA: frozenset({E.PROGRAMADA, E.CANCELADA}),
    E.FALLIDA: frozenset({E.PROGRAMADA, E.CANCELADA}),
    E.PUBLICADA: frozenset({E.RETIRADA}),
    E.CANCELADA: frozenset(),
    E.RETIRADA: frozenset(),
}
"""De cada estado, a cuáles se puede pasar. `tomada → publicada` solo cuando `preparar` descubre
que todos los pasos ya estaban hechos (el último ya había salido y quedaba leerlo)."""

EN_MANOS = frozenset({E.TOMADA, E.ENVIANDO})
FINALES = frozenset({E.CANCELADA, E.RETIRADA})


def pasar(de: Estado, a: Estado) -> Estado:
    """Devuelve `a`, o lanza `PasoProhibido` si `de` no lleva allá."""
    if a not in PASOS[de]:
        raise PasoProhibido(de, a)
    return a
