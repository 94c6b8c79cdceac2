"""Quién entra y qué puede: crear personas, reconocer su clave y exigir papeles."""

import re
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from piezas.bitacora import anotar
from piezas.claves_de_entrada import (
    CLAVE_MAXIMA,
    cifrar,
    comparar,
    debe_cifrarse,
    fallas_de_clave,
    senuelo,
)
from piezas.errores import DatosInvalidos, NoEncontrada, SinPermisoPara
from piezas.personas import Papel, Persona, PersonaPapel

ESCRIBEN = (Papel.REDACCION, Papel.DISENO, Papel.COMMUNITY, Papel.JEFATURA)
"""Los papeles que pueden crear y editar piezas."""

_CORREO = re.compile(r"[a-z0-9._%+'-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}")


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
    fallas = [*fallas_de_clave(clave), *fallas_de_persona(sesion, correo, nombre, papeles)]
    if fallas:
        raise DatosInvalidos(fallas)
    persona = agregar(sesion, correo, nombre, papeles, clave=cifrar(clave), ahora=ahora)
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


def fallas_de_persona(
    sesion: Session, correo: str, nombre: str, papeles: Collection[Papel]
) -> list[str]:
    """Lo que impide agregarla: correo malo o repetido, sin nombre o sin papel."""
    correo, fallas = correo.strip().lower(), []
    if len(correo) > 254 or not _CORREO.fullmatch(correo):
        fallas.append(f"El correo «{correo}» no es una dirección válida.")
    elif hallar(sesion, correo) is not None:
        fallas.append(f"Ya hay una persona con el correo {correo}.")
    if not nombre.strip():
        fallas.append("Falta el nombre de la persona.")
    if not papeles:
        fallas.append("La persona necesita al menos un papel.")
    return fallas


def agregar(
    sesion: Session,
    correo: str,
    nombre: str,
    papeles: Collection[Papel],
    *,
    clave: str,
    ahora: datetime,
) -> Persona:
    """Escribe una persona ya comprobada; `clave` llega cifrada, o vacía si falta que la ponga."""
    persona = Persona(
        correo=correo.strip().lower(),
        nombre=nombre.strip(),
        clave=clave,
        activa=True,
        creada_en=ahora,
    )
    persona.papeles_filas = [PersonaPapel(papel=papel) for papel in sorted(set(papeles))]
    sesion.add(persona)
    sesion.flush()
    return persona


def persona_por_correo(sesion: Session, correo: str) -> Persona:
    """La persona con ese correo, activa o no; lanza `NoEncontrada` si no hay."""
    persona = hallar(sesion, correo)
    if persona is None:
        raise NoEncontrada(f"No hay una persona con el correo «{correo}».")
    return persona


def autenticar(sesion: Session, correo: str, clave: str) -> Persona | None:
    """La persona activa cuya clave es esa, o `None`.

    Con un correo desconocido trabaja lo mismo: el tiempo no dice quién existe.
    """
    persona = hallar(sesion, correo)
    # Quien no ha puesto su clave tarda lo mismo que quien no existe.
    resumen = persona.clave if persona is not None and persona.clave else senuelo()
    acierta = len(clave) <= CLAVE_MAXIMA and comparar(resumen, clave)
    if persona is None or not acierta or not persona.activa:
        return None
    if debe_cifrarse(persona.clave):
        persona.clave = cifrar(clave)
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


def hallar(sesion: Session, correo: str) -> Persona | None:
    """La persona con ese correo, o `None`."""
    return sesion.scalar(select(Persona).where(Persona.correo == correo.strip().lower()))
