"""Las fallas de una parrilla, dichas por fila y columna."""

from collections.abc import Iterable
from dataclasses import dataclass

from cola.errores import ErrorDeCola


@dataclass(frozen=True, slots=True)
class Falla:
    """Algo por corregir. El encabezado es la fila 1; `None` = es de todo el archivo."""

    fila: int | None
    columna: str | None
    mensaje: str

    def __str__(self) -> str:
        """`Fila 3, columna «hora»: …`."""
        lugares = (
            f"fila {self.fila}" if self.fila is not None else "",
            f"columna «{self.columna}»" if self.columna is not None else "",
        )
        lugar = ", ".join(lugar for lugar in lugares if lugar)
        return f"{lugar[0].upper()}{lugar[1:]}: {self.mensaje}" if lugar else self.mensaje


class ParrillaConFallas(ErrorDeCola):
    """La parrilla no se importó; `fallas` las trae todas, en el orden del archivo."""

    def __init__(self, fallas: Iterable[Falla]) -> None:
        self.fallas = tuple(sorted(fallas, key=lambda falla: falla.fila or 0))
        super().__init__("\n".join(str(falla) for falla in self.fallas))
