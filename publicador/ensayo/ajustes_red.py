"""Lo que se gradúa de una red de ensayo mientras corre: por `POST /ajustes` o desde una prueba."""

from typing import Any

from publicador.ensayo.mundo import Mundo


def ajuste(mundo: Mundo, red: str, nombre: str, inicial: Any) -> Any:
    """El valor graduado, o `inicial` si nadie lo tocó."""
    return mundo.cajon(red).get("ajustes", {}).get(nombre, inicial)


def ajustar(mundo: Mundo, red: str, **valores: Any) -> None:
    """Cambia ajustes de una red; `None` devuelve uno a su valor inicial."""
    with mundo.cerrojo:
        guardados = mundo.cajon(red).setdefault("ajustes", {})
        guardados.update(valores)
        for nombre in [n for n, valor in guardados.items() if valor is None]:
            del guardados[nombre]
