"""Las claves de la instalación: un archivo cerrado, o el ajuste CLAVES; la más nueva, primero.

De cada una salen tres, una por uso: la que cifra credenciales no sirve para firmar, ni al revés.
"""

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from publicador.ajustes import AjusteMalo, Ajustes
from publicador.ajustes_valores import lista_de_claves
from publicador.carpetas import crear_carpeta

ARCHIVO = "claves"


@dataclass(frozen=True, slots=True)
class Claves:
    """Las claves vigentes; imprimirlas no las muestra."""

    _todas: tuple[str, ...] = field(repr=False)

    @property
    def de_cifrado(self) -> tuple[bytes, ...]:
        """Claves de Fernet para sellar credenciales."""
        return tuple(base64.urlsafe_b64encode(clave) for clave in self._derivar("cifrado"))

    @property
    def de_firma(self) -> tuple[bytes, ...]:
        """Para firmar aprobaciones y nombrar envíos."""
        return self._derivar("firma")

    @property
    def de_sesion(self) -> tuple[str, ...]:
        """Para firmar las cookies y los formularios del panel."""
        return tuple(clave.hex() for clave in self._derivar("sesion"))

    def _derivar(self, uso: str) -> tuple[bytes, ...]:
        dato = f"publicador:{uso}".encode()
        return tuple(
            hmac.new(clave.rstrip("=").encode(), dato, hashlib.sha256).digest()
            for clave in self._todas
        )


def leer_claves(ajustes: Ajustes) -> Claves:
    """Las del ajuste CLAVES, o las del archivo, que se crea la primera vez.

    Lanza `AjusteMalo` si el archivo está abierto a otros, no se puede leer o no es de claves.
    """
    if ajustes.claves:
        return Claves(tuple(clave.get_secret_value() for clave in ajustes.claves))
    archivo = ajustes.datos / ARCHIVO
    try:
        crear_carpeta(ajustes.datos)
        if not archivo.exists():
            _crear(archivo)
        return Claves(_leer(archivo))
    except OSError as error:
        raise AjusteMalo(
            f"No se pudo leer ni crear el archivo de claves {archivo} "
            f"({error.strerror or type(error).__name__}). Revise los permisos de la carpeta."
        ) from None


def _crear(archivo: Path) -> None:
    """Con todo su contenido o nada; si otro proceso llegó antes, vale el suyo."""
    provisional = archivo.with_name(f".{archivo.name}-{secrets.token_hex(8)}")
    descriptor = os.open(provisional, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as salida:
            salida.write(secrets.token_urlsafe(32) + "\n")
            salida.flush()
            os.fsync(salida.fileno())
        os.link(provisional, archivo)
    except FileExistsError:
        pass
    finally:
        provisional.unlink()


def _leer(archivo: Path) -> tuple[str, ...]:
    if archivo.stat().st_mode & 0o077:
        raise AjusteMalo(
            f"El archivo de claves {archivo} está abierto a otros usuarios. "
            f"Ciérrelo y repita: chmod 600 {archivo}"
        )
    try:
        claves: tuple[str, ...] = lista_de_claves(archivo.read_text(encoding="ascii"))
    except ValueError:  # también si no es ASCII
        claves = ()
    if not claves:
        raise AjusteMalo(
            f"El archivo de claves {archivo} está vacío, o alguna clave está incompleta. "
            "Restáurelo de un respaldo: sin él no se abren las cuentas conectadas."
        )
    return claves
