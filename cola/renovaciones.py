"""El turno para renovar el token de una cuenta: un solo renovador entre todos los procesos."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from cola.cuentas import Cuenta

TURNO = timedelta(minutes=2)


def pedir_turno(sesion: Session, cuenta_id: int, *, quien: str, ahora: datetime) -> bool:
    """`True` si el turno es de `quien` por dos minutos; se confirma antes de llamar a la red."""
    libre = or_(Cuenta.renovando_hasta.is_(None), Cuenta.renovando_hasta <= ahora)
    tomado = sesion.scalar(
        update(Cuenta)
        .where(Cuenta.id == cuenta_id, libre)
        .values(renovando_de=quien, renovando_hasta=ahora + TURNO)
        .returning(Cuenta.id)
        .execution_options(synchronize_session="fetch")
    )
    return tomado is not None


def cerrar_turno(
    sesion: Session, cuenta_id: int, *, quien: str, credencial: str | None
) -> int | None:
    """Guarda la credencial nueva (ya sellada) y suelta el turno.

    Devuelve la serie vigente, o `None` si el turno ya era de otro: entonces no se guarda nada.
    """
    cuenta = sesion.get_one(Cuenta, cuenta_id, with_for_update=True)
    if cuenta.renovando_de != quien:
        return None
    cuenta.renovando_de = None
    cuenta.renovando_hasta = None
    if credencial is not None:
        cuenta.credencial = credencial
        cuenta.credencial_serie += 1
    return cuenta.credencial_serie
