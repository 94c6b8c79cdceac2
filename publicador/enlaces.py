"""Con qué se conecta cada red desde el panel, según los ajustes."""

from collections.abc import Callable, Mapping
from datetime import datetime

from pydantic import SecretStr

from conectores.contrato import Red
from conectores.enlace import Enlazador
from conectores.facebook.enlace import EnlaceFacebook
from conectores.http import Plazos
from conectores.wordpress.enlace import EnlaceWordPress
from conectores.x.enlace import EnlaceX
from publicador.ajustes import PREFIJO, Ajustes

DE_ENSAYO = {
    "id_app": "900100200300400",
    "secreto_app": "secreto-de-la-aplicacion-de-ensayo",
    "client_id": "cliente-de-ensayo",
    "client_secret": "secreto-del-cliente-de-ensayo",
}
"""Las aplicaciones que las redes de ensayo conocen: no abren nada fuera de esta máquina."""


def enlazadores(
    ajustes: Ajustes, *, plazos: Plazos, ahora: Callable[[], datetime]
) -> Mapping[Red, Enlazador]:
    """Uno por red. Con redes de ensayo puestas, lo que se conecte apunta a ellas."""
    ensayo = ajustes.ensayo_url
    return {
        Red.FACEBOOK: _facebook(ajustes, ensayo, plazos, ahora),
        Red.X: _x(ajustes, ensayo, plazos, ahora),
        Red.WORDPRESS: EnlaceWordPress(ensayo_url=ensayo, plazos=plazos, ahora=ahora),
    }


def _facebook(
    ajustes: Ajustes, ensayo: str | None, plazos: Plazos, ahora: Callable[[], datetime]
) -> EnlaceFacebook:
    if ensayo:
        return EnlaceFacebook(
            id_app=DE_ENSAYO["id_app"],
            secreto_app=DE_ENSAYO["secreto_app"],
            base_url=f"{ensayo}/facebook",
            plazos=plazos,
            ahora=ahora,
            es_ensayo=True,
        )
    return EnlaceFacebook(
        id_app=ajustes.facebook_app_id or "",
        secreto_app=_claro(ajustes.facebook_app_secreto),
        base_url=ajustes.facebook_url,
        plazos=plazos,
        ahora=ahora,
        falta="" if ajustes.facebook_app_id else _falta("FACEBOOK_APP_ID", "FACEBOOK_APP_SECRETO"),
    )


def _x(
    ajustes: Ajustes, ensayo: str | None, plazos: Plazos, ahora: Callable[[], datetime]
) -> EnlaceX:
    if ensayo:
        return EnlaceX(
            client_id=DE_ENSAYO["client_id"],
            client_secret=DE_ENSAYO["client_secret"],
            base_url=f"{ensayo}/x",
            plazos=plazos,
            ahora=ahora,
            es_ensayo=True,
        )
    return EnlaceX(
        client_id=ajustes.x_client_id or "",
        client_secret=_claro(ajustes.x_client_secreto),
        base_url=ajustes.x_url,
        plazos=plazos,
        ahora=ahora,
        falta="" if ajustes.x_client_id else _falta("X_CLIENT_ID", "X_CLIENT_SECRETO"),
    )


def _falta(*nombres: str) -> str:
    lista = " y ".join(f"{PREFIJO}{n}" for n in nombres)
    return (
        f"Faltan los ajustes {lista}. Quien administra el servidor los pone en el archivo .env, "
        "con lo que da la página de la aplicación en el sitio de desarrolladores de la red, y "
        "reinicia el servicio."
    )


def _claro(secreto: SecretStr | None) -> str:
    return "" if secreto is None else secreto.get_secret_value()
