"""El conector de cada cuenta en cada hilo: se arma una vez y se rehace si cambia la credencial."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from cola.tomas import Credencial
from conectores.contrato import Conector

MAXIMO_POR_HILO = 64


class Conexiones:
    """Guarda por hilo: las sesiones HTTP no se comparten, y así conservan la conexión abierta."""

    def __init__(self, armar: Callable[[Credencial], Conector]) -> None:
        self._armar = armar
        self._por_hilo = threading.local()

    def conector_de(self, credencial: Credencial) -> Conector:
        """El de este hilo para esa cuenta y esa serie de credencial."""
        guardados: OrderedDict[tuple[int, int], Conector] | None = getattr(
            self._por_hilo, "guardados", None
        )
        if guardados is None:
            guardados = self._por_hilo.guardados = OrderedDict()
        llave = (credencial.cuenta_id, credencial.serie)
        conector = guardados.get(llave)
        if conector is None:
            conector = guardados[llave] = self._armar(credencial)
            if len(guardados) > MAXIMO_POR_HILO:
                guardados.popitem(last=False)
        else:
            guardados.move_to_end(llave)
        return conector
