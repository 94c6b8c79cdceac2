"""Recados de arriba que ofrecen deshacer: la frase y el botón que la devuelve."""

from dataclasses import dataclass
from typing import Any, cast

from flask import flash, get_flashed_messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Recado:
    """Lo que se le dice a la persona después de hacer algo."""

    tono: str
    frase: str
    deshacer: str = ""
    """La dirección a la que se envía «Deshacer»; vacía si no tiene vuelta."""
    campos: tuple[tuple[str, str], ...] = ()


def con_deshacer(frase: str, direccion: str, **campos: str | int) -> None:
    """Deja un recado con su botón «Deshacer»; `campos` van ocultos en ese envío."""
    lleva = [[nombre, str(valor)] for nombre, valor in campos.items()]
    flash({"frase": frase, "deshacer": direccion, "campos": lleva}, "bien")  # type: ignore[arg-type]


def recados() -> tuple[Recado, ...]:
    """Los que esperan; leerlos los gasta."""
    dichos = cast("list[tuple[str, Any]]", get_flashed_messages(with_categories=True))
    return tuple(_de(tono, dicho) for tono, dicho in dichos)


def _de(tono: str, dicho: str | dict[str, Any]) -> Recado:
    if isinstance(dicho, str):
        return Recado(tono=tono, frase=dicho)
    return Recado(
        tono=tono,
        frase=dicho["frase"],
        deshacer=dicho["deshacer"],
        campos=tuple((nombre, valor) for nombre, valor in dicho["campos"]),
    )
