"""La contraseña de una persona: qué se le pide, cómo se guarda y cómo se compara."""

import secrets
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

CLAVE_MINIMA, CLAVE_MAXIMA = 12, 128
# Fragmentos que vuelven adivinable una clave larga en esta oficina; lo que queda al quitarlos
# debe bastar por sí solo.
_COMUNES = (
    "contrasena", "password", "bucaramanga", "alcaldia", "colombia", "santander", "prensa",
    "publicador", "comunicaciones", "administrador", "bienvenido", "municipio", "qwertyuiop",
    "qwerty", "asdfgh", "123456789", "12345678", "1234567", "123456", "12345", "1234", "abcd",
    "clave", "admin", "secreto", "2024", "2025", "2026", "2027",
)  # fmt: skip
_cifrador = PasswordHasher()
# Cada argon2 usa 64 MiB: sin tope, cien entradas a la vez agotarían la máquina.
_turno = threading.BoundedSemaphore(4)
_senuelos: list[str] = []


def fallas_de_clave(clave: str) -> tuple[str, ...]:
    """Por qué no sirve; vacía si sirve. No hay reglas de composición ni vencimiento."""
    if len(clave) < CLAVE_MINIMA:
        return (f"La contraseña debe tener al menos {CLAVE_MINIMA} caracteres.",)
    if len(clave) > CLAVE_MAXIMA:
        return (f"La contraseña puede tener hasta {CLAVE_MAXIMA} caracteres.",)
    resto = _llana(clave)
    for comun in _COMUNES:
        resto = resto.replace(comun, "")
    if len(set(resto)) < 4:
        return ("Esa contraseña es demasiado fácil de adivinar. Use una frase propia.",)
    return ()


def _llana(texto: str) -> str:
    """Minúsculas y sin tildes, para comparar con lo común."""
    partes = unicodedata.normalize("NFKD", texto.casefold())
    return "".join(letra for letra in partes if not unicodedata.combining(letra))


def cifrar(clave: str) -> str:
    """Su resumen argon2id."""
    with _turno:
        return _cifrador.hash(clave)


def comparar(resumen: str, clave: str) -> bool:
    """Si la clave es la de ese resumen; un resumen que no lo es no acepta ninguna."""
    with _turno:
        try:
            return _cifrador.verify(resumen, clave)
        except (VerificationError, InvalidHashError):
            return False


def debe_cifrarse(resumen: str) -> bool:
    """Si se guardó con parámetros más débiles que los de hoy."""
    return _cifrador.check_needs_rehash(resumen)


def senuelo() -> str:
    """Un resumen de nadie: comparar con él tarda lo mismo que con uno de verdad."""
    if not _senuelos:
        _senuelos.append(cifrar(secrets.token_urlsafe(32)))
    return _senuelos[0]
