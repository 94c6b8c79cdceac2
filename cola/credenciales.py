"""Sellar y abrir las credenciales de las cuentas."""

import json
from collections.abc import Mapping, Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from cola.errores import ErrorDeCola


class CredencialIlegible(ErrorDeCola):
    """La clave de esta instalación no abre lo guardado, o el sello es de otra cuenta."""

    mensaje = (
        "No se pudo abrir la credencial de la cuenta. Vuelva a conectarla, o restaure el archivo "
        "de claves con el que se guardó."
    )


class Caja:
    """Cifra con la clave más nueva y abre con cualquiera de las vigentes.

    Dentro del sello va el contexto (`cuenta:facebook:123`): quien pueda escribir en la base no
    puede poner la credencial de una cuenta en otra.
    """

    def __init__(self, claves: Sequence[bytes]) -> None:
        self._fernet = MultiFernet([Fernet(clave) for clave in claves])

    def __repr__(self) -> str:
        return "Caja()"

    def sellar(self, contexto: str, datos: Mapping[str, str]) -> str:
        """Texto opaco para guardar en la base."""
        contenido = json.dumps({"contexto": contexto, "datos": dict(datos)}, ensure_ascii=False)
        return self._fernet.encrypt(contenido.encode()).decode()

    def abrir(self, contexto: str, sello: str) -> dict[str, str]:
        """Lanza `CredencialIlegible` si el sello no es de este contexto o no abre."""
        try:
            contenido = json.loads(self._fernet.decrypt(sello.encode()))
        except InvalidToken:
            raise CredencialIlegible from None
        if contenido["contexto"] != contexto:
            raise CredencialIlegible
        return {str(clave): str(valor) for clave, valor in contenido["datos"].items()}


def contexto_de(red: str, identificador: str) -> str:
    """Lo que ata una credencial a su cuenta."""
    return f"cuenta:{red}:{identificador}"
