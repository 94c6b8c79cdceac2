"""Renovar el permiso OAuth 2.0 de X antes de usarlo: bajo turno, guardado antes de devolverlo."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from cola.credenciales import Caja, CredencialIlegible, contexto_de
from cola.cuentas import Cuenta
from cola.renovaciones import cerrar_turno, pedir_turno
from cola.tomas import Credencial
from conectores.errores import AunNo, ErrorDeConector, SinPermiso, SinRespuesta
from conectores.http import Plazos, Sesion
from conectores.x.oauth2 import pedir_renovacion, por_vencer

log = structlog.get_logger()
ESPERAS_AL_GUARDAR_S = (0.5, 1.0, 2.0, 4.0, 8.0)
"""X ya anuló el par anterior: perder el nuevo porque la base está ocupada sería desconectarse."""


class Renovador:
    """El gancho `renovar` de una cuenta de X."""

    def __init__(
        self,
        credencial: Credencial,
        *,
        sesiones: sessionmaker[Session],
        caja: Caja,
        base_url: str,
        plazos: Plazos,
        ahora: Callable[[], datetime],
        dormir: Callable[[float], None] = time.sleep,
    ) -> None:
        self._cuenta_id = credencial.cuenta_id
        self._contexto = contexto_de(credencial.red, credencial.identificador)
        self._sesiones = sesiones
        self._caja = caja
        self._base_url = base_url
        self._plazos = plazos
        self._ahora = ahora
        self._dormir = dormir

    def __call__(self) -> Mapping[str, str]:
        """La credencial vigente, renovada si le falta poco. Lanza `AunNo` si otro la renueva."""
        quien = uuid4().hex
        with self._sesiones.begin() as sesion:
            vigente = self._leer(sesion)
            if not por_vencer(_vence(vigente), self._ahora()):
                return vigente
            if not pedir_turno(sesion, self._cuenta_id, quien=quien, ahora=self._ahora()):
                raise AunNo(
                    "Se está renovando el permiso de la cuenta.", espera=timedelta(seconds=3)
                )
        return self._renovar(vigente, quien)

    def _leer(self, sesion: Session) -> dict[str, str]:
        cuenta = sesion.get_one(Cuenta, self._cuenta_id)
        try:
            return self._caja.abrir(self._contexto, cuenta.credencial)
        except CredencialIlegible as error:
            raise SinPermiso(error.mensaje) from error

    def _renovar(self, vigente: dict[str, str], quien: str) -> Mapping[str, str]:
        try:
            nueva = pedir_renovacion(
                Sesion(self._plazos), self._base_url, vigente, ahora=self._ahora()
            )
        except SinRespuesta:
            # No se sabe si el token se gastó: el de acceso actual dirá si todavía sirve.
            log.warning("renovacion_sin_respuesta", cuenta=self._cuenta_id)
            self._cerrar(quien, None)
            return vigente
        except ErrorDeConector:
            self._cerrar(quien, None)
            raise
        self._guardar(quien, self._caja.sellar(self._contexto, nueva))
        return nueva

    def _guardar(self, quien: str, sellada: str) -> None:
        for espera in ESPERAS_AL_GUARDAR_S:
            try:
                self._cerrar(quien, sellada)
                return
            except SQLAlchemyError as error:
                log.warning("renovacion_sin_guardar", causa=type(error).__name__)
                self._dormir(espera)
        self._cerrar(quien, sellada)

    def _cerrar(self, quien: str, sellada: str | None) -> None:
        with self._sesiones.begin() as sesion:
            cerrar_turno(sesion, self._cuenta_id, quien=quien, credencial=sellada)


def _vence(credencial: Mapping[str, str]) -> datetime | None:
    texto = credencial.get("vence_en")
    return datetime.fromisoformat(texto) if texto else None
