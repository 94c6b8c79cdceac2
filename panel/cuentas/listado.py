"""La lista de cuentas con su salud, y la hoja de cada una."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cola.carriles import cuenta_por_alias
from cola.conexiones import Conexion, PasoConexion
from cola.cuentas import Cuenta
from cola.estados import Estado
from cola.fichas import SIN_RED
from cola.publicaciones import Publicacion
from panel.acceso import EQUIPO, GESTION, Presente, persona, requiere
from panel.cuentas.base import CONECTAN, VERIFICAN, pantalla
from panel.cuentas.salud import Salud, salud_de
from panel.filtros import numero
from panel.menu import puede_abrir
from panel.servicios import servicios
from piezas.personas import Persona

PENDIENTES = (Estado.PROGRAMADA, Estado.TOMADA, Estado.ENVIANDO, Estado.EN_DUDA, Estado.DETENIDA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cambio:
    """Una cuenta que pasaría a apuntar a otra, y quién lo pidió."""

    id: int
    alias: str
    de: str
    a: str
    pidio: str
    es_suyo: bool
    vence_en: datetime


@pantalla.get("/cuentas")
@requiere(EQUIPO)
def listar() -> str:
    """Todas las cuentas; primero las que piden algo."""
    ahora = servicios().ahora()
    with servicios().leer() as sesion:
        filas = [(c, salud_de(c, ahora=ahora)) for c in sesion.scalars(select(Cuenta))]
        filas.sort(key=lambda fila: _orden(*fila))
        return render_template(
            "cuentas.html",
            filas=filas,
            cambios=cambios_por_confirmar(sesion, persona(), ahora),
            conecta=persona().puede(CONECTAN),
            verifica=persona().puede(VERIFICAN),
            sin_red=SIN_RED,
        )


def _orden(cuenta: Cuenta, salud: Salud) -> tuple[int, str]:
    if not cuenta.activa:
        return (3, cuenta.nombre)
    if salud.graves or cuenta.pausada_por is not None:
        return (0, cuenta.nombre)
    return (1 if salud.avisos else 2, cuenta.nombre)


def cambios_por_confirmar(sesion: Session, quien: Presente, ahora: datetime) -> tuple[Cambio, ...]:
    """Lo que espera a una segunda persona; solo lo ven quienes conectan."""
    if not quien.puede(CONECTAN):
        return ()
    consulta = (
        select(Conexion, Cuenta, Persona)
        .join(Cuenta, Cuenta.id == Conexion.cuenta_id)
        .join(Persona, Persona.id == Conexion.persona_id)
        .where(Conexion.paso == PasoConexion.POR_CONFIRMAR, Conexion.vence_en > ahora)
        .order_by(Conexion.id)
    )
    return tuple(
        Cambio(
            id=conexion.id,
            alias=cuenta.alias,
            de=f"{cuenta.nombre} ({cuenta.identificador})",
            a=f"{conexion.nombre} ({conexion.identificador})",
            pidio=pidio.nombre,
            es_suyo=pidio.id == quien.id,
            vence_en=conexion.vence_en,
        )
        for conexion, cuenta, pidio in sesion.execute(consulta)
    )


@pantalla.get("/cuentas/<alias>")
@requiere(EQUIPO)
def ver(alias: str) -> str:
    """La hoja de una cuenta."""
    return mostrar(alias)


def mostrar(alias: str, *, escrito: Mapping[str, str] | None = None, falla: str = "") -> str:
    """La hoja; con `escrito`, la ficha conserva lo que se quiso guardar y no se pudo."""
    ahora = servicios().ahora()
    with servicios().leer() as sesion:
        cuenta = cuenta_por_alias(sesion, alias)
        pendientes = sesion.scalar(
            select(func.count())
            .select_from(Publicacion)
            .where(Publicacion.cuenta_id == cuenta.id, Publicacion.estado.in_(PENDIENTES))
        )
        return render_template(
            "cuenta.html",
            cuenta=cuenta,
            ficha=_ficha(cuenta) if escrito is None else escrito,
            falla=falla,
            salud=salud_de(cuenta, ahora=ahora),
            pendientes=pendientes or 0,
            cambios=[
                c for c in cambios_por_confirmar(sesion, persona(), ahora) if c.alias == alias
            ],
            conecta=persona().puede(CONECTAN),
            gestiona=persona().puede(GESTION),
            verifica=persona().puede(VERIFICAN) and cuenta.red not in SIN_RED,
            se_conecta=cuenta.red in servicios().enlazadores,
            tolerancia_min=int(servicios().tolerancia / timedelta(minutes=1)),
            franjas=_franjas(alias),
        )


def _ficha(cuenta: Cuenta) -> dict[str, str]:
    """La ficha guardada, como se escribe en el formulario."""
    minutos = "" if cuenta.espaciado_s is None else numero(round(cuenta.espaciado_s / 60, 2))
    return {
        "nombre": cuenta.nombre,
        "custodio": cuenta.custodio or "",
        "correo_institucional": cuenta.correo_institucional or "",
        "espaciado_min": minutos,
        "en_duda": "reenviar" if cuenta.reenvia_en_duda else "esperar",
    }


def _franjas(alias: str) -> str | None:
    """La pantalla de franjas de la cuenta, si la persona la puede abrir."""
    if not puede_abrir(persona(), "franjas.ver"):
        return None
    return url_for("franjas.ver", alias=alias)
