"""`publicador revisar`: la instalación se examina a sí misma, una línea por cosa."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import click
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from cola.cuentas import Cuenta
from cola.latidos import ultimo_latido
from cola.pausas import pausa_vigente
from conectores.contrato import Red
from publicador.ajustes import leer_ajustes
from publicador.armado import Casa
from publicador.fallos_de_base import explicar
from publicador.ordenes.comun import decir, la_casa, mostrar_json, opcion_json
from publicador.ordenes.cuentas import verificar_una
from publicador.ordenes.espanol import Orden

MINIMO_LIBRE = 500 * 1024 * 1024
LATIDO_VIEJO = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Hallado:
    """Una línea de la revisión."""

    que: str
    bien: bool
    frase: str


@click.command("revisar", cls=Orden)
@click.option("--sin-redes", is_flag=True, help="No preguntar a las redes por los permisos.")
@opcion_json
@click.pass_context
def revisar(ctx: click.Context, sin_redes: bool, en_json: bool) -> None:
    """Revisa ajustes, base, disco, motor y permisos; sale con 1 si algo falla."""
    casa = la_casa(ctx)
    lineas = [*_de_la_casa(casa)]
    if not sin_redes:
        lineas += _de_las_cuentas(casa)
    if en_json:
        mostrar_json([{"que": h.que, "bien": h.bien, "frase": h.frase} for h in lineas])
    else:
        for h in lineas:
            decir(f"{'✓' if h.bien else '✗'} {h.que}: {h.frase}")
    if not all(h.bien for h in lineas):
        ctx.exit(1)


def _de_la_casa(casa: Casa) -> Iterator[Hallado]:
    leer_ajustes()
    yield Hallado("Ajustes", True, "se leen sin fallas")
    for que, mirar in (("Base de datos", _base), ("Motor", _motor), ("Cola", _pausa)):
        yield _con_base(que, mirar, casa)
    yield _disco(casa)


def _con_base(que: str, mirar: Callable[[Casa], tuple[bool, str]], casa: Casa) -> Hallado:
    try:
        bien, frase = mirar(casa)
    except SQLAlchemyError as error:
        return Hallado(que, False, explicar(error))
    return Hallado(que, bien, frase)


def _base(casa: Casa) -> tuple[bool, str]:
    with casa.sesiones.begin() as sesion:
        sesion.scalar(select(Cuenta.id).limit(1))
    return True, "responde y deja escribir"


def _motor(casa: Casa) -> tuple[bool, str]:
    with casa.lecturas() as sesion:
        ultimo = ultimo_latido(sesion)
    if ultimo is None:
        return False, "no hay ningún motor en marcha; arranque «publicador servir»"
    hace = casa.ahora() - ultimo
    return hace <= LATIDO_VIEJO, f"respiró hace {hace.total_seconds():.0f} s"


def _pausa(casa: Casa) -> tuple[bool, str]:
    with casa.lecturas() as sesion:
        pausa = pausa_vigente(sesion)
    return pausa is None, "en marcha" if pausa is None else f"en pausa: {pausa.motivo}"


def _disco(casa: Casa) -> Hallado:
    libre = shutil.disk_usage(casa.ajustes.datos).free
    frase = f"{libre / 1024**3:.1f} GB libres".replace(".", ",")
    return Hallado("Disco", libre >= MINIMO_LIBRE, frase)


def _de_las_cuentas(casa: Casa) -> Iterator[Hallado]:
    with casa.lecturas() as sesion:
        cuentas = list(sesion.scalars(select(Cuenta).where(Cuenta.activa).order_by(Cuenta.alias)))
    for cuenta in cuentas:
        if cuenta.red is Red.MANUAL:
            continue
        visto = verificar_una(casa, cuenta)
        frase = visto["motivo"] or f"permiso de {visto['nombre']}"
        if cuenta.pausada_motivo:
            frase = f"en pausa: {cuenta.pausada_motivo}"
        yield Hallado(f"Cuenta {cuenta.alias}", visto["vale"] and not cuenta.pausada_por, frase)
