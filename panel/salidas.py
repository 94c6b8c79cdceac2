"""Lo que sale junto: las entregas de una misma pieza a una misma hora, en un solo renglón."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from panel.renglones import Renglon


@dataclass(frozen=True, slots=True, kw_only=True)
class Salida:
    """Una pieza que sale, o salió, por varias cuentas a la vez."""

    pieza_id: int
    titulo: str
    momento: datetime
    entregas: tuple[Renglon, ...]

    @property
    def ya_paso(self) -> bool:
        """Si ya salió por todas sus cuentas."""
        return all(entrega.ya_paso for entrega in self.entregas)

    @property
    def clave(self) -> str:
        """Para que el renglón conserve su lugar al ponerse al día."""
        return f"{self.pieza_id}-{self.momento:%d%H%M}"


def agrupar(renglones: Iterable[Renglon]) -> tuple[Salida, ...]:
    """Las entregas agrupadas por pieza y minuto deseado, en orden de salida."""
    en_orden = sorted(renglones, key=_grupo)
    return tuple(
        Salida(pieza_id=pieza, titulo=juntas[0].titulo, momento=momento, entregas=juntas)
        for (momento, pieza), grupo in groupby(en_orden, key=_grupo)
        for juntas in (tuple(grupo),)
    )


def _grupo(renglon: Renglon) -> tuple[datetime, int]:
    return renglon.programada_para.replace(second=0, microsecond=0), renglon.pieza_id
