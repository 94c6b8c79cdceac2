"""Las fallas que se piden a propósito: catálogo, pedidos pendientes y a quién le toca."""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

REDES: Final = ("facebook", "x", "wordpress", "correo")

# `publicar` y `comentar` hacen público algo; las demás se pueden repetir sin daño.
LLAMADAS: Final = ("publicar", "comentar", "subir", "leer", "borrador", "editar", "borrar", "*")
IRREVOCABLES: Final = frozenset({"publicar", "comentar"})

FALLAS: Final[Mapping[str, str]] = {
    "no_acepta": "la red no acepta la conexión (puerto cerrado de verdad)",
    "corta_antes": "corta la conexión sin haber aceptado nada",
    "corta_despues": "acepta y corta la conexión sin responder",
    "tarda": "acepta tarde, a más tardar a los `segundos`, y entonces responde",
    "error_500": "responde 500 sin aceptar",
    "error_500_aceptado": "acepta y responde 500",
    "limite_429": "responde que se llegó al límite de llamadas; no acepta",
    "token_vencido": "responde que el permiso venció; no acepta",
    "html_502": "responde 502 con una página HTML; no acepta salvo `aceptado`",
    "json_roto": "acepta y responde un JSON a medias",
    "duplicado": "responde que el contenido ya estaba publicado; no acepta",
    "exito_sin_id": "acepta y responde bien, pero sin identificador",
    "redirige_302": "responde una redirección; no acepta salvo `aceptado`",
    "vacio_500": "responde 500 sin cuerpo; no acepta salvo `aceptado`",
    "rechaza": "responde el error propio de la red con ese `codigo` y `mensaje`; no acepta",
    "exito_falso": "responde bien pero dice que no lo hizo; no acepta",
    "demora_lectura": "acepta, y lo aceptado tarda `segundos` en verse al leer",
    "medio_procesando": "el medio subido sigue en proceso durante `segundos`",
}

# Estas ocurren después de aceptar si nadie dice lo contrario con `aceptado`.
TRAS_ACEPTAR: Final = frozenset(
    {"corta_despues", "error_500_aceptado", "json_roto", "exito_sin_id", "tarda", "demora_lectura"}
)

OPCIONES: Final = frozenset(
    {"llamada", "segundos", "probabilidad", "semilla", "aceptado", "mensaje", "codigo"}
)


class FallaDesconocida(ValueError):
    """Se pidió una falla, una red o una opción que no existe; el texto es para personas."""


@dataclass(slots=True)
class Falla:
    """Una falla pedida: a qué red y llamada, cuántas veces más, y sus opciones.

    `veces` en `None` no se agota. `segundos` es la duración de las que esperan.
    """

    red: str
    nombre: str
    veces: int | None
    llamada: str | None = None
    segundos: float | None = None
    probabilidad: float = 1.0
    aceptado: bool | None = None
    opciones: dict[str, Any] = field(default_factory=dict)
    dado: random.Random = field(default_factory=random.Random, repr=False)

    @property
    def acepta(self) -> bool:
        """Si la red se queda con lo enviado aunque no lo confirme."""
        if self.aceptado is not None:
            return self.aceptado
        return self.nombre in TRAS_ACEPTAR

    def alcanza(self, red: str, llamada: str) -> bool:
        """Si esta falla es para esa llamada de esa red."""
        if self.nombre == "no_acepta" or self.red not in {red, "*"} or self.veces == 0:
            return False
        if self.llamada is not None:
            return self.llamada in {llamada, "*"}
        if self.nombre == "medio_procesando":
            return llamada == "subir"
        return llamada in IRREVOCABLES

    def como_json(self) -> dict[str, Any]:
        """Lo mismo, para mostrarlo en `GET /fallas`."""
        return {
            "red": self.red,
            "falla": self.nombre,
            "veces": self.veces,
            "llamada": self.llamada,
            "segundos": self.segundos,
            "probabilidad": self.probabilidad,
            "aceptado": self.aceptado,
            **self.opciones,
        }


def _lista(nombres: Any) -> str:
    return ", ".join(sorted(nombres))


def nueva_falla(red: str, falla: str, veces: int | None, opciones: Mapping[str, Any]) -> Falla:
    """Arma una falla, o lanza `FallaDesconocida` con la frase que dice qué sobra o falta."""
    _revisar(red, falla, veces, opciones)
    probabilidad = float(opciones.get("probabilidad", 1.0))
    segundos = opciones.get("segundos")
    return Falla(
        red=red,
        nombre=falla,
        veces=veces,
        llamada=opciones.get("llamada"),
        segundos=None if segundos is None else float(segundos),
        probabilidad=probabilidad,
        aceptado=opciones.get("aceptado"),
        opciones={k: v for k, v in opciones.items() if k in {"mensaje", "codigo"}},
        dado=random.Random(opciones.get("semilla")),  # noqa: S311 -- azar de pruebas, no de claves
    )


def _revisar(red: str, falla: str, veces: int | None, opciones: Mapping[str, Any]) -> None:
    if red not in {*REDES, "*"}:
        raise FallaDesconocida(f"No hay una red de ensayo «{red}». Son: {_lista(REDES)}.")
    if falla not in FALLAS:
        raise FallaDesconocida(f"No existe la falla «{falla}». Son: {_lista(FALLAS)}.")
    if veces is not None and (isinstance(veces, bool) or not isinstance(veces, int) or veces < 1):
        raise FallaDesconocida("«veces» debe ser un entero de 1 en adelante, o nulo: sin fin.")
    if sobran := set(opciones) - OPCIONES:
        raise FallaDesconocida(f"Opciones desconocidas: {_lista(sobran)}.")
    llamada = opciones.get("llamada")
    if llamada is not None and llamada not in LLAMADAS:
        raise FallaDesconocida(f"No existe la llamada «{llamada}». Son: {_lista(LLAMADAS)}.")
    _revisar_numeros(opciones)


def _revisar_numeros(opciones: Mapping[str, Any]) -> None:
    for nombre, tope in (("segundos", 3600.0), ("probabilidad", 1.0)):
        valor = opciones.get(nombre)
        if valor is None:
            continue
        if isinstance(valor, bool) or not isinstance(valor, int | float) or not 0 <= valor <= tope:
            raise FallaDesconocida(f"«{nombre}» debe ser un número entre 0 y {tope:g}.")


class Averias:
    """Las fallas pedidas, en orden; cada llamada pregunta si le toca alguna."""

    def __init__(self) -> None:
        """Empieza sin fallas."""
        self._cerrojo = threading.Lock()
        self._pedidas: list[Falla] = []
        self.al_armar: list[Callable[[Falla], None]] = []

    def armar(self, red: str, falla: str, veces: int | None = 1, **opciones: Any) -> Falla:
        """Pide una falla; lanza `FallaDesconocida` si no existe o está mal pedida."""
        pedida = nueva_falla(red, falla, veces, opciones)
        with self._cerrojo:
            self._pedidas.append(pedida)
        for avisar in self.al_armar:
            avisar(pedida)
        return pedida

    def desarmar(self, red: str | None = None) -> None:
        """Retira las fallas pendientes, todas o las de una red."""
        with self._cerrojo:
            for falla in self._pedidas:
                if red in {None, falla.red}:
                    falla.veces = 0
            self._limpiar()

    def tocar(self, red: str, llamada: str) -> Falla | None:
        """Gasta y devuelve la primera falla que le toca a esta llamada, si hay."""
        if not self._pedidas:
            return None
        with self._cerrojo:
            for falla in self._pedidas:
                if not falla.alcanza(red, llamada):
                    continue
                if falla.probabilidad < 1 and falla.dado.random() >= falla.probabilidad:
                    continue
                self._gastar(falla)
                return falla
        return None

    def gastar(self, falla: Falla) -> None:
        """Descuenta una vez; para quien no pasa por `tocar` (el puerto cerrado)."""
        with self._cerrojo:
            self._gastar(falla)

    def pendientes(self) -> list[Falla]:
        """Las que todavía no se han gastado."""
        with self._cerrojo:
            return list(self._pedidas)

    def _gastar(self, falla: Falla) -> None:
        if falla.veces is not None and falla.veces > 0:
            falla.veces -= 1
        self._limpiar()

    def _limpiar(self) -> None:
        self._pedidas = [f for f in self._pedidas if f.veces != 0]
