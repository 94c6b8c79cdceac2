"""Órdenes con nombre reservado que llegan en versiones próximas: lo dicen y no fingen nada."""

import click

from publicador.ordenes.espanol import Grupo

FUTURAS = ("diagnostico", "formato")
GRUPOS = {
    "metricas": ("recoger", "importar"),
    "respaldo": ("crear", "restaurar", "probar"),
    "claves": ("rotar",),
}
_LIBRE = {"ignore_unknown_options": True, "allow_extra_args": True}


def agregar_futuras(raiz: click.Group) -> None:
    """Registra los nombres reservados."""
    for nombre in FUTURAS:
        raiz.add_command(_futura(nombre, nombre))
    for nombre, ordenes in GRUPOS.items():
        grupo = Grupo(nombre, help="Todavía no está disponible.")
        for orden in ordenes:
            grupo.add_command(_futura(orden, f"{nombre} {orden}"))
        raiz.add_command(grupo)


def _futura(nombre: str, completa: str) -> click.Command:
    def decir() -> None:
        raise click.ClickException(f"«publicador {completa}» todavía no está disponible.")

    return click.Command(
        nombre, callback=decir, help="Todavía no está disponible.", context_settings=_LIBRE
    )
