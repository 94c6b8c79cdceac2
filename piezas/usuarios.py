"""Quién entra y qué puede: crear personas, reconocer su clave y exigir papeles."""

import re
import secrets
import threading
import unicodedata
from collections.abc import Collection
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from piezas.bitacora import anotar
from piezas.errores import DatosInvalidos, NoEncontrada, SinPermisoPara
from piezas.personas import Papel, Persona, PersonaPapel

CLAVE_MINIMA, CLAVE_MAXIMA = 12, 128
ESCRIBEN = (Papel.REDACCION, Papel.DISENO, Papel.COMMUNITY, Papel.JEFATURA)
"""Los papeles que pueden crear y editar piezas."""

_CORREO = re.compile(r"[a-z0-9._%+'-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}")
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


def crear_persona(
    sesion: Session,
    *,
    correo: str,
    nombre: str,
    papeles: Collection[Papel],
    clave: str,
    ahora: datetime,
    quien: str = "servidor",
) -> Persona:
    """Crea una persona activa; lanza `DatosInvalidos` con todas las fallas.

    `quien`: el correo de quien la crea, para la bitácora.
    """
    correo, nombre = correo.strip().lower(), nombre.strip()
    fallas = list(_fallas_de_clave(clave))
    if len(correo) > 254 or not _CORREO.fullmatch(correo):
        fallas.append(f"El correo «{correo}» no es una dirección válida.")
    elif _hallar(sesion, correo) is not None:
        fallas.append(f"Ya hay una persona con el correo {correo}.")
    if not nombre:
        fallas.append("Falta el nombre de la persona.")
    if not papeles:
        fallas.append("La persona necesita al menos un papel.")
    if fallas:
        raise DatosInvalidos(fallas)
    persona = Persona(
        correo=correo, nombre=nombre, clave=_cifrar(clave), activa=True, creada_en=ahora
    )
    persona.papeles_filas = [PersonaPapel(papel=papel) for papel in sorted(set(papeles))]
    sesion.add(persona)
    sesion.flush()
    anotar(
        sesion,
        "crear persona",
        quien=quien,
        ahora=ahora,
        objeto="persona",
        objeto_id=persona.id,
        a=", ".join(sorted(persona.papeles)),
    )
    return persona


def persona_por_correo(sesion: Session, correo: str) -> Persona:
    """La persona con ese correo, activa o no; lanza `NoEncontrada` si no hay."""
    persona = _hallar(sesion, correo)
    if persona is None:
        raise NoEncontrada(f"No hay una persona con el correo «{correo}».")
    return persona


def autenticar(sesion: Session, correo: str, clave: str) -> Persona | None:
    """La persona activa cuya clave es esa, o `None`.

    Con un correo desconocido trabaja lo mismo: el tiempo no dice quién existe.
    """
    persona = _hallar(sesion, correo)
    resumen = persona.clave if persona is not None else _senuelo()
    acierta = len(clave) <= CLAVE_MAXIMA and _comparar(resumen, clave)
    if persona is None or not acierta or not persona.activa:
        return None
    if _cifrador.check_needs_rehash(persona.clave):
        persona.clave = _cifrar(clave)
    return persona


def exigir(persona: Persona, *papeles: Papel) -> None:
    """Lanza `SinPermisoPara` si la persona no está activa o no tiene ninguno de `papeles`."""
    if not persona.activa:
        raise SinPermisoPara("Su usuario está desactivado. Pida a quien administra que lo active.")
    if persona.papeles.isdisjoint(papeles):
        nombres = " o ".join(f"«{papel}»" for papel in papeles)
        raise SinPermisoPara(
            f"Eso lo hace quien tiene el papel {nombres}, y {persona.nombre} no lo tiene."
        )


def persona_de(sesion: Session, persona_id: int, *papeles: Papel) -> Persona:
    """La persona activa con alguno de `papeles`; los lee de la base, no de la memoria."""
    persona = sesion.get(Persona, persona_id, populate_existing=True)
    if persona is None:
        raise NoEncontrada("No existe esa persona.")
    exigir(persona, *papeles)
    return persona


def _hallar(sesion: Session, correo: str) -> Persona | None:
    return sesion.scalar(select(Persona).where(Persona.correo == correo.strip().lower()))


def _fallas_de_clave(clave: str) -> tuple[str, ...]:
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


def _cifrar(clave: str) -> str:
    with _turno:
        return _cifrador.hash(clave)


def _comparar(resumen: str, clave: str) -> bool:
    with _turno:
        try:
            return _cifrador.verify(resumen, clave)
        except (VerificationError, InvalidHashError):
            return False


def _senuelo() -> str:
    if not _senuelos:
        _senuelos.append(_cifrar(secrets.token_urlsafe(32)))
    return _senuelos[0]
