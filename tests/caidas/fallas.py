"""La matriz de fallas: cada falla de las redes de ensayo × cada red, con su final declarado."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from sqlalchemy import select

from cola.carriles import reanudar_cuenta
from cola.cuentas import Cuenta
from cola.dudas import resolver
from cola.programacion import reintentar
from cola.publicaciones import Publicacion
from conectores.contrato import Red
from publicador.ensayo.ajustes_red import ajustar
from publicador.ensayo.averias import FALLAS
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.servidor import Ensayo
from tests.caidas.bulto import Vivero, abrir
from tests.caidas.clases import CLASES, Clase
from tests.caidas.cotejo import Entrega, cotejar
from tests.caidas.finales import AL_PUBLICAR, AL_SUBIR, SALE, Final

REDES = (Red.FACEBOOK, Red.X, Red.WORDPRESS)
A_LA_VEZ = 6
LECTURA_S = 1.0
ESPERAS = "1.8,2.6"
"""La última mirada va después de lo más tarde que acepta la falla `tarda`."""


OPCIONES: dict[str, dict[str, Any]] = {
    "tarda": {"segundos": LECTURA_S + 0.4},
    "limite_429": {"segundos": 2},
    "demora_lectura": {"segundos": 0.5},
    "medio_procesando": {"segundos": 1.0},
}
CLASE_POR_RED = {
    "publicar": {Red.FACEBOOK: "texto", Red.X: "texto", Red.WORDPRESS: "entrada con imágenes"},
    "subir": {
        Red.FACEBOOK: "una foto",
        Red.X: "gif",
        Red.WORDPRESS: "entrada con imágenes",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Celda:
    """Una falla, en una llamada de una red."""

    red: Red
    falla: str
    llamada: str = "publicar"

    @property
    def final(self) -> Final:
        """El declarado; `KeyError` si nadie lo declaró."""
        tabla = AL_PUBLICAR if self.llamada == "publicar" else AL_SUBIR
        return tabla[self.falla][self.red]

    @property
    def clase(self) -> Clase:
        nombre = CLASE_POR_RED[self.llamada][self.red]
        if self.falla == "medio_procesando":
            nombre = CLASE_POR_RED["subir"][self.red]
        return next(c for c in CLASES if (c.red, c.nombre) == (self.red, nombre))


@dataclass(slots=True, kw_only=True)
class Resultado:
    """Lo que pasó en una celda."""

    celda: Celda
    quedo: str = ""
    faltas: list[str] = field(default_factory=list)


def celdas() -> list[Celda]:
    """Todas: cada falla que el ensayo sabe hacer × cada red, y las del contrato al subir."""
    publicar = [Celda(red=red, falla=falla) for falla in FALLAS for red in REDES]
    subir = [Celda(red=r, falla=f, llamada="subir") for f in AL_SUBIR for r in REDES]
    return [*publicar, *subir]


class MatrizDeFallas:
    """Corre celdas, varias a la vez; el motor es el de verdad, en hilos de este proceso."""

    def __init__(self, carpeta: Path) -> None:
        self._carpeta = carpeta
        self._vivero = Vivero(carpeta / "vivero-fallas")
        self._numero = iter(range(1_000_000))
        self._redes: SimpleQueue[Ensayo] = SimpleQueue()
        self._pila = ExitStack()

    def __enter__(self) -> "MatrizDeFallas":
        for _ in range(A_LA_VEZ):
            self._redes.put(self._pila.enter_context(Ensayo(Mundo(), puerto_correo=None)))
        return self

    def __exit__(self, *_: object) -> None:
        self._pila.close()

    def correr(self, cuales: list[Celda]) -> list[Resultado]:
        """El resultado de cada celda, en su orden."""
        with ThreadPoolExecutor(A_LA_VEZ) as manos:
            return list(manos.map(self.correr_una, cuales))

    def correr_una(self, celda: Celda) -> Resultado:
        """Pide la falla, entrega hasta vaciar, coteja; y si tocaba, actúa una persona."""
        hecho = Resultado(celda=celda)
        with self._escena(celda) as escena:
            hecho.quedo, faltas = escena.vivir()
            hecho.faltas += faltas
        return hecho

    @contextmanager
    def _escena(self, celda: Celda) -> Iterator["_Escena"]:
        ensayo = self._redes.get()
        lugar = self._carpeta / f"falla-{next(self._numero)}"
        try:
            escena = _Escena(celda, ensayo, self._vivero, lugar)
            try:
                yield escena
            finally:
                escena.cerrar()
                shutil.rmtree(lugar, ignore_errors=True)
        finally:
            ensayo.abrir_puerta()
            self._redes.put(ensayo)


class _Escena:
    """Una celda corriendo: su red, su casa y su reloj, que se puede adelantar."""

    def __init__(self, celda: Celda, ensayo: Ensayo, vivero: Vivero, lugar: Path) -> None:
        self.celda, self._ensayo = celda, ensayo
        ensayo.mundo.reiniciar()
        ajustar(ensayo.mundo, "facebook", procesa_video_s=0)
        entorno = vivero.copia(
            celda.clase,
            lugar,
            ensayo.url,
            DUDA_ESPERAS_S=ESPERAS,
            ESPERA_LECTURA_S=str(LECTURA_S),
        )
        self._adelanto = timedelta(0)
        self._casa = abrir(entorno, ahora=self._ahora)

    def _ahora(self) -> datetime:
        return datetime.now(UTC) + self._adelanto

    def cerrar(self) -> None:
        self._casa.cerrar()

    def vivir(self) -> tuple[str, list[str]]:
        """Cómo quedó sola, y las faltas de todo lo vivido."""
        final = self.celda.final
        if self.celda.falla == "no_acepta":
            self._sin_puerta()
        else:
            opciones = OPCIONES.get(self.celda.falla, {})
            llamada = "subir" if self.celda.falla == "medio_procesando" else self.celda.llamada
            self._ensayo.mundo.armar(
                self.celda.red.value, self.celda.falla, 1, llamada=llamada, **opciones
            )
            self._entregar()
        faltas = []
        if self._ensayo.mundo.averias.pendientes():
            faltas.append("la falla no llegó a ocurrir")
        entrega, vistas = self._mirar()
        faltas += vistas
        fila = entrega.fila
        if (fila.estado, fila.requiere_persona) != (final.estado, final.requiere_persona):
            faltas.append(f"quedó {fila.estado} (persona: {fila.requiere_persona}): {fila.motivo}")
        if final is not SALE and not (fila.motivo or "").endswith((".", "…")):
            faltas.append(f"sin una frase que diga qué hacer: {fila.motivo}")
        if final.despues:
            faltas += self._actuar(final.despues, fila.id)
        return fila.estado.value, faltas

    def _mirar(self) -> tuple[Entrega, list[str]]:
        visto = cotejar(self._casa, self._ensayo.mundo)
        (entrega,) = visto.entregas
        return entrega, visto.faltas

    def _actuar(self, que: str, publicacion: int) -> list[str]:
        """Lo que haría una persona; al final debe estar una sola vez y bien."""
        quien: dict[str, Any] = {"quien": "guardia", "persona_id": None, "ahora": self._ahora()}
        with self._casa.sesiones.begin() as sesion:
            match que:
                case "reenviar":
                    resolver(sesion, publicacion, salio=False, reenviar=True, **quien)
                case "reintentar":
                    reintentar(sesion, publicacion, **quien)
                case "reanudar":
                    tolerancia = timedelta(minutes=30)
                    alias = self.celda.red.value
                    reanudar_cuenta(sesion, alias, tolerancia=tolerancia, **quien)
        self._entregar()
        entrega, faltas = self._mirar()
        if not entrega.es_publicada:
            faltas.append(f"después quedó {entrega.fila.estado}: {entrega.fila.motivo}")
        return [f"tras {que}: {falta}" for falta in faltas]

    def _entregar(self, mientras: Callable[[], None] = lambda: None) -> None:
        """El motor hasta vaciar; si la red pide esperar, el reloj se adelanta hasta entonces."""
        antes = self._adelanto
        motor = self._casa.motor(vigila_reloj=False)
        motor.iniciar()
        listo = threading.Event()
        vigilante = threading.Thread(target=self._vigilar_freno, args=(listo,))
        vigilante.start()
        try:
            mientras()
            motor.vaciar()
        finally:
            listo.set()
            vigilante.join()
            motor.detener()
        self._adelantar()
        if self._adelanto != antes:
            # La espera era más larga que la paciencia de «hasta vaciar», y el reloj puede haberse
            # movido (aquí o en el vigilante) cuando el motor ya no miraba: es otra corrida.
            self._entregar()

    def _vigilar_freno(self, listo: threading.Event) -> None:
        while not listo.wait(0.1):
            self._adelantar()

    def _adelantar(self) -> bool:
        with self._casa.lecturas() as sesion:
            libre = sesion.scalar(select(Cuenta.libre_desde))
        if libre is None or libre <= self._ahora():
            return False
        self._adelanto += libre - self._ahora()
        return True

    def _sin_puerta(self) -> None:
        """La red no acepta conexiones hasta que el motor se topa con ello una vez."""
        self._ensayo.cerrar_puerta()

        def abrir_tras_un_fallo() -> None:
            limite = time.monotonic() + 20
            while time.monotonic() < limite:
                with self._casa.lecturas() as sesion:
                    if sesion.scalar(select(Publicacion.fallos)):
                        break
                time.sleep(0.05)
            self._ensayo.abrir_puerta()

        self._entregar(abrir_tras_un_fallo)
