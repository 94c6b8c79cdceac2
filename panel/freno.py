"""El freno de la puerta: cuántas claves equivocadas se evalúan antes de hacer esperar."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import case, delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from piezas.base import Base

ESPERA = timedelta(minutes=15)
TOPE_DE_LA_PERSONA = 5
"""Del mismo correo desde la misma dirección: la sexta espera."""
TOPE_DEL_CORREO = 50
"""Del mismo correo desde cualquier parte: alto, para que nadie deje fuera a otra persona."""
TOPE_DE_LA_DIRECCION = 60
"""Desde la misma dirección: una oficina entera puede salir por una sola."""


class IntentoEntrada(Base):
    """Cuántas entradas se evaluaron con una clave de freno desde que empezó su espera."""

    __tablename__ = "intento_entrada"

    clave: Mapped[str] = mapped_column(primary_key=True)
    """Resumen del correo, de la dirección o de ambos: aquí no se guardan datos personales."""
    evaluadas: Mapped[int]
    ultima_en: Mapped[datetime]


def _clave(*partes: str) -> str:
    return hashlib.sha256("\0".join(partes).encode()).hexdigest()


def _claves(correo: str, direccion: str) -> tuple[tuple[str, int], ...]:
    return (
        (_clave("persona", correo, direccion), TOPE_DE_LA_PERSONA),
        (_clave("correo", correo), TOPE_DEL_CORREO),
        (_clave("direccion", direccion), TOPE_DE_LA_DIRECCION),
    )


def apartar(sesion: Session, correo: str, direccion: str, *, ahora: datetime) -> timedelta | None:
    """Aparta un turno para evaluar una clave; devuelve cuánto falta si hay que esperar.

    Se llama ANTES de evaluar y en su propia transacción: cien peticiones a la vez apartan, en
    total, los mismos cinco turnos.
    """
    for clave, tope in _claves(correo, direccion):
        evaluadas, ultima_en = _contar(sesion, clave, tope, ahora)
        if evaluadas > tope:
            return ultima_en + ESPERA - ahora
    return None


def _contar(sesion: Session, clave: str, tope: int, ahora: datetime) -> tuple[int, datetime]:
    fila = IntentoEntrada
    vieja = fila.ultima_en <= ahora - ESPERA
    cambio = (
        update(fila)
        .where(fila.clave == clave)
        .values(
            evaluadas=case((vieja, 1), else_=fila.evaluadas + 1),
            # Lo que ya espera no se alarga por insistir: si no, insistir sería bloquear a otro.
            ultima_en=case((vieja | (fila.evaluadas < tope), ahora), else_=fila.ultima_en),
        )
        .returning(fila.evaluadas, fila.ultima_en)
        .execution_options(synchronize_session=False)
    )
    contada = sesion.execute(cambio).one_or_none()
    if contada is None:
        try:
            with sesion.begin_nested():
                sesion.add(fila(clave=clave, evaluadas=1, ultima_en=ahora))
        except IntegrityError:
            contada = sesion.execute(cambio).one()
    return (1, ahora) if contada is None else (contada[0], contada[1])


def olvidar(sesion: Session, correo: str, direccion: str) -> None:
    """Tras una entrada buena, la cuenta de esa persona vuelve a cero."""
    (clave, _), *_ = _claves(correo, direccion)
    sesion.execute(delete(IntentoEntrada).where(IntentoEntrada.clave == clave))
