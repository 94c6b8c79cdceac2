"""Lo que entra y sale de la API, en piezas que comparten todas las operaciones."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from piezas.zona import en_bogota

DESDE, HASTA = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
ENTERO_MAXIMO = 2**31 - 1
LIMITE, LIMITE_MAXIMO = 50, 200
ID = "int"
"""El número de una fila, como se escribe en una ruta; lo que se sale de rango no existe."""


def _en_rango(momento: datetime) -> datetime:
    if not DESDE <= momento < HASTA:
        raise PydanticCustomError("momento", "Escriba un momento entre los años 2000 y 2099.")
    return momento.astimezone(UTC)


def _texto_de(momento: datetime) -> str:
    return en_bogota(momento).isoformat()


Momento = Annotated[AwareDatetime, AfterValidator(_en_rango)]
"""Un instante que llega: ISO 8601 con su desplazamiento."""
Cuando = Annotated[
    datetime,
    PlainSerializer(_texto_de, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""Un instante que sale, con la hora de Bogotá."""
Id = Annotated[int, Field(ge=1, le=ENTERO_MAXIMO)]
# PostgreSQL no guarda el carácter nulo.
SIN_NULO = r"^[^\x00]*$"
Corto = Annotated[str, StringConstraints(max_length=300, pattern=SIN_NULO)]
Largo = Annotated[str, StringConstraints(max_length=100_000, pattern=SIN_NULO)]
Motivo = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=SIN_NULO)]


class Entrada(BaseModel):
    """Un cuerpo que llega: sin campos de más y sin adivinar tipos."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Consulta(BaseModel):
    """Lo que va tras el signo de pregunta; todo llega como texto."""

    model_config = ConfigDict(extra="forbid")


class Salida(BaseModel):
    """Lo que se responde."""

    model_config = ConfigDict(extra="forbid")


class ConCursor(Consulta):
    """Desde dónde: `cursor` es el `siguiente` de la página anterior."""

    cursor: str | None = Field(
        None,
        max_length=200,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="El `siguiente` que trajo la página anterior; no se arma a mano.",
    )

    @property
    def apunta(self) -> str | None:
        """Lo que lleva el cursor; lanza `CursorMalo` si no es uno."""
        if self.cursor is None:
            return None
        try:
            relleno = "=" * (-len(self.cursor) % 4)
            return base64.urlsafe_b64decode(self.cursor + relleno).decode()
        except (binascii.Error, ValueError):
            raise CursorMalo from None

    @property
    def tras(self) -> int | None:
        """El cursor, si es un número de orden."""
        apunta = self.apunta
        if apunta is None:
            return None
        if not (apunta.isascii() and apunta.isdecimal() and len(apunta) < 10):
            raise CursorMalo
        return int(apunta)


class Pagina(ConCursor):
    """Cuántos, y desde dónde."""

    limite: int = Field(LIMITE, ge=1, le=LIMITE_MAXIMO, description="Cuántos traer.")


class CursorMalo(ValueError):
    """El cursor no es uno de los que se dieron."""


def cursor_de(valor: object) -> str:
    """Un cursor que lleva ese valor."""
    return base64.urlsafe_b64encode(str(valor).encode()).decode().rstrip("=")


class Falla(Salida):
    """Algo por corregir."""

    campo: str | None = Field(description="Qué campo; nulo si es del conjunto.")
    mensaje: str


class Problema(BaseModel):
    """Por qué no se pudo, según RFC 9457."""

    type: str
    title: str
    status: int
    detail: str = Field(description="Qué pasó y qué hacer.")
    errores: list[Falla] = Field(default_factory=list)


class Hecho(Salida):
    """Se hizo; `frase` lo dice."""

    frase: str
