"""Registrar, pausar y reanudar cuentas."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from cola.credenciales import Caja, contexto_de
from cola.cuentas import Cuenta
from cola.errores import CuentaRepetida, NoEncontrada, NoSePuede
from cola.estados import Causa, Estado, MotivoPausa
from cola.publicaciones import Publicacion
from conectores.contrato import Red
from piezas.bitacora import anotar

_ALIAS = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_RESERVADOS = frozenset({"conectar", "conexion", "ida", "nueva", "olvidar", "vuelta"})
"""Palabras que en el panel son otra pantalla de Cuentas."""

CAMPOS: dict[Red, tuple[frozenset[str], frozenset[str]]] = {
    Red.FACEBOOK: (frozenset({"token_pagina"}), frozenset({"id_app", "secreto_app"})),
    Red.WORDPRESS: (frozenset({"url", "usuario", "contrasena_aplicacion"}), frozenset()),
    Red.CORREO: (frozenset(), frozenset()),
    Red.MANUAL: (frozenset(), frozenset()),
}
"""Por red: campos obligatorios y opcionales de la credencial."""
_X_CLAVES = frozenset({"api_key", "api_secret", "access_token", "access_secret"})
_X_OAUTH2 = frozenset({"client_id", "access_token", "refresh_token", "vence_en"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CuentaNueva:
    """Lo que se pide para registrar una cuenta."""

    alias: str
    red: Red
    identificador: str
    credencial: Mapping[str, str]
    nombre: str | None = None
    base_url: str | None = None
    es_ensayo: bool = False
    espaciado_s: int | None = None
    reenvia_en_duda: bool = False


def agregar_cuenta(
    sesion: Session, nueva: CuentaNueva, *, caja: Caja, quien: str, ahora: datetime
) -> Cuenta:
    """Registra la cuenta con su credencial sellada."""
    if not _ALIAS.fullmatch(nueva.alias):
        raise NoSePuede(
            f"El alias «{nueva.alias}» no sirve: use minúsculas, números, guion o guion bajo."
        )
    if nueva.alias in _RESERVADOS:
        raise NoSePuede(f"El alias «{nueva.alias}» lo usa el panel. Escoja otro.")
    if not nueva.identificador.strip():
        raise NoSePuede("Falta el identificador de la cuenta en la red.")
    revisar_credencial(nueva.red, nueva.credencial)
    repetida = select(Cuenta).where(
        or_(
            Cuenta.alias == nueva.alias,
            (Cuenta.red == nueva.red) & (Cuenta.identificador == nueva.identificador),
        )
    )
    otra = sesion.scalar(repetida)
    if otra is not None:
        raise CuentaRepetida(
            f"Ya existe la cuenta «{otra.alias}» de {otra.red.value} ({otra.identificador})."
        )
    cuenta = Cuenta(
        alias=nueva.alias,
        red=nueva.red,
        identificador=nueva.identificador,
        nombre=nueva.nombre or nueva.alias,
        credencial=caja.sellar(contexto_de(nueva.red, nueva.identificador), nueva.credencial),
        base_url=nueva.base_url,
        es_ensayo=nueva.es_ensayo,
        espaciado_s=nueva.espaciado_s,
        reenvia_en_duda=nueva.reenvia_en_duda,
        creada_en=ahora,
        credencial_en=ahora,
    )
    sesion.add(cuenta)
    sesion.flush()
    anotar(
        sesion,
        "agregar_cuenta",
        quien=quien,
        ahora=ahora,
        objeto="cuenta",
        objeto_id=cuenta.id,
        a=nueva.alias,
    )
    return cuenta


def conectar_cuenta(
    sesion: Session,
    alias: str,
    credencial: Mapping[str, str],
    *,
    caja: Caja,
    quien: str,
    ahora: datetime,
    base_url: str | None = None,
) -> Cuenta:
    """Cambia la credencial de una cuenta; sigue siendo la misma cuenta de su red.

    `base_url=None` conserva la dirección que tenía.
    """
    cuenta = cuenta_por_alias(sesion, alias)
    revisar_credencial(cuenta.red, credencial)
    cuenta.credencial = caja.sellar(contexto_de(cuenta.red, cuenta.identificador), credencial)
    cuenta.credencial_serie += 1
    cuenta.credencial_en = ahora
    cuenta.base_url = base_url or cuenta.base_url
    # Quien estuviera renovando la anterior ya no la guarda encima de esta.
    cuenta.renovando_de = None
    cuenta.renovando_hasta = None
    anotar(
        sesion,
        "conectar_cuenta",
        quien=quien,
        ahora=ahora,
        objeto="cuenta",
        objeto_id=cuenta.id,
        a=cuenta.alias,
    )
    return cuenta


def revisar_credencial(red: Red, credencial: Mapping[str, str]) -> None:
    """Exige los campos de la red, sin mostrar nunca lo que traen."""
    dados = frozenset(credencial)
    if red is Red.X:
        _revisar_x(dados)
        return
    obligatorios, opcionales = CAMPOS[red]
    faltan = sorted(obligatorios - dados)
    sobran = sorted(dados - obligatorios - opcionales)
    if faltan:
        raise NoSePuede(f"Faltan datos de la credencial de {red.value}: {', '.join(faltan)}.")
    if sobran:
        raise NoSePuede(f"La credencial de {red.value} no lleva: {', '.join(sobran)}.")
    vacios = sorted(clave for clave in obligatorios if not credencial[clave].strip())
    if vacios:
        raise NoSePuede(f"Estos datos de la credencial están vacíos: {', '.join(vacios)}.")


def _revisar_x(dados: frozenset[str]) -> None:
    sin_usuario = dados - {"usuario"}
    if sin_usuario == _X_CLAVES or sin_usuario - {"client_secret"} == _X_OAUTH2:
        return
    raise NoSePuede(
        "La credencial de X lleva api_key, api_secret, access_token y access_secret; "
        "o client_id, access_token, refresh_token y vence_en (y client_secret si lo hay)."
    )


def cuenta_por_alias(sesion: Session, alias: str) -> Cuenta:
    """La cuenta, o `NoEncontrada` con las que sí existen."""
    cuenta = sesion.scalar(select(Cuenta).where(Cuenta.alias == alias))
    if cuenta is None:
        hay = ", ".join(sesion.scalars(select(Cuenta.alias).order_by(Cuenta.alias))) or "ninguna"
        raise NoEncontrada(f"No existe la cuenta «{alias}». Hay: {hay}.")
    return cuenta


def pausar_cuenta(
    sesion: Session, alias: str, *, motivo: str, quien: str, persona_id: int | None, ahora: datetime
) -> Cuenta:
    """Detiene el carril; lo que venza queda detenido con este motivo."""
    cuenta = cuenta_por_alias(sesion, alias)
    if cuenta.pausada_por is not None:
        raise NoSePuede(f"La cuenta «{alias}» ya está en pausa: {cuenta.pausada_motivo}")
    cuenta.pausada_por = MotivoPausa.PERSONA
    cuenta.pausada_motivo = motivo.strip() or "Pausada por una persona."
    anotar(
        sesion,
        "pausar_cuenta",
        quien=quien,
        persona_id=persona_id,
        ahora=ahora,
        objeto="cuenta",
        objeto_id=cuenta.id,
        motivo=cuenta.pausada_motivo,
    )
    return cuenta


def reanudar_cuenta(
    sesion: Session,
    alias: str,
    *,
    tolerancia: timedelta,
    quien: str,
    persona_id: int | None,
    ahora: datetime,
) -> tuple[int, int]:
    """Reabre el carril. Lo detenido por la cuenta sigue solo si está en tolerancia.

    Devuelve (cuántas siguen solas, cuántas esperan a una persona).
    """
    cuenta = cuenta_por_alias(sesion, alias)
    if cuenta.pausada_por is None and cuenta.libre_desde is None:
        raise NoSePuede(f"La cuenta «{alias}» no está en pausa.")
    cuenta.pausada_por = None
    cuenta.pausada_motivo = None
    cuenta.libre_desde = None
    suyas = (
        Publicacion.cuenta_id == cuenta.id,
        Publicacion.estado == Estado.DETENIDA,
        Publicacion.causa == Causa.CUENTA,
    )
    siguen = sesion.scalars(
        update(Publicacion)
        .where(*suyas, Publicacion.programada_para >= ahora - tolerancia)
        .values(estado=Estado.PROGRAMADA, causa=None, motivo=None, vence=ahora, fallos=0)
        .returning(Publicacion.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    esperan = sesion.scalars(select(Publicacion.id).where(*suyas)).all()
    anotar(
        sesion,
        "reanudar_cuenta",
        quien=quien,
        persona_id=persona_id,
        ahora=ahora,
        objeto="cuenta",
        objeto_id=cuenta.id,
        motivo=f"{len(siguen)} siguen solas, {len(esperan)} esperan a una persona",
    )
    return len(siguen), len(esperan)
