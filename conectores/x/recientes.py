"""Lo último que publicó la cuenta, para que una persona lo compare. Cada una cuesta una lectura."""

from datetime import UTC, datetime

from conectores.contrato import Reciente
from conectores.x.cliente import Cliente
from conectores.x.lectura import CAMPOS, pagina_de, texto_visible

MINIMO_DE_X = 5
"""X no acepta pedir menos."""


def leer_recientes(
    cliente: Cliente, identificador: str, sitio: str, desde: datetime, cuantas: int
) -> tuple[Reciente, ...]:
    """Una sola página, de la más nueva a la más vieja."""
    respuesta = cliente.tweepy(
        "get_users_tweets",
        identificador,
        start_time=desde.astimezone(UTC),
        max_results=max(MINIMO_DE_X, cuantas),
        tweet_fields=CAMPOS,
    )
    usuario = cliente.credencial.usuario or "i"
    vistas = pagina_de(respuesta, cliente).get("data") or []
    return tuple(
        Reciente(
            id_remoto=str(dato["id"]),
            url=f"{sitio}/{usuario}/status/{dato['id']}",
            texto=texto_visible(dato),
            en=_momento(dato.get("created_at")),
            imagenes=len((dato.get("attachments") or {}).get("media_keys") or []),
        )
        for dato in vistas[:cuantas]
    )


def _momento(valor: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(valor))
    except ValueError:
        return None
