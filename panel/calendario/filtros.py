"""Los filtros del calendario: viven en la dirección, para volver y para compartirlos."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from werkzeug.datastructures import MultiDict

from cola.estados import Estado
from conectores.contrato import Red
from panel.calendario.consulta import Salida
from panel.palabras import ESTADOS, ESTADOS_PIEZA
from piezas.versiones import EstadoPieza

ESTADOS_QUE_SE_VEN = {
    **{
        estado.value: ESTADOS_PIEZA[estado]
        for estado in EstadoPieza
        if estado not in (EstadoPieza.CANCELADA, EstadoPieza.ARCHIVADA, EstadoPieza.APROBADA)
    },
    **{
        estado.value: ESTADOS[estado]
        for estado in Estado
        if estado not in (Estado.CANCELADA, Estado.TOMADA)
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtros:
    """Qué se quiere ver; vacío es todo. Lo que no se entiende no filtra."""

    red: str = ""
    estado: str = ""
    campania: int | None = None
    dependencia: int | None = None
    persona: int | None = None

    @classmethod
    def de(cls, valores: MultiDict[str, str]) -> "Filtros":
        """De la dirección."""
        red, estado = valores.get("red", ""), valores.get("estado", "")
        return cls(
            red=red if red in frozenset(Red) else "",
            estado=estado if estado in ESTADOS_QUE_SE_VEN else "",
            campania=_numero(valores.get("campania")),
            dependencia=_numero(valores.get("dependencia")),
            persona=_numero(valores.get("persona")),
        )

    def dejar(self, salidas: Iterable[Salida]) -> list[Salida]:
        """Las que pasan."""
        return [salida for salida in salidas if self._pasa(salida)]

    def _pasa(self, salida: Salida) -> bool:
        pedidos = (
            (self.red, salida.red.value),
            (self.estado, salida.estado),
            (self.campania, salida.campania_id),
            (self.dependencia, salida.dependencia_id),
            (self.persona, salida.autor_id),
        )
        return all(not pedido or pedido == tiene for pedido, tiene in pedidos)

    def en_direccion(self) -> dict[str, str]:
        """Los que hay puestos, para un enlace."""
        return {nombre: str(valor) for nombre, valor in asdict(self).items() if valor}


def _numero(valor: str | None) -> int | None:
    es_numero = valor is not None and valor.isascii() and valor.isdigit() and len(valor) < 10
    return int(valor or 0) if es_numero else None
