"""La libreta de un conector: lo que anota queda en la base antes de que siga."""

from cola.salidas import Nota
from cola.tomas import Toma
from publicador.buzon import Buzon
from publicador.puntos import punto


class PuertaCerrada(Exception):
    """La última puerta no dejó pasar; la entrega ya quedó donde corresponde."""


class LibretaDeToma:
    """La libreta de un conector: cada línea es durable antes de seguir."""

    def __init__(self, toma: Toma, buzon: Buzon) -> None:
        self._toma = toma
        self._buzon = buzon
        self.notas: dict[str, str] = dict(toma.avance)

    def leer(self, clave: str) -> str | None:
        """Lo anotado, o `None`."""
        return self.notas.get(clave)

    def anotar(self, clave: str, valor: str) -> None:
        """Vuelve solo cuando la base lo guardó."""
        if self.notas.get(clave) == valor:
            return
        peticion = self._buzon.pedir(Nota(toma=self._toma, clave=clave, valor=valor))
        if peticion.respuesta is not True:
            raise PuertaCerrada
        self.notas[clave] = valor
        if not valor:
            # Vaciar una nota es olvidarla, también su dirección.
            self.notas = {k: v for k, v in self.notas.items() if k not in (clave, f"{clave}.url")}
        punto(f"anotado:{clave}")
