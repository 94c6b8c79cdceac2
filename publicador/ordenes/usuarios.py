"""`publicador usuario …`: las personas de la oficina."""

import sys
from typing import Any

import click
from sqlalchemy import select

from panel.sesiones import cerrar_todas
from piezas.bitacora import anotar
from piezas.enlaces_personales import ClaseEnlace, dar, poner_clave
from piezas.personas import Papel, Persona
from piezas.segundo_factor import quitar
from piezas.usuarios import crear_persona, persona_por_correo
from publicador.ordenes.comun import (
    decir,
    la_casa,
    mostrar_json,
    mostrar_tabla,
    opcion_json,
    quien_manda,
)
from publicador.ordenes.espanol import Grupo


@click.group("usuario", cls=Grupo)
def usuario() -> None:
    """Crear y ver las personas que usan el servicio."""


@usuario.command("crear")
@click.option("--correo", required=True, help="Correo con el que entra.")
@click.option("--nombre", required=True, help="Nombre como se verá en el panel.")
@click.option(
    "--rol",
    "roles",
    required=True,
    multiple=True,
    type=click.Choice([papel.value for papel in Papel]),
    help="Se puede repetir.",
)
@click.pass_context
def crear(ctx: click.Context, correo: str, nombre: str, roles: tuple[str, ...]) -> None:
    """Crea una persona; la contraseña se lee de la entrada estándar."""
    casa = la_casa(ctx)
    clave = _leer_clave()
    with casa.sesiones.begin() as sesion:
        persona = crear_persona(
            sesion,
            correo=correo,
            nombre=nombre,
            papeles=[Papel(rol) for rol in roles],
            clave=clave,
            ahora=casa.ahora(),
        )
        decir(f"Creada la persona {persona.correo}.")


def _leer_clave() -> str:
    if sys.stdin.isatty():
        clave: str = click.prompt(
            "Contraseña", hide_input=True, confirmation_prompt="Repítala", err=True
        )
        return clave
    return sys.stdin.readline().rstrip("\r\n")


@usuario.command("clave")
@click.option("--correo", required=True, help="Correo de la persona.")
@click.pass_context
def clave(ctx: click.Context, correo: str) -> None:
    """Pone otra contraseña, leída de la entrada estándar, y cierra sus sesiones."""
    casa = la_casa(ctx)
    nueva = _leer_clave()
    with casa.sesiones.begin() as sesion:
        persona = persona_por_correo(sesion, correo)
        secreto = dar(sesion, persona, ClaseEnlace.OLVIDO, ahora=casa.ahora())
        poner_clave(sesion, secreto, ClaseEnlace.OLVIDO, nueva, ahora=casa.ahora())
        cerrar_todas(sesion, persona.id)
        quien, _ = quien_manda(sesion, None)
        anotar(
            sesion, "poner contraseña", quien=quien, ahora=casa.ahora(), objeto="persona",
            objeto_id=persona.id,
        )  # fmt: skip
    decir(f"{persona.correo} tiene otra contraseña; sus sesiones quedaron cerradas.")


@usuario.command("quitar-factor")
@click.option("--correo", required=True, help="Correo de la persona.")
@click.pass_context
def quitar_factor(ctx: click.Context, correo: str) -> None:
    """Quita el segundo factor a quien perdió el teléfono y sus códigos, y cierra sus sesiones."""
    casa = la_casa(ctx)
    with casa.sesiones.begin() as sesion:
        persona = persona_por_correo(sesion, correo)
        quien, _ = quien_manda(sesion, None)
        quitar(sesion, persona, ahora=casa.ahora(), quien=quien, por=None)
        cerrar_todas(sesion, persona.id)
    decir(f"{persona.correo} ya no tiene segundo factor; sus sesiones quedaron cerradas.")


@usuario.command("listar")
@opcion_json
@click.pass_context
def listar(ctx: click.Context, en_json: bool) -> None:
    """Muestra las personas y sus roles."""
    with la_casa(ctx).lecturas() as sesion:
        personas = sesion.scalars(select(Persona).order_by(Persona.correo)).all()
        datos: list[dict[str, Any]] = [
            {
                "correo": p.correo,
                "nombre": p.nombre,
                "activa": p.activa,
                "roles": sorted(papel.value for papel in p.papeles),
            }
            for p in personas
        ]
    if en_json:
        mostrar_json(datos)
        return
    filas = [(d["correo"], d["nombre"], ", ".join(d["roles"])) for d in datos]
    mostrar_tabla(("Correo", "Nombre", "Roles"), filas, si_vacia="No hay personas todavía.")
