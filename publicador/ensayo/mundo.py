"""El mundo de ensayo: lo que las redes aceptaron, sus medios, su reloj y sus fallas."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from publicador.ensayo.averias import Averias, Falla
from publicador.ensayo.disco import Disco


@dataclass(slots=True)
class Imagen:
    """Una imagen aceptada; los bytes están en el almacén, bajo su huella."""

    sha256: str
    tipo: str
    alt: str | None = None
    id: str = ""
    ancho_px: int | None = None
    alto_px: int | None = None
    clase: str = "imagen"  # también `video` o `gif`


@dataclass(slots=True)
class Comentario:
    """Un comentario debajo de una entrada."""

    id: str
    autor: str
    texto: str
    creado_en: datetime
    borrado: bool = False


@dataclass(slots=True)
class Entrada:
    """Algo que una red aceptó y el público ve (o verá) como una publicación.

    `extra` guarda lo propio de cada red y debe caber en JSON.
    """

    red: str
    cuenta: str
    id: str
    texto: str
    url: str
    creada_en: datetime
    visible_en: datetime
    imagenes: list[Imagen] = field(default_factory=list)
    enlace: str | None = None
    tarjeta: dict[str, Any] | None = None
    comentarios: list[Comentario] = field(default_factory=list)
    en_respuesta_a: str | None = None
    borrada: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    def como_json(self) -> dict[str, Any]:
        """La entrada como diccionario de JSON, con instantes ISO 8601."""
        crudo = asdict(self)
        crudo["creada_en"] = self.creada_en.isoformat()
        crudo["visible_en"] = self.visible_en.isoformat()
        for comentario in crudo["comentarios"]:
            comentario["creado_en"] = comentario["creado_en"].isoformat()
        return crudo

    @classmethod
    def desde_json(cls, crudo: dict[str, Any]) -> "Entrada":
        """La entrada que escribió `como_json`."""
        datos = dict(crudo)
        datos["creada_en"] = datetime.fromisoformat(datos["creada_en"])
        datos["visible_en"] = datetime.fromisoformat(datos["visible_en"])
        datos["imagenes"] = [Imagen(**i) for i in datos["imagenes"]]
        datos["comentarios"] = [
            Comentario(**{**c, "creado_en": datetime.fromisoformat(c["creado_en"])})
            for c in datos["comentarios"]
        ]
        return cls(**datos)


def reloj_real() -> datetime:
    """El instante de ahora, en UTC."""
    return datetime.now(UTC)


_demora_lectura: ContextVar[float] = ContextVar("_demora_lectura", default=0.0)
_demora_medio: ContextVar[float] = ContextVar("_demora_medio", default=0.0)


@contextmanager
def demorando(*, lectura_s: float = 0.0, medio_s: float = 0.0) -> Iterator[None]:
    """Mientras dura, lo que se agregue se verá más tarde (lo usan las fallas)."""
    fichas = (_demora_lectura.set(lectura_s), _demora_medio.set(medio_s))
    try:
        yield
    finally:
        _demora_lectura.reset(fichas[0])
        _demora_medio.reset(fichas[1])


def demora_lectura_s() -> float:
    """Segundos que lo que se está guardando debe tardar en verse al leer, por la falla pedida."""
    return _demora_lectura.get()


def demora_medio_s() -> float:
    """Segundos que el medio que se está subiendo debe quedar en proceso, por la falla pedida."""
    return _demora_medio.get()


class Mundo:
    """El estado de todas las redes de ensayo, seguro entre hilos.

    Con `carpeta`, lo aceptado queda en disco y vuelve al reiniciar. `cerrojo` es reentrante: quien
    lea y escriba en dos pasos lo toma con `with mundo.cerrojo`.
    """

    def __init__(
        self, carpeta: Path | None = None, *, ahora: Callable[[], datetime] = reloj_real
    ) -> None:
        """Abre el mundo; si la carpeta ya tenía uno, lo recupera."""
        self.ahora = ahora
        self.cerrojo = threading.RLock()
        self.averias = Averias()
        self.latencia_s: dict[str, float] = {}
        # Cada red registra aquí cómo escribe una persona por fuera del sistema: datos → Entrada.
        self.a_mano: dict[str, Callable[[dict[str, Any]], Entrada]] = {}
        self._disco = Disco(carpeta)
        self._vaciar()
        self._recuperar()

    def _vaciar(self) -> None:
        self._entradas: dict[tuple[str, str], Entrada] = {}
        self._cajones: dict[str, dict[str, Any]] = {}
        self._medios: dict[str, tuple[bytes, str]] = {}
        self._numero = 0

    def _recuperar(self) -> None:
        for crudo in self._disco.leer_entradas():
            entrada = Entrada.desde_json(crudo)
            self._entradas[(entrada.red, entrada.id)] = entrada
        self._cajones = self._disco.leer_cajones()
        # El salto cubre los números dados después de la última vez que se guardaron los cajones.
        guardado = int(self._cajones.get("_mundo", {}).get("numero", 0))
        self._numero = guardado + 100_000 if self._entradas or guardado else 0

    # --- fallas -----------------------------------------------------------------------------

    def armar(self, red: str, falla: str, veces: int | None = 1, **opciones: Any) -> Falla:
        """Pide una falla; lanza `FallaDesconocida` si no existe o está mal pedida."""
        return self.averias.armar(red, falla, veces, **opciones)

    def desarmar(self, red: str | None = None) -> None:
        """Retira las fallas pendientes, todas o las de una red."""
        self.averias.desarmar(red)

    def tocar(self, red: str, llamada: str) -> Falla | None:
        """Gasta y devuelve la falla que le toca a esta llamada, si hay."""
        return self.averias.tocar(red, llamada)

    # --- entradas ---------------------------------------------------------------------------

    def siguiente(self) -> int:
        """Un número nuevo, creciente y único en todo el mundo, para formar identificadores."""
        with self.cerrojo:
            self._numero += 1
            return self._numero

    def agregar(self, entrada: Entrada) -> Entrada:
        """Acepta una entrada: desde aquí existe en la red. Aplica la demora de lectura pedida."""
        entrada.visible_en += timedelta(seconds=_demora_lectura.get())
        return self.guardar(entrada)

    def guardar(self, entrada: Entrada) -> Entrada:
        """Anota un cambio hecho a una entrada (comentario, edición, borrado)."""
        with self.cerrojo:
            self._entradas[(entrada.red, entrada.id)] = entrada
            self._disco.anotar(entrada.como_json)
        return entrada

    def entrada(self, red: str, id_: str) -> Entrada | None:
        """La entrada con ese identificador, también si está borrada o aún no se ve."""
        return self._entradas.get((red, id_))

    def entradas(self, red: str | None = None, cuenta: str | None = None) -> list[Entrada]:
        """Todas, en orden de creación; también las borradas y las que aún no se ven."""
        with self.cerrojo:
            todas = list(self._entradas.values())
        return [e for e in todas if red in {None, e.red} and cuenta in {None, e.cuenta}]

    def visibles(self, red: str, cuenta: str | None = None) -> list[Entrada]:
        """Las que un lector ve ahora: ni borradas ni demoradas; en orden de creación."""
        ahora = self.ahora()
        todas = self.entradas(red, cuenta)
        return [e for e in todas if not e.borrada and e.visible_en <= ahora]

    # --- medios y cajones -------------------------------------------------------------------

    def guardar_medio(self, datos: bytes, tipo: str) -> str:
        """Guarda los bytes y devuelve su SHA-256 en hexadecimal."""
        sha = hashlib.sha256(datos).hexdigest()
        with self.cerrojo:
            if sha not in self._medios:
                self._medios[sha] = (datos, tipo)
                self._disco.guardar_medio(sha, datos, tipo)
        return sha

    def medio(self, sha: str) -> tuple[bytes, str] | None:
        """Los bytes y el tipo MIME de un medio, si existe."""
        return self._medios.get(sha) or self._disco.leer_medio(sha)

    def cajon(self, red: str) -> dict[str, Any]:
        """Lo demás que una red recuerda (borradores, subidas, términos): solo valores de JSON.

        Es mutable y se comparte entre hilos: tómese `cerrojo` al cambiarlo. Se guarda en disco con
        `guardar_cajones`, que el servidor llama cada poco y al cerrar.
        """
        with self.cerrojo:
            return self._cajones.setdefault(red, {})

    def guardar_cajones(self) -> None:
        """Lleva al disco los cajones y el contador."""
        with self.cerrojo:
            self.cajon("_mundo")["numero"] = self._numero
            self._disco.guardar_cajones(self._cajones)

    def nombrar(self, red: str, cuenta: str, nombre: str, **datos: Any) -> None:
        """Da nombre (y otros datos, como `seguidores`) a una cuenta, para leerla y mostrarla."""
        with self.cerrojo:
            cuentas = self.cajon("_cuentas").setdefault(red, {})
            cuentas[cuenta] = {**cuentas.get(cuenta, {}), "nombre": nombre, **datos}

    def datos_de(self, red: str, cuenta: str) -> dict[str, Any]:
        """Nombre y datos de una cuenta; si nadie la nombró, un nombre que se entiende."""
        with self.cerrojo:
            conocida = self.cajon("_cuentas").get(red, {}).get(cuenta)
        return dict(conocida) if conocida else {"nombre": f"Cuenta de ensayo {cuenta}"}

    def reiniciar(self) -> None:
        """Borra todo: entradas, medios, cajones y fallas."""
        with self.cerrojo:
            self.desarmar()
            self.latencia_s.clear()
            self._vaciar()
            self._disco.vaciar()
