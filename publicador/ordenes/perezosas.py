"""Órdenes que se cargan solo cuando se usan: pedir la ayuda no espera a las redes ni al panel."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass

import click

from publicador.ordenes.espanol import Grupo


@dataclass(frozen=True, slots=True)
class Perezosa:
    """Dónde está una orden (`modulo:nombre`) y qué dice de ella la ayuda general."""

    lugar: str
    frase: str

    def cargar(self) -> click.Command:
        """Importa su módulo y la devuelve."""
        modulo, _, nombre = self.lugar.partition(":")
        orden: click.Command = getattr(importlib.import_module(modulo), nombre)
        return orden


class GrupoPerezoso(Grupo):
    """Un grupo que conoce sus órdenes por nombre y carga la que le piden."""

    perezosas: Mapping[str, Perezosa] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Todas, también las que no se han cargado."""
        return sorted({*super().list_commands(ctx), *self.perezosas})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """La orden, cargada si hace falta."""
        perezosa = self.perezosas.get(cmd_name)
        return perezosa.cargar() if perezosa else super().get_command(ctx, cmd_name)

    def filas(self, ctx: click.Context) -> list[tuple[str, str]]:
        """La ayuda general sale de la tabla: no carga nada."""
        propias = {nombre: una.frase for nombre, una in self.perezosas.items()}
        return sorted({**dict(super().filas(ctx)), **propias}.items())
