"""Conectar una cuenta: a dónde va la persona, qué trae de vuelta y qué se comprueba.

Solo valores y el contrato: cada red lo cumple en su carpeta, y la raíz los arma.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from conectores.contrato import Red


@dataclass(frozen=True, slots=True, kw_only=True)
class Comprobacion:
    """Una cosa que se miró: si está bien y, si no, qué hacer."""

    que: str
    bien: bool
    remedio: str = ""
    """Frase completa; vacía si está bien."""
    impide: bool = True
    """Si sin esto la cuenta no puede publicar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidata:
    """Una cuenta que la red ofrece conectar, con su credencial todavía sin guardar."""

    red: Red
    identificador: str
    nombre: str
    credencial: Mapping[str, str] = field(repr=False)
    detalle: str = ""
    """Lo que ayuda a reconocerla: el usuario, la dirección del sitio, la categoría."""
    base_url: str | None = None
    es_ensayo: bool = False
    vence_en: datetime | None = None
    comprobaciones: tuple[Comprobacion, ...] = ()

    @property
    def sirve(self) -> bool:
        """Si con ella se puede publicar."""
        return all(c.bien for c in self.comprobaciones if c.impide)


class Enlazador(Protocol):
    """Cómo se conecta una red. No guarda nada: recibe secretos y devuelve candidatas."""

    @property
    def red(self) -> Red:
        """La red que conecta."""
        ...

    @property
    def falta(self) -> str:
        """Frase que dice qué ajuste falta para conectar por la red; vacía si está listo."""
        ...

    @property
    def emisor(self) -> str | None:
        """El `iss` que esta red pondría en la vuelta; se compara si viene."""
        ...

    def preparar(self, datos: Mapping[str, str]) -> dict[str, str]:
        """Lo que hace falta antes de salir. Puede llamar a la red."""
        ...

    def ida(self, *, vuelta: str, estado: str, reto: str, datos: Mapping[str, str]) -> str:
        """La dirección de la red a la que va la persona; no llama a nadie."""
        ...

    def recibir(
        self,
        consulta: Mapping[str, str],
        *,
        vuelta: str,
        verificador: str,
        datos: Mapping[str, str],
    ) -> tuple[Candidata, ...]:
        """Cambia lo que trajo la persona por cuentas que se pueden conectar."""
        ...

    def probar(self, datos: Mapping[str, str]) -> Candidata:
        """La cuenta de unas llaves escritas a mano, comprobadas en la red."""
        ...
