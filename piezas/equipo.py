"""El equipo de la oficina: invitar, cambiar papeles, desactivar y volver a activar."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from piezas.bitacora import anotar
from piezas.claves_de_entrada import cifrar, comparar, fallas_de_clave
from piezas.enlaces_personales import ClaseEnlace, cerrar_todos, dar
from piezas.errores import DatosInvalidos, EstadoNoPermite, NoEncontrada, SinPermisoPara
from piezas.personas import Papel, Persona, PersonaPapel
from piezas.usuarios import agregar, fallas_de_persona, persona_de

MANEJAN = (Papel.ADMINISTRACION, Papel.JEFATURA)
RESERVADOS = frozenset({Papel.ADMINISTRACION, Papel.JEFATURA})
"""Solo los maneja quien administra: con ellos alguien podría aprobarse a sí mismo por otra mano."""


def invitar(
    sesion: Session,
    *,
    correo: str,
    nombre: str,
    papeles: Collection[Papel],
    por: int,
    ahora: datetime,
) -> tuple[Persona, str]:
    """Una persona sin contraseña todavía, y el secreto del enlace con que la pone."""
    quien = persona_de(sesion, por, *MANEJAN)
    if fallas := fallas_de_persona(sesion, correo, nombre, papeles):
        raise DatosInvalidos(fallas)
    _exigir_alcance(quien, frozenset(papeles))
    persona = agregar(sesion, correo, nombre, papeles, clave="", ahora=ahora)
    _anotar(sesion, "invitar persona", quien, persona, ahora, a=_lista(persona.papeles))
    return persona, dar(sesion, persona, ClaseEnlace.INVITACION, ahora=ahora)


def enlace_nuevo(
    sesion: Session, persona_id: int, *, por: int, ahora: datetime
) -> tuple[Persona, ClaseEnlace, str]:
    """Otro enlace: de invitación si no ha entrado nunca, o para cambiar la contraseña."""
    quien, persona = _par(sesion, persona_id, por)
    _exigir_alcance(quien, persona.papeles)
    if not persona.activa:
        raise EstadoNoPermite(f"{persona.nombre} está desactivada: actívela antes.")
    clase = ClaseEnlace.INVITACION if persona.esta_invitada else ClaseEnlace.OLVIDO
    accion = "invitar de nuevo" if persona.esta_invitada else "dar enlace de contraseña"
    _anotar(sesion, accion, quien, persona, ahora)
    return persona, clase, dar(sesion, persona, clase, ahora=ahora)


def cambiar_papeles(
    sesion: Session, persona_id: int, papeles: Collection[Papel], *, por: int, ahora: datetime
) -> bool:
    """Los papeles nuevos; dice si cambió algo. Quien llama cierra las sesiones de la persona."""
    quien, persona = _par(sesion, persona_id, por)
    if quien.id == persona.id:
        raise SinPermisoPara("Nadie cambia sus propios papeles. Pídalo a otra persona.")
    if not papeles:
        raise DatosInvalidos("La persona necesita al menos un papel.")
    antes, nuevos = persona.papeles, frozenset(papeles)
    if antes == nuevos:
        return False
    _exigir_alcance(quien, antes ^ nuevos)
    if Papel.ADMINISTRACION in antes - nuevos:
        _exigir_otra_administracion(sesion, persona)
    conservados = [fila for fila in persona.papeles_filas if fila.papel in nuevos]
    agregados = [PersonaPapel(papel=papel) for papel in sorted(nuevos - antes)]
    persona.papeles_filas = [*conservados, *agregados]
    _anotar(sesion, "cambiar papeles", quien, persona, ahora, de=_lista(antes), a=_lista(nuevos))
    return True


def desactivar(sesion: Session, persona_id: int, *, por: int, ahora: datetime) -> Persona:
    """No vuelve a entrar; lo que hizo queda. Quien llama cierra las sesiones de la persona."""
    quien, persona = _par(sesion, persona_id, por)
    if quien.id == persona.id:
        raise SinPermisoPara("Nadie se desactiva a sí mismo. Pídalo a otra persona.")
    if not persona.activa:
        return persona
    if Papel.ADMINISTRACION in persona.papeles:
        _exigir_alcance(quien, frozenset({Papel.ADMINISTRACION}))
        _exigir_otra_administracion(sesion, persona)
    persona.activa = False
    cerrar_todos(sesion, persona.id, ahora=ahora)
    _anotar(sesion, "desactivar persona", quien, persona, ahora)
    return persona


def reactivar(sesion: Session, persona_id: int, *, por: int, ahora: datetime) -> Persona:
    """Vuelve a entrar con la contraseña que tenía."""
    quien, persona = _par(sesion, persona_id, por)
    if Papel.ADMINISTRACION in persona.papeles:
        _exigir_alcance(quien, frozenset({Papel.ADMINISTRACION}))
    if not persona.activa:
        persona.activa = True
        _anotar(sesion, "activar persona", quien, persona, ahora)
    return persona


def persona_a_cargo(sesion: Session, persona_id: int, *, por: int) -> Persona:
    """La persona, si `por` puede decidir sobre su entrada y no es ella misma."""
    quien, persona = _par(sesion, persona_id, por)
    if quien.id == persona.id:
        raise SinPermisoPara("Lo suyo se cambia en «Mi cuenta».")
    _exigir_alcance(quien, persona.papeles)
    return persona


def cambiar_nombre(sesion: Session, persona: Persona, nombre: str, *, ahora: datetime) -> None:
    """El nombre con que la ven los demás; lo cambia ella misma."""
    limpio = " ".join(nombre.split())
    if not 2 <= len(limpio) <= 120:
        raise DatosInvalidos("Escriba su nombre, de 2 a 120 caracteres.")
    if limpio != persona.nombre:
        antes, persona.nombre = persona.nombre, limpio
        _anotar(sesion, "cambiar nombre", persona, persona, ahora, de=antes, a=limpio)


def cambiar_clave(
    sesion: Session, persona: Persona, *, actual: str, nueva: str, ahora: datetime
) -> None:
    """Pide la de ahora y pone otra. Quien llama cierra las demás sesiones."""
    if not comparar(persona.clave, actual):
        raise DatosInvalidos("La contraseña actual no es esa.")
    if actual == nueva:
        raise DatosInvalidos("La contraseña nueva es la misma de antes. Escriba otra.")
    if fallas := fallas_de_clave(nueva):
        raise DatosInvalidos(fallas)
    persona.clave = cifrar(nueva)
    cerrar_todos(sesion, persona.id, ahora=ahora)
    _anotar(sesion, "cambiar contraseña", persona, persona, ahora)


def _par(sesion: Session, persona_id: int, por: int) -> tuple[Persona, Persona]:
    sesion.flush()  # releer sin escribir antes perdería lo que se cambió
    quien = persona_de(sesion, por, *MANEJAN)
    # La fila se aparta: dos que quitan a la vez a los dos últimos no dejan la casa sin nadie.
    persona = sesion.get(
        Persona, persona_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if persona is None:
        raise NoEncontrada("No existe esa persona.")
    return quien, persona


def _exigir_alcance(quien: Persona, papeles: frozenset[Papel]) -> None:
    if papeles & RESERVADOS and Papel.ADMINISTRACION not in quien.papeles:
        raise SinPermisoPara(
            "Los papeles de administración y de jefatura, y la entrada de quien los tiene, los "
            "maneja quien administra el servicio."
        )


def _exigir_otra_administracion(sesion: Session, persona: Persona) -> None:
    """Con todas las filas de quienes administran apartadas, para no contar algo que cambia."""
    administran = sesion.scalars(
        select(Persona.id)
        .join(PersonaPapel)
        .where(
            PersonaPapel.papel == Papel.ADMINISTRACION,
            Persona.activa,
            func.length(Persona.clave) > 0,
        )
        .order_by(Persona.id)
        .with_for_update(key_share=True)
    )
    if not set(administran) - {persona.id}:
        raise EstadoNoPermite(
            f"{persona.nombre} es la última persona que administra. Dele antes ese papel a otra."
        )


def _lista(papeles: Collection[Papel]) -> str:
    return ", ".join(sorted(papeles))


def _anotar(
    sesion: Session,
    accion: str,
    quien: Persona,
    persona: Persona,
    ahora: datetime,
    *,
    de: str | None = None,
    a: str | None = None,
) -> None:
    anotar(
        sesion,
        accion,
        quien=quien.correo,
        persona_id=quien.id,
        ahora=ahora,
        objeto="persona",
        objeto_id=persona.id,
        de=de,
        a=a,
        motivo=None if quien.id == persona.id else persona.correo,
    )
