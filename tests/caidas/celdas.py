"""Las celdas de la matriz de caídas y el final que se declara para cada una."""

from dataclasses import dataclass, field
from enum import StrEnum

from conectores.contrato import Red
from publicador.ensayo.averias import IRREVOCABLES
from tests.caidas.clases import Clase
from tests.caidas.verdugo import Golpe


class Final(StrEnum):
    """Cómo debe acabar una entrega a la que le mataron el motor."""

    PUBLICADA = "publicada"
    PERSONA = "una persona"
    """En duda, ya sin miradas; la persona ordena reenviar y entonces sale."""
    SIN_COMENTARIO = "sin comentario"
    """Publicada, con el aviso de que el primer comentario no se pudo confirmar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Muerte:
    """Dónde muere un proceso: en un punto suyo o al llegarle una llamada a la red."""

    punto: str | None = None
    vez: int = 1
    golpe: Golpe | None = None

    @property
    def que(self) -> str:
        """El punto, sin decir en qué pasada."""
        if self.golpe is not None:
            return f"red: {self.golpe.llamada} · {self.golpe.modo}"
        return str(self.punto)

    @property
    def vez_total(self) -> int:
        """En qué pasada."""
        return self.vez if self.golpe is None else self.golpe.vez

    @property
    def es_delicada(self) -> bool:
        """Si está alrededor de una llamada sin vuelta atrás."""
        if self.golpe is not None:
            return self.golpe.llamada in IRREVOCABLES
        return "salida" in self.que or "llamada" in self.que or self.que == "respondida"

    def __str__(self) -> str:
        return f"{self.que} #{self.vez_total}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Celda:
    """Una clase, la falla que la red tenía pedida (o ninguna) y las muertes, en orden."""

    clase: Clase
    muertes: tuple[Muerte, ...]
    falla: tuple[str, str] | None = None
    """(llamada, falla): deja la entrega en duda antes de la muerte."""
    mutante: str = ""
    """Un motor mal hecho a propósito, para ver que la matriz lo descubre."""

    @property
    def nombre(self) -> str:
        falla = f" [{self.falla[1]} en {self.falla[0]}]" if self.falla else ""
        muertes = ", ".join(map(str, self.muertes)) or "ninguna"
        return f"{self.clase.red.value} · {self.clase.nombre}{falla} ← {muertes}"


@dataclass(slots=True, kw_only=True)
class Resultado:
    """Lo que pasó en una celda."""

    celda: Celda
    esperado: Final
    faltas: list[str] = field(default_factory=list)


# Entre anotar la salida y que la red tenga la petición entera: salida hay, publicación no.
_SIN_SALIR = frozenset(
    {
        "base: salida · confirmada",
        "salida-anotada",
        "llamada sin vuelta atrás · conectado, nada enviado",
        "llamada sin vuelta atrás · a medio enviar",
    }
)


def final_declarado(celda: Celda) -> Final:
    """Facebook no deja comprobar que repetir es inocuo: ahí decide una persona."""
    ausente = celda.falla is not None and celda.falla[1] == "corta_antes"
    en_el_aire = any(_no_llego(muerte) for muerte in celda.muertes)
    if celda.clase.red is not Red.FACEBOOK:
        # Se reenvía sola una vez; la segunda vez que no aparece, decide una persona.
        return Final.PERSONA if ausente and en_el_aire else Final.PUBLICADA
    if not ausente and not en_el_aire:
        return Final.PUBLICADA
    return Final.SIN_COMENTARIO if _era_el_comentario(celda, ausente) else Final.PERSONA


def _no_llego(muerte: Muerte) -> bool:
    if muerte.golpe is not None:
        return muerte.golpe.llamada in IRREVOCABLES and muerte.golpe.modo == "recibida"
    return muerte.punto in _SIN_SALIR


def _era_el_comentario(celda: Celda, ausente: bool) -> bool:
    if ausente and celda.falla is not None:
        return celda.falla[0] == "comentar"
    muerte = next(m for m in celda.muertes if _no_llego(m))
    return muerte.vez == 2 if muerte.golpe is None else muerte.golpe.llamada == "comentar"
