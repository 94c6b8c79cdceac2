"""Dónde debe quedar sola una entrega ante cada falla de cada red: la tabla declarada."""

from dataclasses import dataclass

from cola.estados import Estado
from conectores.contrato import Red


@dataclass(frozen=True, slots=True)
class Final:
    """Dónde queda sola la entrega, y lo que una persona hace después para que salga."""

    nombre: str
    estado: Estado
    requiere_persona: bool = False
    despues: str = ""
    aviso: bool = False


SALE = Final("publicada", Estado.PUBLICADA)
PERSONA = Final("en duda, una persona", Estado.EN_DUDA, True, "reenviar")
REPETIDA = Final("en duda: la red la dice repetida", Estado.EN_DUDA, True, "reenviar")
RECONECTAR = Final("detenida: permiso", Estado.DETENIDA, False, "reanudar")
CONFIGURAR = Final("detenida: configuración", Estado.DETENIDA, False, "reanudar")
RECHAZADA = Final("fallida: contenido", Estado.FALLIDA, False, "reintentar")


def _en(facebook: Final, x: Final, wordpress: Final) -> dict[Red, Final]:
    return {Red.FACEBOOK: facebook, Red.X: x, Red.WORDPRESS: wordpress}


# Facebook no rechaza repetidos: si no aparece tras la última mirada, decide una persona. X y
# WordPress se reenvían solas una vez, porque repetir ahí es inocuo.
AL_PUBLICAR: dict[str, dict[Red, Final]] = {
    "no_acepta": _en(SALE, SALE, SALE),
    "corta_antes": _en(PERSONA, SALE, SALE),
    "corta_despues": _en(SALE, SALE, SALE),
    "tarda": _en(SALE, SALE, SALE),
    "error_500": _en(PERSONA, SALE, SALE),
    "error_500_aceptado": _en(SALE, SALE, SALE),
    "limite_429": _en(SALE, SALE, SALE),
    "token_vencido": _en(RECONECTAR, RECONECTAR, RECONECTAR),
    "html_502": _en(PERSONA, SALE, SALE),
    "json_roto": _en(SALE, SALE, SALE),
    "duplicado": _en(REPETIDA, REPETIDA, RECHAZADA),
    "exito_sin_id": _en(SALE, SALE, SALE),
    "redirige_302": _en(PERSONA, CONFIGURAR, CONFIGURAR),
    "vacio_500": _en(PERSONA, SALE, SALE),
    "rechaza": _en(RECHAZADA, RECHAZADA, RECHAZADA),
    "exito_falso": _en(PERSONA, SALE, SALE),
    "demora_lectura": _en(SALE, SALE, SALE),
    "medio_procesando": _en(SALE, SALE, SALE),
}
# Subir se puede repetir: todo termina bien, salvo lo que una persona debe arreglar.
AL_SUBIR: dict[str, dict[Red, Final]] = {
    "no_acepta": _en(SALE, SALE, SALE),
    "corta_antes": _en(SALE, SALE, SALE),
    "corta_despues": _en(SALE, SALE, SALE),
    "tarda": _en(SALE, SALE, SALE),
    "error_500": _en(SALE, SALE, SALE),
    "error_500_aceptado": _en(SALE, SALE, SALE),
    "limite_429": _en(SALE, SALE, SALE),
    "token_vencido": _en(RECONECTAR, RECONECTAR, RECONECTAR),
    "html_502": _en(SALE, SALE, SALE),
    "json_roto": _en(SALE, SALE, SALE),
    "duplicado": _en(SALE, SALE, RECHAZADA),
}
